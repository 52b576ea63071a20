import { Sparkles } from "lucide";
import type { RoomSession } from "../session";
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
export function SuggestionItem({ session }: { session: RoomSession }) {
  const on = settings.suggestions.value;
  const live = session.link.value.state === "live";
  const words = live ? WORDS[suggestionState.value] : "Suggestions: offline";
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
      {on ? words : "Suggestions off"}
    </button>
  );
}
