/** Agents' records. */

import { html, type TemplateResult } from "lit";
import { badge } from "../../look/marks.ts";
import type { AgentRecord } from "../../wire.ts";
import { AGENTS as WORDS } from "../../words/admin-agents.ts";
import { sectionAddress } from "../address.ts";
import { type Choice, type Field, MOST_NUMBER, rowsOf } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { type Directory, idField, type Kind, presenceChoices, profileChoices } from "../kind.ts";

/** What a sign-in may begin with: neither Inactive nor a retired presence. */
export function defaultChoices(directory: Directory): readonly Choice[] {
  return presenceChoices(directory, ({ enabled, presenceId }) => enabled && presenceId !== "inactive");
}

function fields(directory: Directory, which: "new" | "there"): readonly Field[] {
  return [
    { name: "name", label: WORDS.name, hint: WORDS.nameHint, control: { as: "line", least: 0, most: 256 } },
    { ...idField("agentId", which, WORDS.id, which === "new" ? WORDS.idHint : WORDS.idFixed) },
    { name: "enabled", label: WORDS.enabled, hint: WORDS.enabledHint, control: { as: "check" } },
    { name: "teams", label: WORDS.teams, hint: WORDS.teamsHint, control: { as: "texts", most: 50 } },
    { name: "queues", label: WORDS.queues, control: { as: "texts", most: 50 } },
    { name: "skills", label: WORDS.skills, control: { as: "texts", most: 50 } },
    {
      name: "defaultPresenceId",
      label: WORDS.defaultPresence,
      hint: WORDS.defaultHint,
      control: { as: "select", choices: defaultChoices(directory), none: WORDS.defaultNone },
    },
    {
      name: "selectablePresenceIds",
      label: WORDS.selectable,
      hint: WORDS.selectableHint,
      control: {
        as: "some-or-all",
        choices: presenceChoices(directory, ({ enabled, canUserSet }) => enabled && canUserSet),
        all: WORDS.selectableAll,
      },
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
      hint: WORDS.profilesHint,
      control: { as: "profiles", choices: profileChoices(directory) },
    },
  ];
}

/** */
function warned({ units, profiles }: JsonObject): ReadonlyMap<string, string> {
  const [has, counted] = [rowsOf(profiles).length > 0, units !== null && units !== undefined];
  if (has && counted) return new Map([["profiles", WORDS.bothKinds]]);
  return has || counted ? new Map() : new Map([["units", WORDS.noCapacity]]);
}

export const AGENTS: Kind = {
  section: "agents",
  path: "agents",
  id: "agentId",
  about: "agent",
  words: WORDS,
  named: "name",
  hubMakesIds: false,
  blank: { enabled: true, teams: [], queues: [], skills: [], profiles: [] },
  columns: [],
  fields,
  warned,
  whyFixed: () => null,
};

export function agentLink({ agentId, name }: AgentRecord): TemplateResult {
  const to = sectionAddress("agents", { what: "record", id: agentId });
  return html`<span class="two"><a href=${to}>${name}</a><span class="faint">${agentId}</span></span>`;
}

export function agentState({ enabled }: AgentRecord): TemplateResult {
  return enabled ? badge("good", WORDS.enabledShort) : badge("warning", WORDS.disabledShort);
}

export function presenceName({ presences }: Directory, presenceId: string | undefined): string {
  if (presenceId === undefined) return WORDS.defaultNone;
  return presences.find((presence) => presence.presenceId === presenceId)?.presenceName ?? presenceId;
}

export function capacityWords({ units, profiles }: AgentRecord, directory: Directory): string {
  const named = profiles.map(({ profileId, max }) => {
    const profile = directory.profiles.find((one) => one.profileId === profileId);
    return WORDS.profileMax(profile?.name ?? profileId, max ?? profile?.defaultMax ?? null);
  });
  const counted = units === undefined ? [] : [WORDS.unitCount(units)];
  return [...counted, ...named].join(", ") || WORDS.unlimited;
}
