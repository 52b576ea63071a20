import {
  CaseSensitive,
  ChevronDown,
  ChevronRight,
  ChevronsDownUp,
  ListFilter,
  Regex,
  ReplaceAll,
  WholeWord,
  X,
} from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PaneProps } from "../feature";
import { Field, IconButton, Toggle } from "../find/fields";
import { Icon } from "../ui/Icon";
import { wanted } from "./doing";
import { Results } from "./Results";
import { type Asked, searchOf } from "./store";
import "./search.css";

/** The pane that searches and replaces in all files of the room. */
export function SearchPane({ room, onClose }: PaneProps) {
  const store = searchOf(room);
  const { asked, replaces, narrows, problem, summary, remark, leftOut, stale } = store;
  const form = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const field = form.current?.querySelector<HTMLInputElement>("[name='search']");
    const typed = wanted.value?.ahead.value;
    field?.focus();
    if (typed && field) {
      field.value = typed;
      store.ask({ query: typed });
    } else field?.select();
  }, [wanted.value]);
  const toggle = (name: "case" | "words" | "regex") => () =>
    store.ask({ [name]: !asked.peek()[name] });
  const show = (fields: typeof replaces) => () => {
    fields.value = !fields.peek();
    if (fields === replaces) void store.search();
  };
  return (
    <>
      <header class="pane-head files-head">
        <h2 class="label">Search</h2>
        <span class="spring" />
        <IconButton
          icon={ChevronsDownUp}
          label="Close all files"
          disabled={store.files.value.length === 0}
          onPress={() => store.toggleAll()}
        />
        <button
          class="icon-button wide-only"
          type="button"
          aria-label="Close the search panel"
          onClick={onClose}
        >
          <Icon of={X} />
        </button>
      </header>
      <search
        class="search-form"
        aria-label="Search in all files"
        ref={form}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
            const { name } = event.target;
            if (name === "replace" && (event.ctrlKey || event.metaKey)) void store.replace();
            else void store.search();
          } else if (event.key === "ArrowDown") {
            document.querySelector<HTMLElement>(".search-row[tabindex='0']")?.focus();
          } else return;
          event.preventDefault();
        }}
      >
        <div class="search-line">
          <button
            class="search-fold"
            type="button"
            aria-expanded={replaces.value}
            onClick={show(replaces)}
          >
            <Icon of={replaces.value ? ChevronDown : ChevronRight} />
            <span class="hidden">Replace</span>
          </button>
          <div class="find-field">
            <Written
              of="query"
              label="Search"
              store={store}
              invalid={problem.value !== null && asked.value.query !== ""}
            />
            <Toggle
              icon={CaseSensitive}
              label="Match case"
              on={asked.value.case}
              onPress={toggle("case")}
            />
            <Toggle
              icon={WholeWord}
              label="Whole words"
              on={asked.value.words}
              onPress={toggle("words")}
            />
            <Toggle icon={Regex} label="Pattern" on={asked.value.regex} onPress={toggle("regex")} />
          </div>
        </div>
        {replaces.value && (
          <div class="search-line">
            <span class="search-fold" />
            <div class="find-field">
              <Written of="replacement" label="Replace with" store={store} />
            </div>
            <IconButton
              icon={ReplaceAll}
              label="Replace all"
              disabled={store.busy.value || store.files.value.length === 0}
              onPress={() => void store.replace()}
            />
          </div>
        )}
        {narrows.value && (
          <>
            <div class="search-line">
              <span class="search-fold" />
              <div class="find-field">
                <Written of="include" label="Only in files: *.py, src/**" store={store} />
              </div>
            </div>
            <div class="search-line">
              <span class="search-fold" />
              <div class="find-field">
                <Written of="exclude" label="Not in files: test_*" store={store} />
              </div>
            </div>
          </>
        )}
        <div class="search-told">
          <p role="status" class={problem.value ? "problem" : undefined}>
            {summary}
          </p>
          <Toggle
            icon={ListFilter}
            label="Choose files by patterns"
            on={narrows.value}
            onPress={show(narrows)}
          />
        </div>
        <Remarks store={store} />
        {(leftOut.value > 0 || stale.value) && (
          <p class="search-remark">
            {leftOut.value > 0 ? `${leftOut.value} left out. ` : "The room has changed since. "}
            <button class="link" type="button" onClick={() => void store.search()}>
              Search again
            </button>
          </p>
        )}
        {remark.value && <p class="search-remark">{remark}</p>}
      </search>
      <Results room={room} />
    </>
  );
}

const NAMES = { query: "search", replacement: "replace", include: "include", exclude: "exclude" };

interface WrittenProps {
  of: keyof typeof NAMES & keyof Asked;
  label: string;
  store: ReturnType<typeof searchOf>;
  invalid?: boolean;
}

function Written({ of, label, store, invalid = false }: WrittenProps) {
  return (
    <Field
      name={NAMES[of]}
      label={label}
      value={store.asked.value[of]}
      invalid={invalid}
      onWrite={(value) => store.ask({ [of]: value })}
    />
  );
}

/** Shows what was replaced last, with a button to undo it. */
function Remarks({ store }: Pick<WrittenProps, "store">) {
  const done = store.done.value;
  if (!done) return null;
  return (
    <p class="search-remark" role="status">
      {done.words}{" "}
      <button
        class="link"
        type="button"
        aria-disabled={store.changing.value}
        onClick={() => void store.undo()}
      >
        Undo
      </button>
    </p>
  );
}
