import { FileName } from "../ui/FileName";
import { type Caret, SAMPLES, tokens } from "./preview";
import type { Template } from "./templates";

/** A still picture of a room in the room's own colours. Screen readers and the keyboard skip it. */
export function Preview({ template }: { template: Template }) {
  const { path, language, lines, carets } = SAMPLES[template];
  return (
    <div class="preview card" aria-hidden="true">
      <div class="tabs">
        <span class="tab">
          <FileName path={path} language={language} />
        </span>
      </div>
      <div class="preview-code">
        {carets.map((caret) => (
          <PreviewCaret key={caret.name} {...caret} />
        ))}
        {lines.map((line, index) => (
          <div key={`${path}:${index}`} class="preview-line">
            <span class="preview-number">{index + 1}</span>
            {tokens(line).map(({ text, kind }) =>
              kind ? <span style={{ color: `var(--${kind})` }}>{text}</span> : text,
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function PreviewCaret({ name, colour, line, column, selected }: Caret) {
  const place = {
    top: `${line}lh`,
    left: `${column - selected}ch`,
    width: `${selected}ch`,
    "--person": `var(--person-${colour})`,
  };
  return (
    <span class="preview-caret" style={place}>
      <span class="preview-name">{name}</span>
    </span>
  );
}
