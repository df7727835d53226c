/** Custom presences, as the product's documents have them: Name, Presence text, Base status, Description. */

import { html, type TemplateResult } from "lit";
import { badge } from "../../look/marks.ts";
import { presenceIcon } from "../../look/presence-icon.ts";
import type { BasePresenceStatus, PresenceRecord } from "../../wire.ts";
import { FIELD } from "../../words/admin.ts";
import { PRESENCES as WORDS } from "../../words/admin-records.ts";
import { STATUS } from "../../words/contract.ts";
import { sectionAddress } from "../address.ts";
import { contradiction } from "../contradiction.ts";
import type { Choice, Field } from "../fields.ts";
import { textOf } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { idField, type Kind } from "../kind.ts";

export const BASES = Object.keys(STATUS) as readonly BasePresenceStatus[];

export function baseChoices(hints: Readonly<Record<BasePresenceStatus, string>>): readonly Choice[] {
  return BASES.map((base) => ({ value: base, label: STATUS[base], hint: hints[base] }));
}

function isBase(value: string): value is BasePresenceStatus {
  return BASES.some((base) => base === value);
}

/** Half-written labels of the draft count as they stand. */
function warned(draft: JsonObject): ReadonlyMap<string, string> {
  const base = textOf(draft["basePresenceStatus"]);
  if (!isBase(base)) return new Map();
  const [name, text] = [textOf(draft["presenceName"]), textOf(draft["presenceText"])];
  const phrase = contradiction([name, text === "" ? name : text], base);
  return phrase === null ? new Map() : new Map([["basePresenceStatus", WORDS.contradicts(phrase, STATUS[base])]]);
}

function nameCell(record: JsonObject): TemplateResult {
  const presence = record as unknown as PresenceRecord;
  const shown = {
    ...presence,
    presenceText: presence.presenceText ?? "",
    presenceColor: presence.presenceColor ?? "currentColor",
  };
  const to = sectionAddress("presences", { what: "record", id: presence.presenceId });
  return html`<span class="pair">${presenceIcon(presence.basePresenceStatus, shown)}<a href=${to}>${presence.presenceName}</a></span>`;
}

function stateCell({ builtIn, enabled, canUserSet }: JsonObject): TemplateResult {
  if (builtIn === true) return badge("plain", WORDS.builtIn);
  if (enabled !== true) return badge("warning", WORDS.retired);
  return canUserSet === true ? badge("good", WORDS.inUse) : badge("note", WORDS.hubOnly);
}

function fields(_: unknown, which: "new" | "there"): readonly Field[] {
  return [
    { name: "presenceName", label: WORDS.name, hint: WORDS.nameHint, control: { as: "line", least: 1, most: 100 } },
    { name: "presenceText", label: WORDS.text, hint: WORDS.textHint, control: { as: "line", least: 0, most: 500 } },
    {
      name: "basePresenceStatus",
      label: WORDS.base,
      hint: WORDS.baseHint,
      control: { as: "one-of", choices: baseChoices(WORDS.bases) },
    },
    {
      name: "description",
      label: WORDS.description,
      hint: WORDS.descriptionHint,
      control: { as: "line", least: 0, most: 500 },
    },
    { name: "canUserSet", label: WORDS.canUserSet, hint: WORDS.canUserSetHint, control: { as: "check" } },
    {
      name: "presenceColor",
      label: WORDS.color,
      hint: WORDS.colorHint,
      control: { as: "color", none: WORDS.colorOfBase },
    },
    { name: "labels", label: WORDS.labels, hint: WORDS.labelsHint, control: { as: "labels" } },
    idField("presenceId", which, WORDS.id, which === "new" ? WORDS.idHint : WORDS.idFixed),
  ];
}

export const PRESENCES: Kind = {
  section: "presences",
  path: "presences",
  id: "presenceId",
  about: "presence",
  words: WORDS,
  named: "presenceName",
  hubMakesIds: false,
  blank: { basePresenceStatus: "AWAY", canUserSet: true, presenceColor: null },
  columns: [
    { label: WORDS.name, cell: nameCell },
    { label: WORDS.text, cell: ({ presenceText }) => textOf(presenceText) },
    { label: WORDS.base, cell: ({ basePresenceStatus }) => statusName(textOf(basePresenceStatus)) },
    { label: WORDS.chosenBy, cell: ({ canUserSet }) => (canUserSet === true ? WORDS.agents : WORDS.hub) },
    { label: WORDS.languages, cell: ({ labels }) => Object.keys(labels ?? {}).join(", ") },
    { label: WORDS.state, cell: stateCell },
  ],
  fields,
  warned,
  read: (record, { presences }) => {
    const like = presences.find(
      ({ builtIn, canUserSet, basePresenceStatus }) =>
        builtIn && canUserSet && basePresenceStatus === record["basePresenceStatus"],
    );
    const usual = like?.presenceColor === record["presenceColor"];
    return { ...record, presenceColor: usual ? null : (record["presenceColor"] ?? null) };
  },
  // The colour of the base status follows it.
  completed: (change, { presenceColor }) =>
    "basePresenceStatus" in change && presenceColor === null ? { ...change, presenceColor: null } : change,
  whyFixed: ({ builtIn }) => (builtIn === true ? WORDS.cannotChange : null),
};

export function statusName(base: string): string {
  return isBase(base) ? STATUS[base] : base || FIELD.no;
}
