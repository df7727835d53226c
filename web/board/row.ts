/** One agent as a row of the board: what each column shows of them. */

import { html, nothing, type TemplateResult } from "lit";
import type { Presence, WatchedAgent } from "../wire.ts";
import { gauge } from "../look/marks.ts";
import { presenceIcon } from "../look/presence-icon.ts";
import { clockTime, dayAndTime, stopwatch } from "../look/time.ts";
import { GRID } from "../words/board.ts";
import { capitalized, cause, HOLD, setBy } from "../words/contract.ts";
import type { ColumnId } from "./columns.ts";
import { heldSince } from "./held.ts";

/** What a cell is made from besides the agent. */
export interface Around {
  readonly presences: ReadonlyMap<string, Presence>;
  /** The hub's time. */
  readonly now: number;
}

type Shown = TemplateResult | typeof nothing | string | number;

export function cell(column: ColumnId, agent: WatchedAgent, around: Around): Shown {
  switch (column) {
    case "agent":
      return html`<span class="name">${agent.name}</span> <span class="faint">${agent.agentId}</span>`;
    case "presence": {
      const presence = around.presences.get(agent.presenceId);
      return html`${presenceIcon(presence?.basePresenceStatus ?? "UNKNOWN", presence)}<span>${presence?.presenceText ?? agent.presenceId}</span>`;
    }
    case "since":
      return lasting(agent, around.now);
    case "next":
      return next(agent, around);
    case "setBy":
      return why(agent);
    case "reason":
      return agent.reason ?? nothing;
    case "hold":
      return agent.hold === undefined ? nothing : html`<span class="held">${HOLD[agent.hold]}</span>`;
    case "capacity":
      return capacity(agent);
    case "work":
      return agent.openWorkItems ?? 0;
    case "sessions":
      return agent.activeBrowserSessions ?? 0;
    case "teams":
      return (agent.teams ?? []).join(", ");
    case "queues":
      return (agent.queues ?? []).join(", ");
    case "skills":
      return (agent.skills ?? []).join(", ");
  }
}

/** How long it has been so; of who was away meanwhile and was given it back, also for how long they are back. */
function lasting(agent: WatchedAgent, now: number): TemplateResult {
  const lasts = stopwatch(now - Date.parse(heldSince(agent)));
  const back =
    agent.heldSince === undefined ? clockTime(agent.since) : GRID.back(stopwatch(now - Date.parse(agent.since)));
  return html`<span class="watch">${lasts}</span> <span class="faint">${back}</span>`;
}

/** What comes by itself: what a return would bring back, and for how long yet; or the end that was chosen. */
export function next(agent: WatchedAgent, { presences, now }: Around): string {
  const text = (presenceId: string): string => presences.get(presenceId)?.presenceText ?? presenceId;
  if (agent.restore !== undefined) {
    const left = Date.parse(agent.restore.until) - now;
    return GRID.mayReturn(text(agent.restore.presenceId), stopwatch(left));
  }
  if (agent.isAgentLoggedIn !== true) return GRID.signedOut;
  if (agent.until === undefined) return "";
  const time = dayAndTime(agent.until, now);
  return agent.nextPresenceId === undefined ? GRID.until(time) : GRID.thenAt(text(agent.nextPresenceId), time);
}

function capacity({ capacity, isBlockedBySomeProfile }: WatchedAgent): Shown {
  const full = isBlockedBySomeProfile === true ? html`<span class="held">${GRID.full}</span>` : nothing;
  const units = capacity?.units ?? null;
  if (units === null) return full;
  const { used, reserved, max } = units;
  const label = GRID.units(used, reserved, max);
  return html`${gauge({ label, used, reserved, max })}<span class="faint">${GRID.taken(used, max)}</span>${full}`;
}

/** For a choice, who chose; for what was given back, who had set it; for everything else, what happened. */
export function why(agent: WatchedAgent): string {
  if (agent.heldBy !== undefined) return GRID.again(capitalized(setBy(agent.heldBy, agent.agentId)));
  if (agent.eventName !== "SET_PRESENCE") return cause(agent.eventName, agent.subEventName);
  return capitalized(setBy(agent.modifiedBy, agent.agentId));
}
