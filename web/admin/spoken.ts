/** A value as people read it, in a sentence or a table. */

import { EDITOR, FIELD } from "../words/admin.ts";
import { type Control, type Field, said } from "./fields.ts";
import { isObject, type Json } from "./json.ts";

function choicesOf(control: Control | undefined): ReadonlyMap<string, string> {
  const choices = control !== undefined && "choices" in control ? control.choices : [];
  return new Map(choices.map(({ value, label }) => [value, label]));
}

export function spoken(field: Field | undefined, value: Json | undefined): string {
  const labels = choicesOf(field?.control);
  const words = (one: Json): string => {
    if (typeof one === "string") return labels.get(one) ?? one;
    if (isObject(one)) return Object.values(one).map(words).join(" · ");
    return said(one);
  };
  if (value === null || value === undefined || value === "") {
    return field?.control.as === "select" ? field.control.none : EDITOR.nothing;
  }
  if (typeof value === "boolean") return value ? FIELD.yes : FIELD.no;
  if (Array.isArray(value))
    return value.length === 0 ? EDITOR.nothing : (value as readonly Json[]).map(words).join(", ");
  if (isObject(value))
    return (
      Object.entries(value)
        .map(([name, one]) => `${name}: ${words(one)}`)
        .join(", ") || EDITOR.nothing
    );
  return words(value);
}
