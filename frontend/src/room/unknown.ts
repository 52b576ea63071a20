/** Thrown when a room has a change that this version of the page cannot read. */
export class UnknownChange extends Error {
  override name = "UnknownChange";
}
