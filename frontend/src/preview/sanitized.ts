/**
 * Turns what others wrote into harmless nodes: without scripts, forms, styles, names that could be
 * taken for the page's own, and anything loaded from elsewhere. All of this happens before the nodes
 * are in the page.
 */
import DOMPurify from "dompurify";

/** Looks up in the room the paths that a text names, as seen from its file. */
export interface Surroundings {
  /** Return the address of an image; null when there is none. */
  image(path: string): string | null;
  /** Return the address of a file; null when there is none. */
  file(path: string): string | null;
}

const ALLOWED = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    ...["style", "form", "input", "button", "textarea", "select", "option", "optgroup", "label"],
    ...["fieldset", "datalist", "output", "progress", "meter", "dialog", "map", "area", "picture"],
    ...["source", "audio", "video", "track", "slot", "template", "menu", "nav", "main"],
  ],
  FORBID_ATTR: [
    ...["style", "class", "id", "name", "srcset", "background", "usemap", "tabindex", "accesskey"],
    ...["role", "contenteditable", "draggable", "popover", "hidden", "inert", "for", "slot"],
  ],
  ADD_ATTR: ["data-at", "data-lang"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
};
/** Matches the address of an image that is part of the text. */
const INLINE = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;
const ELSEWHERE = /^(?:https?:)?\/\//i;

export function sanitized(html: string, around: Surroundings): DocumentFragment {
  const nodes = DOMPurify.sanitize(html, ALLOWED);
  for (const image of nodes.querySelectorAll("img")) mendImage(image, around);
  for (const link of nodes.querySelectorAll("a")) mendLink(link, around);
  return nodes;
}

function mendImage(image: HTMLImageElement, around: Surroundings): void {
  const src = image.getAttribute("src") ?? "";
  if (INLINE.test(src)) return;
  const words = image.alt || src.replace(/^.*\//, "") || "image";
  if (ELSEWHERE.test(src)) {
    // An image from another server would tell that server who looks at it. So it becomes a link, for
    // people who want to see it there.
    const link = document.createElement("a");
    link.href = src;
    link.textContent = `${words} (image at ${hostOf(src)})`;
    image.replaceWith(link);
    return;
  }
  const here = around.image(plain(src));
  if (here === null) image.replaceWith(`${words} (no such image)`);
  else {
    image.src = here;
    image.loading = "lazy";
  }
}

function mendLink(link: HTMLAnchorElement, around: Surroundings): void {
  const href = link.getAttribute("href");
  if (href === null || href.startsWith("#")) return;
  if (/^mailto:/i.test(href)) return;
  if (ELSEWHERE.test(href)) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return;
  }
  const here = /^[a-z][a-z0-9+.-]*:/i.test(href) ? null : around.file(plain(href));
  if (here === null) {
    link.removeAttribute("href");
    return;
  }
  link.dataset.file = plain(href);
  link.href = here;
}

/** Return a path decoded, without the query and the fragment of its address. */
function plain(address: string): string {
  const path = address.replace(/[?#].*$/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function hostOf(address: string): string {
  try {
    return new URL(address, "https://x").host;
  } catch {
    return "another site";
  }
}
