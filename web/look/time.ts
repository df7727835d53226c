/** Times as people read them. Instants come from the hub; only their rendering is the browser's. */

import { LOCALE } from "../words/language.ts";

const CLOCK = /* @__PURE__ */ new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const CLOCK_WITH_SECONDS = /* @__PURE__ */ new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const DAY = new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric", month: "short" });
const NEAR = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

export function clockTime(instant: string | number): string {
  return CLOCK.format(new Date(instant));
}

export function clockTimeWithSeconds(instant: string | number): string {
  return CLOCK_WITH_SECONDS.format(new Date(instant));
}

/** The time of day, and the day if it is not that of `now`: "tomorrow, 09:49". */
export function dayAndTime(instant: string | number, now: number): string {
  const days = Math.round((midnight(new Date(instant).getTime()) - midnight(now)) / DAY_MS);
  if (days === 0) return clockTime(instant);
  const day = Math.abs(days) === 1 ? NEAR.format(days, "day") : DAY.format(new Date(instant));
  return `${day}, ${clockTime(instant)}`;
}

function midnight(instant: number): number {
  return new Date(instant).setHours(0, 0, 0, 0);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR;

/** `0:05`, `12:05`, `1:12:05`. Never negative: a frame may be a little older than the clock's last word. */
export function stopwatch(ms: number): string {
  const span = Math.max(0, ms);
  const hours = Math.floor(span / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  const seconds = String(Math.floor((span % MINUTE) / SECOND)).padStart(2, "0");
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}
