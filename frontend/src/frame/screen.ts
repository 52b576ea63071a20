/** Tells which of the page's two arrangements a screen has. The style sheets say the same: keep them alike. */

/** Narrow screens, and a phone on its side. */
export const phone = matchMedia("(max-width: 760px), (max-height: 500px) and (pointer: coarse)");
