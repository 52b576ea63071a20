import { Sparkles } from "lucide";
import type { RoomSession } from "../session";
import { settings } from "../settings/settings";
import { type Shown, type SuggestionState, suggestionShown, suggestionState } from "../suggestions";
import { Icon } from "../ui/Icon";

type State = SuggestionState | "off" | "offline";

/** The words for each state, and short ones for phones. */
const WORDS: Record<State, [words: string, short: string]> = {
  ready: ["Suggestions on", "Suggest: on"],
  off: ["Suggestions off", "Suggest: off"],
  thinking: ["Suggestions: thinking…", "Suggest: …"],
  offline: ["Suggestions: offline", "Suggest: –"],
  failed: ["Suggestions: not reachable", "Suggest: –"],
  large: ["Suggestions: file too large", "Suggest: –"],
};

/** Say which suggestion is shown, and whose it is. */
function wordsOf({ number, count, source }: Shown): [words: string, short: string] {
  const place = count > 1 ? `${number} of ${count}` : "";
  return [
    `Suggestion${place && ` ${place}`} by ${source || "Collab"}`,
    `Suggest: ${place || "here"}`,
  ];
}

/** The state of suggestions. A click turns them off or on. */
export function SuggestionItem({ session }: { session: RoomSession }) {
  const on = settings.suggestions.value;
  const live = session.link.value.state === "live";
  const state = !on ? "off" : live ? suggestionState.value : "offline";
  const shown = on ? suggestionShown.value : null;
  const [words, short] = shown ? wordsOf(shown) : WORDS[state];
  return (
    <button
      class="quiet suggestions"
      type="button"
      data-state={state}
      aria-pressed={on}
      onClick={() => {
        settings.suggestions.value = !on;
      }}
    >
      <Icon of={Sparkles} size={14} />
      <span class="suggestions-words wide-only">{words}</span>
      <span class="suggestions-short phone-only">{short}</span>
    </button>
  );
}
