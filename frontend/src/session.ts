/** One room as the page sees it: signals to show, verbs to call. */

import type { Extension } from "@codemirror/state";
import type { Command } from "@codemirror/view";
import { computed, type ReadonlySignal } from "@preact/signals";
import { at } from "./base";
import { asking } from "./editor/ask";
import { remoteCarets } from "./editor/carets";
import { collab } from "./editor/collab";
import type { Cursor } from "./editor/document";
import { Documents } from "./editor/documents";
import { longLines } from "./editor/highlighting";
import { limit } from "./editor/limit";
import { preferences } from "./editor/preferences";
import { believed, presence } from "./editor/presence";
import { setup } from "./editor/setup";
import { theme } from "./editor/theme";
import { unsavedChanges } from "./editor/unsaved";
import { Connection, type Link, type Owner } from "./link/connection";
import { Exchange, type Listener, type Phase } from "./link/exchange";
import type { Change, Facts, FileId, FileInfo, Joined, Language, Profile } from "./link/protocol";
import { Turns } from "./link/turns";
import { type Notice, Notices } from "./notices/notices";
import { Company } from "./people/company";
import type { Identity } from "./people/identity";
import { ownColour, type Person } from "./people/people";
import type { Received } from "./room";
import { saysOf } from "./room/changes";
import { suggest } from "./suggestions";
import { copyText } from "./ui/copy";
import { claimsOf } from "./work/claims";
import { LONGEST, TextShelf } from "./work/lastTexts";
import { chooseOpening, textsOfThePage } from "./work/opening";
import { type Found, textOf } from "./work/records";
import { type Aside, Recovery } from "./work/recovery";
import { GAVE_UP, Salvage } from "./work/salvage";
import { Database } from "./work/shelf";

export type { Link } from "./link/connection";
export type { Phase } from "./link/exchange";
export type { FileInfo, Language } from "./link/protocol";
export type { Notice } from "./notices/notices";
export type { Person } from "./people/people";

export interface EditorHandle {
  readonly cursor: ReadonlySignal<Cursor>;
  readonly focused: ReadonlySignal<boolean>;
  focus(): void;
  /** Run a command of the editor, which gets the focus. */
  perform(command: Command): void;
  lineCount(): number;
  /** Put the caret there, both counted from 1, or at the nearest place there is. */
  goToLine(line: number, column: number): void;
  goTo(person: string): void;
  /** The same with no more scrolling than it takes. */
  keepInView(person: string): void;
  /** How often the person here has typed, moved or scrolled. */
  readonly moves: ReadonlySignal<number>;
  destroy(): void;
}

/** ms without a change after which the texts are kept on the device. */
const QUIET = 2000;

export class RoomSession {
  readonly #notices = new Notices();
  readonly #exchange: Exchange;
  readonly #salvage: Salvage;
  readonly #recovery: Recovery;
  readonly #documents: Documents;
  readonly #company: Company;
  readonly #room: string;
  readonly #texts = new TextShelf();
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #mostText = Number.POSITIVE_INFINITY;
  /** What others do to a line in which somebody here composes a character waits for that. */
  readonly #turns = new Turns((message) => this.#documents.breaksInto(message));
  #closed = false;
  /** Whether the colour may be another where somebody has it. */
  #givesWay: boolean;

  readonly phase: ReadonlySignal<Phase>;
  readonly link: ReadonlySignal<Link>;
  /** Changes that are not acknowledged as durable; 0 is "Saved". */
  readonly unsaved: ReadonlySignal<number>;
  /** How many of them are kept on this device; null where it keeps none. */
  readonly kept: ReadonlySignal<number | null>;
  /** When the change in flight was first sent, in ms since 1970; null while none is. */
  readonly savingSince: ReadonlySignal<number | null>;
  readonly files: ReadonlySignal<readonly FileInfo[]>;
  /** The files that the person here has open, in the order of opening. */
  readonly openFiles: ReadonlySignal<readonly FileInfo[]>;
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

