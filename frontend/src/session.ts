/** One room as the page sees it: signals to show, verbs to call. Here its parts are wired. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { mayWrite, standingOf } from "./access/standing";
import { at } from "./base";
import type { Document } from "./editor/document";
import { Documents } from "./editor/documents";
import { fileExtensions } from "./editor/extensions";
import { type EditorHandle, handleOf } from "./editor/handle";
import { keptFiles } from "./editor/keptFiles";
import type { OpenFiles } from "./editor/openFiles";
import type { Identity } from "./identity";
import { Indents } from "./indent/indent";
import { Connection, type Link, type Owner } from "./link/connection";
import type { Listener, Phase } from "./link/events";
import { Exchange } from "./link/exchange";
import type {
  Change,
  Facts,
  FeatureMessage,
  FileId,
  FileInfo,
  Profile,
  Standing,
} from "./link/protocol";
import { Turns } from "./link/turns";
import { type Notice, Notices } from "./notices/notices";
import { Company } from "./people/company";
import type { Person } from "./people/people";
import { Self } from "./people/self";
import { toldOfOthers } from "./people/told";
import { partsOf } from "./room/changes";
import type { AssetInfo } from "./room/kind";
import { PLAIN } from "./room/languages";
import type { Tree, TreeNode } from "./room/tree";
import type { Unplaced } from "./work/opening";
import type { Aside } from "./work/recovery";
import { RoomWork } from "./work/roomWork";
import { Database } from "./work/shelf";

export type { EditorHandle } from "./editor/handle";
export type { Person } from "./people/people";

/** One that is no longer in the room. */
const NO_FILE = { path: "", language: PLAIN };

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
  /** Changes by others to a line in which somebody here composes a character wait for its end. */
  readonly #turns = new Turns((message) => this.#documents.breaksInto(message));
  #undoes: (() => void) | null = null;
  #closed = false;

  readonly phase: ReadonlySignal<Phase>;
  readonly link: ReadonlySignal<Link>;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number>;
  /** The number of them that are kept on this device; null where it keeps none. */
  readonly kept: ReadonlySignal<number | null>;
  /** The time when the change in flight was first sent, in ms since 1970; null while none is. */
  readonly savingSince: ReadonlySignal<number | null>;
  readonly files: ReadonlySignal<readonly FileInfo[]>;
  /** The files and assets that the person here has open, in the order of their tabs. */
  readonly openFiles: ReadonlySignal<readonly FileInfo[]>;
  /** Their order, and which were shown last. */
  readonly tabs: OpenFiles;
  /** The asset that is shown; null while a file is. */
  readonly activeAsset: ReadonlySignal<AssetInfo | null>;
  /** The file that is shown; null before there is one, and while an asset is. */
  readonly activeFile: ReadonlySignal<FileInfo | null>;
  /** The facts of the room besides its files, with own changes that are pending. */
  readonly facts: ReadonlySignal<Facts>;
  /** The files that can be shown: those that were opened and whose text is here. */
  readonly here: ReadonlySignal<ReadonlySet<FileId>>;
  /** Oneself first. */
  readonly people: ReadonlySignal<readonly Person[]>;
  /** The time when the last change was committed, in ms since 1970. */
  readonly updatedAt: ReadonlySignal<number | null>;
  readonly #byRequest = signal(0);
  /** The number of files that own requests to the server have changed, as far as this page has read. */
  readonly byRequest: ReadonlySignal<number> = this.#byRequest;
  readonly #standing = signal<Standing>(standingOf({}));
  /** The rights of the person here, and the door of the room. An editor until the room has told. */
  readonly standing: ReadonlySignal<Standing> = this.#standing;
  readonly indents = new Indents();
  readonly notices: ReadonlySignal<readonly Notice[]> = this.#notices.all;
  /** Texts that were not saved, for their author to recover. */
  readonly aside: ReadonlySignal<readonly Aside[]>;
  /** The text to read while the own work has no text to stand on. */
  readonly unplaced: ReadonlySignal<Unplaced | null>;

  constructor(room: string, { person, name, colour, chosen }: Identity) {
    const url = new URL(at(`/ws/${room}`), location.href).href.replace(/^http/, "ws");
    const profile = () => this.#company.self;
    const connected = (owner: Owner) => new Connection(url, owner);
    const place = { room, shelf: new Database(), connect: connected, profile };
    const connect = (owner: Owner) => place.connect(this.#turns.of(owner));
    this.#exchange = new Exchange({ ...place, connect });
    const around = {
      room,
      exchange: this.#exchange,
      unsaved: () => this.unsaved.peek(),
      mostText: () => this.#mostText,
      mayWrite: () => mayWrite(this.#standing.value),
      infoOf: (id: FileId) => this.files.peek().find((file) => file.id === id),
      indentOf: (id: FileId) =>
        this.indents.of(this.files.value.find((file) => file.id === id) ?? NO_FILE),
      profileOf: (client: string) => this.#company.profileOf(client),
      takeBack: () => this.#takeBack(),
      say: (kind: Notice["kind"], words: string) => this.#notices.add(kind, words),
    };
    this.#documents = new Documents(
      this.#exchange.room,
      (...file) => fileExtensions(...file, around),
      (file) => this.#exchange.want(file),
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
    ({ files: this.files, openFiles: this.openFiles, open: this.tabs } = this.#documents);
    this.here = this.#documents.here;
    this.activeFile = this.#documents.activeFile;
    this.activeAsset = this.#documents.activeAsset;
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
    const ownEdits: Listener = { submitted: () => this.undoes(null) };
    const limits: Listener = {
      joined: (joined) => {
        this.#mostText = joined.limits.text;
        this.#standing.value = standingOf(joined);
      },
      told: (message) => {
        if (message.type === "access") this.#standing.value = standingOf(message);
      },
    };
    this.#exchange.listen(
      ownEdits,
      limits,
      this.#company.meeting,
      this.#self.listener,
      this.#documents.following((texts, unsaved) => offers.texts(texts, unsaved)),
      toldOfOthers(this.#exchange.room, this.#company, this.#notices, (change) => {
        this.#byRequest.value += partsOf(change).filter(({ kind }) => kind !== "folder").length;
      }),
      offers.listener(this.#exchange.room),
      this.#company.placing,
      this.#work.listener,
    );
  }

  /** Show a file, with the caret at a place in it, counted from 1. Nothing happens where there is no such file. */
  open(file: FileId, place?: { line: number; column: number }): void {
    this.#documents.ask(file, place);
  }

  close(file: FileId): void {
    this.#documents.close(file);
  }

  /** The newest revision of the room that the page knows; null before it knows any. */
  get revision(): number | null {
    return this.#exchange.room.revision;
  }

  /** Show an open file in an element. */
  attach(file: FileId, parent: HTMLElement): EditorHandle {
    const caretedClient = (person: string) => this.#company.caretedClient(person);
    return handleOf(file, this.#documents.opened(file), parent, caretedClient);
  }

  /** The document of a file that was opened here. */
  documentOf(file: FileId): Document | undefined {
    return this.#documents.get(file);
  }

  /** The text of a file as the person here sees it, or would if it were open; "" while it is not here. */
  textOf(file: FileId): string {
    return this.#documents.textOf(file);
  }

  /** Tell whether the text of a file is here. */
  hasText(file: FileId): boolean {
    return this.#exchange.room.has(file);
  }

  /** The same as `textOf`, once it is here: it is asked for where it is not. */
  textWhenHere(file: FileId): Promise<string> {
    return this.#documents.textWhenHere(file);
  }

  /** The person here, as the others know them. */
  get self(): Profile {
    return this.#company.self;
  }

  /** Be called this, and have this colour; `chosen`: whoever else has it. */
  introduce(name: string, colour: number, chosen: boolean): void {
    this.#self.introduce(name, colour, chosen);
  }

  /** Tell a part of the page of each message that only it knows, from now on. */
  hear(told: (message: { type: string }) => void): void {
    this.#exchange.listen({ told });
  }

  /**
   * Tell a part of the page of each change of another client, from now on, with its author's name and
   * the node that it is about, as it was.
   */
  hearChanges(told: (change: Change, author: string, before?: TreeNode) => void): void {
    this.#exchange.listen({
      received: ({ others }) => {
        for (const { client, change, before } of others) {
          told(change, this.#company.authorOf(client).name, before);
        }
      },
    });
  }

  /** Send a message of a kind that only a feature knows. */
  send(message: FeatureMessage): void {
    this.#exchange.send(message);
  }

  /** Take a change that the person here makes. */
  submit(change: Change): void {
    this.#exchange.submit(change);
    this.#documents.refresh();
  }

  /**
   * Have undo take back in this way what a request of the person here has done, until they make
   * another change.
   */
  undoes(takeBack: (() => void) | null): void {
    this.#undoes = takeBack;
  }

  #takeBack(): boolean {
    const takeBack = this.#undoes;
    this.#undoes = null;
    takeBack?.();
    return takeBack !== null;
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

  /** Tells whether something would be lost if the page were left now: neither saved nor kept on this device. */
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
