/** Return the words under a clone address: whether Git asks for a password, and the effect of a push. */
export function howToClone(open: string, mayWrite: boolean): string {
  const pushed = mayWrite ? "What you push to main is merged while others type." : "";
  const isOpen = open === "editor" || (open === "viewer" && !mayWrite);
  const password = isOpen ? "" : "The password is an API token of your account.";
  return [pushed, password].filter(Boolean).join(" ");
}
