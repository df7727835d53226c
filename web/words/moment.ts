/** Instants as people say them: never without the day when it is not today. */

import { LOCALE } from "./language.ts";

const CLOCK = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short" });
const NEAR = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/** `9:49 AM`, `tomorrow, 9:49 AM`, `yesterday, 9:49 AM` or `Mon, Nov 30, 9:49 AM`; `now` is the hub's time. */
export function moment(instant: string | number, now: number): string {
  const at = new Date(instant);
  const clock = CLOCK.format(at);
  const days = daysBetween(new Date(now), at);
  if (days === 0) return clock;
  return `${Math.abs(days) === 1 ? NEAR.format(days, "day") : DAY.format(at)}, ${clock}`;
}

/** By the calendar on the wall: a day of 23 or 25 hours is one day. */
function daysBetween(from: Date, to: Date): number {
  const midday = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate(), 12);
  return Math.round((midday(to) - midday(from)) / 86_400_000);
}
