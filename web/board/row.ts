/** One agent as a row of the board. */

import { html, nothing, type TemplateResult } from "lit";
import type { Presence, WatchedAgent } from "../generated/wire.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { clockTime, stopwatch } from "../look/time.ts";
import { cause, HOLD, setBy } from "../look/words.ts";
import type { Column } from "./listing.ts";

export const HEADINGS: readonly { readonly label: string; readonly sorts: Column | null }[] = [
  { label: "", sorts: null },
  { label: "Agent", sorts: "name" },
  { label: "Presence", sorts: "presence" },
  { label: "Time in status", sorts: "since" },
  { label: "Set by", sorts: null },
  { label: "Hold", sorts: null },
  { label: "Open work", sorts: "work" },
  { label: "Teams", sorts: null },
];

export function cells(agent: WatchedAgent, presences: ReadonlyMap<string, Presence>, now: number): TemplateResult {
  const presence = presences.get(agent.presenceId);
  return html`
    <div role="gridcell" class="tick"><span class="box" aria-hidden="true"></span></div>
    <div role="gridcell" class="who"><span class="name">${agent.name}</span> <span class="faint">${agent.agentId}</span></div>
    <div role="gridcell" class="presence">
      ${presenceIcon(presence?.basePresenceStatus ?? "UNKNOWN", presence)}
      <span>${presence?.presenceText ?? agent.presenceId}</span>
      ${note(agent, presences)}
    </div>
    <div role="gridcell" class="time"><span class="watch">${stopwatch(now - Date.parse(agent.since))}</span> <span class="faint">${clockTime(agent.since)}</span></div>
    <div role="gridcell" title=${agent.reason ?? ""}>${why(agent)}</div>
    <div role="gridcell" class=${agent.hold === undefined ? "" : "held"}>${agent.hold === undefined ? "" : HOLD[agent.hold]}</div>
    <div role="gridcell" class="number">${agent.openWorkItems ?? 0}${agent.isBlockedBySomeProfile === true ? html` <span class="faint">full</span>` : nothing}</div>
    <div role="gridcell" class="faint">${(agent.teams ?? []).join(", ")}</div>
  `;
}

/** What comes next: the end that was chosen, or what a return would bring back. */
function note(agent: WatchedAgent, presences: ReadonlyMap<string, Presence>): TemplateResult | typeof nothing {
  if (agent.restore !== undefined) {
    const kept = presences.get(agent.restore.presenceId)?.presenceText ?? agent.restore.presenceId;
    return html`<span class="faint" title=${`A return before ${clockTime(agent.restore.until)} brings it back`}>was ${kept}</span>`;
  }
  if (agent.isAgentLoggedIn !== true) return html`<span class="faint">signed out</span>`;
  return agent.until === undefined ? nothing : html`<span class="faint">until ${clockTime(agent.until)}</span>`;
}

/** For a choice, who chose; for everything else, what happened. */
function why(agent: WatchedAgent): string {
  if (agent.eventName !== "SET_PRESENCE") return cause(agent.eventName, agent.subEventName);
  const who = setBy(agent.modifiedBy, agent.agentId);
  return who.charAt(0).toUpperCase() + who.slice(1);
}
