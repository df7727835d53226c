/** What an open form knows: what it began with, what was typed, and what the hub said to it. Nothing here asks anybody. */

import { everythingWrong, type Field, fieldOf } from "./fields.ts";
import type { Refusal } from "./hub.ts";
import { equal, type Json, type JsonObject, merge, mergePatch } from "./json.ts";
import { draftOf, recordOf } from "./values.ts";

export type Told =
  | { readonly what: "nothing" }
  | { readonly what: "saved"; readonly created: boolean; readonly warnings: readonly string[] }
  | { readonly what: "unchanged" }
  | { readonly what: "mistakes"; readonly count: number }
  | { readonly what: "refused"; readonly refusal: Refusal }
  /** Somebody else changed it: their changes are in the draft but for those of fields that both changed. */
  | { readonly what: "merged"; readonly taken: readonly string[]; readonly conflicts: readonly Conflict[] }
  | { readonly what: "gone" };

export interface Conflict {
  readonly name: string;
  readonly theirs: Json;
}

export interface Editing {
  /** As the hub has it; null for what is to be created. */
  readonly record: JsonObject | null;
  /** Names the record as it was read. */
  readonly tag: string | null;
  readonly draft: JsonObject;
  readonly wrong: ReadonlyMap<string, string>;
  readonly told: Told;
  readonly busy: boolean;
}

const NONE_WRONG: ReadonlyMap<string, string> = new Map();
const NOTHING: Told = { what: "nothing" };

export function begin(fields: readonly Field[], record: JsonObject, tag: string | null): Editing {
  return { record, tag, draft: draftOf(fields, record), wrong: NONE_WRONG, told: NOTHING, busy: false };
}

export function beginNew(fields: readonly Field[], blank: JsonObject): Editing {
  return { record: null, tag: null, draft: draftOf(fields, blank), wrong: NONE_WRONG, told: NOTHING, busy: false };
}

/** What stood wrong at a field is gone once the field is changed; whether it is right now is looked at when it is saved. */
export function edit(editing: Editing, name: string, value: Json): Editing {
  const wrong = new Map(editing.wrong);
  wrong.delete(name);
  const told = editing.told.what === "merged" || editing.told.what === "gone" ? editing.told : NOTHING;
  return { ...editing, draft: { ...editing.draft, [name]: value }, wrong, told };
}

function base(fields: readonly Field[], record: JsonObject): JsonObject {
  return recordOf(fields, draftOf(fields, record));
}

/** What is to be sent: the fields that changed, or all of a new record. */
export function change(fields: readonly Field[], { record, draft }: Editing): JsonObject {
  const now = recordOf(fields, draft);
  return record === null ? now : mergePatch(base(fields, record), now);
}

export function isDirty(fields: readonly Field[], editing: Editing, blank: JsonObject): boolean {
  const before = editing.record === null ? draftOf(fields, blank) : draftOf(fields, editing.record);
  return !equal(before, editing.draft);
}

/** Looks the draft over; `busy` afterwards if it may be sent. */
export function check(fields: readonly Field[], editing: Editing): Editing {
  const wrong = everythingWrong(fields, editing.draft);
  if (wrong.size > 0) return { ...editing, wrong, told: { what: "mistakes", count: wrong.size } };
  if (editing.record !== null && Object.keys(change(fields, editing)).length === 0) {
    return { ...editing, wrong, told: { what: "unchanged" } };
  }
  return { ...editing, wrong, told: NOTHING, busy: true };
}

export function saved(fields: readonly Field[], editing: Editing, record: JsonObject, tag: string | null): Editing {
  const said = record["warnings"];
  const warnings = Array.isArray(said) ? said.filter((one): one is string => typeof one === "string") : [];
  const told: Told = { what: "saved", created: editing.record === null, warnings };
  return { ...begin(fields, record, tag), told };
}

/** The hub's words stand at the field that they are about, without its name, which is there already. */
export function refused(fields: readonly Field[], editing: Editing, refusal: Refusal): Editing {
  const field = refusal.field === null ? undefined : fieldOf(fields, refusal.field);
  const shown = field !== undefined && field.fixed !== true && field.when?.(editing.draft) !== false;
  if (!shown) return { ...editing, busy: false, told: { what: "refused", refusal } };
  const prefix = `${refusal.field ?? ""}: `;
  const why = refusal.detail.startsWith(prefix) ? refusal.detail.slice(prefix.length) : refusal.detail;
  const wrong = new Map([[field.name, `${why.charAt(0).toUpperCase()}${why.slice(1)}.`]]);
  return { ...editing, busy: false, wrong, told: { what: "mistakes", count: 1 } };
}

/** The record is not what it was when it was read: both changes go together as far as they can. */
export function meanwhile(fields: readonly Field[], editing: Editing, theirs: JsonObject, tag: string | null): Editing {
  const [before, now, other] = [
    base(fields, editing.record ?? {}),
    recordOf(fields, editing.draft),
    base(fields, theirs),
  ];
  const merged = merge(before, now, other);
  const went: Editing = { ...begin(fields, theirs, tag), draft: draftOf(fields, merged.draft) };
  if (equal(merged.draft, other)) return { ...went, told: { what: "saved", created: false, warnings: [] } };
  const conflicts = merged.conflicts.map((name) => ({ name, theirs: other[name] ?? null }));
  return { ...went, told: { what: "merged", taken: merged.taken, conflicts } };
}

/** Of a field that both changed, theirs counts. */
export function takeTheirs(fields: readonly Field[], editing: Editing, name: string): Editing {
  if (editing.told.what !== "merged") return editing;
  const { taken, conflicts } = editing.told;
  const record = editing.record ?? {};
  const field = fields.filter((one) => one.name === name);
  const draft = { ...editing.draft, ...draftOf(field, record) };
  const left = conflicts.filter((conflict) => conflict.name !== name);
  return { ...editing, draft, told: { what: "merged", taken: [...taken, name], conflicts: left } };
}

/** Somebody deleted it: what was typed can be saved as a new one. */
export function gone(editing: Editing): Editing {
  return { ...editing, record: null, tag: null, busy: false, told: { what: "gone" } };
}
