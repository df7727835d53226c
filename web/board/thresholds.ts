/** What a supervisor wants to be told of: too few or too many in a presence, or somebody too long in one. */

import type { BasePresenceStatus, Presence, WatchedAgent } from "../wire.ts";
import { heldSince } from "./held.ts";

export type Of = { readonly status: BasePresenceStatus } | { readonly presenceId: string };

export interface Threshold {
  readonly is: "fewer" | "more" | "longer";
  /** Agents, or minutes. */
  readonly than: number;
  readonly of: Of;
  /** Null for all teams. */
  readonly team: string | null;
}

export interface Over {
  readonly threshold: Threshold;
  /** How many agents have that presence. */
  readonly count: number;
  /** Who is over it, the longest first; nobody for too few. */
  readonly agentIds: readonly string[];
}

const MINUTE = 60_000;

/** The thresholds that are passed now. `now` is the hub's time. */
export function over(
  thresholds: readonly Threshold[],
  agents: ReadonlyMap<string, WatchedAgent>,
  presences: ReadonlyMap<string, Presence>,
  now: number,
): readonly Over[] {
  if (thresholds.length === 0) return [];
  const found = thresholds.map((threshold) => ({ threshold, count: 0, agents: [] as WatchedAgent[] }));
  for (const agent of agents.values()) {
    const status = presences.get(agent.presenceId)?.basePresenceStatus;
    for (const one of found) {
      const { of, team, is, than } = one.threshold;
      if ("status" in of ? of.status !== status : of.presenceId !== agent.presenceId) continue;
      if (team !== null && agent.teams?.includes(team) !== true) continue;
      one.count += 1;
      if (is === "more" || (is === "longer" && now - Date.parse(heldSince(agent)) > than * MINUTE))
        one.agents.push(agent);
    }
  }
  return found.filter(isOver).map(({ threshold, count, agents }) => ({
    threshold,
    count,
    agentIds: agents.sort((a, b) => (heldSince(a) < heldSince(b) ? -1 : 1)).map(({ agentId }) => agentId),
  }));
}

function isOver(found: {
  readonly threshold: Threshold;
  readonly count: number;
  readonly agents: readonly WatchedAgent[];
}): boolean {
  switch (found.threshold.is) {
    case "fewer":
      return found.count < found.threshold.than;
    case "more":
      return found.count > found.threshold.than;
    case "longer":
      return found.agents.length > 0;
  }
}

/** The same threshold has the same name. */
export function nameOf({ is, than, of, team }: Threshold): string {
  return [is, than, "status" in of ? of.status : of.presenceId, team ?? ""].join("\n");
}

/** Whether something is over now that was not before; a threshold is told once, until it was kept again. */
export function isNew(before: readonly Over[], now: readonly Over[]): boolean {
  const known = new Set(before.map(({ threshold }) => nameOf(threshold)));
  return now.some(({ threshold }) => !known.has(nameOf(threshold)));
}

/** What was kept, as far as it makes sense. */
export function thresholdsOf(kept: unknown): readonly Threshold[] {
  return Array.isArray(kept) ? kept.filter(isThreshold) : [];
}

function isThreshold(kept: unknown): kept is Threshold {
  if (typeof kept !== "object" || kept === null) return false;
  const { is, than, of, team } = kept as Record<string, unknown>;
  const named = typeof of === "object" && of !== null && ("status" in of || "presenceId" in of);
  return (
    (is === "fewer" || is === "more" || is === "longer") &&
    typeof than === "number" &&
    Number.isFinite(than) &&
    named &&
    (team === null || typeof team === "string")
  );
}