  constructor(room: string, { person, name, colour, chosen }: Identity) {
    this.#givesWay = !chosen;
    const url = new URL(at(`/ws/${room}`), location.href).href.replace(/^http/, "ws");
    const shelf = new Database();
    const claims = claimsOf(shelf);
    const profile = () => this.#company.self;
    const connected = (owner: Owner) => new Connection(url, owner);
    const place = { room, shelf, connect: connected, profile };
    const connect = (owner: Owner) => place.connect(this.#turns.of(owner));
    this.#exchange = new Exchange({ ...place, connect }, this.#listeners());
    this.#documents = new Documents(this.#exchange.room, (file) => this.#extensions(file));
    this.#company = new Company({ person, name, colour }, this.#exchange.room, this.#documents);
    this.#recovery = new Recovery(room, shelf, claims);
    this.#salvage = new Salvage(place, claims, {
      lost: (why, text) => this.#offer(why, text),
      found: (found) => this.#found(found),
    });
    const { phase, link, unsaved, savingSince, kept, updatedAt, facts } = this.#exchange;
    const others = this.#salvage;
    this.phase = phase;
    this.link = link;
    this.unsaved = computed(() => unsaved.value + others.unsaved.value);
    this.kept = computed(() =>
      kept.value === null || others.kept.value === null ? null : kept.value + others.kept.value,
    );
    this.savingSince = savingSince;
    this.updatedAt = updatedAt;
    this.facts = facts;
    this.files = this.#documents.files;
    this.openFiles = this.#documents.openFiles;
    this.activeFile = this.#documents.activeFile;
    this.people = this.#company.people;
    this.aside = this.#recovery.aside;
    addEventListener("pagehide", this.#leaving);
    document.addEventListener("visibilitychange", this.#leaving);
    this.#room = room;
    void this.#begin();
  }

  /** Show the texts that are at hand, and join. */
  async #begin(): Promise<void> {
    const [author, kept, fresh] = await Promise.all([
      this.#salvage.author(),
      this.#texts.get(this.#room),
      textsOfThePage(this.#room),
    ]);
    if (this.#closed) return;
    const { texts, whereabouts } = chooseOpening(kept, fresh, author.work);
    this.#documents.expect(whereabouts);
    this.#exchange.start(author, texts);
    if (texts) this.#documents.refresh();
  }

  /** Show a file, with the caret at a place in it, counted from 1. Nothing happens where there is no such file. */
  open(file: FileId, place?: { line: number; column: number }): void {
    this.#documents.open(file);
    if (place) this.#documents.get(file)?.goToLine(place.line, place.column);
  }

  /** Show an open file in an element. */
  attach(file: FileId, parent: HTMLElement): EditorHandle {
    const shown = this.#documents.get(file);
    if (!shown) throw new Error(`there is no file ${file}`);
    shown.attach(parent);
    return {
      cursor: shown.cursor,
      focused: shown.focused,
      focus: () => shown.focus(),
      perform: (command) => shown.perform(command),
      lineCount: () => shown.state.doc.lines,
      goToLine: (line, column) => shown.goToLine(line, column),
      goTo: (person) => {
        const client = this.#company.caretedClient(person);
        if (client) shown.goTo(client);
      },
      keepInView: (person) => {
        const client = this.#company.caretedClient(person);
        if (client) shown.keepInView(client);
      },
      moves: shown.moves,
      destroy: () => shown.detach(),
    };
  }

  /** The text of a file as it is shown. */
  textOf(file: FileId): string {
    return this.#documents.get(file)?.text ?? "";
  }

  /** Be called this, and have this colour; `chosen`: whoever else has it. */
  introduce(name: string, colour: number, chosen: boolean): void {
    this.#givesWay = !chosen;
    this.#introduce({ ...this.#company.self, name, colour });
  }

  /** Take a change that the person here makes. */
  submit(change: Change): void {
    this.#exchange.submit(change);
    this.#documents.refresh();
  }

  setLanguage(file: FileId, language: Language): void {
    this.submit({ kind: "language", file, language });
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
    this.#recovery.download();
  }

  /** Whether something would be lost if the page were left now: neither saved nor kept on this device. */
  get atRisk(): boolean {
    return (
      this.#exchange.atRisk || this.#salvage.atRisk || this.aside.peek().some(({ safe }) => !safe)
    );
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#keeping);
    removeEventListener("pagehide", this.#leaving);
    document.removeEventListener("visibilitychange", this.#leaving);
    this.#exchange.close();
    this.#turns.drop();
    this.#salvage.close();
    this.#company.close();
    this.#documents.detach();
  }

  // What comes

  /** In the order in which they are told: people are met before their carets are shown in the texts. */
  #listeners(): readonly Listener[] {
    return [
      {
        joined: ({ limits }) => {
          this.#mostText = limits.text;
        },
      },
      {
        joined: ({ people }) => this.#company.meet(people),
        people: (message) => {
          if (message.type === "person") this.#company.person(message.client, message);
          else if (message.type === "presence") this.#company.presence(message.client, message);
          else this.#company.left(message.client);
        },
      },
      { joined: ({ people }) => this.#giveWay(people) },
      {
        joined: (_message, received, unsaved) => {
          if (received) this.#documents.show(received);
          else this.#reset(unsaved > 0);
          this.#documents.tell(believed.of(null));
        },
        received: (received) => this.#documents.show(received),
        mended: (file, edit) => this.#documents.edit(file, edit),
        refused: (file, edit) => file && this.#documents.edit(file, edit),
      },
      {
        joined: (_message, received) => received && this.#tellOf(received),
        received: (received) => this.#tellOf(received),
        mended: () => this.#notices.add("info", "The file was brought back in line with the room."),
        refused: (_file, edit, lost, why) =>
          this.#offer(`The ${edit ? "text" : "change"} was not saved: ${why}`, lost),
        gaveUp: (work) => {
          // What is shown is set aside whole when the texts have come; see `#reset`.
          if (this.files.peek().length === 0) this.#offer(GAVE_UP, textOf(work));
        },
        turnedAway: (why) => this.#notices.add("warn", why),
      },
      {
        joined: ({ people }) => this.#company.placeCarets(people),
        received: ({ carets }) => this.#company.typed(carets.keys()),
      },
      { joined: () => this.#keepTextsSoon(), received: () => this.#keepTextsSoon() },
      {
        joined: () => this.#salvage.look(),
        // Another tab goes on with the work of this one, which goes on as somebody new.
        replaced: () => this.#exchange.become(this.#salvage.newcomer()),
      },
    ];
  }

  #giveWay(others: Joined["people"]): void {
    const { self } = this.#company;
    const colour = this.#givesWay ? ownColour(self, others) : self.colour;
    if (colour !== self.colour) this.#introduce({ ...self, colour });
  }

  /** Say what others did that is no edit; done again by the same one, it is one notice. */
  #tellOf({ others }: Received): void {
    for (const { client, change } of others) {
      if (client === this.#exchange.room.client) continue;
      const { person, name } = this.#company.profileOf(client) ?? { person: "", name: "Somebody" };
      const words = saysOf(change, name);
      if (words) this.#notices.add("info", words, { about: `${person} ${change.kind}` });
    }
  }

  /** The files came anew. What the person saw and the room has not is set aside for them. */
  #reset(unsaved: boolean): void {
    const lost = this.#documents.reset();
    if (lost.length === 0) return;
    const why = unsaved ? "Your last changes could not be saved" : "The server has another text";
    this.#offer(`${why}, so the file was read again.`, lost.join("\n\n"));
  }

  /** Say that something was not saved, and let the person have it back. */
  #offer(words: string, text: string): void {
    if (!text) {
      this.#notices.add("danger", words);
      return;
    }
    const key = this.#recovery.add(words, text);
    const run = () => void copyText(text);
    const action = { label: "Copy it", run };
    this.#notices.add("danger", words, { action, gone: () => this.#recovery.drop(key) });
  }

  /** Something of an earlier page. */
  #found(found: Found): void {
    const { key, why } = this.#recovery.found(found);
    const action = { label: "Download recovery file", run: () => this.#recovery.download() };
    this.#notices.add("danger", why, { action, gone: () => this.#recovery.drop(key) });
  }

  /** The page goes to the back, is left, or comes to the front. */
  readonly #leaving = () => {
    if (document.visibilityState === "visible") this.#salvage.look();
    this.#exchange.flush();
    this.#keepTexts();
  };

  /** Keep the texts when all has been quiet for a while. */
  #keepTextsSoon(): void {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keepTexts(), QUIET);
  }

