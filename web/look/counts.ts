/**
 * How many agents had each base status over time, from the report of the time in status by hour, or by a quarter of one: one question, whatever
 * the number of agents, and exact. A step is therefore a mean: the time that was spent in a status, by how long the step is.
 */

import type { BasePresenceStatus, TimeInStatusReport } from "../wire.ts";

/** The order in which they lie on each other, the lowest first. */
export const STACKED: readonly BasePresenceStatus[] = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"];

export type Counts = Readonly<Record<BasePresenceStatus, number>>;

/** A time with one count for each status. Instants are milliseconds since 1970. */
export interface CountStep {
  readonly start: number;
  readonly end: number;
  readonly counts: Counts;
}

export interface CountsAsked {
  readonly from: number;
  readonly to: number;
  /** Whose hours they are, such as `Europe/Berlin`. */
  readonly zone: string;
  /** All that the person may see, if none is named. */
  readonly teams: readonly string[];
  /** All of them, if none is named. */
  readonly agents?: readonly string[];
}

/** A longer time has steps of an hour. */
const LONGEST_IN_QUARTERS = 24 * 3_600_000;

/** What to ask the hub. */
export function countsAddress({ from, to, zone, teams, agents = [] }: CountsAsked): string {
  const parameters = new URLSearchParams({ by: to - from > LONGEST_IN_QUARTERS ? "hour" : "quarterHour", tz: zone });
  parameters.set("from", new Date(from).toISOString());
  parameters.set("to", new Date(to).toISOString());
  for (const team of teams) parameters.append("teams", team);
  for (const agent of agents) parameters.append("agentIds", agent);
  return `api/v1/reports/time-in-status?${parameters.toString()}`;
}

/** In the order of time. A step in which nobody was there is none of them. */
export function countsOverTime({ items }: Pick<TimeInStatusReport, "items">): readonly CountStep[] {
  const steps = new Map<number, { start: number; end: number; counts: Record<BasePresenceStatus, number> }>();
  for (const { start, end, basePresenceStatus, durationMs } of items) {
    if (start === undefined || end === undefined) continue;
    const [from, to] = [Date.parse(start), Date.parse(end)];
    if (to <= from) continue;
    const step = steps.get(from) ?? { start: from, end: to, counts: { ...NONE } };
    step.counts[basePresenceStatus] += durationMs / (to - from);
    steps.set(from, step);
  }
  return [...steps.values()].sort((a, b) => a.start - b.start);
}

const NONE: Counts = { AVAILABLE: 0, BUSY: 0, BUSY_DO_NOT_DISTURB: 0, AWAY: 0, OFFLINE: 0 };
