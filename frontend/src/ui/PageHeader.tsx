import { Mark } from "./Mark";
import { ThemeToggle } from "./ThemeToggle";

/** The top of every page that is not a room. */
export function PageHeader() {
  return (
    <header class="page-header">
      <a class="home" href="/">
        <Mark />
        Collab
      </a>
      <ThemeToggle />
    </header>
  );
}
