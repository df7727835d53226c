/** The fields of a form: how each is entered, and what is wrong with a value, by the same rules as the hub's. */

import { FIELD } from "../words/admin.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** How a field is entered. */
export type Control =
  | { readonly as: "line"; readonly least: number; readonly most: number }
  | { readonly as: "text"; readonly least: number; readonly most: number }
  | { readonly as: "number"; readonly least: number; readonly most: number; readonly needed: boolean }
  | { readonly as: "check" }
  | { readonly as: "one-of"; readonly choices: readonly Choice[] }
  /** A select, of which nothing may be chosen as well: `none` says what that means. */
  | { readonly as: "select"; readonly choices: readonly Choice[]; readonly none: string }
  | { readonly as: "some-of"; readonly choices: readonly Choice[]; readonly least: number }
  /** Some of these, or no list at all: `all` says what that means. */
  | { readonly as: "some-or-all"; readonly choices: readonly Choice[]; readonly all: string }
  | { readonly as: "texts"; readonly most: number }
  | { readonly as: "color"; readonly none: string }
  | { readonly as: "labels" }
  | { readonly as: "profiles"; readonly choices: readonly Choice[] }
  | { readonly as: "instant" };

export interface Field {
  /** As the contract calls it. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly control: Control;
  /** Shown and fixed: what cannot be changed once there is a record, or never. */
  readonly fixed?: boolean;
  /** Shown only then. */
  readonly when?: (draft: JsonObject) => boolean;
}

/** Control characters, ends of lines, and what turns the direction of writing. */
const MISLEADS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function characters(text: string): number {
  // Code points, as the hub counts them.
  return Array.from(text).length;
}

function lineWrong(text: string, least: number, most: number): string | null {
  if (characters(text.trim()) < least) return least === 1 ? FIELD.empty : FIELD.tooShort(least);
  if (characters(text) > most) return FIELD.tooLong(characters(text), most);
  return MISLEADS.test(text) ? FIELD.misleads : null;
}

export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** As it is read: also of a number. */
export function said(value: Json | undefined): string {
  return typeof value === "number" ? String(value) : textOf(value);
}

export function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

export function rowsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

const MOST_LETTERS = 256;
const MOST_LANGUAGE = 35;
const MOST_LABEL = 500;
const MOST_LABELS = 100;
export const MOST_NUMBER = 4_294_967_295;

/** What is wrong with the value of a field, or null. */
export function wrong({ control }: Field, value: Json | undefined): string | null {
  switch (control.as) {
    case "line":
    case "text":
      return lineWrong(textOf(value), control.least, control.most);
    case "number":
      return numberWrong(value, control.least, control.most, control.needed);
    case "some-of":
      return textsOf(value).length < control.least ? FIELD.chooseOne : null;
    case "some-or-all":
      return null;
    case "texts": {
      const texts = textsOf(value);
      if (texts.length > control.most) return FIELD.tooMany(texts.length, control.most);
      return texts.map((text) => lineWrong(text, 1, MOST_LETTERS)).find((found) => found !== null) ?? null;
    }
    case "labels":
      return labelsWrong(value);
    case "profiles":
      return profilesWrong(value);
    case "instant":
      return value === "" ? FIELD.noTime : null;
    case "check":
    case "one-of":
    case "select":
    case "color":
      return null;
  }
}

function numberWrong(value: Json | undefined, least: number, most: number, needed: boolean): string | null {
  if (value === null || value === undefined || value === "") return needed ? FIELD.empty : null;
  const right = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return right ? null : FIELD.number(least, most);
}

function labelsWrong(value: Json | undefined): string | null {
  const labels = rowsOf(value);
  if (labels.length > MOST_LABELS) return FIELD.tooMany(labels.length, MOST_LABELS);
  const languages = labels.map((row) => textOf(row["language"]).trim());
  const twice = languages.find((language, at) => languages.indexOf(language) < at);
  if (twice !== undefined) return FIELD.languageTwice(twice);
  for (const row of labels) {
    const found = lineWrong(textOf(row["language"]), 1, MOST_LANGUAGE);
    if (found !== null) return FIELD.languageWrong(found);
    const label = lineWrong(textOf(row["label"]), 1, MOST_LABEL);
    if (label !== null) return FIELD.labelWrong(textOf(row["language"]), label);
  }
  return null;
}

function profilesWrong(value: Json | undefined): string | null {
  const rows = rowsOf(value);
  const ids = rows.map((row) => row["profileId"]);
  if (ids.some((id) => id === "" || id === undefined)) return FIELD.noProfile;
  if (new Set(ids).size < ids.length) return FIELD.profileTwice;
  return rows.map((row) => numberWrong(row["max"], 0, MOST_NUMBER, false)).find((found) => found !== null) ?? null;
}

/** What is wrong with each field that is shown. */
export function everythingWrong(fields: readonly Field[], draft: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const field of fields) {
    if (field.fixed === true || field.when?.(draft) === false) continue;
    const problem = wrong(field, draft[field.name]);
    if (problem !== null) found.set(field.name, problem);
  }
  return found;
}

/** The field that the hub's name of a field is about: `profiles[0].max` is about `profiles`. */
export function fieldOf(fields: readonly Field[], named: string): Field | undefined {
  return fields.find(({ name }) => named === name || named.startsWith(`${name}.`) || named.startsWith(`${name}[`));
}
