import { useSignal, useSignalEffect } from "@preact/signals";
import { ArrowUp, Ellipsis, Square, X } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { PaneProps, RoomContext } from "../feature";
import { talkOf } from "../talk/store";
import { Icon } from "../ui/Icon";
import { Menu, type MenuAt, type MenuItem } from "../ui/Menu";
import { Tip } from "../ui/Tip";
import { goTo, Words } from "../words/Words";
import type { Question } from "./api";
import { type About, wanted } from "./asking";
import { Consent } from "./Consent";
import { placeOf, saved } from "./place";
import { type AiStore, aiOf, type Exchange } from "./store";
import { useStore } from "./useStore";
import "./ai.css";

const MOST = 4000;
/** UTF-16 units of the end of an output that go with a question. */
const OUTPUT = 6000;
/** Code points of a message of the chat. */
const MESSAGE = 3900;
const ABOUT: Record<About, string> = {
  selection: "Selection",
  file: "This file",
  room: "The room",
};

/** Asks a model about the selection, the file or the room. */
export function AskPane({ room, onClose }: PaneProps) {
  const store = aiOf(room);
  const { state, ready } = useStore(store);
  const menu = useSignal<MenuAt | null>(null);
  return (
    <>
      <header class="pane-head">
        <h2 class="pane-title">Ask</h2>
        <span class="spring" />
        {ready && (
          <button
            class="icon-button"
            type="button"
            aria-haspopup="menu"
            onClick={({ currentTarget }) => {
              const { right, bottom } = currentTarget.getBoundingClientRect();
              menu.value = { x: right - 220, y: bottom + 4 };
            }}
          >
            <Icon of={Ellipsis} />
            <Tip>Who may send what</Tip>
          </button>
        )}
        <button
          class="icon-button wide-only"
          type="button"
          aria-label="Close the panel for asking"
          onClick={onClose}
        >
          <Icon of={X} />
        </button>
        {menu.value && (
          <Menu
            label="AI"
            at={menu.value}
            items={choices(room, store)}
            onClose={() => {
              menu.value = null;
            }}
          />
        )}
      </header>
      {ready ? (
        <>
          <Log room={room} store={store} words={state?.words ?? ""} />
          <Field room={room} store={store} />
        </>
      ) : (
        <Consent room={room} store={store} />
      )}
    </>
  );
}

function choices({ session }: RoomContext, store: AiStore): MenuItem[] {
  const failed = (error: Error) => session.say("warn", error.message);
  const items: MenuItem[] = [
    {
      title: "Send nothing of mine any more",
      icon: X,
      run: () => void store.choose(false).catch(failed),
    },
  ];
  if (session.standing.peek().role === "owner") {
    items.push({
      title: "Turn AI off in this room",
      icon: Square,
      run: () => void store.allow(false).catch(failed),
    });
  }
  return items;
}

