import { closeSearchPanel, replaceNext, SearchQuery, selectMatches } from "@codemirror/search";
import { type EditorView, runScopeHandlers } from "@codemirror/view";
import type { ReadonlySignal } from "@preact/signals";
import { ArrowDown, ArrowUp, CaseSensitive, type IconNode, Regex, WholeWord, X } from "lucide";
import { replaceEverywhere } from "../editor/replaceAll";
import { findNext, findPrevious } from "../editor/seek";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import "./find.css";

interface Props {
  view: EditorView;
  query: ReadonlySignal<SearchQuery>;
  /** How much is found. */
  found: ReadonlySignal<string>;
  onWrite(query: SearchQuery): void;
}

/** Find and replace, over the text. */
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
  return (
    <search class="find" aria-label="Find and replace" onKeyDown={press}>
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
        <Button label="Select all" onPress={() => selectMatches(view)} />
      </div>
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
      <div class="find-close">
        <IconButton icon={X} label="Close the search" onPress={() => closeSearchPanel(view)} />
      </div>
    </search>
  );
}

interface FieldProps {
  name: string;
  label: string;
  value: string;
  invalid?: boolean;
  onWrite(value: string): void;
}

function Field({ name, label, value, invalid, onWrite }: FieldProps) {
  return (
    <input
      class="find-input"
      name={name}
      // CodeMirror looks for the field to put the focus into.
      main-field={name === "search" ? "true" : undefined}
      aria-label={label}
      aria-invalid={invalid}
      placeholder={label}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      value={value}
      onInput={(event) => onWrite(event.currentTarget.value)}
    />
  );
}

interface ButtonProps {
  label: string;
  onPress(): void;
}

function Button({ label, onPress }: ButtonProps) {
  return (
    <button class="button small" type="button" onClick={onPress}>
      {label}
    </button>
  );
}

function IconButton({ icon, label, onPress }: ButtonProps & { icon: IconNode }) {
  return (
    <button class="icon-button" type="button" onClick={onPress}>
      <Icon of={icon} />
      <Tip>{label}</Tip>
    </button>
  );
}

function Toggle({ icon, label, on, onPress }: ButtonProps & { icon: IconNode; on: boolean }) {
  return (
    <button class="find-toggle" type="button" aria-pressed={on} onClick={onPress}>
      <Icon of={icon} size={18} />
      <Tip>{label}</Tip>
    </button>
  );
}
