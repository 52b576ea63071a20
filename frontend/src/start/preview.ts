/** The content of the landing page's picture: a small program for each template, with two people in it. */
import type { Template } from "./templates";

export interface Sample {
  path: string;
  language: string;
  lines: string[];
  carets: Caret[];
}

/** Lines and columns count from 0. The person has selected `selected` characters before the caret. */
export interface Caret {
  name: string;
  colour: number;
  line: number;
  column: number;
  selected: number;
}

export interface Token {
  text: string;
  kind: string | null;
}

const TOKENS =
  /(?<comment>#.*|\/\/.*)|(?<string>"""[^"]*"""|f"[^"{]*|"[^"]*"|`[^`$]*|(?<=\}) [^"`]*["`])|(?<keyword>\b(?:from|import|class|def|return|function|const|new|interface|constructor)\b)|(?<number>\b\d[\d.]*)|(?<function>\b[a-z]\w*(?=\())|(?<type>@|\b[A-Z]\w*|\b(?:str|float|int|string|number)\b)/g;

/** Cut a line where its colour changes. This is good enough for the samples; in a room the editor parses. */
export function tokens(line: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(TOKENS)) {
    found.push({ text: line.slice(end, match.index), kind: null });
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text) ?? [null];
    found.push({ text: match[0], kind });
    end = match.index + match[0].length;
  }
  found.push({ text: line.slice(end), kind: null });
  return found.filter(({ text }) => text !== "");
}

/** In `marked`, Ana has selected «…», and Bo writes at ¦. */
function sample(path: string, language: string, marked: string): Sample {
  const carets: Caret[] = [];
  const lines = marked.trim().split("\n");
  for (const [line, text] of lines.entries()) {
    const [start, end] = [text.indexOf("«"), text.indexOf("»") - 1];
    if (start >= 0) carets.push({ ...ANA, line, column: end, selected: end - start });
    const column = text.indexOf("¦");
    if (column >= 0) carets.push({ ...BO, line, column, selected: 0 });
  }
  return { path, language, lines: lines.map((text) => text.replace(/[«»¦]/g, "")), carets };
}

const ANA = { name: "Ana", colour: 1 };
const BO = { name: "Bo", colour: 2 };

const PYTHON = `
"""Which plant is thirsty first?"""
from dataclasses import dataclass

@dataclass
class Plant:
    name: str
    litres: float
    a_day: float = 0.25  # what it drinks

    def days_left(self) -> int:
        return int(«self.litres» / self.a_day)

def thirstiest(plants: list[Plant]) -> Plant:
    return min(plants, key=Plant.days_left)

shelf = [Plant("Fern", 1.5), Plant("Basil¦", 0.5)]
print(f"Water the {thirstiest(shelf).name} first")
`;

const JAVASCRIPT = `
// Which plant is thirsty first?
class Plant {
  constructor(name, litres, aDay = 0.25) {
    this.name = name;
    this.litres = litres;
    this.aDay = aDay; // what it drinks
  }

  daysLeft() {
    return Math.floor(«this.litres» / this.aDay);
  }
}

function thirstiest(plants) {
  return plants.toSorted((a, b) => a.daysLeft() - b.daysLeft())[0];
}

const shelf = [new Plant("Fern", 1.5), new Plant("Basil¦", 0.5)];
console.log(\`Water the \${thirstiest(shelf).name} first\`);
`;

const TYPESCRIPT = `
// Which plant is thirsty first?
interface Plant {
  name: string;
  litres: number;
  aDay: number; // what it drinks
}

function daysLeft(plant: Plant): number {
  return Math.floor(«plant.litres» / plant.aDay);
}

function thirstiest(plants: Plant[]): Plant | undefined {
  return plants.toSorted((a, b) => daysLeft(a) - daysLeft(b))[0];
}

const fern = { name: "Fern¦", litres: 1.5, aDay: 0.25 };
const basil = { name: "Basil", litres: 0.5, aDay: 0.25 };
console.log(\`Water the \${thirstiest([fern, basil])?.name} first\`);
`;

const HTML = `
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>«Thirsty plants»</title>
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <h1>Which plant is thirsty first?</h1>
    <ul class="shelf">
      <li data-litres="1.5">Fern</li>
      <li data-litres="0.5">Basil¦</li>
    </ul>
    <p id="answer">Water the basil first</p>
    <script type="module" src="main.js"></script>
  </body>
</html>
`;

export const SAMPLES: Record<Template, Sample> = {
  empty: sample("main.py", "python", PYTHON),
  python: sample("main.py", "python", PYTHON),
  javascript: sample("main.js", "javascript", JAVASCRIPT),
  typescript: sample("main.ts", "typescript", TYPESCRIPT),
  html: sample("index.html", "html", HTML),
};
