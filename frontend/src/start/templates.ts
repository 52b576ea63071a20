/** The templates of new rooms. The server has the files. */
export const TEMPLATES = {
  empty: "Empty",
  python: "Python with tests",
  javascript: "JavaScript",
  typescript: "TypeScript",
  html: "HTML",
} as const;

export type Template = keyof typeof TEMPLATES;
export const TEMPLATE_IDS = Object.keys(TEMPLATES) as Template[];
