/** The lines of reports as rows of tables: who or when, and where each leads. */

import type { BasePresenceStatus, TimeInStatus } from "../wire.ts";
import { STACKED } from "../look/counts.ts";
import { LOCALE } from "../words/language.ts";
import { FIGURES } from "../words/reports.ts";
import type { By, Place } from "./address.ts";
import { localOf } from "./spans.ts";

/** Whom or what a line of a report is about. */
export interface Subject {
  readonly agentId?: string;
  readonly name?: string;
  readonly team?: string;
  readonly start?: string;
  readonly end?: string;
}

/** Tells the lines of one subject from those of others. */
export function keyOf({ agentId, team, start }: Subject): string {
  return agentId ?? start ?? `team ${team ?? ""}`;
}

export function nameOf(subject: Subject, by: By, zone: string): string {
  switch (by) {
    case "agent":
      return subject.name === undefined || subject.name === "" ? (subject.agentId ?? "") : subject.name;
    case "team":
      return subject.team ?? FIGURES.noTeam;
    case "quarterHour":
    case "hour":
      return formatted(subject.start, { ...DAY, hour: "2-digit", minute: "2-digit" }, zone);
    case "day":
      return formatted(subject.start, DAY, zone);
  }
}

const DAY = { weekday: "short", day: "numeric", month: "short" } as const;

function formatted(start: string | undefined, form: Intl.DateTimeFormatOptions, timeZone: string): string {
  return start === undefined ? "" : new Intl.DateTimeFormat(LOCALE, { ...form, timeZone }).format(new Date(start));
}

/** Where a line leads: a team or a time to the agents in it, an agent to its rows. Null if it leads nowhere. */
export function wayDown(subject: Subject, place: Place): Place | null {
  switch (place.by) {
    case "agent":
      return subject.agentId === undefined ? null : { ...place, agent: subject.agentId };
    case "team":
      return subject.team === undefined ? null : { ...place, by: "agent", teams: [subject.team], sort: null };
    case "quarterHour":
    case "hour":
    case "day": {
      const { start, end } = subject;
      if (start === undefined || end === undefined) return null;
      // The clock of the zone has minutes; what began or ended within one is that of the time asked for.
      const [from, to] = [localOf(Date.parse(start), place.zone), localOf(Date.parse(end) + 59_999, place.zone)];
      return { ...place, by: "agent", span: { kind: "range", from, to }, sort: null };
    }
  }
}

/** A presence with a column of its own. */
export interface Column {
  readonly presenceId: string;
  readonly text: string;
  readonly base: BasePresenceStatus;
}

export interface TimeRow {
  readonly key: string;
  readonly subject: Subject;
  readonly total: number;
  /** Milliseconds by presence. */
  readonly spent: ReadonlyMap<string, number>;
}

export interface TimeTable {
  readonly columns: readonly Column[];
  readonly rows: readonly TimeRow[];
  readonly whole: TimeRow;
}

/** The presences in the order in which statuses lie on each other, the longest first within each. */
export function timeTable(items: readonly TimeInStatus[]): TimeTable {
  const columns = new Map<string, Column>();
  const rows = new Map<string, { key: string; subject: Subject; total: number; spent: Map<string, number> }>();
  const whole = { key: "whole", subject: {}, total: 0, spent: new Map<string, number>() };
  for (const item of items) {
    const { presenceId, presenceText: text, basePresenceStatus: base, durationMs } = item;
    if (!columns.has(presenceId)) columns.set(presenceId, { presenceId, text, base });
    const key = keyOf(item);
    const row = rows.get(key) ?? { key, subject: item, total: 0, spent: new Map<string, number>() };
    rows.set(key, row);
    for (const sum of [row, whole]) {
      sum.total += durationMs;
      sum.spent.set(presenceId, (sum.spent.get(presenceId) ?? 0) + durationMs);
    }
  }
  const of = (column: Column): number => whole.spent.get(column.presenceId) ?? 0;
  const inOrder = [...columns.values()].sort(
    (one, other) => STACKED.indexOf(one.base) - STACKED.indexOf(other.base) || of(other) - of(one),
  );
  return { columns: inOrder, rows: [...rows.values()], whole };
}

/** By a column, the most first. If no column is named, agents stand by name, and all else as the hub answered. */
export function sorted<Row>(
  rows: readonly Row[],
  column: string | null,
  value: (row: Row, column: string) => number,
  subject: (row: Row) => Subject,
): readonly Row[] {
  if (column !== null) return [...rows].sort((one, other) => value(other, column) - value(one, column));
  const name = (row: Row): string => subject(row).name ?? "";
  return [...rows].sort((one, other) => NAMES.compare(name(one), name(other)));
}

/** The sort is stable: what has no name stays where it was. */
const NAMES = new Intl.Collator(LOCALE);
