import { goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from "@codemirror/merge";
import { type Extension, Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useSignal } from "@preact/signals";
import { ChevronDown, ChevronUp, Columns2, Copy } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { comparedText } from "../editor/comparedText";
import { loadLanguage } from "../editor/languages";
import { phone } from "../frame/screen";
import { languageOf } from "../room/languages";
import { copyText } from "../ui/copy";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import type { Difference } from "./api";
import { changesOf } from "./exact";
import { RestoreMenu } from "./RestoreMenu";
import type { Compared, HistoryStore } from "./store";

/** Two revisions of the room: the files that differ, and one of them. */
export function Compare({ store, compared }: { store: HistoryStore; compared: Compared }) {
  const { from, to, files } = compared;
  const chosen = useSignal(files.find(({ id }) => id === store.file.peek())?.id ?? files[0]?.id);
  const beside = useSignal(!phone.matches);
  const view = useRef<EditorView | null>(null);
  const file = files.find(({ id }) => id === chosen.value);
  if (!file) return <p class="past-empty">The room is the same at both revisions.</p>;
  return (
    <>
      <div class="past-bar">
        <select
          class="past-file"
          aria-label="File"
          value={file.id}
          onChange={({ currentTarget }) => {
            chosen.value = currentTarget.value;
          }}
        >
          {files.map((one) => (
            <option key={one.id} value={one.id}>
              {labelOf(one)}
            </option>
          ))}
        </select>
        <span class="past-counts">
          <span class="past-plus">+{file.inserted}</span>{" "}
          <span class="past-minus">−{file.deleted}</span>
        </span>
        <span class="spring" />
        <button
          class="icon-button"
          type="button"
          onClick={() => view.current && goToPreviousChunk(view.current)}
        >
          <Icon of={ChevronUp} />
          <Tip>Previous change</Tip>
        </button>
        <button
          class="icon-button"
          type="button"
          onClick={() => view.current && goToNextChunk(view.current)}
        >
          <Icon of={ChevronDown} />
          <Tip>Next change</Tip>
        </button>
        <button
          class="icon-button wide-only"
          type="button"
          aria-pressed={beside.value}
          onClick={() => {
            beside.value = !beside.value;
          }}
        >
          <Icon of={Columns2} />
          <Tip>Side by side</Tip>
        </button>
        <button
          class="icon-button"
          type="button"
          onClick={() => void store.api.patch(from, to).then(copyText)}
        >
          <Icon of={Copy} />
          <Tip>Copy as patch</Tip>
        </button>
        <RestoreMenu
          store={store}
          file={{ id: file.id, path: file.before ?? file.path ?? "" }}
          selection={() => null}
        />
      </div>
      <Texts
        key={`${file.id} ${from} ${to} ${beside.value}`}
        store={store}
        compared={compared}
        file={file}
        beside={beside.value}
        onView={(shown) => {
          view.current = shown;
        }}
      />
    </>
  );
}

function labelOf({ status, before, path }: Difference): string {
  if (status === "moved") return `${before} → ${path}`;
  return status === "changed" ? (path ?? "") : `${path ?? before} (${status})`;
}

interface TextsProps {
  store: HistoryStore;
  compared: Compared;
  file: Difference;
  beside: boolean;
  onView(view: EditorView | null): void;
}

function Texts({ store, compared, file, beside, onView }: TextsProps) {
  const place = useRef<HTMLDivElement>(null);
  const failed = useSignal(false);
  useEffect(() => {
    let here = true;
    let shown: { destroy(): void } | null = null;
    const texts = async () => {
      const { from, to } = compared;
      const text = async (path: string | null, revision: number) =>
        path === null ? "" : (await store.api.written(file.id, revision)).text;
      const [before, after, exact, language] = await Promise.all([
        text(file.before, from),
        text(file.path, to),
        store.api.diffOf(file.id, from, to),
        loadLanguage(languageOf(file.path ?? file.before ?? "")),
      ]);
      if (!here || !place.current) return;
      const operation = exact.files[0]?.operation ?? [[...before].length];
      const changes = changesOf(before, operation);
      shown = compare(place.current, before, after, changes, language, beside, onView);
    };
    texts().catch(() => {
      failed.value = true;
    });
    return () => {
      here = false;
      onView(null);
      shown?.destroy();
    };
  }, []);
  if (failed.value) return <p class="past-empty">This file cannot be shown as a text.</p>;
  return <div class="past-compare" ref={place} />;
}

function compare(
  parent: HTMLElement,
  before: string,
  after: string,
  changes: ReturnType<typeof changesOf>,
  language: Extension,
  beside: boolean,
  onView: (view: EditorView) => void,
): { destroy(): void } {
  const [a, b] = [before, after].map((text) => Text.of(text.split("\n")));
  const common = {
    collapseUnchanged: { margin: 3, minSize: 5 },
    // The edits between the two are known, so no diff is needed.
    diffConfig: { override: () => changes },
    gutter: true,
  };
  const extensions = (words: string): Extension => [comparedText(words), language];
  if (beside) {
    const view = new MergeView({
      ...common,
      parent,
      a: { ...(a && { doc: a }), extensions: extensions("Before") },
      b: { ...(b && { doc: b }), extensions: extensions("After") },
    });
    onView(view.b);
    return view;
  }
  const merged = unifiedMergeView({ ...common, original: a ?? before, mergeControls: false });
  const view = new EditorView({
    parent,
    ...(b && { doc: b }),
    extensions: [extensions("After"), merged],
  });
  onView(view);
  return view;
}
