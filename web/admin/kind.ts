/** A kind of record that administrators write: what its form, its list and its sentences are. */

import type { TemplateResult } from "lit";
import type { CapacityProfile, PresenceRecord } from "../wire.ts";
import type { Section } from "./address.ts";
import type { Choice, Field } from "./fields.ts";
import type { JsonObject } from "./json.ts";

/** What records refer to. */
export interface Directory {
  readonly presences: readonly PresenceRecord[];
  readonly profiles: readonly CapacityProfile[];
}

export interface Column {
  readonly label: string;
  readonly cell: (record: JsonObject, directory: Directory) => TemplateResult | string;
}

export interface KindWords {
  readonly title: string;
  readonly lead: string;
  /** As the end of a sentence: "the presence". */
  readonly one: string;
  readonly add: string;
  readonly none: string;
  readonly noneText: string;
}

export interface Kind {
  readonly section: Section;
  /** Below `/api/v1/`. */
  readonly path: string;
  /** The field with the id. */
  readonly id: string;
  /** What the audit calls it. */
  readonly about: string;
  readonly words: KindWords;
  /** The field from which an id is suggested, and whether the hub makes ids itself. */
  readonly named: string;
  readonly hubMakesIds: boolean;
  readonly blank: JsonObject;
  readonly columns: readonly Column[];
  fields(directory: Directory, which: "new" | "there"): readonly Field[];
  /** What is allowed and still unusual about a draft, by field. */
  warned(draft: JsonObject, directory: Directory): ReadonlyMap<string, string>;
  /** A record as the form takes it, if that is not as the hub says it. */
  read?(record: JsonObject, directory: Directory): JsonObject;
  /** What else has to be sent with a change. */
  completed?(change: JsonObject, draft: JsonObject): JsonObject;
  /** Why nothing of a record can be changed, or null. */
  whyFixed(record: JsonObject): string | null;
}

export function presenceChoices(
  { presences }: Directory,
  which: (presence: PresenceRecord) => boolean,
): readonly Choice[] {
  const shown = presences.filter(which);
  return shown.map(({ presenceId, presenceName }) => ({ value: presenceId, label: presenceName }));
}

export function profileChoices({ profiles }: Directory): readonly Choice[] {
  return profiles.map(({ profileId, name }) => ({ value: profileId, label: name }));
}

/** The field with the id of a record: it is chosen once. */
export function idField(name: string, which: "new" | "there", label: string, hint: string): Field {
  return { name, label, hint, control: { as: "line", least: 1, most: 256 }, fixed: which === "there" };
}
