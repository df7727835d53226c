/** One agent as a row of the board. */

import { html, nothing, type TemplateResult } from "lit";
import type { Presence, WatchedAgent } from "../wire.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { clockTime, stopwatch } from "../look/time.ts";
import { GRID } from "../words/board.ts";
import { capitalized, cause, HOLD, setBy } from "../words/contract.ts";
import type { Column } from "./listing.ts";

export const HEADINGS: readonly { readonly label: string; readonly sorts: Column | null }[] = [
  { label: "", sorts: null },
  { label: GRID.agent, sorts: "name" },
  { label: GRID.presence, sorts: "presence" },
  { label: GRID.since, sorts: "since" },
  { label: GRID.setBy, sorts: null },
  { label: GRID.hold, sorts: null },
  { label: GRID.work, sorts: "work" },
  { label: GRID.teams, sorts: null },
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
    <div role="gridcell" class="time">
      <span class="watch">${stopwatch(now - Date.parse(agent.since))}</span> <span class="faint">${clockTime(agent.since)}</span>
    </div>
    <div role="gridcell" title=${agent.reason ?? ""}>${why(agent)}</div>
    <div role="gridcell" class=${agent.hold === undefined ? "" : "held"}>${agent.hold === undefined ? "" : HOLD[agent.hold]}</div>
    <div role="gridcell" class="number">
      ${agent.openWorkItems ?? 0} ${agent.isBlockedBySomeProfile === true ? html`<span class="faint">${GRID.full}</span>` : nothing}
    </div>
    <div role="gridcell" class="faint">${(agent.teams ?? []).join(", ")}</div>
  `;
}

/** What comes next: the end that was chosen, or what a return would bring back. */
function note(agent: WatchedAgent, presences: ReadonlyMap<string, Presence>): TemplateResult | typeof nothing {
  if (agent.restore !== undefined) {
    const kept = presences.get(agent.restore.presenceId)?.presenceText ?? agent.restore.presenceId;
    return html`<span class="faint" title=${GRID.restores(clockTime(agent.restore.until))}>${GRID.was(kept)}</span>`;
  }
  if (agent.isAgentLoggedIn !== true) return html`<span class="faint">${GRID.signedOut}</span>`;
  return agent.until === undefined ? nothing : html`<span class="faint">${GRID.until(clockTime(agent.until))}</span>`;
}

/** For a choice, who chose; for everything else, what happened. */
function why(agent: WatchedAgent): string {
  if (agent.eventName !== "SET_PRESENCE") return cause(agent.eventName, agent.subEventName);
  return capitalized(setBy(agent.modifiedBy, agent.agentId));
}
