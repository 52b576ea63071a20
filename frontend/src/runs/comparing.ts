/** Brings the two sides of a comparison: the text that ran and the text now, or the outputs of two runs. */
import type { RoomContext } from "../feature";
import type { Sides } from "./CompareDialog";
import type { RunState } from "./messages";
import { Printed, slices } from "./printed";
import type { Ran } from "./ran";
import type { RunStore } from "./store";

/** The UTF-16 units of output that are read in one turn. */
const SLICE = 65_536;

/** Rejects if the server does not answer. */
export async function comparedTexts(
  { session }: RoomContext,
  ran: Ran,
  { run, path }: RunState,
): Promise<Sides> {
  const file = (await ran.files()).get(path);
  const info = session.files.peek().find(({ id }) => id === file);
  const before = await ran.text(path);
  const after = info ? await session.textWhenHere(info.id) : "";
  return {
    title: `${path}: what ran, and now`,
    before: { words: `As it ran, revision ${run}`, text: before },
    after: { words: info ? "Now" : "Removed", text: after },
    language: info?.language ?? null,
  };
}

/** Rejects if an output could not be read. */
export async function comparedOutputs(
  store: RunStore,
  one: RunState,
  other: RunState,
): Promise<Sides> {
  const [before, after] = one.run < other.run ? [one, other] : [other, one];
  const side = async (run: RunState) => ({
    words: `${run.author}, revision ${run.run}`,
    text: await outputText(store, run.run),
  });
  return {
    title: "The outputs of two runs",
    before: await side(before),
    after: await side(after),
    language: null,
  };
}

/** The text of a run's output as it is shown. */
async function outputText(store: RunStore, run: number): Promise<string> {
  const output = store.outputOf(run);
  await output.settled();
  if (output.reading.peek() !== "complete") throw new Error("the output could not be read");
  const printed = new Printed();
  let text = "";
  for (const parts of slices([...output.parts()], SLICE)) {
    const { from, insert } = printed.add(parts);
    text = text.slice(0, from) + insert;
    await new Promise((resolve) => setTimeout(resolve));
  }
  return text;
}
