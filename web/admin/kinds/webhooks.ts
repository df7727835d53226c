/** Webhooks: addresses to which changes of agents are sent. */

import { html } from "lit";
import { badge, type Mood } from "../../look/marks.ts";
import type { WebhookStatus } from "../../wire.ts";
import { WEBHOOKS as WORDS } from "../../words/admin-settings.ts";
import { sectionAddress } from "../address.ts";
import { type Choice, type Field, textOf, textsOf } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import type { Kind } from "../kind.ts";

const TYPES: readonly Choice[] = Object.entries(WORDS.typeNames).map(([value, label]) => ({ value, label }));

const MOODS: Readonly<Record<WebhookStatus, Mood>> = {
  active: "good",
  failing: "danger",
  off: "danger",
  disabled: "plain",
};

const FIELDS: readonly Field[] = [
  { name: "url", label: WORDS.url, hint: WORDS.urlHint, control: { as: "line", least: 1, most: 2048 } },
  {
    name: "description",
    label: WORDS.description,
    hint: WORDS.descriptionHint,
    control: { as: "line", least: 0, most: 500 },
  },
  { name: "enabled", label: WORDS.enabled, hint: WORDS.enabledHint, control: { as: "check" } },
  { name: "types", label: WORDS.types, control: { as: "some-or-all", choices: TYPES, all: WORDS.typesAll } },
  { name: "teams", label: WORDS.teams, hint: WORDS.teamsHint, control: { as: "texts", most: 50 } },
];

export function webhookStatus({ status }: JsonObject): ReturnType<typeof badge> {
  const known = textOf(status) as WebhookStatus;
  return badge(MOODS[known], WORDS.statuses[known]);
}

export const WEBHOOKS: Kind = {
  section: "webhooks",
  path: "webhooks",
  id: "webhookId",
  about: "webhook",
  words: WORDS,
  named: "url",
  hubMakesIds: true,
  blank: { enabled: true, types: null, teams: [] },
  columns: [
    {
      label: WORDS.url,
      cell: ({ webhookId, url }) =>
        html`<a href=${sectionAddress("webhooks", { what: "record", id: textOf(webhookId) })}>${url}</a>`,
    },
    { label: WORDS.description, cell: ({ description }) => textOf(description) },
    { label: WORDS.teams, cell: ({ teams }) => textsOf(teams).join(", ") },
    { label: WORDS.status, cell: webhookStatus },
  ],
  fields: () => FIELDS,
  warned: () => new Map(),
  // No team at all means every team.
  completed: (change) =>
    Array.isArray(change["teams"]) && change["teams"].length === 0 ? { ...change, teams: null } : change,
  whyFixed: () => null,
};
