import { useSignal } from "@preact/signals";
import { CloudOff, DatabaseZap, Users } from "lucide";
import { Icon } from "../ui/Icon";
import type { KnownLanguage } from "../ui/languages";
import { CreateRoom } from "./CreateRoom";
import { JoinRoom } from "./JoinRoom";
import { LanguageChoice } from "./LanguageChoice";
import { PageHeader } from "./PageHeader";
import { Preview } from "./Preview";

export function Landing() {
  const language = useSignal<KnownLanguage>("python");
  return (
    <div class="landing">
      <PageHeader />
      <main>
        <section class="hero">
          <div class="start">
            <h1>Write code together, in one place.</h1>
            <p class="lead">
              Open a room, send the link, and everybody types in the same file. The editor suggests
              what comes next. No&nbsp;account&nbsp;needed.
            </p>
            <LanguageChoice
              language={language.value}
              onChange={(chosen) => {
                language.value = chosen;
              }}
            />
            <CreateRoom language={language.value} />
            <p class="or">or join one</p>
            <JoinRoom language={language.value} />
          </div>
          <Preview language={language.value} />
        </section>
        <ul class="features">
          {FEATURES.map(({ icon, title, text }) => (
            <li key={title}>
              <Icon of={icon} size={18} />
              <h2>{title}</h2>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </main>
    </div>
  );
}

const FEATURES = [
  {
    icon: Users,
    title: "Everybody at once",
    text: "Live carets with names, anybody to follow, and an undo that takes back only your own typing.",
  },
  {
    icon: CloudOff,
    title: "Works through bad networks",
    text: "Go on typing offline, even close the tab: your work is kept, and merged later.",
  },
  {
    icon: DatabaseZap,
    title: "Nothing gets lost",
    text: "“Saved” means that your change is in the database, not on its way there.",
  },
];
