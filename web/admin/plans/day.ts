/** The plan of a day as rows of a form, by the clock on the wall, and as the hub keeps it. */

import type { PlannedActivity } from "../../wire.ts";

export interface DayRow {
  /** `09:30`. */
  readonly start: string;
  /** `17:00`; `00:00` is the midnight at the end of the day. */
  readonly end: string;
  readonly activityId: string;
}

/** The midnights of a day such as `2026-11-27`, in milliseconds; null if it is none. */
export function edgesOf(day: string): { readonly from: number; readonly to: number } | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const at = (more: number): number => new Date(Number(year), Number(month) - 1, Number(date) + more).getTime();
  return { from: at(0), to: at(1) };
}

export function dayOf(instant: number): string {
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

const two = (number: number): string => String(number).padStart(2, "0");

function clock(instant: string): string {
  const at = new Date(instant);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function rowsOf(items: readonly PlannedActivity[]): readonly DayRow[] {
  return items.map(({ start, end, activityId }) => ({ start: clock(start), end: clock(end), activityId }));
}

/** An end of midnight is that at the end of the day. What the clock never shows is as much later as it was put forward. */
export function plannedOf(rows: readonly DayRow[], day: string): readonly PlannedActivity[] {
  const at = (time: string): number => new Date(`${day}T${time}:00`).getTime();
  const end = edgesOf(day)?.to ?? Number.NaN;
  const text = (instant: number): string => (Number.isNaN(instant) ? "" : new Date(instant).toISOString());
  return rows.map((row) => ({
    start: text(at(row.start)),
    end: text(row.end === "00:00" ? end : at(row.end)),
    activityId: row.activityId,
  }));
}

export type Mistake = "incomplete" | "backwards" | "overlaps";

/** By the place of its row: what is wrong before the hub is asked. */
export function mistakesOf(rows: readonly DayRow[], day: string): ReadonlyMap<number, Mistake> {
  const mistakes = new Map<number, Mistake>();
  const planned = plannedOf(rows, day);
  planned.forEach(({ start, end, activityId }, at) => {
    if (start === "" || end === "" || activityId === "") mistakes.set(at, "incomplete");
    else if (end <= start) mistakes.set(at, "backwards");
    else if (planned.some((other, place) => place < at && other.start < end && start < other.end))
      mistakes.set(at, "overlaps");
  });
  return mistakes;
}
