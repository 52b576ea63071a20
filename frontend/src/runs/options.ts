/** Reads and writes how a room's program is run, as lines that people edit. */
import type { RoomProgram } from "./program";

/** The limits of the protocol: lines, the characters of one, and those of a variable's name. */
export const MOST_LINES = 64;
const LONGEST = 1000;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

interface Read<T> {
  value: T;
  /** The mistake in words; "" if there is none. */
  problem: string;
}

export const wordsOf = {
  args: (args: readonly string[]): string => args.join("\n"),
  env: (env: Readonly<Record<string, string>>): string =>
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
};

/** The arguments in a text, one in each line. Empty lines at its end are none. */
export function argsIn(text: string): Read<string[]> {
  const value = linesOf(text);
  return { value, problem: tooMuch(value) };
}

/** The variables in a text, `NAME=value` in each line. */
export function envIn(text: string): Read<Record<string, string>> {
  const value: Record<string, string> = {};
  const lines = linesOf(text).filter((line) => line.trim() !== "");
  for (const line of lines) {
    const at = line.indexOf("=");
    const name = line.slice(0, at).trim();
    if (at < 0 || !NAME.test(name)) {
      return { value, problem: `“${line.slice(0, 40)}” is not like NAME=value.` };
    }
    value[name] = line.slice(at + 1);
  }
  return { value, problem: tooMuch(lines) };
}

/** The written options, as the change has them; null if there is a mistake. */
export function optionsOf(
  entry: string,
  args: string,
  env: string,
  stdin: string,
): RoomProgram | null {
  const [written, variables] = [argsIn(args), envIn(env)];
  if (written.problem || variables.problem) return null;
  return {
    ...(entry && { entry }),
    ...(written.value.length > 0 && { args: written.value }),
    ...(Object.keys(variables.value).length > 0 && { env: variables.value }),
    ...(stdin && { stdin }),
  };
}

function linesOf(text: string): string[] {
  const lines = text.replace(/\n+$/, "");
  return lines === "" ? [] : lines.split("\n");
}

function tooMuch(lines: readonly string[]): string {
  if (lines.length > MOST_LINES) return `There are ${lines.length} lines; at most ${MOST_LINES}.`;
  if (lines.some((line) => [...line].length > LONGEST)) {
    return `A line has more than ${LONGEST} characters.`;
  }
  return lines.some((line) => line.includes("\0")) ? "A line has a character of no text." : "";
}
