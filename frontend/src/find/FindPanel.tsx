import { closeSearchPanel, SearchQuery, selectMatches } from "@codemirror/search";
import { type EditorView, runScopeHandlers } from "@codemirror/view";
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { ArrowDown, ArrowUp, CaseSensitive, Regex, WholeWord, X } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { replaceEverywhere } from "../editor/replaceAll";
import { findNext, findPrevious, replaceNext } from "../editor/seek";
import { Button, Field, IconButton, Toggle } from "./fields";

interface Props {
  view: EditorView;
  query: ReadonlySignal<SearchQuery>;
  /** The number of matches, in words. */
  found: ReadonlySignal<string>;
  onWrite(query: SearchQuery): void;
}

/** The find-and-replace panel over the text. */
export function FindPanel({ view, query, found, onWrite }: Props) {
  const { search, replace, caseSensitive, wholeWord, regexp } = query.value;
  const asked = { search, replace, caseSensitive, wholeWord, regexp };
  const change = (part: Partial<typeof asked>) => {
    onWrite(new SearchQuery({ ...asked, ...part }));
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const { name } = event.target as HTMLInputElement;
    if (runScopeHandlers(view, event, "search-panel")) event.preventDefault();
    else if (event.key !== "Enter") return;
    else if (name === "search") (event.shiftKey ? findPrevious : findNext)(view);
    else if (name === "replace") replaceNext(view);
  };
  const { ref, narrow } = useNarrow();
  return (
    <search
      class="find"
      ref={ref}
      data-narrow={narrow}
      aria-label={view.state.readOnly ? "Find" : "Find and replace"}
      onKeyDown={press}
    >
      <div class="find-row">
        <div class="find-field">
          <Field
            name="search"
            label="Find"
            value={search}
            invalid={search !== "" && !query.value.valid}
            onWrite={(search) => change({ search })}
          />
          <Toggle
            icon={CaseSensitive}
            label="Match case"
            on={caseSensitive}
            onPress={() => change({ caseSensitive: !caseSensitive })}
          />
          <Toggle
            icon={WholeWord}
            label="Whole words"
            on={wholeWord}
            onPress={() => change({ wholeWord: !wholeWord })}
          />
          <Toggle
            icon={Regex}
            label="Pattern"
            on={regexp}
            onPress={() => change({ regexp: !regexp })}
          />
        </div>
        <span class="find-count" role="status" title={found.value}>
          {found}
        </span>
        <IconButton icon={ArrowUp} label="Previous match" onPress={() => findPrevious(view)} />
        <IconButton icon={ArrowDown} label="Next match" onPress={() => findNext(view)} />
        {!view.state.readOnly && <Button label="Select all" onPress={() => selectMatches(view)} />}
      </div>
      {!view.state.readOnly && (
        <div class="find-row">
          <div class="find-field">
            <Field
              name="replace"
              label="Replace with"
              value={replace}
              onWrite={(replace) => change({ replace })}
            />
          </div>
          <Button label="Replace" onPress={() => replaceNext(view)} />
          <Button label="Replace all" onPress={() => void replaceEverywhere(view)} />
        </div>
      )}
      <div class="find-close">
        <IconButton icon={X} label="Close the search" onPress={() => closeSearchPanel(view)} />
      </div>
    </search>
  );
}

/** The width in CSS pixels from which the fields and their buttons stand in one row each. */
const WIDE = 560;

/** Tell whether an element is narrow. Panes beside the editor can make it narrow on a screen of any width. */
function useNarrow() {
  const ref = useRef<HTMLElement>(null);
  const narrow = useSignal(false);
  useLayoutEffect(() => {
    const { current: element } = ref;
    if (!element) return;
    const measure = () => {
      narrow.value = element.clientWidth < WIDE;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, narrow: narrow.value };
}
