import { useSignal } from "@preact/signals";
import { CloudOff, DatabaseZap, Users } from "lucide";
import { Icon } from "../ui/Icon";
import { useLoaded } from "../ui/useLoaded";
import { CreateRoom } from "./CreateRoom";
import { JoinRoom } from "./JoinRoom";
import { PageHeader } from "./PageHeader";
import { Preview } from "./Preview";
import { TemplateChoice } from "./TemplateChoice";
import type { Template } from "./templates";

export function Landing() {
  const template = useSignal<Template>("empty");
  const fromGit = useSignal(false);
  return (
    <div class="landing">
      <PageHeader />
      <main>
        <section class="hero">
          <div class="start">
            <h1>Write code together, in one place.</h1>
            <p class="lead">
              Open a room, send the link, and everybody types in the same files. The editor suggests
              what comes next. No&nbsp;account&nbsp;needed.
            </p>
            <TemplateChoice
              template={template.value}
              onChange={(chosen) => {
                template.value = chosen;
              }}
            />
            <CreateRoom template={template.value} />
            <p class="or">
              <span>
                or{" "}
                <button
                  class="link"
                  type="button"
                  onClick={() => {
                    fromGit.value = true;
                  }}
                >
                  import from Git
                </button>
                , or join one
              </span>
            </p>
            <JoinRoom template={template.value} />
          </div>
          <Preview template={template.value} />
        </section>
        {fromGit.value && (
          <LazyGitStart
            onClose={() => {
              fromGit.value = false;
            }}
          />
        )}
        <LazyMyRooms />
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

/** The rooms of this person come after the page, and are missed by nobody who has none. */
function LazyMyRooms() {
  const MyRooms = useLoaded(
    async () => (await import("../accounts/MyRooms")).MyRooms,
    () => {},
  );
  return MyRooms && <MyRooms />;
}

function LazyGitStart({ onClose }: { onClose(): void }) {
  const GitStart = useLoaded(async () => (await import("../transfers/GitStart")).GitStart, onClose);
  return GitStart && <GitStart onClose={onClose} />;
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
