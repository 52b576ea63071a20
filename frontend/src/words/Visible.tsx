import { seen } from "./seen";
import "./visible.css";

/** A text with its hidden characters made visible. */
export function Visible({ text }: { text: string }) {
  return (
    <>
      {seen(text).map((piece, index) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <span key={index} class="unseen" title="A character that is not seen">
            {piece.hidden}
          </span>
        ),
      )}
    </>
  );
}