function Log({ room, store, words }: { room: RoomContext; store: AiStore; words: string }) {
  const place = useRef<HTMLDivElement>(null);
  const exchanges = store.exchanges.value;
  const last = exchanges.at(-1);
  useLayoutEffect(() => {
    const box = place.current;
    // Who reads further up stays there.
    if (box && box.scrollHeight - box.scrollTop - box.clientHeight < 120) {
      box.scrollTop = box.scrollHeight;
    }
  }, [exchanges]);
  return (
    <div
      class="ai-log"
      ref={place}
      role="log"
      aria-label="Conversation"
      aria-live="off"
      aria-busy={last?.state === "running"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
      tabIndex={0}
    >
      {exchanges.length === 0 && <p class="pane-empty ai-hint">{words}</p>}
      {exchanges.map((exchange) => (
        <Answer key={exchange.id} room={room} exchange={exchange} />
      ))}
      <p class="hidden" role="status">
        {last && STATUS[last.state]}
      </p>
    </div>
  );
}

const STATUS = {
  running: "The model answers",
  whole: "The answer is here",
  stopped: "The answer was stopped",
  failed: "There is no whole answer",
};

function Answer({ room, exchange }: { room: RoomContext; exchange: Exchange }) {
  const { question, about, text, model, sources, state, words } = exchange;
  return (
    <article class="ai-exchange">
      <p class="ai-question" dir="auto">
        {question} <span class="muted">{about}</span>
      </p>
      {text && <Words room={room} names={[]} text={text} />}
      {state === "running" && !text && <p class="muted">Thinking…</p>}
      {state === "stopped" && <p class="muted">Stopped.</p>}
      {state === "failed" && <p class="ai-problem">{words}</p>}
      {sources.length > 0 && state !== "running" && (
        <p class="ai-sources muted">
          {model} read{" "}
          {sources.map(({ file, path, first, last }, index) => (
            <>
              {index > 0 && ", "}
              <button
                class="place-link"
                type="button"
                onClick={() => goTo(room, file, first, last)}
              >
                {path}:{first}-{last}
              </button>
            </>
          ))}
        </p>
      )}
    </article>
  );
}

function Field({ room, store }: { room: RoomContext; store: AiStore }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const about = useSignal<About>("file");
  const visible = useSignal(false);
  const output = useSignal("");
  const running = store.exchanges.value.at(-1)?.state === "running";

  const ask = async (question: string) => {
    const asked = await prepared(room, question, about.peek(), output.peek());
    if (!asked) return;
    output.value = "";
    const told = visible.peek();
    const exchange = await store.ask(...asked);
    if (told && exchange.state === "whole") talkOf(room).say(messageOf(exchange));
  };
  useSignalEffect(() => {
    const now = wanted.value;
    if (!now) return;
    wanted.value = null;
    if ("about" in now) about.value = now.about;
    else {
      output.value = now.output.slice(-OUTPUT);
      void ask("What went wrong here, and how do I mend it?");
    }
    field.current?.focus();
  });
  useEffect(() => () => store.stop(), []);
  const send = (event: Event) => {
    event.preventDefault();
    const text = field.current?.value.trim();
    if (!text || running || !field.current) return;
    field.current.value = "";
    void ask(text);
  };
  return (
    <form class="ai-field" onSubmit={send}>
      <textarea
        ref={field}
        class="input"
        rows={3}
        maxLength={MOST}
        aria-label="Question"
        placeholder="Ask about the code"
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
        }}
      />
      <div class="ai-foot">
        <select
          class="input"
          aria-label="What it is about"
          value={about.value}
          onChange={({ currentTarget }) => {
            about.value = currentTarget.value as About;
          }}
        >
          {Object.entries(ABOUT).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <label class="ai-visible">
          <input
            type="checkbox"
            checked={visible.value}
            onChange={({ currentTarget }) => {
              visible.value = currentTarget.checked;
            }}
          />
          Tell the room
        </label>
        {running ? (
          <button class="button small" type="button" onClick={() => store.stop()}>
            Stop
          </button>
        ) : (
          <button class="icon-button" type="submit">
            <Icon of={ArrowUp} />
            <Tip>Ask</Tip>
          </button>
        )}
      </div>
    </form>
  );
}

/** The question with what it is about, and words for that; null if there is nothing to ask about. */
async function prepared(
  room: RoomContext,
  question: string,
  about: About,
  output: string,
): Promise<[Question, string] | null> {
  const { session } = room;
  if (!(await saved(room))) {
    session.say("info", "Your changes are not saved yet. Ask once they are.");
    return null;
  }
  const file = session.activeFile.peek();
  if (output) {
    const body = { question, output, ...(file && { file: file.id }) };
    return [body, "about the output"];
  }
  if (about === "room" || !file) return [{ question }, "about the room"];
  if (about === "file") return [{ question, file: file.id }, `about ${file.path}`];
  let from = 0;
  let to = 0;
  room.editor.peek()?.run(({ state }) => {
    ({ from, to } = state.selection.main);
    return true;
  });
  const place = from < to ? placeOf(room, from, to) : null;
  if (!place) {
    session.say("info", "Nothing is selected. Select what you ask about.");
    return null;
  }
  return [{ question, place }, `about a part of ${file.path}`];
}

function messageOf({ question, text, model }: Exchange): string {
  const quoted = question.replaceAll("\n", "\n> ");
  const whole = [...`**${model}** was asked:\n> ${quoted}\n\n${text}`];
  return whole.length > MESSAGE ? `${whole.slice(0, MESSAGE).join("")}…` : whole.join("");
}
