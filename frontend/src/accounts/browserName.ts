/** The browser and the system in a User-Agent, in words; "A program" for anything else. */
export function browserName(agent: string): string {
  const browser = BROWSERS.find(([, mark]) => agent.includes(mark))?.[0];
  const system = SYSTEMS.find(([, mark]) => agent.includes(mark))?.[0];
  if (!browser) return agent.split(/[\s/(]/, 1)[0] || "A program";
  return system ? `${browser} on ${system}` : browser;
}

// Those that name another one beside themselves come before it.
const BROWSERS = [
  ["Edge", "Edg/"],
  ["Opera", "OPR/"],
  ["Firefox", "Firefox/"],
  ["Chrome", "Chrome/"],
  ["Safari", "Safari/"],
] as const;
const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["macOS", "Mac OS"],
  ["Linux", "Linux"],
] as const;
