import { Sparkles } from "lucide";
import { settings } from "../settings";
import { type SuggestionState, suggestionState } from "../suggestions";
import { Icon } from "../ui/Icon";

const WORDS: Record<SuggestionState, string> = {
  ready: "Suggestions on",
  thinking: "Suggestions: thinking…",
  failed: "Suggestions: not reachable",
  large: "Suggestions: file too large",
};

/** What suggestions are at; a click turns them off, and on again. */
export function SuggestionItem() {
  const on = settings.suggestions.value;
  return (
    <button
      class="quiet suggestions wide-only"
      type="button"
      aria-pressed={on}
      onClick={() => {
        settings.suggestions.value = !on;
      }}
    >
      <Icon of={Sparkles} size={14} />
      {on ? WORDS[suggestionState.value] : "Suggestions off"}
    </button>
  );
}
