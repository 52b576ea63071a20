/**
 * What tests/bench/engine_measure.py does, for the peers that run in Node.
 *
 *     node --expose-gc engine.mjs prepare ROW ENGINE INPUT ARTIFACT
 *     node --expose-gc engine.mjs measure ROW ENGINE ARTIFACT SECONDS
 *
 * A case is [prepare, work]: `prepare(input)` gives the artifact, work from it what is timed.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";

const READS = 10;
const same = (input) => input;

const imported = {
  "ot.js": () => import("ot"),
  "text-unicode": () => import("ot-text-unicode"),
  codemirror: () => import("@codemirror/state"),
  "diamond-types": () => import("diamond-types-node"),
  yjs: () => import("yjs"),
};

/** Makes every edit and reads the text READS times on the way. */
function replay(patches, edit, read) {
  let text = "";
  for (let part = 0; part < READS; part++) {
    const end = Math.floor((patches.length * (part + 1)) / READS);
    for (let i = Math.floor((patches.length * part) / READS); i < end; i++) edit(...patches[i]);
    text = read();
  }
  return text;
}

// ot.js

function otjs({ TextOperation }) {
  const one = (length, position, deleted, inserted) =>
    new TextOperation()
      .retain(position)
      .insert(inserted)
      .delete(deleted)
      .retain(length - position - deleted);

  /** Edits that follow one another as one operation, composed like with like. */
  function composed(length, patches) {
    const parts = [];
    let count = 0;
    for (const patch of patches) {
      let operation = one(length, ...patch);
      length = operation.targetLength;
      for (let bits = count++; bits & 1; bits >>= 1) operation = parts.pop().compose(operation);
      parts.push(operation);
    }
    return parts.reduceRight((after, before) => before.compose(after));
  }

  /** As `live` of engine_ot.py, with runs or keystrokes. */
  function served({ authors, edits }) {
    let text = "";
    const unseen = Array.from({ length: authors }, () => []);
    const lengths = new Array(authors).fill(0);
    for (const { first, author, seen, patches } of edits) {
      const queue = unseen[author];
      let known = 0;
      while (known < queue.length && queue[known].first < seen)
        lengths[author] = queue[known++].operation.targetLength;
      queue.splice(0, known);
      let operation = composed(lengths[author], patches);
      lengths[author] = operation.targetLength;
      for (const entry of queue)
        [entry.operation, operation] = TextOperation.transform(entry.operation, operation);
      text = operation.apply(text);
      for (let other = 0; other < authors; other++)
        if (other !== author) unseen[other].push({ first, operation });
    }
    return text;
  }

  return {
    typing: [
      same,
      ({ text, patches }) =>
        () =>
          replay(
            patches,
            (...patch) => {
              text = one(text.length, ...patch).apply(text);
            },
            () => text,
          ),
    ],
    merge: [({ authors, runs }) => ({ authors, edits: runs }), (input) => () => served(input)],
    live: [({ authors, keys }) => ({ authors, edits: keys }), (input) => () => served(input)],
    offline: [
      same,
      ({ text, sides }) =>
        () => {
          const [ours, theirs] = sides.map((patches) => composed(text.length, patches));
          return TextOperation.transform(ours, theirs)[1].apply(ours.apply(text));
        },
    ],
    behind: [
      ({ text, patches, edit }) => {
        const backlog = [];
        let length = text.length;
        for (const patch of patches) {
          backlog.push([length, ...patch]);
          length += patch[2].length - patch[1];
        }
        return { length: text.length, backlog, edit };
      },
      ({ length, backlog, edit }) => {
        const operations = backlog.map((patch) => one(...patch));
        return () => {
          let operation = one(length, ...edit);
          for (const committed of operations)
            operation = TextOperation.transform(committed, operation)[1];
        };
      },
    ],
  };
}

// ot-text-unicode

function textUnicode({ type }) {
  return {
    typing: [
      same,
      ({ text, patches }) =>
        () =>
          replay(
            patches,
            (position, deleted, inserted) => {
              const removal = deleted && { d: deleted };
              text = type.apply(text, [position, inserted, removal].filter(Boolean));
            },
            () => text,
          ),
    ],
  };
}

// @codemirror/state

function codemirror({ ChangeSet, Text }) {
  const start = (text) => Text.of(text.split("\n"));
  const one = (length, position, deleted, insert) =>
    ChangeSet.of({ from: position, to: position + deleted, insert }, length);
  return {
    typing: [
      same,
      ({ text, patches }) =>
        () => {
          let doc = start(text);
          return replay(
            patches,
            (...patch) => {
              doc = one(doc.length, ...patch).apply(doc);
            },
            () => doc.toString(),
          );
        },
    ],
    live: [
      same,
      ({ authors, keys }) =>
        () => {
          let doc = Text.empty;
          const unseen = Array.from({ length: authors }, () => []);
          const lengths = new Array(authors).fill(0);
          for (const { first, author, seen, patches } of keys) {
            const queue = unseen[author];
            let known = 0;
            while (known < queue.length && queue[known].first < seen)
              lengths[author] = queue[known++].change.newLength;
            queue.splice(0, known);
            for (const patch of patches) {
              let change = one(lengths[author], ...patch);
              lengths[author] = change.newLength;
              for (const entry of queue) {
                const after = change.map(entry.change);
                entry.change = entry.change.map(change, true);
                change = after;
              }
              doc = change.apply(doc);
              for (let other = 0; other < authors; other++)
                if (other !== author) unseen[other].push({ first, change });
            }
          }
          return doc.toString();
        },
    ],
  };
}

// diamond-types

