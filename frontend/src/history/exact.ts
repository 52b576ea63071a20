/** The operation between two texts as the changes that CodeMirror's merge view shows. */
import { Change } from "@codemirror/merge";
import type { Component } from "../ot";

/** How many UTF-16 units the next code points of a text take. */
function units(text: string, from: number, count: number, astral: boolean): number {
  if (!astral) return count;
  let at = from;
  for (let left = count; left > 0; left--) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at - from;
}

/** The changes of an operation on `before`: exact, however large the texts are. */
export function changesOf(before: string, operation: readonly Component[]): Change[] {
  const base = operation.reduce<number>(
    (sum, c) => sum + (typeof c === "string" ? 0 : Math.abs(c)),
    0,
  );
  const astral = base !== before.length;
  const changes: Change[] = [];
  let [a, b, fromA, fromB] = [0, 0, 0, 0];
  const close = () => {
    if (a > fromA || b > fromB) changes.push(new Change(fromA, a, fromB, b));
  };
  for (const component of operation) {
    if (typeof component === "string") b += component.length;
    else if (component < 0) a += units(before, a, -component, astral);
    else {
      close();
      const kept = units(before, a, component, astral);
      [a, b] = [a + kept, b + kept];
      [fromA, fromB] = [a, b];
    }
  }
  close();
  return changes;
}
