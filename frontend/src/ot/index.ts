/** Operational transformation of plain text: the port of the Python package `ot`. */
export { Batch } from "./batch";
export { checksum } from "./checksum";
export { diff } from "./diff";
export { type Bias, type Component, Operation, OperationError } from "./operation";
export { codePoints } from "./text";
export { composeAll, transform } from "./transform";
