/** The kinds of changes that add folders and assets, and that move, remove and restore nodes. */
import type { Kind } from "../kind";
import type { Tree } from "../tree";

interface Put {
  id: string;
  parent: string;
  name: string;
}

declare module "../kind" {
  interface Changes {
    folder: { change: { kind: "folder" } & Put; wire: ["folder", string, string, string] };
    move: { change: { kind: "move" } & Put; wire: ["move", string, string, string] };
    remove: { change: { kind: "remove"; id: string }; wire: ["remove", string] };
    restore: { change: { kind: "restore" } & Put; wire: ["restore", string, string, string] };
    asset: {
      change: { kind: "asset"; blob: string; size: number } & Put;
      wire: ["asset", string, string, string, string, number];
    };
    put: {
      change: { kind: "put"; id: string; blob: string; size: number };
      wire: ["put", string, string, number];
    };
  }
}

export const folder: Kind<"folder"> = {
  tag: "folder",
  encode: ({ id, parent, name }) => ["folder", id, parent, name],
  decode: ([kind, id, parent, name]) => ({ kind, id, parent, name }),
  fileOf: ({ id }) => id,
  commit: ({ id, parent, name }, room) => {
    room.put({ kind: "folder", id, parent, name, removed: false });
  },
  overlay: ({ id, parent, name }, { tree }) => {
    const spot = tree.spot(id, { parent, name });
    if (spot) tree.put({ kind: "folder", id, ...spot, removed: false });
  },
  supersedes: () => false,
  says: ({ name }, who) => `${who} added the folder ${name}`,
};

export const move: Kind<"move"> = {
  tag: "move",
  encode: ({ id, parent, name }) => ["move", id, parent, name],
  decode: ([kind, id, parent, name]) => ({ kind, id, parent, name }),
  fileOf: ({ id }) => id,
  commit: ({ id, parent, name }, room) => room.put({ ...room.node(id), parent, name }),
  overlay: ({ id, parent, name }, { tree }) => {
    const node = tree.get(id);
    const spot = node && tree.spot(id, { parent, name }, node.parent === parent);
    if (spot) tree.put({ ...node, ...spot });
  },
  alters: ({ id, parent, name }, { tree }) => {
    const node = tree.get(id);
    return node !== undefined && (node.parent !== parent || node.name !== name);
  },
  says: ({ name }, who, before) =>
    before && before.name !== name
      ? `${who} renamed ${before.name} to ${name}`
      : `${who} moved ${name}`,
};

export const remove: Kind<"remove"> = {
  tag: "remove",
  encode: ({ id }) => ["remove", id],
  decode: ([kind, id]) => ({ kind, id }),
  fileOf: ({ id }) => id,
  commit: ({ id }, room) => room.put({ ...room.node(id), removed: true }),
  overlay: ({ id }, { tree }) => {
    const node = tree.get(id);
    if (node) tree.put({ ...node, removed: true });
  },
  alters: ({ id }, { tree }) => tree.get(id)?.removed === false,
  says: (_change, who, before) => `${who} removed ${before?.name ?? "a file"}`,
};

export const restore: Kind<"restore"> = {
  tag: "restore",
  encode: ({ id, parent, name }) => ["restore", id, parent, name],
  decode: ([kind, id, parent, name]) => ({ kind, id, parent, name }),
  fileOf: ({ id }) => id,
  commit: ({ id, parent, name }, room) => {
    room.put({ ...room.node(id), parent, name, removed: false });
  },
  overlay: (change, { tree }) => bringBack(change, tree),
  alters: ({ id }, { tree }) => tree.get(id) !== undefined && !tree.isLiving(id),
  says: ({ name }, who) => `${who} restored ${name}`,
};

function bringBack({ id, parent, name }: Put, tree: Tree): void {
  const node = tree.get(id);
  if (!node || tree.isLiving(id)) return;
  const spot = tree.spot(id, { parent, name });
  if (spot) tree.put({ ...node, ...spot, removed: false });
}

export const asset: Kind<"asset"> = {
  tag: "asset",
  encode: ({ id, parent, name, blob, size }) => ["asset", id, parent, name, blob, size],
  decode: ([kind, id, parent, name, blob, size]) => ({ kind, id, parent, name, blob, size }),
  fileOf: ({ id }) => id,
  commit: ({ id, parent, name, blob, size }, room) => {
    room.put({ kind: "asset", id, parent, name, blob, size, removed: false });
  },
  supersedes: () => false,
  says: ({ name }, who) => `${who} added ${name}`,
};

export const put: Kind<"put"> = {
  tag: "put",
  encode: ({ id, blob, size }) => ["put", id, blob, size],
  decode: ([kind, id, blob, size]) => ({ kind, id, blob, size }),
  fileOf: ({ id }) => id,
  commit: ({ id, blob, size }, room) => {
    const node = room.node(id);
    if (node.kind === "asset") room.put({ ...node, blob, size });
  },
  supersedes: () => false,
  says: (_change, who, before) => `${who} replaced ${before?.name ?? "a file"}`,
};
