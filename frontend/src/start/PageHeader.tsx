import { AccountButton } from "../accounts/AccountButton";
import { at } from "../base";
import { Mark } from "../ui/Mark";
import { ThemeToggle } from "../ui/ThemeToggle";

/** The top of every page that is not a room. */
export function PageHeader() {
  return (
    <header class="page-header">
      <a class="home" href={at("/")}>
        <Mark />
        Collab
      </a>
      <div class="page-tools">
        <AccountButton />
        <ThemeToggle />
      </div>
    </header>
  );
}
