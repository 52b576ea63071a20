// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";

const RIGHT = { id: "people", place: "right" } as const;
const LEFT = { id: "files", place: "left" } as const;

/** The module as a page begins with it, on a device that remembers what it did before. */
async function page(isPhone = false) {
  vi.resetModules();
  vi.stubGlobal("matchMedia", () => ({ matches: isPhone }));
  return await import("./open");
}

beforeEach(() => localStorage.clear());

test("panes of two places are open side by side, and are again on the next page", async () => {
  const { isOpen, showPane, togglePane } = await page();
  showPane(RIGHT);
  togglePane(LEFT);
  expect([isOpen(RIGHT), isOpen(LEFT)]).toEqual([true, true]);

  const next = await page();
  expect([next.isOpen(RIGHT), next.isOpen(LEFT)]).toEqual([true, true]);
  next.togglePane(RIGHT);
  expect([next.isOpen(RIGHT), next.isOpen(LEFT)]).toEqual([false, true]);
});

test("one place has one pane", async () => {
  const { hidePane, isOpen, showPane } = await page();
  const other = { ...RIGHT, id: "chat" };
  showPane(RIGHT);
  showPane(other);
  hidePane(RIGHT); // as one that could not be loaded would, late
  expect([isOpen(RIGHT), isOpen(other)]).toEqual([false, true]);
});

test("a phone shows one pane, and begins with the text", async () => {
  (await page()).showPane(RIGHT);
  const { hideAll, isOpen, showPane } = await page(true);
  expect(isOpen(RIGHT)).toBe(false);
  showPane(RIGHT);
  showPane(LEFT);
  expect([isOpen(RIGHT), isOpen(LEFT)]).toEqual([false, true]);
  hideAll();
  expect(isOpen(LEFT)).toBe(false);
});

test("the editor is uncovered: on a phone of every pane, elsewhere of the one in its place", async () => {
  const STAGE = { id: "runs", place: "stage" } as const;
  const wide = await page();
  wide.showPane(RIGHT);
  wide.showPane(STAGE);
  expect([wide.uncoverEditor(), wide.uncoverEditor()]).toEqual([true, false]);
  expect([wide.isOpen(RIGHT), wide.isOpen(STAGE)]).toEqual([true, false]);
  const narrow = await page(true);
  narrow.showPane(RIGHT);
  expect(narrow.uncoverEditor()).toBe(true);
  expect(narrow.isOpen(RIGHT)).toBe(false);
});

test("a place keeps its size on the device, between the least and the most", async () => {
  const { resize, SIZES, sizes } = await page();
  resize("bottom", 250.4);
  resize("left", 1);
  resize("right", 10_000);
  const next = await page();
  expect(next.sizes.bottom.value).toBe(250);
  expect(next.sizes.left.value).toBe(SIZES.left.least);
  expect(next.sizes.right.value).toBe(SIZES.right.most);
  expect(document.documentElement.style.getPropertyValue("--bottom")).toBe("250px");
  expect(sizes.left.value).toBe(SIZES.left.least);
});
