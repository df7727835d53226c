/** Capacity profiles: numbers of work items of a kind. */

import { html } from "lit";
import { CAPACITY as WORDS } from "../../words/admin-records.ts";
import { sectionAddress } from "../address.ts";
import { type Field, MOST_NUMBER, said, textOf } from "../fields.ts";
import { idField, type Kind } from "../kind.ts";

function fields(_: unknown, which: "new" | "there"): readonly Field[] {
  return [
    { name: "name", label: WORDS.name, hint: WORDS.nameHint, control: { as: "line", least: 0, most: 256 } },
    {
      name: "defaultMax",
      label: WORDS.max,
      hint: WORDS.maxHint,
      control: { as: "number", least: 0, most: MOST_NUMBER, needed: true },
    },
    { name: "blockAssignment", label: WORDS.block, hint: WORDS.blockHint, control: { as: "check" } },
    {
      name: "resetDuration",
      label: WORDS.reset,
      hint: which === "there" ? WORDS.resetFixed : WORDS.resetHint,
      control: { as: "one-of", choices: WORDS.resets },
      fixed: which === "there",
    },
    idField("profileId", which, WORDS.id, which === "new" ? WORDS.idHint : WORDS.idFixed),
  ];
}

export const CAPACITY: Kind = {
  section: "profiles",
  path: "capacity-profiles",
  id: "profileId",
  about: "capacity-profile",
  words: WORDS,
  named: "name",
  hubMakesIds: false,
  blank: { resetDuration: "IMMEDIATE", blockAssignment: false },
  columns: [
    {
      label: WORDS.name,
      cell: ({ profileId, name }) =>
        html`<a href=${sectionAddress("profiles", { what: "record", id: textOf(profileId) })}>${name}</a>`,
    },
    { label: WORDS.max, cell: ({ defaultMax }) => said(defaultMax) },
    { label: WORDS.block, cell: ({ blockAssignment }) => (blockAssignment === true ? WORDS.blocks : WORDS.blocksNot) },
    {
      label: WORDS.reset,
      cell: ({ resetDuration }) => WORDS.resets.find(({ value }) => value === resetDuration)?.label ?? "",
    },
    { label: WORDS.id, cell: ({ profileId }) => textOf(profileId) },
  ],
  fields,
  warned: ({ defaultMax, blockAssignment }) =>
    new Map(defaultMax === 0 && blockAssignment === true ? [["blockAssignment", WORDS.blocksAll]] : []),
  whyFixed: () => null,
};
