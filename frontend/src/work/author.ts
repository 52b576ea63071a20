import type { Work } from "../room";
import type { Claim } from "./claims";

/** The author of the work in an exchange: a new one, or one whose page is gone. */
export interface Author {
  key: string;
  claim: Promise<Claim>;
  work: Work | null;
}
