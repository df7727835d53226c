/** Times as people read them. Instants come from the hub; only their rendering is the browser's. */

import { LOCALE } from "../words/language.ts";

const CLOCK = /* @__PURE__ */ new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const CLOCK_WITH_SECONDS = /* @__PURE__ */ new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export function clockTime(instant: string | number): string {
  return CLOCK.format(new Date(instant));
}

export function clockTimeWithSeconds(instant: string | number): string {
  return CLOCK_WITH_SECONDS.format(new Date(instant));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `0:05`, `12:05`, `1:12:05`. Never negative: a frame may be a little older than the clock's last word. */
export function stopwatch(ms: number): string {
  const span = Math.max(0, ms);
  const hours = Math.floor(span / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  const seconds = String(Math.floor((span % MINUTE) / SECOND)).padStart(2, "0");
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`;
}
