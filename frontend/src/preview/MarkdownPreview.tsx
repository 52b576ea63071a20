import { useEffect, useRef } from "preact/hooks";
import { roomPath } from "../address";
import { addressOf } from "../assets/address";
import type { RoomContext } from "../feature";
import { filesOf } from "../files/store";
import { NOT_LOADED } from "../frame/words";
import type { FileInfo } from "../link/protocol";
import { colour } from "./colours";
import { editorSide } from "./editorSide";
import { inStep } from "./inStep";
import { Paper } from "./paper";
import { resolved } from "./paths";
import { Renderer } from "./renderer";
import { type Surroundings, sanitized } from "./sanitized";
import { svgAddress } from "./svg";
import { whenTyped } from "./whenTyped";
import "./preview.css";

/** Shows a Markdown text as formatted. It follows everybody's typing, and scrolls with the editor. */
export function MarkdownPreview({ room, file }: { room: RoomContext; file: FileInfo }) {
  const frame = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!frame.current || !place.current) return;
    return follow(room, file, frame.current, place.current);
  }, [room, file.id, file.path]);
  return (
    <section
      class="reading"
      ref={frame}
      aria-label={`Preview of ${file.path}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
    >
      <div class="paper" ref={place} />
    </section>
  );
}

function follow(
  room: RoomContext,
  file: FileInfo,
  frame: HTMLElement,
  place: HTMLElement,
): () => void {
  const around = surroundings(room, file);
  const paper = new Paper(place, (html, into) => {
    into.replaceChildren(sanitized(html, around));
    for (const code of into.querySelectorAll<HTMLElement>("code[data-lang]")) void colour(code);
  });
  let anchors: Record<string, number> = {};
  const renderer = new Renderer(
    (update) => {
      anchors = update.anchors;
      paper.update(update);
    },
    () => {
      paper.clear();
      room.session.say("warn", NOT_LOADED);
    },
  );
  const goTo = (line: number) => {
    frame.scrollTop = paper.topOf(line);
  };
  const click = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    const anchor = link?.getAttribute("href");
    const path = link?.dataset.file;
    const id = path === undefined ? undefined : nodeAt(room, file, path);
    if (id !== undefined) room.session.open(id);
    else if (anchor?.startsWith("#")) goTo(anchors[decodeURIComponent(anchor.slice(1))] ?? 0);
    else return;
    event.preventDefault();
  };
  place.addEventListener("click", click);
  const ends = [
    whenTyped(room, file.id, (text) => renderer.render(text)),
    room.session.tree.subscribe(() => paper.refresh("<img")),
    inStep(
      { element: frame, line: () => paper.lineAt(frame.scrollTop), goTo },
      editorSide(room, file.id),
    ),
    () => place.removeEventListener("click", click),
    () => renderer.end(),
    () => paper.end(),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function surroundings(room: RoomContext, file: FileInfo): Surroundings {
  return {
    image: (path) => {
      const id = nodeAt(room, file, path);
      const node = id === undefined ? undefined : room.session.tree.peek().get(id);
      if (node?.kind === "asset") return addressOf(room.id, node);
      if (node?.kind !== "file") return null;
      // A picture whose text is missing is drawn after the next change of the text.
      void room.session.textWhenHere(node.id);
      return room.session.hasText(node.id) ? svgAddress(room.session.textOf(node.id)) : null;
    },
    file: (path) => {
      const to = resolved(path, file.path);
      if (to === null || nodeAt(room, file, path) === undefined) return null;
      return `${roomPath(room.id)}/${to.split("/").map(encodeURIComponent).join("/")}`;
    },
  };
}

/** Return the file or asset that a path in a file refers to. */
function nodeAt(room: RoomContext, file: FileInfo, path: string): string | undefined {
  const to = resolved(path, file.path);
  const { tree } = filesOf(room);
  const node = to === null ? undefined : tree.peek().at(to);
  return node && node.kind !== "folder" && tree.peek().isHere(node.id) ? node.id : undefined;
}
