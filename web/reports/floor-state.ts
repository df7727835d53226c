/** The floor at an instant, and how it goes on from there: pure, so that a replay is a sequence of these. */

import type { BasePresenceStatus, PastPresence, PresenceDifference } from "../wire.ts";

/** The agents that are there, by id. */
export type Floor = ReadonlyMap<string, PastPresence>;

export function floorOf(agents: readonly PastPresence[]): Floor {
  return new Map(agents.map((agent) => [agent.agentId, agent]));
}

export function goesOn(floor: Floor, differences: readonly PresenceDifference[]): Floor {
  if (differences.length === 0) return floor;
  const next = new Map(floor);
  for (const { agentId, after } of differences) {
    if (after === null) next.delete(agentId);
    else next.set(agentId, after);
  }
  return next;
}

export function countsOf(floor: Floor): Readonly<Record<BasePresenceStatus, number>> {
  const counts = { AVAILABLE: 0, BUSY: 0, BUSY_DO_NOT_DISTURB: 0, AWAY: 0, OFFLINE: 0 };
  for (const { basePresenceStatus } of floor.values()) counts[basePresenceStatus] += 1;
  return counts;
}
