import type { Work } from "../room";
import type { Claim } from "./claims";

/** Whose work an exchange is about: new, or that of a page that is gone. */
export interface Author {
  key: string;
  claim: Promise<Claim>;
  work: Work | null;
}
