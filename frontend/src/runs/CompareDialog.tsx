import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { type Extension, Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { comparedText } from "../editor/comparedText";
import { firstSupport } from "../editor/languages";
import { phone } from "../frame/screen";
import type { Language } from "../link/protocol";
import { Dialog } from "../ui/Dialog";
import "./compare.css";

export interface Side {
  words: string;
  text: string;
}

export interface Sides {
  title: string;
  before: Side;
  after: Side;
  language: Language | null;
}

interface Props {
  sides: Sides;
  onClose(): void;
}

/** The time in ms after which a comparison is made less exactly. */
const LONGEST = 30;

/** Two texts, and where they differ: side by side, or on a narrow screen one under the other. */
export function CompareDialog({ sides, onClose }: Props) {
  const { title, before, after } = sides;
  const place = useRef<HTMLDivElement>(null);
  const same = before.text === after.text;
  useEffect(() => {
    if (!place.current || same) return;
    const view = compare(place.current, sides);
    return () => view.destroy();
  }, []);
  return (
    <Dialog title={title} kind="wide" onClose={onClose}>
      <p class="compare-sides">
        <span>{before.words}</span>
        <span>{after.words}</span>
      </p>
      {same ? <p class="muted">The two are the same.</p> : <div class="compare" ref={place} />}
    </Dialog>
  );
}

function compare(parent: HTMLElement, { before, after, language }: Sides): { destroy(): void } {
  const common = {
    collapseUnchanged: { margin: 3, minSize: 5 },
    diffConfig: { scanLimit: 1000, timeout: LONGEST },
    gutter: true,
  };
  const extensions = (words: string): Extension => [
    comparedText(words),
    language ? firstSupport(language) : [],
  ];
  const textOf = (text: string) => Text.of(text.split("\n"));
  if (phone.matches) {
    const merged = unifiedMergeView({
      ...common,
      original: textOf(before.text),
      mergeControls: false,
    });
    const doc = textOf(after.text);
    return new EditorView({ parent, doc, extensions: [extensions(after.words), merged] });
  }
  return new MergeView({
    ...common,
    parent,
    a: { doc: textOf(before.text), extensions: extensions(before.words) },
    b: { doc: textOf(after.text), extensions: extensions(after.words) },
  });
}
