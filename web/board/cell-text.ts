/** What each column says of an agent in plain text: for the file, and for the cells that show no more than that. */

import { PEOPLE } from "../live/people.ts";
import type { ModifiedBy, Presence, WatchedAgent } from "../wire.ts";
import { stopwatch } from "../look/time.ts";
import { GRID } from "../words/board.ts";
import { capitalized, cause, HOLD, presenceNamed, setBy } from "../words/contract.ts";
import type { ColumnId } from "./columns.ts";
import { heldSince } from "./held.ts";
import { moment } from "../words/moment.ts";

/** What a cell is made from besides the agent. */
export interface Around {
  readonly presences: ReadonlyMap<string, Presence>;
  /** The hub's time. */
  readonly now: number;
}

export function cellText(column: ColumnId, agent: WatchedAgent, around: Around): string {
  switch (column) {
    case "agent":
      return agent.name;
    case "presence":
      return presenceNamed(around.presences, agent.presenceId);
    case "since":
      return heldSince(agent);
    case "next":
      return next(agent, around);
    case "setBy":
      return why(agent);
    case "reason":
      return agent.reason ?? "";
    case "hold":
      return agent.hold === undefined ? "" : HOLD[agent.hold];
    case "capacity": {
      const units = agent.capacity?.units ?? null;
      return units === null ? "" : GRID.units(units.used, units.reserved, units.max);
    }
    case "work":
      return String(agent.openWorkItems ?? 0);
    case "sessions":
      return String(agent.activeBrowserSessions ?? 0);
    case "teams":
      return (agent.teams ?? []).join(", ");
    case "queues":
      return (agent.queues ?? []).join(", ");
    case "skills":
      return (agent.skills ?? []).join(", ");
  }
}

/** What comes by itself: what a return would bring back, and for how long yet; or the end that was chosen. */
export function next(agent: WatchedAgent, { presences, now }: Around): string {
  const text = (presenceId: string): string => presenceNamed(presences, presenceId);
  if (agent.restore !== undefined) {
    const left = Date.parse(agent.restore.until) - now;
    return GRID.mayReturn(text(agent.restore.presenceId), stopwatch(left));
  }
  if (agent.isAgentLoggedIn !== true) return GRID.signedOut;
  if (agent.until === undefined) return "";
  const time = moment(agent.until, now);
  return agent.nextPresenceId === undefined ? GRID.until(time) : GRID.thenAt(text(agent.nextPresenceId), time);
}

/** For a choice, who chose; for what was given back, who had set it; for everything else, what happened. */
export function why(agent: WatchedAgent): string {
  if (agent.heldBy !== undefined) return GRID.again(capitalized(who(agent.heldBy, agent)));
  if (agent.eventName !== "SET_PRESENCE") return cause(agent.eventName, agent.subEventName);
  return capitalized(who(agent.modifiedBy, agent));
}

function who(modifiedBy: ModifiedBy | undefined, { agentId }: WatchedAgent): string {
  return setBy(modifiedBy === undefined ? undefined : PEOPLE.called(modifiedBy), agentId);
}