function diamondTypes({ default: { Doc, OpLog } }) {
  function edit(doc, position, deleted, inserted) {
    if (deleted) doc.del(position, deleted);
    if (inserted) doc.ins(position, inserted);
  }
  function typed({ text, patches }) {
    const doc = new Doc("typist");
    if (text) doc.ins(0, text);
    for (const patch of patches) edit(doc, ...patch);
    return doc;
  }
  return {
    typing: [
      same,
      ({ text, patches }) =>
        () => {
          const doc = typed({ text, patches: [] });
          return replay(
            patches,
            (...patch) => edit(doc, ...patch),
            () => doc.get(),
          );
        },
    ],
    merge: [
      ({ keys }) => {
        const log = new OpLog();
        const versions = [];
        for (const { author, parents, patches } of keys) {
          log.setAgent(`author ${author}`);
          let version = parents.map((parent) => versions[parent]);
          for (const [position, deleted, inserted] of patches) {
            if (deleted) version = [log.del(position, deleted, Uint32Array.from(version))];
            if (inserted) version = [log.ins(position, inserted, Uint32Array.from(version))];
          }
          versions.push(version[0]);
        }
        return log.toBytes();
      },
      (bytes) => {
        const log = OpLog.fromBytes(bytes);
        return () => log.checkout().get();
      },
    ],
    offline: [
      ({ text, sides }) => {
        const start = new OpLog("start");
        start.ins(0, text);
        const base = start.toBytes();
        const version = start.getLocalVersion();
        const updates = sides.map((patches, side) => {
          const log = OpLog.fromBytes(base, `side ${side}`);
          for (const patch of patches) edit(log, ...patch);
          return log.getPatchSince(version);
        });
        return [base, ...updates];
      },
      ([base, ...updates]) => {
        const log = OpLog.fromBytes(base);
        return () => {
          for (const update of updates) log.addFromBytes(update);
          return log.checkout().get();
        };
      },
    ],
    load: [(input) => typed(input).toBytes(), (bytes) => () => Doc.fromBytes(bytes).get()],
  };
}

// yjs

function yjs(Y) {
  function edit(text, position, deleted, inserted) {
    if (deleted) text.delete(position, deleted);
    if (inserted) text.insert(position, inserted);
  }
  function started(client, text) {
    const doc = new Y.Doc();
    doc.clientID = client;
    if (text) doc.getText().insert(0, text);
    return doc;
  }
  /** What each keystroke's author would send. */
  function updates({ authors, keys }) {
    const docs = Array.from({ length: authors }, (_, author) => started(author + 1, ""));
    const known = new Array(authors).fill(0);
    const sent = [];
    for (const { author, seen, patches } of keys) {
      const doc = docs[author];
      for (; known[author] < seen; known[author]++)
        if (keys[known[author]].author !== author) Y.applyUpdate(doc, sent[known[author]]);
      doc.once("update", (update) => sent.push(update));
      doc.transact(() => {
        for (const patch of patches) edit(doc.getText(), ...patch);
      });
    }
    return sent;
  }
  function apply(doc, sent) {
    for (const update of sent) Y.applyUpdate(doc, update);
    return doc.getText().toString();
  }
  return {
    typing: [
      same,
      ({ text, patches }) =>
        () => {
          const doc = started(1, text);
          const shared = doc.getText();
          return replay(
            patches,
            (...patch) => edit(shared, ...patch),
            () => shared.toString(),
          );
        },
    ],
    live: [updates, (sent) => () => apply(new Y.Doc(), sent)],
    offline: [
      ({ text, sides }) => {
        const start = started(1, text);
        const base = Y.encodeStateAsUpdate(start);
        const version = Y.encodeStateVector(start);
        const sent = sides.map((patches, side) => {
          const doc = started(2 + side, "");
          Y.applyUpdate(doc, base);
          for (const patch of patches) edit(doc.getText(), ...patch);
          return Y.encodeStateAsUpdate(doc, version);
        });
        return [base, ...sent];
      },
      ([base, ...sent]) => {
        const doc = new Y.Doc();
        Y.applyUpdate(doc, base);
        return () => apply(doc, sent);
      },
    ],
    load: [
      ({ text, patches }) => {
        const doc = started(1, text);
        for (const patch of patches) edit(doc.getText(), ...patch);
        return [Y.encodeStateAsUpdate(doc)];
      },
      (saved) => () => apply(new Y.Doc(), saved),
    ],
  };
}

// The driver

const engines = {
  "ot.js": otjs,
  "text-unicode": textUnicode,
  codemirror,
  "diamond-types": diamondTypes,
  yjs,
};

/** Bytes in memory now, or at most since the last time this was asked; 0 where nobody tells. */
function memory(which) {
  try {
    const line = readFileSync("/proc/self/status", "utf8").match(RegExp(`Vm${which}:\\s+(\\d+)`));
    return Number(line[1]) * 1024;
  } catch {
    return 0;
  }
}

function measure(work, artifact, seconds) {
  global.gc();
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {}
  const before = memory("RSS");
  const result = work(artifact)();
  const peak = memory("HWM") - before;
  const times = [];
  for (let spent = 0; times.length === 0 || (spent < seconds && times.length < 15); ) {
    const run = work(artifact);
    global.gc();
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
    spent += times.at(-1) / 1000;
  }
  const text = typeof result === "string" ? result : "";
  const digest = text && createHash("sha256").update(text).digest("hex");
  return { times, peak, digest };
}

const [verb, row, engine, file, last] = process.argv.slice(2);
const [prepare, work] = engines[engine](await imported[engine]())[row];
if (verb === "prepare") writeFileSync(last, serialize(prepare(JSON.parse(readFileSync(file)))));
else
  process.stdout.write(JSON.stringify(measure(work, deserialize(readFileSync(file)), Number(last))));
