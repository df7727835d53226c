/** Instants by the clock of the zone that a report is about. */

import { LOCALE } from "../words/language.ts";

const FORM = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;

const FORMS = new Map<string, Intl.DateTimeFormat>();

/** `Nov 27, 09:04:31`. */
export function clockIn(timeZone: string, instant: number): string {
  const form = FORMS.get(timeZone) ?? new Intl.DateTimeFormat(LOCALE, { ...FORM, timeZone });
  FORMS.set(timeZone, form);
  return form.format(instant);
}
