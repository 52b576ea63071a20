// @vitest-environment happy-dom
import { effect, signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { RoomContext } from "../feature";
import type { FileInfo } from "../link/protocol";
import { Indents } from "./indent";
import { followConfigs } from "./live";

test("what somebody writes into a .editorconfig is in force for all that it is about, until it is gone", async () => {
  const texts = new Map([["root", "[*]\nindent_size = 8\n"]]);
  const config = { id: "root", path: ".editorconfig", language: "properties" };
  const files = signal<readonly FileInfo[]>([config]);
  const updatedAt = signal(1);
  const indents = new Indents();
  const textWhenHere = async (id: string) => texts.get(id) ?? "";
  const session = { files, updatedAt, indents, textWhenHere };
  const widthIs = (width: number, tabs = false) =>
    new Promise<void>((resolve) => {
      effect(() => {
        const found = indents.of({ path: "src/a.py", language: "python" });
        if (found.width === width && found.tabs === tabs) resolve();
      });
    });

  const end = followConfigs({ session } as unknown as RoomContext);
  await widthIs(8);
  texts.set("root", "[*]\ntab_width = 4\nindent_style = tab\n");
  updatedAt.value++;
  await widthIs(4, true);
  texts.set("near", "[*.py]\nindent_style = space\nindent_size = 3\n");
  files.value = [config, { id: "near", path: "src/.editorconfig", language: "properties" }];
  await widthIs(3);
  files.value = [];
  await widthIs(4);
  end();
  expect(indents.wanted.value("src/a.py")).toEqual({});
});
