import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { RoomContext } from "../feature";
import { uncoverEditor } from "../frame/open";
import { colour } from "../preview/colours";
import { type Block, blocksOf, type Inline } from "./markdown";
import { seen } from "./seen";
import { Visible } from "./Visible";
import "./words.css";

interface Props {
  text: string;
  room: RoomContext;
  /** The names that may be mentioned. */
  names: readonly string[];
}

/** The text of a message, as nodes of the page. */
export function Words({ text, ...around }: Props) {
  return (
    <div class="words" dir="auto">
      {blocksOf(text).map((block, index) => (
        <Paragraph key={index} block={block} around={around} />
      ))}
    </div>
  );
}

type Around = Omit<Props, "text">;

function Paragraph({ block, around }: { block: Block; around: Around }) {
  switch (block.kind) {
    case "p":
      return <p>{block.words.map(inline(around))}</p>;
    case "quote":
      return <blockquote>{block.words.map(inline(around))}</blockquote>;
    case "list": {
      const items = block.items.map((words, index) => (
        <li key={index}>{words.map(inline(around))}</li>
      ));
      return block.ordered ? <ol>{items}</ol> : <ul class="words-list">{items}</ul>;
    }
    case "pre":
      return <Code language={block.language} text={block.text} />;
  }
}

/** A piece of code with the colours of the editor. */
function Code({ language, text }: { language: string; text: string }) {
  const place = useRef<HTMLElement>(null);
  const plain = seen(text).every((piece) => typeof piece === "string");
  useEffect(() => {
    if (place.current && plain && language) void colour(place.current);
  }, [text, language]);
  return (
    <pre
      class="words-code"
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
      tabIndex={0}
    >
      <code ref={place} data-lang={language} key={`${language} ${text}`}>
        {plain ? text : <Visible text={text} />}
      </code>
    </pre>
  );
}

const inline = (around: Around) =>
  function Piece(word: Inline, index: number): ComponentChildren {
    if (typeof word === "string") return <Text key={index} text={word} around={around} />;
    switch (word.kind) {
      case "code":
        return (
          <code key={index} class="words-inline" dir="ltr">
            <Linked text={word.text} around={around} />
          </code>
        );
      case "link":
        return <Link key={index} href={word.href} text={word.text} />;
      case "strong":
        return <strong key={index}>{word.words.map(inline(around))}</strong>;
      case "em":
        return <em key={index}>{word.words.map(inline(around))}</em>;
      case "del":
        return <del key={index}>{word.words.map(inline(around))}</del>;
    }
  };

/** A link to a page elsewhere. It says where it leads if its words do not. */
function Link({ href, text }: { href: string; text: string }) {
  const { host } = new URL(href);
  const says = text === href || `${text}/` === href;
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
        <Visible text={text} />
      </a>
      {!says && !text.startsWith(href.slice(0, href.indexOf(host) + host.length)) && (
        <bdi class="muted"> ({host})</bdi>
      )}
    </>
  );
}

/** A text in which people are mentioned and places in files are links. */
function Text({ text, around }: { text: string; around: Around }) {
  const pieces: ComponentChildren[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const rest = text.slice(at + 1, at + 60);
    const name = ["here", ...around.names].find(
      (one) => rest.startsWith(one) && !/^\w/.test(rest.slice(one.length)),
    );
    if (!name || /\w/.test(text[at - 1] ?? "")) continue;
    pieces.push(<Linked key={from} text={text.slice(from, at)} around={around} />);
    pieces.push(
      <bdi key={`@${at}`} class="mention">
        @{name}
      </bdi>,
    );
    from = at + 1 + name.length;
  }
  pieces.push(<Linked key={from} text={text.slice(from)} around={around} />);
  return <>{pieces}</>;
}

/** It is tried only where a path can begin, or a message full of dots would take long. */
const PLACE = /(?<![\w./-])([\w./-]{1,200}\.\w{1,10}):(\d{1,7})(?:-(\d{1,7}))?/g;

/** A text in which `main.py:19` leads to that line, if the room has such a file. */
function Linked({ text, around }: { text: string; around: Around }) {
  const pieces: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(PLACE)) {
    const [whole, path = "", line = "", last] = found;
    const file = fileAt(around.room, path);
    if (!file) continue;
    pieces.push(<Visible key={from} text={text.slice(from, found.index)} />);
    pieces.push(
      <button
        key={`place ${found.index}`}
        class="place-link"
        type="button"
        onClick={() => goTo(around.room, file, Number(line), Number(last ?? line))}
      >
        {whole}
      </button>,
    );
    from = found.index + whole.length;
  }
  pieces.push(<Visible key={from} text={text.slice(from)} />);
  return <>{pieces}</>;
}

/** The file of a path, or of a name that only one file has. Reads signals. */
function fileAt({ session }: RoomContext, path: string): string | null {
  const files = session.files.value;
  const exact = files.find((file) => file.path === path);
  if (exact) return exact.id;
  const named = files.filter((file) => file.path.endsWith(`/${path}`));
  return named.length === 1 ? (named[0]?.id ?? null) : null;
}

export function goTo(room: RoomContext, file: string, line: number, last: number): void {
  uncoverEditor();
  room.session.open(file, { line, column: 1 });
  if (last <= line) return;
  requestAnimationFrame(() => {
    const shown = room.editor.peek();
    if (shown?.file === file) shown.selectLines(line, last);
  });
}
