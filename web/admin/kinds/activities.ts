/** Activities: what agents are planned to do, and the presences that are right meanwhile. */

import { html } from "lit";
import { ACTIVITIES as WORDS } from "../../words/admin-records.ts";
import { sectionAddress } from "../address.ts";
import { type Field, said, textOf, textsOf } from "../fields.ts";
import { type Directory, idField, type Kind, presenceChoices } from "../kind.ts";
import { baseChoices, statusName } from "./presences.ts";

function fields(directory: Directory, which: "new" | "there"): readonly Field[] {
  return [
    { name: "text", label: WORDS.text, hint: WORDS.textHint, control: { as: "line", least: 0, most: 256 } },
    {
      name: "basePresenceStatuses",
      label: WORDS.bases,
      hint: WORDS.basesHint,
      control: { as: "some-of", choices: baseChoices(WORDS.baseHints), least: 0 },
    },
    {
      name: "presenceIds",
      label: WORDS.presences,
      hint: WORDS.presencesHint,
      control: { as: "some-of", choices: presenceChoices(directory, ({ enabled }) => enabled), least: 0 },
    },
    {
      name: "toleranceSeconds",
      label: WORDS.tolerance,
      hint: WORDS.toleranceHint,
      control: { as: "number", least: 0, most: 86_400, needed: true },
    },
    idField("activityId", which, WORDS.id, which === "new" ? WORDS.idHint : WORDS.idFixed),
  ];
}

export const ACTIVITIES: Kind = {
  section: "activities",
  path: "activities",
  id: "activityId",
  about: "activity",
  words: WORDS,
  named: "text",
  hubMakesIds: false,
  blank: { toleranceSeconds: 0, basePresenceStatuses: [], presenceIds: [] },
  columns: [
    {
      label: WORDS.text,
      cell: ({ activityId, text }) =>
        html`<a href=${sectionAddress("activities", { what: "record", id: textOf(activityId) })}>${text}</a>`,
    },
    {
      label: WORDS.right,
      cell: ({ basePresenceStatuses, presenceIds }, { presences }) => {
        const names = textsOf(presenceIds).map(
          (id) => presences.find(({ presenceId }) => presenceId === id)?.presenceName ?? id,
        );
        return [...textsOf(basePresenceStatuses).map(statusName), ...names].join(", ");
      },
    },
    { label: WORDS.tolerance, cell: ({ toleranceSeconds }) => said(toleranceSeconds) },
    { label: WORDS.id, cell: ({ activityId }) => textOf(activityId) },
  ],
  fields,
  warned: () => new Map(),
  whyFixed: () => null,
};
