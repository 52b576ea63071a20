import type { PersonProps } from "../feature";
import { PastApi } from "../history/api";
import { askerOf } from "../people/asker";
import "./agents.css";

/** The badge of an agent in the list of people, with the ways to stop it and to take back all that it did. */
export function AgentPart({ room, person }: PersonProps) {
  const { session } = room;
  const { agent, name } = person;
  if (!agent) return null;
  const writes = !["viewer", "commenter"].includes(session.standing.value.role);
  const stop = () => {
    for (const client of person.clients) session.send({ type: "stop_agent", client });
  };
  const takeBack = async () => {
    try {
      const past = new PastApi(room.id, () => askerOf(room));
      const { files } = await past.takeBack(person.person, 1, false);
      session.say(
        "info",
        files.length ? `Taken back all that ${name} did.` : `${name} did nothing.`,
      );
    } catch (error) {
      session.say("warn", (error as Error).message);
    }
  };
  return (
    <div class="agent">
      <span class="agent-badge">Agent for {agent}</span>
      {writes && (
        <>
          <button class="quiet" type="button" onClick={stop}>
            Stop<span class="hidden"> {name}</span>
          </button>
          <button class="quiet" type="button" onClick={() => void takeBack()}>
            Take back all<span class="hidden"> that {name} did</span>
          </button>
        </>
      )}
    </div>
  );
}
