import { TEMPLATE_IDS, TEMPLATES, type Template } from "./templates";

interface Props {
  template: Template;
  onChange(template: Template): void;
}

/** Asks for the template of a new room. */
export function TemplateChoice({ template, onChange }: Props) {
  return (
    <fieldset class="choices">
      <legend class="hidden">Begin with</legend>
      {TEMPLATE_IDS.map((id) => (
        <label key={id} class="choice">
          <input
            class="hidden"
            type="radio"
            name="template"
            value={id}
            checked={id === template}
            onChange={() => onChange(id)}
          />
          {TEMPLATES[id]}
        </label>
      ))}
    </fieldset>
  );
}
