/**
 * Cuts a module of a package in two, since a bundler cuts only between modules: what the page needs for
 * typing, and what only parts need that come later. Such a package is one large file, of which a part that
 * is loaded later would otherwise bring its own piece into the first load.
 */
import type { Plugin } from "vite";

/** By the end of a module's path, the exports that typing needs. What they need themselves comes with them. */
type First = Readonly<Record<string, string>>;

/** The ends of the ids of both halves. */
const FIRST = "?first";
const LATER = "?later";
const IMPORT = "ImportDeclaration";
const EXPORT = "ExportNamedDeclaration";

export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

interface Name {
  name: string;
}

/** A statement of a module: the names that it declares, those it mentions, and those it changes. */
interface Statement {
  text: string;
  declares: ReadonlySet<string>;
  mentions: ReadonlySet<string>;
  changes: ReadonlySet<string>;
}

export function halves(wanted: First): Plugin {
  const texts = new Map<string, string>();
  return {
    name: "collab:halves",
    apply: "build",
    transform: {
      filter: { id: Object.keys(wanted).map((path) => `**/${path}`) },
      handler(code, id) {
        const names = Object.entries(wanted).find(([path]) => id.endsWith(path))?.[1];
        if (!names) return undefined;
        const { body } = this.parse(code) as unknown as { body: Node[] };
        const [first, rest] = cut(body, code, new Set(names.split(" ")), id);
        texts.set(id + FIRST, first).set(id + LATER, rest);
        const both = [FIRST, LATER].map((half) => `export * from ${JSON.stringify(id + half)};`);
        const passedOn = body.filter(({ type, source }) => type === EXPORT && source);
        const barrel = [...textsOf(passedOn, code), ...both].join("\n");
        return { code: barrel, map: null, moduleSideEffects: false };
      },
    },
    resolveId: (id) => (texts.has(id) ? { id, moduleSideEffects: false } : undefined),
    load: (id) => texts.get(id),
  };
}

/** The two halves of a module: with these exports and all that they need, and the rest. */
export function cut(
  body: readonly Node[],
  code: string,
  wanted: ReadonlySet<string>,
  id: string,
): readonly [first: string, rest: string] {
  const imports = textsOf(
    body.filter(({ type }) => type === IMPORT),
    code,
  );
  const variables = variablesOf(body);
  const statements = body
    .filter(({ type }) => type !== IMPORT && type !== EXPORT)
    .map((node) => statementOf(node, code, variables));
  const all = exportsOf(body);
  const missing = [...wanted].filter((name) => !all.some(([exported]) => exported === name));
  if (missing.length > 0) throw new Error(`${id} does not export ${missing}`);

  const now = all.filter(([name]) => wanted.has(name)).map(([, local]) => local);
  const needed = neededBy(now, statements);
  const first = statements.filter((statement) => needed.has(statement));
  const rest = statements.filter((statement) => !needed.has(statement));
  const inFirst = new Set(first.flatMap(({ declares }) => [...declares]));
  const shared = [...inFirst].filter((name) => rest.some(({ mentions }) => mentions.has(name)));
  const lent = shared.map((name) => [`$${name}`, name] as const);
  const borrowed = shared.map((name) => `$${name} as ${name}`);
  return [
    [
      ...imports,
      ...first.map(({ text }) => text),
      exportOf([...all.filter(([, local]) => inFirst.has(local)), ...lent]),
    ].join("\n"),
    [
      ...imports,
      `import { ${borrowed.join(", ")} } from ${JSON.stringify(id + FIRST)};`,
      ...rest.map(({ text }) => text),
      exportOf(all.filter(([, local]) => !inFirst.has(local))),
    ].join("\n"),
  ];
}

function textsOf(nodes: readonly Node[], code: string): string[] {
  return nodes.map(({ start, end }) => code.slice(start, end));
}

/** An export: its name for others, and its name in the module. */
type Export = readonly [name: string, local: string];

function exportOf(names: readonly Export[]): string {
  return `export { ${names.map(([name, local]) => `${local} as ${name}`).join(", ")} };`;
}

