/** One room as the page sees it: signals to show, verbs to call. Here its parts are wired. */

import type { ReadonlySignal } from "@preact/signals";
import { at } from "./base";
import { Documents } from "./editor/documents";
import { fileExtensions } from "./editor/extensions";
import { type EditorHandle, handleOf } from "./editor/handle";
import { keptFiles } from "./editor/keptFiles";
import type { OpenFiles } from "./editor/openFiles";
import type { Identity } from "./identity";
import { Connection, type Link, type Owner } from "./link/connection";
import { Exchange, type Listener, type Phase } from "./link/exchange";
import type { Change, Facts, FileId, FileInfo } from "./link/protocol";
import { Turns } from "./link/turns";
import { type Notice, Notices } from "./notices/notices";
import { Company } from "./people/company";
import type { Person } from "./people/people";
import { Self } from "./people/self";
import { toldOfOthers } from "./people/told";
import type { Tree } from "./room/tree";
import type { Unplaced } from "./work/opening";
import type { Aside } from "./work/recovery";
import { RoomWork } from "./work/roomWork";
import { Database } from "./work/shelf";

export type { EditorHandle } from "./editor/handle";
export type { Person } from "./people/people";

export class RoomSession {
  readonly #notices = new Notices();
  readonly #exchange: Exchange;
  readonly #work: RoomWork;
  readonly #documents: Documents;
  readonly #company: Company;
  readonly #self: Self;
  /** The files, folders and assets of the room. */
  readonly tree: ReadonlySignal<Tree>;
  #mostText = Number.POSITIVE_INFINITY;
  /** What others do to a line in which somebody here composes a character waits for that. */
  readonly #turns = new Turns((message) => this.#documents.breaksInto(message));
  #closed = false;

  readonly phase: ReadonlySignal<Phase>;
  readonly link: ReadonlySignal<Link>;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number>;
  /** How many of them are kept on this device; null where it keeps none. */
  readonly kept: ReadonlySignal<number | null>;
  /** When the change in flight was first sent, in ms since 1970; null while none is. */
  readonly savingSince: ReadonlySignal<number | null>;
  readonly files: ReadonlySignal<readonly FileInfo[]>;
  /** The files that the person here has open, in the order of their tabs. */
  readonly openFiles: ReadonlySignal<readonly FileInfo[]>;
  /** Their order, and which were shown last. */
  readonly tabs: OpenFiles;
  /** The file that is shown; null before there is one. */
  readonly activeFile: ReadonlySignal<FileInfo | null>;
  /** What is known of the room besides its files, with own changes that are pending. */
  readonly facts: ReadonlySignal<Facts>;
  /** Oneself first. */
  readonly people: ReadonlySignal<readonly Person[]>;
  /** When the last change was committed, in ms since 1970. */
  readonly updatedAt: ReadonlySignal<number | null>;
  readonly notices: ReadonlySignal<readonly Notice[]> = this.#notices.all;
  /** Texts that were not saved, for their author to recover. */
  readonly aside: ReadonlySignal<readonly Aside[]>;
  /** What there is to read while the own work has no text to stand on. */
  readonly unplaced: ReadonlySignal<Unplaced | null>;

