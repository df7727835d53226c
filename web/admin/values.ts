/** Between a record, as the hub keeps it, and the draft of a form, in which half of a row may be written. */

import { type Field, rowsOf, textOf, textsOf } from "./fields.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

export function draftOf(fields: readonly Field[], record: JsonObject): JsonObject {
  return Object.fromEntries(fields.map((field) => [field.name, entered(field, record[field.name])]));
}

function entered({ control }: Field, value: Json | undefined): Json {
  switch (control.as) {
    case "line":
    case "text":
    case "select":
    case "one-of":
      return textOf(value);
    case "instant":
      return value === undefined || value === null ? "" : localTime(textOf(value));
    case "number":
    case "color":
      return value ?? null;
    case "check":
      return value === true;
    case "texts":
    case "some-of":
      return textsOf(value);
    case "some-or-all":
      return value === null || value === undefined ? null : textsOf(value);
    case "labels": {
      const labels = isObject(value) ? Object.entries(value) : [];
      return labels.map(([language, label]) => ({ language, label }));
    }
    case "profiles":
      return rowsOf(value).map((row) => ({ profileId: row["profileId"] ?? "", max: row["max"] ?? null }));
  }
}

/** What is left empty is null: the hub has its default for it. */
export function recordOf(fields: readonly Field[], draft: JsonObject): JsonObject {
  return Object.fromEntries(
    fields.map((field) => [field.name, field.when?.(draft) === false ? null : kept(field, draft[field.name])]),
  );
}

function kept({ control }: Field, value: Json | undefined): Json {
  switch (control.as) {
    case "line":
    case "text":
    case "select":
    case "one-of":
      return textOf(value).trim() || null;
    case "instant":
      return value === "" || value === undefined ? null : new Date(textOf(value)).toISOString();
    case "labels":
      return Object.fromEntries(
        rowsOf(value).map((row) => [textOf(row["language"]).trim(), textOf(row["label"]).trim()]),
      );
    case "profiles":
      return rowsOf(value).map(({ profileId = "", max = null }) => (max === null ? { profileId } : { profileId, max }));
    case "texts":
      return textsOf(value).map((text) => text.trim());
    case "number":
    case "color":
    case "check":
    case "some-of":
    case "some-or-all":
      return value ?? null;
  }
}

/** For a `datetime-local`: the browser's own time of day, to the minute. */
function localTime(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** For the creation of a record: what is null is left out. */
export function withoutNulls(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

/** An id that the name suggests: `Away – In Training` is `away-in-training`. */
export function suggestedId(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
}
