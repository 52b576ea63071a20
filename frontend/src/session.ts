/** One room as the page sees it: signals to show, verbs to call. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { CLOSED, Connection, type Link } from "./connection";
import { moveCaret, redrawCarets, remoteCarets } from "./editor/carets";
import { collab, remoteEdit } from "./editor/collab";
import { type Cursor, Document } from "./editor/document";
import { limit } from "./editor/limit";
import { believed, presence } from "./editor/presence";
import { setup } from "./editor/setup";
import { theme } from "./editor/theme";
import type { Identity } from "./identity";
import { type Notice, Notices } from "./notices";
import { grouped, type Person } from "./people";
import {
  type Caret,
  type ClientId,
  type ClientMessage,
  type FileId,
  type FileInfo,
  type Joined,
  type Language,
  type Profile,
  type ServerMessage,
  UnknownChange,
  VERSION,
} from "./protocol";
import { type Received, RoomClient } from "./room";
import { copyText } from "./ui/copy";
import { LANGUAGES } from "./ui/languages";

export type { Link } from "./connection";
export type { Notice } from "./notices";
export type { Person } from "./people";
export type { FileInfo, Language } from "./protocol";

/** "missing": there is no such room. "outdated": the page must be loaded anew. */
export type Phase = "opening" | "open" | "missing" | "outdated";

export interface EditorHandle {
  readonly cursor: ReadonlySignal<Cursor>;
  focus(): void;
  setDark(dark: boolean): void;
  goTo(person: string): void;
  destroy(): void;
}

/** ms for which carets that move are gathered before `people` says so. */
const GATHER = 200;

export class RoomSession {
  readonly #phase = signal<Phase>("opening");
  readonly #link = signal<Link>({ state: "connecting" });
  readonly #unsaved = signal(0);
  readonly #files = signal<readonly FileInfo[]>([]);
  readonly #people = signal<readonly Person[]>([]);
  readonly #updatedAt = signal<number | null>(null);
  readonly #notices = new Notices();

  readonly phase: ReadonlySignal<Phase> = this.#phase;
  readonly link: ReadonlySignal<Link> = this.#link;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number> = this.#unsaved;
  readonly files: ReadonlySignal<readonly FileInfo[]> = this.#files;
  /** Oneself first. */
  readonly people: ReadonlySignal<readonly Person[]> = this.#people;
  /** When the last change was committed, in ms since 1970. */
  readonly updatedAt: ReadonlySignal<number | null> = this.#updatedAt;
  readonly notices: ReadonlySignal<readonly Notice[]> = this.#notices.all;