/** What a module exports of its own. Packages list it at the end. */
function exportsOf(body: readonly Node[]): Export[] {
  return body
    .filter(({ type, source }) => type === EXPORT && !source)
    .flatMap(({ specifiers }) => specifiers as { local: Name; exported: Name }[])
    .map(({ local, exported }) => [exported.name, local.name] as const);
}

/**
 * The statements that these names need, and those that change one of their variables: nobody else than its
 * module may do that.
 */
function neededBy(names: readonly string[], statements: readonly Statement[]): Set<Statement> {
  const needed = new Set<Statement>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const statement of statements) {
      if (needed.has(statement)) continue;
      if (!statement.declares.has(name) && !statement.changes.has(name)) continue;
      needed.add(statement);
      waiting.push(...statement.declares, ...statement.mentions);
    }
  }
  return needed;
}

function statementOf(node: Node, code: string, variables: ReadonlySet<string>): Statement {
  const declares = new Set(declaredBy(node));
  const mentions = freeIn(node);
  const targets = new Set(targetsIn(node));
  const changed = [...mentions].filter((name) => variables.has(name) && targets.has(name));
  // What declares nothing is there for what it does to what it mentions.
  const changes = declares.size > 0 ? new Set(changed) : mentions;
  return { text: code.slice(node.start, node.end), declares, mentions, changes };
}

/** The variables of a module that it can set again. */
function variablesOf(body: readonly Node[]): Set<string> {
  return new Set(body.filter(({ kind }) => kind === "let" || kind === "var").flatMap(declaredBy));
}

/** The names that a node uses and does not bind itself. */
function freeIn(node: Node): Set<string> {
  if (node.type === "Identifier") return new Set([node.name as string]);
  const names = new Set(childrenOf(node).flatMap((child) => [...freeIn(child)]));
  for (const name of boundBy(node)) names.delete(name);
  return names;
}

/** The names that are something else inside a node than outside of it. */
function boundBy(node: Node): string[] {
  const list = (key: string) => (node[key] ?? []) as Node[];
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      return list("body").flatMap(declaredBy);
    case "SwitchStatement":
      return list("cases").flatMap((one) => (one.consequent as Node[]).flatMap(declaredBy));
    case "ForStatement":
      return declaredBy(node.init);
    case "ForInStatement":
    case "ForOfStatement":
      return declaredBy(node.left);
    case "CatchClause":
      return namesOf(node.param);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return list("params").flatMap(namesOf);
    default:
      return [];
  }
}

/** The names that a statement declares beside it. */
function declaredBy(node: unknown): string[] {
  if (!isNode(node)) return [];
  const { declarations } = node as { declarations?: Node[] };
  if (declarations) return declarations.flatMap(({ id }) => namesOf(id));
  return /^(?:Function|Class)Declaration$/.test(node.type) ? namesOf(node.id) : [];
}

/** The names that a pattern like `{ a, b: [c] }` sets. */
function namesOf(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  if (pattern.type === "Identifier") return [pattern.name as string];
  const { left, argument, value, elements, properties } = pattern as Record<string, unknown>;
  const inner = [left, argument, value, ...asList(elements), ...asList(properties)];
  return pattern.type === "MemberExpression" ? [] : inner.flatMap(namesOf);
}

/** The names that something in a node sets. */
function targetsIn(node: Node): string[] {
  const inner = childrenOf(node).flatMap(targetsIn);
  if (node.type === "AssignmentExpression") return [...inner, ...namesOf(node.left)];
  if (node.type === "UpdateExpression") return [...inner, ...namesOf(node.argument)];
  return inner;
}

/** The nodes inside a node, without names that are only names, as in `it.name`. */
function childrenOf(node: Node): Node[] {
  return Object.entries(node)
    .filter(([key]) => node.computed || (key !== "property" && key !== "key"))
    .flatMap(([, value]) => asList(value))
    .filter(isNode);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isNode(node: unknown): node is Node {
  return typeof node === "object" && node !== null && "type" in node;
}
