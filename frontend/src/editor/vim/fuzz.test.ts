// @vitest-environment happy-dom
/**
 * Types random keys of Vim, with edits by others between any two of them. `FUZZ_SEEDS=1000-3000 npx
 * vitest run vim/fuzz` runs other seeds.
 */
import { Vim } from "@replit/codemirror-vim";
import { expect, test } from "vitest";
import { expectMerged, seeds } from "../../testing/merged";
import { Random } from "../../testing/random";
import { Typist } from "../../testing/typist";
import { vim } from ".";

// Meaningless key sequences throw inside the keymap, with and without others in the room.
Vim.suppressErrorLogging = true;

const MOTIONS = "h l w b e ge 0 ^ $ fo to Fa ; , W B E".split(" ");
const VERTICAL = "j k j k + - { } ( )".split(" ");
const INSERTING = ["i", "a", "I", "A", "o", "O", "s", "C", "cw", "ciw", "cc"];
const EDITS = "x X D J ~ dd yy p P dw db de diw yiw >> gUw guw . . u <C-r> rz <C-a> yyp".split(" ");
const VISUAL = "v V <C-v> gv".split(" ");
const SELECTED = "d y c ~ u U rz > J o O p I A".split(" ");
const PLACES = ["ma", "mb", "`a", "'b", "<C-o>", "``", "gi", "`."];
const SEARCHES = ["/two<CR>", "?three<CR>", "n", "N", "*", "#", "gn"];
const MACROS = ["qa", "q", "@a", "@@"];
const EX = [":.,.+1s/o/0/gc<CR>yny<Esc>", ":s/e/E/<CR>", ":'<,'>s/t/T/g<CR>"];

/** Keys that work within one line and never look at other lines. */
const INLINE = "h l h l 2h 3l x ~ rz v vd vly vhd v3lc!<Esc> p P .".split(" ");
const INLINE_MORE = [
  "ixy<Esc>",
  "ax<BS>z<Esc>",
  "2iab<Esc>",
  "u",
  "<C-r>",
  "ma",
  "`a",
  "o",
  "s!<Esc>",
];

test.each(seeds(80))("keys between lines that others edit, seed %i", (seed) => {
  const random = new Random(seed);
  const lines = (name: string) => Array.from({ length: 12 }, () => `${name} ${name}\n`).join("");
  const own =
    "one two three\n\n  two three one\ntwo 12 (three)\none\n  three. One two\n\nthree two one\n";
  const parts = { before: lines("MMMM"), own: own.repeat(2), after: lines("QQQQ") };
  expectMerged(
    random,
    open,
    parts,
    someKeys(random, 40, () => anyKeys(random)),
  );
});

test.each(seeds(80))("keys in a line that others edit left and right of them, seed %i", (seed) => {
  const random = new Random(seed);
  const parts = {
    before: "left ".repeat(8),
    own: "one two three four five six",
    after: " right".repeat(8),
  };
  expectMerged(
    random,
    open,
    parts,
    someKeys(random, 40, () => random.pick([...INLINE, ...INLINE_MORE])),
  );
});

test("most keys are tried", () => {
  const random = new Random(1);
  const parts = { before: "above\n", own: "one\ntwo\n", after: "below\n" };
  expect(expectMerged(random, open, parts, ["i", "a", "<Esc>", "x"])).toBe(4);
});

/** A Vim typist that never plays a macro within itself. */
class VimTypist extends Typist {
  override press(key: string): void {
    if (key === "@" && Vim.getVimGlobalState_().macroModeState.isRecording) return;
    super.press(key);
  }
}

function open(text: string): Typist {
  Vim.resetVimGlobalState_();
  return new VimTypist(text, vim());
}

function anyKeys(random: Random): string {
  const count = random.chance(15) ? random.pick(["2", "3"]) : "";
  const typed = random.pick(["x", "foo ", "(y", "a\nb", "za<BS>", "two"]);
  const motion = () => random.pick([...MOTIONS, ...VERTICAL]);
  switch (random.below(9)) {
    case 0:
    case 1:
      return count + motion();
    case 2:
      return `${count}${random.pick(INSERTING)}${typed}<Esc>`;
    case 3:
    case 4:
      return count + random.pick(EDITS);
    case 5:
      return `${random.pick(VISUAL)}${motion()}${motion()}${selected(random, typed)}`;
    case 6:
      return random.pick(PLACES);
    case 7:
      return random.pick(random.chance(80) ? SEARCHES : EX);
    default:
      return random.pick(MACROS);
  }
}

function selected(random: Random, typed: string): string {
  const key = random.pick(SELECTED);
  return "cIA".includes(key) ? `${key}${typed}<Esc>` : key;
}

/** Return `count` keys one by one. */
function someKeys(random: Random, count: number, some: () => string): string[] {
  const keys: string[] = [];
  while (keys.length < count) keys.push(...Typist.keysOf(some()));
  return random.chance(50) ? [...keys, "<Esc>", "<Esc>"] : keys;
}
