/** What a place asks the hub. */

import type { Place } from "./address.ts";
import type { Between } from "./spans.ts";

/** The time, and whom it is about. */
export function about({ from, to }: Between, { teams, agents }: Place): URLSearchParams {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  for (const team of teams) query.append("teams", team);
  for (const agent of agents) query.append("agentIds", agent);
  return query;
}

/** A report that sums by agent, team, hour or day. */
export function reportAddress(report: string, between: Between, place: Place, by = place.by): string {
  const query = about(between, place);
  query.set("by", by);
  query.set("tz", place.zone);
  return `api/v1/reports/${report}?${query.toString()}`;
}
