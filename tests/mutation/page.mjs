// Prints the mutants of one TypeScript file as JSON: [start, end, replacement], in bytes of UTF-8.
// Run it in `frontend`, whose parser it uses.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/package.json`);
const { parseAst } = await import(pathToFileURL(require.resolve("rolldown/parseAst")));

const path = process.argv[2];
const code = readFileSync(path, "utf8");
const mutants = [];

const OPERATORS = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "+=": "-=",
  "-=": "+=",
  "&&=": "=",
  "||=": "=",
  "??=": "=",
};
const METHODS = {
  min: "max",
  max: "min",
  some: "every",
  every: "some",
  push: "unshift",
  unshift: "push",
  shift: "pop",
  find: "findLast",
  findLast: "find",
  compose: "composePending",
  composePending: "compose",
};

function bytes(index) {
  return Buffer.byteLength(code.slice(0, index));
}

function replace({ start, end }, by) {
  mutants.push([bytes(start), bytes(end), by]);
}

/** Replaces the operator between two nodes, comments and brackets left as they are. */
function operator({ operator: was, left, right }) {
  if (!(was in OPERATORS)) return;
  const between = code.slice(left.end, right.start);
  const start = left.end + between.indexOf(was);
  replace({ start, end: start + was.length }, OPERATORS[was]);
}

function condition(test) {
  if (test.type === "Literal") return;
  replace(test, "true");
  replace(test, "false");
}

const VISIT = {
  BinaryExpression: operator,
  LogicalExpression: operator,
  AssignmentExpression: operator,
  UnaryExpression(node) {
    if (node.operator === "!") replace(node, code.slice(node.argument.start, node.argument.end));
  },
  UpdateExpression(node) {
    const sign = node.operator === "++" ? "--" : "++";
    const name = code.slice(node.argument.start, node.argument.end);
    replace(node, node.prefix ? sign + name : name + sign);
  },
  Literal(node) {
    if (typeof node.value === "boolean") replace(node, String(!node.value));
    // A second more or less of many is no mistake.
    if (typeof node.value === "number")
      replace(node, String(node.value < 10 ? node.value + 1 : node.value * 3));
  },
  IfStatement: (node) => condition(node.test),
  ConditionalExpression: (node) => condition(node.test),
  WhileStatement: (node) => replace(node.test, "false"),
  ExpressionStatement(node) {
    if (node.directive === undefined || node.directive === null) replace(node, ";");
  },
  BreakStatement: (node) => replace(node, ";"),
  ContinueStatement: (node) => replace(node, ";"),
  ThrowStatement: (node) => replace(node, ";"),
  ReturnStatement(node) {
    if (node.argument && !["false", "null"].includes(node.argument.raw))
      replace(node.argument, "undefined");
  },
  MemberExpression({ property, computed }) {
    if (!computed && Object.hasOwn(METHODS, property.name)) replace(property, METHODS[property.name]);
  },
};

function visit(node) {
  if (Array.isArray(node)) return node.forEach(visit);
  if (!node || typeof node.type !== "string") return;
  // Types are not there when the tests run.
  if (/^TS(?!AsExpression|NonNull|Satisfies)/.test(node.type)) return;
  if (node.type === "ImportDeclaration") return;
  VISIT[node.type]?.(node);
  for (const value of Object.values(node)) if (value && typeof value === "object") visit(value);
}

visit(parseAst(code, { lang: path.endsWith("x") ? "tsx" : "ts" }).body);
process.stdout.write(JSON.stringify(mutants));