  readonly #key = randomKey();
  readonly #room = new RoomClient();
  readonly #documents = new Map<FileId, Document>();
  readonly #peers = new Map<ClientId, Profile>();
  readonly #connection: Connection;
  #self: Profile;
  #mostText = Number.POSITIVE_INFINITY;
  #setAside: string | null = null;
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(roomId: string, { person, name, colour }: Identity) {
    this.#self = { person, name, colour };
    this.#showPeople();
    const url = new URL(`/ws/${roomId}`, location.href).href.replace(/^http/, "ws");
    this.#connection = new Connection(url, {
      join: () => this.#join(),
      receive: (message) => this.#receive(message),
      confused: (error) => this.#confused(error),
      linkChanged: (link) => {
        this.#link.value = link;
      },
      closed: (code) => this.#closed(code),
    });
  }

  /** Show a file in an element. Call it once `files` has the file. */
  attach(file: FileId, parent: HTMLElement, options: { dark: boolean }): EditorHandle {
    const shown = this.#documents.get(file);
    if (!shown) throw new Error(`there is no file ${file}`);
    shown.attach(parent);
    shown.setDark(options.dark);
    return {
      cursor: shown.cursor,
      focus: () => shown.focus(),
      setDark: (dark) => shown.setDark(dark),
      goTo: (person) => {
        const clients = this.#people.peek().find((other) => other.person === person)?.clients;
        const client = clients?.find((id) => shown.caretOf(id));
        if (client) shown.goTo(client);
      },
      destroy: () => shown.detach(),
    };
  }

  setName(name: string): void {
    this.#introduce({ ...this.#self, name });
  }

  setColour(colour: number): void {
    this.#introduce({ ...this.#self, colour });
  }

  setLanguage(file: FileId, language: Language): void {
    this.#room.setLanguage(file, language);
    this.#showFiles();
    this.#submit();
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  dismiss(id: number): void {
    this.#notices.dismiss(id);
  }

  /** The text set aside after a refusal or an error, for its author to recover. */
  pendingText(): string | null {
    return this.#setAside;
  }

  close(): void {
    this.#connection.close();
    clearTimeout(this.#gathering);
    for (const shown of this.#documents.values()) shown.detach();
  }

  // What the server says

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        this.#joined(message);
        break;
      case "entries":
        this.#updatedAt.value = Date.now();
        this.#show(this.#room.receive(message.revision, message.entries));
        this.#submit();
        break;
      case "checksum":
        this.#room.verify(message.revision, message.files);
        this.#submit();
        break;
      case "text":
        this.#mend(message.file, message.revision, message.text);
        break;
      case "refused":
        this.#refused(message.seq, message.message);
        break;
      case "person":
        this.#peers.set(message.client, message);
        this.#showPeople();
        break;
      case "presence":
        this.#showCaret(message.client, message);
        this.#gatherPeople();
        break;
      case "left":
        this.#peers.delete(message.client);
        this.#showCaret(message.client, null);
        this.#showPeople();
        break;
      case "error":
        this.#error(message.code, message.seq);
        break;
    }
  }

  #join(): ClientMessage {
    const { revision } = this.#room;
    const join = { type: "join", protocol: VERSION, key: this.#key, ...this.#self } as const;
    return revision === null ? join : { ...join, revision };
  }

  #joined(message: Joined): void {
    this.#mostText = message.limits.text;
    this.#updatedAt.value = message.updated_at;
    for (const client of this.#peers.keys()) this.#showCaret(client, null);
    this.#peers.clear();
    for (const peer of message.people) this.#peers.set(peer.client, peer);
    const { unsaved } = this.#room;
    const received = this.#room.joined(message);
    if (received) this.#show(received);
    else this.#reset(unsaved > 0);
    for (const { client, caret } of message.people) this.#showCaret(client, caret);
    for (const shown of this.#documents.values()) shown.dispatch({ effects: believed.of(null) });
    this.#showPeople();
    this.#phase.value = "open";
    this.#resend();
    this.#submit();
  }

  /** Bring the visible texts up to date, and the carets of those who changed them. */
  #show({ edits, carets, languages }: Received): void {
    for (const [file, shown] of this.#documents) {
      const edit = edits.get(file);
      const effects = [...carets].map(([client, caret]) => {
        const selections = caret.file === file ? ([[caret.position, caret.position]] as const) : [];
        return client === this.#room.client
          ? believed.of(selections)
          : moveCaret.of({ client, selections });
      });
      if (!edit && effects.length === 0) continue;
      shown.dispatch({ ...(edit && remoteEdit(shown.state, edit)), effects });
    }
    for (const { client, language } of languages) {
      if (client === this.#room.client) continue;
      const name = this.#peers.get(client)?.name ?? "Somebody";
      this.#notices.add("info", `${name} changed the language to ${LANGUAGES[language].name}`);
    }
    this.#showFiles();
    this.#gatherPeople();
  }

  /** The files came anew. What the person saw and the room has not is set aside for them. */
  #reset(unsaved: boolean): void {
    const lost: string[] = [];
    for (const [file, shown] of this.#documents) {
      const text = this.#room.text(file);
      if (shown.text === text) continue;
      lost.push(shown.text);
      shown.replace(text);
    }
    this.#showFiles();
    if (lost.length === 0) return;
    const why = unsaved ? "Your last changes could not be saved" : "The server has another text";
    this.#offer(`${why}, so the file was read again.`, lost.join("\n\n"));
  }

  /** A text that we had otherwise. */
  #mend(file: FileId, revision: number, text: string): void {
    const edit = this.#room.mend(file, revision, text);
    const shown = this.#documents.get(file);
    if (edit && shown) {
      shown.dispatch(remoteEdit(shown.state, edit));
      this.#notices.add("info", "The file was brought back in line with the room.");
    }
    this.#resend();
    this.#submit();
  }

  #refused(seq: number, why: string): void {
    const refused = this.#room.refused(seq);
    if (!refused) return;
    const { file, edit, lost } = refused;
    const shown = this.#documents.get(file);
    if (edit && shown) shown.dispatch(remoteEdit(shown.state, edit));
    this.#offer(`The ${edit ? "text" : "change"} was not saved: ${why}`, lost);
    this.#showFiles();
    this.#submit();
  }

  /** The server thinks that we are wrong. */
  #error(code: string, seq: number | undefined): void {
    // The close code that follows says it again.
    if (code === "room_not_found" || code === "unsupported_protocol") return;
    const ours = seq !== undefined && seq === this.#room.inFlight()?.seq;
    if (ours && code === "invalid_operation" && this.#room.misfit(seq)) this.#submit();
    else if (ours || code === "unknown_revision" || code === "in_flight") this.#beginAgain();
    else if (this.#link.peek().state !== "live") this.#connection.restart();
  }

  /** What came makes no sense on what we hold. */
  #confused(error: unknown): void {
    if (error instanceof UnknownChange) {
      this.#phase.value = "outdated";
      this.#connection.close();
    } else {
      this.#beginAgain();
    }
  }

  #beginAgain(): void {
    this.#room.forget();
    this.#connection.restart();
  }

  #closed(code: number): void {
    const inFlight = this.#room.inFlight();
    if (code === CLOSED.missing) this.#phase.value = "missing";
    if (code === CLOSED.outdated) this.#phase.value = "outdated";
    if (code === CLOSED.tooLarge && inFlight) this.#refused(inFlight.seq, "it is too large.");
    if (code === CLOSED.replaced) {
      const action = { label: "Continue here", run: () => this.retryNow() };
      this.#notices.add("warn", "This tab's session was opened elsewhere.", action);
    }
  }

  // What the page says

  #newDocument({ id, path }: FileInfo): Document {
    return new Document(this.#room.text(id), [
      collab((operation) => {
        this.#room.edit(id, operation);
        this.#submit();
      }),
      limit(
        () => this.#mostText,
        (words) => this.#notices.add("warn", words),
      ),
      presence((selections) => {
        const { revision, unsaved } = this.#room;
        if (unsaved > 0 || revision === null || this.#link.peek().state !== "live") return false;
        this.#connection.send({ type: "presence", file: id, revision, selections });
        return true;
      }),
      remoteCarets((client) => this.#peers.get(client)),
      setup(path),
      theme(),
    ]);
  }

  #resend(): void {
    const inFlight = this.#room.inFlight();
    if (inFlight) this.#connection.send(inFlight);
  }

  /** Send what may be sent now. */
  #submit(): void {
    for (const file of this.#room.reads()) this.#connection.send({ type: "read", file });
    const next = this.#link.peek().state === "live" ? this.#room.next() : null;
    if (next) this.#connection.send(next);
    this.#unsaved.value = this.#room.unsaved;
  }

  #introduce(self: Profile): void {
    this.#self = self;
    this.#connection.send({ type: "profile", name: self.name, colour: self.colour });
    this.#showPeople();
  }

  // What is shown

  #showFiles(): void {
    const { files } = this.#room;
    for (const file of files) {
      const shown = this.#documents.get(file.id) ?? this.#newDocument(file);
      this.#documents.set(file.id, shown);
      shown.setLanguage(file.language);
    }
    if (JSON.stringify(files) !== JSON.stringify(this.#files.peek())) this.#files.value = files;
  }

  #showCaret(client: ClientId, caret: Caret | null): void {
    for (const [file, shown] of this.#documents) {
      const selections = caret?.file === file ? caret.selections : [];
      const placed = selections.map(
        ([anchor, head]) => [this.#room.place(file, anchor), this.#room.place(file, head)] as const,
      );
      shown.dispatch({ effects: moveCaret.of({ client, selections: placed }) });
    }
  }

  #showPeople(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#people.value = this.#grouped();
    for (const shown of this.#documents.values()) {
      shown.dispatch({ effects: redrawCarets.of(null) });
    }
  }

  #gatherPeople(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#people.value = this.#grouped();
    }, GATHER);
  }

  #grouped(): Person[] {
    const self = { ...this.#self, client: this.#room.client };
    return grouped(self, this.#peers, (client) => this.#caretOf(client));
  }

  #caretOf(client: ClientId): Person["caret"] {
    for (const [file, shown] of this.#documents) {
      const caret = shown.caretOf(client);
      if (caret) return { file, ...caret };
    }
    return null;
  }

  /** Say that something was not saved, and let the person have it back. */
  #offer(words: string, text: string): void {
    this.#setAside = text || this.#setAside;
    const copy = { label: "Copy it", run: () => void copyText(text) };
    this.#notices.add("danger", words, text ? copy : undefined);
  }
}

/** Random, and kept in memory alone: a duplicated tab is another client. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
