/** A reporter of node --test: says how each test went on descriptor 3, and what is printed on stdout. */
import { writeSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";

const MOST = 8000;
const LONGEST_NAME = 500;
const above = [];

export default async function* reporter(events) {
  let failed = 0;
  let passed = 0;
  for await (const { type, data } of events) {
    if (type === "test:start") {
      above.length = data.nesting;
      above[data.nesting] = data.name;
    } else if (type === "test:pass" || type === "test:fail") {
      if (data.details.type === "suite") continue;
      // The file itself counts as a test where it has none, or breaks off.
      const isFile = data.nesting === 0 && data.file && data.file.endsWith(data.name);
      if (isFile && type === "test:pass") continue;
      const skipped = data.skip !== undefined || data.todo !== undefined;
      const outcome = skipped ? "skipped" : type === "test:pass" ? "passed" : "failed";
      if (outcome === "failed") failed++;
      if (outcome === "passed") passed++;
      const message = messageOf(data);
      const name = [...above.slice(0, data.nesting), data.name].join(" > ");
      const mark = { passed: "✔", failed: "✖", skipped: "﹣" }[outcome];
      say({
        name: name.slice(0, LONGEST_NAME),
        outcome,
        path: data.file ? relative(process.cwd(), data.file).slice(0, LONGEST_NAME) : "",
        line: data.line ?? 0,
        ms: Math.round(data.details.duration_ms),
        message,
      });
      yield `${mark} ${name}${message ? `\n${message.replace(/^/gm, "    ")}` : ""}\n`;
    } else if (type === "test:stdout" || type === "test:stderr") {
      yield data.message;
    }
  }
  yield `${passed} passed, ${failed} failed\n`;
}

function messageOf(data) {
  if (typeof data.skip === "string") return data.skip;
  if (typeof data.todo === "string") return data.todo;
  const error = data.details.error;
  if (!error) return "";
  const cause = error.cause ?? error;
  return (cause.stack ?? inspect(cause)).slice(0, MOST);
}

function say(test) {
  const line = Buffer.from(`${JSON.stringify({ test })}\n`);
  try {
    for (let at = 0; at < line.length; ) at += writeSync(3, line, at);
  } catch {
    // Nobody listens.
  }
}
