/** The pages without a room. A room's page does without them. */
export { Landing } from "./Landing";
export { Missing } from "./Missing";
