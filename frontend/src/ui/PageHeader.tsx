import { at } from "../base";
import { ThemeToggle } from "../settings/ThemeToggle";
import { Mark } from "./Mark";

/** The top of every page that is not a room. */
export function PageHeader() {
  return (
    <header class="page-header">
      <a class="home" href={at("/")}>
        <Mark />
        Collab
      </a>
      <ThemeToggle />
    </header>
  );
}