  #keepTexts(): void {
    clearTimeout(this.#keeping);
    const { texts } = this.#exchange.room;
    const length = texts?.files.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
    if (!texts || length > LONGEST) return;
    const { whereabouts } = this.#documents;
    this.#texts.put({ ...texts, room: this.#room, at: Date.now(), whereabouts });
  }

  // What the page says

  #introduce(self: Profile): void {
    this.#company.self = self;
    this.#exchange.send({ type: "profile", name: self.name, colour: self.colour });
  }

  #extensions({ id, path }: FileInfo): Extension {
    return [
      preferences(() => this.#notices.add("warn", "The keymap could not be loaded.")),
      unsavedChanges.of(() => this.unsaved.peek()),
      collab((operation) => this.#exchange.submit({ kind: "edit", file: id, operation })),
      limit(
        () => this.#mostText,
        (words) => this.#notices.add("warn", words),
      ),
      presence((selections) => {
        const { revision, unsaved } = this.#exchange.room;
        if (unsaved > 0 || revision === null || !this.#exchange.live) return false;
        this.#exchange.send({ type: "presence", file: id, revision, selections });
        return true;
      }),
      remoteCarets((client) => this.#company.profileOf(client)),
      asking.of((text, position, signal) => {
        const file = this.files.peek().find((other) => other.id === id);
        return this.#exchange.live && file ? suggest(text, position, file.language, signal) : null;
      }),
      longLines((words) => this.#notices.add("info", words)),
      setup(() => this.files.peek().find((file) => file.id === id)?.path ?? path),
      theme(),
    ];
  }
}