  constructor(room: string, { person, name, colour, chosen }: Identity) {
    const url = new URL(at(`/ws/${room}`), location.href).href.replace(/^http/, "ws");
    const connected = (owner: Owner) => new Connection(url, owner);
    const profile = () => this.#company.self;
    const place = { room, shelf: new Database(), connect: connected, profile };
    const connect = (owner: Owner) => place.connect(this.#turns.of(owner));
    this.#exchange = new Exchange({ ...place, connect });
    const around = {
      exchange: this.#exchange,
      unsaved: () => this.unsaved.peek(),
      mostText: () => this.#mostText,
      infoOf: (id: FileId) => this.files.peek().find((file) => file.id === id),
      profileOf: (client: string) => this.#company.profileOf(client),
      say: (kind: Notice["kind"], words: string) => this.#notices.add(kind, words),
    };
    this.#documents = new Documents(this.#exchange.room, (...file) =>
      fileExtensions(...file, around),
    );
    this.#company = new Company({ person, name, colour }, this.#exchange.room, this.#documents);
    this.#self = new Self(this.#company, (message) => this.#exchange.send(message), chosen);
    this.#work = new RoomWork(this.#exchange, place, this.#notices, this.#documents);
    this.#listen();
    ({
      phase: this.phase,
      link: this.link,
      savingSince: this.savingSince,
      updatedAt: this.updatedAt,
      facts: this.facts,
      tree: this.tree,
    } = this.#exchange);
    ({ unsaved: this.unsaved, kept: this.kept, aside: this.aside } = this.#work);
    this.unplaced = this.#work.unplaced;
    this.files = this.#documents.files;
    this.openFiles = this.#documents.openFiles;
    this.tabs = this.#documents.open;
    this.activeFile = this.#documents.activeFile;
    this.people = this.#company.people;
    void this.#begin(room);
  }

  /** Show the texts that are at hand, and join. */
  async #begin(room: string): Promise<void> {
    const { author, texts, whereabouts } = await this.#work.opening();
    if (this.#closed) return;
    this.#documents.expect(whereabouts, keptFiles(room));
    this.#exchange.start(author, texts);
    if (texts) this.#documents.refresh();
  }

  /** Tell the parts what comes. People are met before their carets are shown in the texts. */
  #listen(): void {
    const { offers } = this.#work;
    const limits: Listener = {
      joined: ({ limits }) => {
        this.#mostText = limits.text;
      },
    };
    this.#exchange.listen(
      limits,
      this.#company.meeting,
      this.#self.listener,
      this.#documents.following((texts, unsaved) => offers.texts(texts, unsaved)),
      toldOfOthers(this.#exchange.room, this.#company, this.#notices),
      offers.listener(this.#exchange.room),
      this.#company.placing,
      this.#work.listener,
    );
  }

  /** Show a file, with the caret at a place in it, counted from 1. Nothing happens where there is no such file. */
  open(file: FileId, place?: { line: number; column: number }): void {
    this.#documents.ask(file);
    if (place) this.#documents.get(file)?.goToLine(place.line, place.column);
  }

  close(file: FileId): void {
    this.#documents.close(file);
  }

  /** Show an open file in an element. */
  attach(file: FileId, parent: HTMLElement): EditorHandle {
    const shown = this.#documents.get(file);
    if (!shown) throw new Error(`there is no file ${file}`);
    return handleOf(file, shown, parent, (person) => this.#company.caretedClient(person));
  }

  /** The text of a file as the person here sees it, or would if it were open. */
  textOf(file: FileId): string {
    const { room } = this.#exchange;
    return this.#documents.get(file)?.text ?? (room.has(file) ? room.text(file) : "");
  }

  /** Be called this, and have this colour; `chosen`: whoever else has it. */
  introduce(name: string, colour: number, chosen: boolean): void {
    this.#self.introduce(name, colour, chosen);
  }

  /** Take a change that the person here makes. */
  submit(change: Change): void {
    this.#exchange.submit(change);
    this.#documents.refresh();
  }

  retryNow(): void {
    this.#exchange.retryNow();
  }

  /** Tell the person something, with what they may do about it. */
  say(kind: Notice["kind"], text: string, action?: Notice["action"]): void {
    this.#notices.add(kind, text, { action });
  }

  dismiss(id: number): void {
    this.#notices.dismiss(id);
  }

  /** Hand out all that was not saved, as a file. */
  downloadRecoveryFile(): void {
    this.#work.download();
  }

  /** Whether something would be lost if the page were left now: neither saved nor kept on this device. */
  get atRisk(): boolean {
    return this.#work.atRisk;
  }

  leave(): void {
    this.#closed = true;
    this.#work.close();
    this.#exchange.close();
    this.#turns.drop();
    this.#company.close();
    this.#documents.detach();
  }
}
