/** The time that a report is about: as people choose it, and the instants that this means on the clock of a zone. */

export type Span =
  | { readonly kind: "today" | "yesterday" | "this-week" | "last-week" }
  /** A day of the zone, such as `2026-03-29`. */
  | { readonly kind: "day"; readonly day: string }
  /** By the clock of the zone, such as `2026-03-29T08:00`. */
  | { readonly kind: "range"; readonly from: string; readonly to: string };

/** Milliseconds since 1970: the first included, the second not. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Null if it names no time, or one that ends before it begins. A day may have 23 or 25 hours. */
export function between(span: Span, zone: string, now: number): Between | null {
  const today = localOf(now, zone).slice(0, 10);
  switch (span.kind) {
    case "today":
      return days(today, 1, zone);
    case "yesterday":
      return days(later(today, -1), 1, zone);
    case "this-week":
      return days(monday(today), 7, zone);
    case "last-week":
      return days(later(monday(today), -7), 7, zone);
    case "day":
      return Number.isNaN(Date.parse(span.day)) ? null : days(span.day, 1, zone);
    case "range": {
      const [from, to] = [instantOf(span.from, zone), instantOf(span.to, zone)];
      return from === null || to === null || to <= from ? null : { from, to };
    }
  }
}

function days(first: string, count: number, zone: string): Between | null {
  const [from, to] = [instantOf(`${first}T00:00`, zone), instantOf(`${later(first, count)}T00:00`, zone)];
  return from === null || to === null ? null : { from, to };
}

function later(day: string, count: number): string {
  return new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10);
}

function monday(day: string): string {
  return later(day, -((new Date(day).getUTCDay() + 6) % 7));
}

/** What the clock of the zone shows at an instant: `2026-03-29T08:00`. */
export function localOf(instant: number, zone: string): string {
  return new Date(instant + offsetAt(instant, zone)).toISOString().slice(0, 16);
}

/** When the clock shows this: the first time if it does twice, and as much later as the clock was put forward if never. */
export function instantOf(local: string, zone: string): number | null {
  const shown = Date.parse(`${local}Z`);
  if (Number.isNaN(shown)) return null;
  const [before, after] = [offsetAt(shown - DAY, zone), offsetAt(shown + DAY, zone)];
  const found = [shown - before, shown - after].filter((one) => one + offsetAt(one, zone) === shown);
  return found.length === 0 ? shown - before : Math.min(...found);
}

/** By how much the clock of the zone is ahead of UTC. */
function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", ...FIELDS }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return shown - Math.floor(instant / MINUTE) * MINUTE;
}

const FIELDS = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
