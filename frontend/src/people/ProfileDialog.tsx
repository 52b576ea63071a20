import { useSignal } from "@preact/signals";
import { Check } from "lucide";
import type { WindowProps } from "../feature";
import { COLOURS, NAME_LIMIT } from "../identity";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { isTooLong, tidyName } from "../ui/names";
import { peopleOf } from "./store";

/** The dialog for one's name and colour, which everybody sees at one's caret. */
export function ProfileDialog({ room, onClose }: WindowProps) {
  const store = peopleOf(room);
  const identity = store.identity;
  const name = useSignal(identity.name);
  const colour = useSignal(identity.colour);
  const empty = tidyName(name.value, NAME_LIMIT) === "";

  const save = (event: SubmitEvent) => {
    if (empty) event.preventDefault();
    else store.save(tidyName(name.value, NAME_LIMIT), colour.value);
  };
  return (
    <Dialog title="You in this room" onClose={onClose}>
      <form class="profile" method="dialog" onSubmit={save}>
        <label class="field">
          <span class="label">Name</span>
          <input
            class="input"
            value={name.value}
            autocomplete="nickname"
            data-first
            spellcheck={false}
            aria-invalid={empty}
            aria-describedby="name-problem"
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </label>
        <p class="problem" id="name-problem" role="alert">
          {empty && "A name needs at least one letter."}
          {isTooLong(name.value, NAME_LIMIT) && `Only the first ${NAME_LIMIT} characters are kept.`}
        </p>
        <fieldset class="field">
          <legend class="label">Colour</legend>
          <div class="swatches">
            {Array.from({ length: COLOURS }, (_, index) => (
              <label key={index} class="swatch" style={{ background: `var(--person-${index})` }}>
                <input
                  class="hidden"
                  type="radio"
                  name="colour"
                  aria-label={COLOUR_NAMES[index]}
                  checked={index === colour.value}
                  onChange={() => {
                    colour.value = index;
                  }}
                />
                {index === colour.value && <Icon of={Check} />}
              </label>
            ))}
          </div>
        </fieldset>
        <div class="dialog-foot">
          <p class="remark">Kept on this device.</p>
          <button class="button primary" type="submit">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const COLOUR_NAMES = ["Orange", "Blue", "Purple", "Teal", "Pink", "Gold", "Sky", "Olive"];
