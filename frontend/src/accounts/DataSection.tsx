import { at } from "../base";
import { ask } from "./api";
import { Field, Form } from "./fields";
import { me, take } from "./store";

/** The export, and the end of the account. */
export function DataSection({ onClose }: { onClose(): void }) {
  return (
    <div class="sections">
      <div class="field">
        <a class="button" href={at("/me/export")} download="collab-account.json">
          Export my data
        </a>
        <p class="remark">
          Everything that is kept about you. The texts of a room are in the room’s own export.
        </p>
      </div>
      <Form
        submit="Delete my account"
        danger
        onSubmit={async ({ password }) => {
          await ask("POST", "/me/delete", { password: password ?? "" });
          take(null);
          onClose();
        }}
      >
        <p class="remark">For good. What you wrote stays in its rooms, as of a “Former member”.</p>
        {me.value?.password && (
          <Field label="Password" name="password" type="password" autocomplete="current-password" />
        )}
      </Form>
    </div>
  );
}
