import { useEffect } from "preact/hooks";
import { roomName, roomPath } from "../address";
import { visible } from "../words/seen";
import { ask, type Mention } from "./api";
import { useList } from "./useList";
import { when } from "./when";

/** Lists the places where others have mentioned the person, in all rooms. New ones count as seen once shown. */
export function MentionsSection() {
  const { rows, problem } = useList<Mention>("/me/mentions");
  useEffect(() => {
    const newest = rows?.[0];
    if (newest && rows.some(({ seen }) => !seen)) {
      // Where this fails they are new again at the next look.
      ask("PATCH", "/me/mentions", { at: newest.at }).catch(() => {});
    }
  }, [rows]);
  return (
    <section class="mentions" aria-label="Mentions">
      <p class="problem" role="alert">
        {problem}
      </p>
      {rows?.length === 0 && (
        <p class="remark">
          Nobody has mentioned you yet. Write @ and a name in the chat of a room to mention
          somebody.
        </p>
      )}
      <ul class="rows">
        {rows?.map(({ room_id, number, title, author, at, text, thread, seen }) => (
          <li key={`${room_id} ${number}`} data-new={!seen}>
            <a
              class="row-text"
              href={`${roomPath(room_id)}#${thread ? "comment" : "said"}=${thread || number}`}
            >
              <strong>
                <bdi>{visible(author)}</bdi> in <bdi>{visible(title ?? roomName(room_id))}</bdi>
              </strong>
              <bdi class="excerpt">{visible(text)}</bdi>
              <span class="remark">
                {when(at)}
                {!seen && " · new"}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
