/**
 * Completes with the names that the server's language servers know, each with its type and what is
 * written about it. Where the server knows none, the language's own sources complete.
 */
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  completeAnyWord,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { toPosition } from "./astral";
import { type Knowing, knowing } from "./knowing";

const NAME = /[\p{L}\p{N}_$]*/u;
const WHOLE = /^[\p{L}\p{N}_$]*$/u;

/** The only source of an editor: it asks the others itself. */
export async function names(context: CompletionContext): Promise<CompletionResult | null> {
  const start = context.matchBefore(NAME);
  const from = start?.from ?? context.pos;
  const member = context.state.sliceDoc(Math.max(0, from - 1), from) === ".";
  if (!context.explicit && from === context.pos && !member) return null;
  const [known, others] = await Promise.all([
    served(context).catch(() => null),
    Promise.all(sources(context).map((source) => source(context))),
  ]);
  const local = others.filter((other) => other !== null);
  if (!known) return merged(local, from);
  // Behind a dot there are members alone.
  const rest = member ? [] : local.filter((other) => other.from === from);
  const here = new Set(known.map(({ label }) => label));
  const more = rest.flatMap(({ options }) => options.filter(({ label }) => !here.has(label)));
  return { from, options: [...known, ...more], validFor: WHOLE };
}

async function served({ state, pos }: CompletionContext): Promise<Completion[] | null> {
  const who = state.facet(knowing);
  const text = state.doc.toString();
  const position = toPosition(state, pos);
  const found = (await who?.names(text, position)) ?? null;
  return (
    found?.map(({ name, kind, detail }, index) => ({
      label: name,
      type: kind,
      detail,
      // In the server's order, where the letters that are typed fit as well.
      sortText: String(index).padStart(5, "0"),
      info: () => about(who, text, position, name),
    })) ?? null
  );
}

/** Fetch the documentation of a name, as a text; null if there is none. */
async function about(
  who: Knowing | null,
  text: string,
  position: number,
  name: string,
): Promise<Node | null> {
  const told = await who?.about(text, position, name).catch(() => null);
  if (!told || (!told.detail && !told.documentation)) return null;
  const dom = document.createElement("div");
  for (const [className, words] of [
    ["cm-infoType", told.detail],
    ["cm-infoWords", told.documentation],
  ] as const) {
    if (!words) continue;
    const part = dom.appendChild(document.createElement("div"));
    part.className = className;
    part.textContent = words;
  }
  return dom;
}

function sources({ state, pos }: CompletionContext): CompletionSource[] {
  const own = state.languageDataAt<CompletionSource>("autocomplete", pos);
  return [...own.filter((source) => typeof source === "function"), otherWords];
}

function merged(results: readonly CompletionResult[], from: number): CompletionResult | null {
  const fitting = results.filter((result) => result.from === from);
  const [first = results[0]] = fitting;
  if (!first) return null;
  if (fitting.length < 2) return first;
  return { from, options: fitting.flatMap(({ options }) => options), validFor: WHOLE };
}

/** Complete words of the text that are not names of variables: the language itself completes those names. */
async function otherWords(context: CompletionContext): Promise<CompletionResult | null> {
  const words = await completeAnyWord(context);
  if (!words) return null;
  const variables = new Set<string>();
  syntaxTree(context.state).iterate({
    enter: ({ name, from, to }) => {
      if (/^Variable/.test(name)) variables.add(context.state.sliceDoc(from, to));
    },
  });
  return { ...words, options: words.options.filter(({ label }) => !variables.has(label)) };
}
