/** Plans of many agents, from a table that was pasted. Each mistake is of its row. */

import papaparse from "papaparse";
import type { Activity, AgentsPlannedActivity } from "../../wire.ts";
import { PLANS } from "../../words/admin-plans.ts";

export interface PlanRow {
  /** As a spreadsheet counts: the names of the columns are row 1. */
  readonly row: number;
  readonly item: AgentsPlannedActivity;
  readonly mistake: string | null;
}

export interface PlanTable {
  readonly rows: readonly PlanRow[];
  /** Why nothing can be done with it, or null. */
  readonly stops: string | null;
}

/** As many as the hub takes at once. */
const MOST_ROWS = 100_000;
const COLUMNS = ["agentid", "start", "end", "activityid"] as const;

/** Finds an activity by its id or its text, whatever the case of the text. */
export function activityFinder(
  activities: readonly Pick<Activity, "activityId" | "text">[],
): (named: string) => string | undefined {
  const texts = new Map(activities.map(({ activityId, text }) => [text.toLowerCase(), activityId]));
  const ids = new Set(activities.map(({ activityId }) => activityId));
  return (named) => (ids.has(named) ? named : texts.get(named.toLowerCase()));
}

export function planTable(text: string, activity: (named: string) => string | undefined): PlanTable {
  const { data } = papaparse.parse(text.replace(/^\uFEFF/, ""), {
    skipEmptyLines: "greedy",
    delimitersToGuess: ["\t", ",", ";"],
  });
  const [head = [], ...lines] = data;
  const named = head.map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
  const places = COLUMNS.map((column) => named.indexOf(column));
  const missing = ["agentId", "start", "end", "activityId"].filter((_, at) => places[at] === -1);
  if (missing.length > 0) return { rows: [], stops: PLANS.noColumns(missing.join(", ")) };
  if (lines.length > MOST_ROWS) return { rows: [], stops: PLANS.tooMany(MOST_ROWS) };
  const cell = (line: readonly string[], column: number): string => (line[places[column] ?? -1] ?? "").trim();
  const rows = lines.map((line, at): PlanRow => {
    const [agentId, start, end, activityId] = [0, 1, 2, 3].map((column) => cell(line, column));
    const item = {
      agentId: agentId ?? "",
      start: instant(start ?? ""),
      end: instant(end ?? ""),
      activityId: activity(activityId ?? "") ?? "",
    };
    return { row: at + 2, item, mistake: mistakeOf(item, [start ?? "", end ?? "", activityId ?? ""]) };
  });
  return { rows: withOverlaps(rows), stops: null };
}

/** Without an offset it is of the clock on the wall: `2026-11-27 09:00`. Empty if it is no instant. */
function instant(text: string): string {
  const at = new Date(text.replace(" ", "T"));
  return text === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

function mistakeOf(
  { agentId, start, end, activityId }: AgentsPlannedActivity,
  [from, to, named]: readonly [string, string, string],
): string | null {
  if (agentId === "") return PLANS.noAgent;
  if (start === "") return PLANS.noInstant(from);
  if (end === "") return PLANS.noInstant(to);
  if (end <= start) return PLANS.backwards;
  return activityId === "" ? PLANS.noActivity(named) : null;
}

function withOverlaps(rows: readonly PlanRow[]): readonly PlanRow[] {
  const of = new Map<string, PlanRow[]>();
  for (const row of rows)
    if (row.mistake === null) of.set(row.item.agentId, [...(of.get(row.item.agentId) ?? []), row]);
  const overlapping = new Set<number>();
  for (const own of of.values()) {
    const inOrder = [...own].sort((one, other) => (one.item.start < other.item.start ? -1 : 1));
    inOrder.forEach(({ item, row }, at) => {
      const before = inOrder[at - 1];
      if (before !== undefined && before.item.end > item.start) overlapping.add(row);
    });
  }
  return rows.map((row) => (overlapping.has(row.row) ? { ...row, mistake: PLANS.overlaps } : row));
}

/** The rows, with a mistake where the hub has no such agent. */
export function withKnown(rows: readonly PlanRow[], known: ReadonlyMap<string, unknown>): readonly PlanRow[] {
  return rows.map((row) =>
    row.mistake === null && !known.has(row.item.agentId)
      ? { ...row, mistake: PLANS.unknownAgent(row.item.agentId) }
      : row,
  );
}

/** What of an agent's plan a preview lists. */
export interface PlannedAgent {
  readonly agentId: string;
  readonly start: string;
  readonly end: string;
  readonly activities: number;
}

/** In the order of the rows. */
export function plannedAgents(rows: readonly PlanRow[]): readonly PlannedAgent[] {
  const of = new Map<string, PlannedAgent>();
  for (const { item } of rows) {
    const { agentId, start, end } = item;
    const before = of.get(agentId) ?? { agentId, start, end, activities: 0 };
    of.set(agentId, {
      agentId,
      start: start < before.start ? start : before.start,
      end: end > before.end ? end : before.end,
      activities: before.activities + 1,
    });
  }
  return [...of.values()];
}

/** From the midnight before the first to the one behind the last, by the clock on the wall. */
export function spanOf(rows: readonly PlanRow[]): { readonly from: string; readonly to: string } | null {
  const starts = rows.map(({ item }) => item.start).sort();
  const ends = rows.map(({ item }) => item.end).sort();
  const [first, last] = [starts[0], ends.at(-1)];
  if (first === undefined || last === undefined) return null;
  const from = new Date(new Date(first).setHours(0, 0, 0, 0));
  const to = new Date(last);
  if (to.getHours() + to.getMinutes() + to.getSeconds() + to.getMilliseconds() > 0) to.setHours(24, 0, 0, 0);
  return { from: from.toISOString(), to: to.toISOString() };
}

/** Far below what the hub takes, so that a lost answer leaves few in doubt. */
const PART = 2_000;

/** Parts of whole agents: a plan takes the place of another as a whole. */
export function partsOf(rows: readonly PlanRow[], most = PART): readonly (readonly AgentsPlannedActivity[])[] {
  const of = new Map<string, AgentsPlannedActivity[]>();
  for (const { item } of rows) {
    const own = of.get(item.agentId) ?? [];
    own.push(item);
    of.set(item.agentId, own);
  }
  const parts: AgentsPlannedActivity[][] = [];
  for (const own of of.values()) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + own.length <= most) last.push(...own);
    else parts.push([...own]);
  }
  return parts;
}
