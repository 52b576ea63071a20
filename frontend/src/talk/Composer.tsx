import { ArrowUp, AtSign, Code, X } from "lucide";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RoomContext } from "../feature";
import { recall, remember } from "../storage";
import { Icon } from "../ui/Icon";
import { Tip } from "../ui/Tip";
import { isTouch } from "../ui/touch";
import { type Choice, choicesFor } from "./mentions";
import { talkOf } from "./store";
import "./composer.css";

/** The most code points of a message, unless the server has another limit. */
const MOST = 4000;

interface Props {
  room: RoomContext;
  label: string;
  placeholder: string;
  /** A text to begin with, as of a message that is edited. */
  text?: string;
  /** The key under which the device keeps text that is not sent yet. */
  draft?: string;
  /** A title over the field, as while a message is edited. */
  title?: string;
  focus?: boolean;
  /** Returns false if the text cannot be sent; then it stays in the field. */
  onSend(text: string): boolean;
  onType?(): void;
  onCancel?(): void;
  /** Arrow up in an empty field. */
  onUp?(): void;
}

/** The field in which a message is written. Enter sends, Shift+Enter begins a line; on a touch screen a button sends. */
export function Composer(props: Props) {
  const { room, label, placeholder, draft, title, onSend, onType, onCancel, onUp } = props;
  const { mentionable } = talkOf(room);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => props.text ?? (draft ? (recall(draft) ?? "") : ""));
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [chosen, choose] = useState(0);
  const list = useId();
  const length = [...text].length;
  const tooLong = length > MOST;

  useEffect(() => {
    if (draft) remember(draft, text || null);
  }, [text]);
  useLayoutEffect(() => {
    if (field.current) grow(field.current);
  }, [text]);
  useLayoutEffect(() => {
    if (!props.focus) return;
    const area = field.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, [props.focus]);

  const offer = (area: HTMLTextAreaElement) => {
    if (document.activeElement !== area) return;
    const { people, names } = mentionable;
    setChoices(choicesFor(people, names, area.value, area.selectionStart));
  };
  const write = (area: HTMLTextAreaElement) => {
    setText(area.value);
    offer(area);
    if (area.value.includes("@")) void mentionable.refresh().then((news) => news && offer(area));
    choose(0);
    if (area.value && onType) onType();
  };
  const insert = (from: number, to: number, words: string) => {
    const area = field.current;
    if (!area) return;
    area.setRangeText(words, from, to, "end");
    area.focus();
    write(area);
  };
  const take = ({ from, to, insert: words }: Choice) => {
    insert(from, to, words);
    setChoices([]);
  };
  const send = () => {
    if (tooLong || !/[^\p{C}\p{Z}\s]/u.test(text)) return;
    if (!onSend(text.trimEnd())) return;
    setText("");
    setChoices([]);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const choice = choices[chosen];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (choice && step) choose((chosen + step + choices.length) % choices.length);
    else if (choice && (event.key === "Enter" || event.key === "Tab")) take(choice);
    else if (choice && event.key === "Escape") setChoices([]);
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey && sendsOnEnter(event))
      send();
    else if (event.key === "Escape" && onCancel) onCancel();
    else if (event.key === "ArrowUp" && text === "" && onUp) onUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const here = () => {
    const area = field.current;
    return area ? ([area.selectionStart, area.selectionEnd] as const) : ([0, 0] as const);
  };
  const code = () => {
    const [from, to] = here();
    const words = text.slice(from, to);
    insert(from, to, words.includes("\n") ? `\`\`\`\n${words}\n\`\`\`` : `\`${words}\``);
    if (!words) field.current?.setSelectionRange(from + 1, from + 1);
  };
  return (
    <div class="composer" data-long={tooLong}>
      {title && (
        <p class="composer-title">
          {title}
          {onCancel && (
            <button class="icon-button" type="button" onClick={onCancel}>
              <Icon of={X} />
              <Tip>Cancel</Tip>
            </button>
          )}
        </p>
      )}
      {choices.length > 0 && (
        <div class="composer-choices" role="listbox" id={list} aria-label="People to mention">
          {choices.map((choice, index) => (
            <div
              key={choice.insert}
              id={`${list}-${index}`}
              class="composer-choice"
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onPointerDown={(event) => {
                event.preventDefault();
                take(choice);
              }}
            >
              <bdi>{choice.label}</bdi>
            </div>
          ))}
        </div>
      )}
      <textarea
        ref={field}
        class="composer-field"
        rows={1}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        dir="auto"
        aria-autocomplete="list"
        aria-controls={choices.length > 0 ? list : undefined}
        aria-activedescendant={choices.length > 0 ? `${list}-${chosen}` : undefined}
        aria-invalid={tooLong}
        onInput={(event) => write(event.currentTarget)}
        onKeyDown={press}
        onBlur={() => setChoices([])}
      />
      <div class="composer-foot">
        <button
          class="icon-button"
          type="button"
          onClick={() => {
            const [from, to] = here();
            insert(from, to, /[\w@]$/.test(text.slice(0, from)) ? " @" : "@");
          }}
        >
          <Icon of={AtSign} />
          <Tip>Mention somebody</Tip>
        </button>
        <button class="icon-button" type="button" onClick={code}>
          <Icon of={Code} />
          <Tip>Code</Tip>
        </button>
        <span class="spring" />
        {length > MOST * 0.9 && (
          <span class={tooLong ? "problem" : "muted"} role="status">
            {MOST - length}
          </span>
        )}
        <button
          class="icon-button composer-send"
          type="button"
          aria-disabled={text.trim() === "" || tooLong}
          // The keyboard of a phone stays.
          onPointerDown={(event) => event.preventDefault()}
          onClick={send}
        >
          <Icon of={ArrowUp} />
          <Tip>Send</Tip>
        </button>
      </div>
    </div>
  );
}

function sendsOnEnter({ ctrlKey, metaKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || !isTouch();
}

function grow(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
}
