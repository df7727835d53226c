/** Workstreams: where work comes from, what it takes, and the base statuses whose agents get it. */

import { html } from "lit";
import { WORKSTREAMS as WORDS } from "../../words/admin-records.ts";
import { sectionAddress } from "../address.ts";
import { type Field, MOST_NUMBER, textOf, textsOf } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { type Directory, idField, type Kind, profileChoices } from "../kind.ts";
import { baseChoices, statusName } from "./presences.ts";

function fields(directory: Directory, which: "new" | "there"): readonly Field[] {
  return [
    { name: "name", label: WORDS.name, hint: WORDS.nameHint, control: { as: "line", least: 0, most: 256 } },
    {
      name: "allowedPresences",
      label: WORDS.allowed,
      hint: WORDS.allowedHint,
      control: { as: "some-of", choices: baseChoices(WORDS.bases), least: 0 },
    },
    {
      name: "units",
      label: WORDS.units,
      hint: WORDS.unitsHint,
      control: { as: "number", least: 0, most: MOST_NUMBER, needed: false },
    },
    {
      name: "profiles",
      label: WORDS.profiles,
      hint: directory.profiles.length === 0 ? WORDS.noProfiles : WORDS.profilesHint,
      control: { as: "some-of", choices: profileChoices(directory), least: 0 },
    },
    { name: "affectsPresence", label: WORDS.affects, hint: WORDS.affectsHint, control: { as: "check" } },
    { name: "blockCapacityForWrapUp", label: WORDS.wrapUp, control: { as: "one-of", choices: WORDS.wrapUps } },
    {
      name: "wrapUpSeconds",
      label: WORDS.seconds,
      hint: WORDS.secondsHint,
      control: { as: "number", least: 1, most: 3600, needed: true },
      when: ({ blockCapacityForWrapUp }) => blockCapacityForWrapUp === "CUSTOM",
    },
    idField("workstreamId", which, WORDS.id, which === "new" ? WORDS.idHint : WORDS.idFixed),
  ];
}

/** R-67; the product's advice that A-27 makes needless here, and not in a work system of its own; and the usual wrap-up. */
function warned(draft: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const allowed = textsOf(draft["allowedPresences"]);
  const said = [
    allowed.length === 0 ? WORDS.nobody : "",
    allowed.includes("AWAY") ? WORDS.missedVoid : "",
    allowed.includes("BUSY_DO_NOT_DISTURB") ? WORDS.rejectedVoid : "",
    allowed.includes("OFFLINE") ? WORDS.offline : "",
  ].filter((text) => text !== "");
  if (said.length > 0) found.set("allowedPresences", said.join(" "));
  const seconds = draft["wrapUpSeconds"];
  if (typeof seconds === "number" && seconds < 30) found.set("wrapUpSeconds", WORDS.shortWrapUp);
  return found;
}

export const WORKSTREAMS: Kind = {
  section: "workstreams",
  path: "workstreams",
  id: "workstreamId",
  about: "workstream",
  words: WORDS,
  named: "name",
  hubMakesIds: false,
  blank: { allowedPresences: ["AVAILABLE"], affectsPresence: true, blockCapacityForWrapUp: "ALWAYS" },
  columns: [
    {
      label: WORDS.name,
      cell: ({ workstreamId, name }) =>
        html`<a href=${sectionAddress("workstreams", { what: "record", id: textOf(workstreamId) })}>${name}</a>`,
    },
    {
      label: WORDS.allowed,
      cell: ({ allowedPresences }) => textsOf(allowedPresences).map(statusName).join(", ") || WORDS.allowsNone,
    },
    { label: WORDS.takes, cell: takes },
    { label: WORDS.wrapUp, cell: wrapUp },
    { label: WORDS.id, cell: ({ workstreamId }) => textOf(workstreamId) },
  ],
  fields,
  warned,
  whyFixed: () => null,
};

function takes({ units, profiles }: JsonObject, directory: Directory): string {
  const names = textsOf(profiles).map((id) => directory.profiles.find(({ profileId }) => profileId === id)?.name ?? id);
  const taken = typeof units === "number" ? units : names.length === 0 ? 1 : null;
  return [taken === null ? "" : WORDS.unitCount(taken), ...names].filter((text) => text !== "").join(", ");
}

function wrapUp({ blockCapacityForWrapUp, wrapUpSeconds }: JsonObject): string {
  const label = WORDS.wrapUps.find(({ value }) => value === blockCapacityForWrapUp)?.label ?? "";
  return typeof wrapUpSeconds === "number" ? WORDS.wrapUpFor(wrapUpSeconds) : label;
}
