/** What stands around the grid of the board: totals, the last hours, the wallboard, and who may get work. */

import type { IneligibleReason } from "../wire.ts";
import { inLanguage } from "./language.ts";

/** Totals by team. */
export const TEAMS = inLanguage({
  en: {
    title: "Teams",
    team: "Team",
    more: (count: number) => (count === 1 ? "1 more team is not listed." : `${count} more teams are not listed.`),
  },
  de: {
    title: "Teams",
    team: "Team",
    more: (count: number) =>
      count === 1 ? "1 weiteres Team ist nicht aufgeführt." : `${count} weitere Teams sind nicht aufgeführt.`,
  },
});

/** The last hours. */
export const COURSE = inLanguage({
  en: {
    title: (hours: number) => `Agents per status over the last ${hours} hours`,
    mark: (sessions: number, why: string) => `${sessions} sessions: ${why}`,
    failed: (why: string) => `The last hours could not be read: ${why}.`,
  },
  de: {
    title: (hours: number) => `Agenten je Status in den letzten ${hours} Stunden`,
    mark: (sessions: number, why: string) => `${sessions} Sitzungen: ${why}`,
    failed: (why: string) => `Die letzten Stunden konnten nicht gelesen werden: ${why}.`,
  },
});

/** The board of a large screen. */
export const WALL = inLanguage({
  en: {
    title: "Wallboard",
    open: "Wallboard, for a large screen",
    ended: "This screen is not signed in any more. Sign in here, and it goes on by itself.",
    noThresholds: "No thresholds are set. Set them on the board, in this browser.",
  },
  de: {
    title: "Wandanzeige",
    open: "Wandanzeige für einen großen Bildschirm",
    ended: "Dieser Bildschirm ist nicht mehr angemeldet. Melden Sie sich hier an, dann geht es von selbst weiter.",
    noThresholds: "Es sind keine Schwellen gesetzt. Setzen Sie sie auf der Übersicht in diesem Browser.",
  },
});

interface EligibleWords {
  readonly title: string;
  readonly workstream: string;
  readonly choose: string;
  readonly again: string;
  readonly asOf: (time: string) => string;
  readonly count: (may: number, all: number, cut: boolean) => string;
  readonly atLeast: (may: number) => string;
  readonly none: string;
  readonly noWorkstreams: string;
  readonly free: (units: number) => string;
  readonly failed: (why: string) => string;
  readonly may: string;
  readonly mayNot: string;
  readonly more: (count: number) => string;
  readonly reasons: Readonly<Record<IneligibleReason, string>>;
}

/** Who may get work of a workstream, and why others may not. */
export const ELIGIBLE = inLanguage<EligibleWords>({
  en: {
    title: "Who may get work",
    workstream: "Workstream",
    choose: "Choose a workstream",
    again: "Ask again",
    asOf: (time) => `as of ${time}`,
    count: (may, all, cut) => `${may} of ${all}${cut ? " or more" : ""} agents may get work of it now.`,
    atLeast: (may) => `At least ${may} agents may get work of it now; filter by team to see why others may not.`,
    none: "Nobody may get work of it now.",
    noWorkstreams: "There are no workstreams yet.",
    free: (units) => (units === 1 ? "1 unit free" : `${units} units free`),
    failed: (why) => `It could not be asked: ${why}.`,
    may: "May get work, in this order",
    mayNot: "May not, and why",
    more: (count) => `and ${count} more`,
    reasons: {
      PRESENCE_NOT_ALLOWED: "the workstream does not allow the presence",
      CAPACITY: "not enough capacity is left",
      PROFILE_MISSING: "lacks the capacity profile",
      BLOCKED_BY_PROFILE: "a full capacity profile keeps all work away",
      HOLD: "a hold is set",
      NOT_CONNECTED: "not connected",
      DISABLED: "disabled",
      WORK_ITEM_LIMIT: "at the limit of open work items",
    },
  },
  de: {
    title: "Wer Arbeit bekommen kann",
    workstream: "Arbeitsstrom",
    choose: "Arbeitsstrom wählen",
    again: "Noch einmal fragen",
    asOf: (time) => `Stand ${time}`,
    count: (may, all, cut) => `${may} von ${all}${cut ? " oder mehr" : ""} Agenten können jetzt Arbeit davon bekommen.`,
    atLeast: (may) =>
      `Mindestens ${may} Agenten können jetzt Arbeit davon bekommen; mit einem Teamfilter sehen Sie, warum andere nicht.`,
    none: "Niemand kann jetzt Arbeit davon bekommen.",
    noWorkstreams: "Es gibt noch keine Arbeitsströme.",
    free: (units) => (units === 1 ? "1 Einheit frei" : `${units} Einheiten frei`),
    failed: (why) => `Es konnte nicht gefragt werden: ${why}.`,
    may: "Können Arbeit bekommen, in dieser Reihenfolge",
    mayNot: "Können nicht, und warum",
    more: (count) => `und ${count} weitere`,
    reasons: {
      PRESENCE_NOT_ALLOWED: "der Arbeitsstrom lässt den Status nicht zu",
      CAPACITY: "nicht genug Kapazität frei",
      PROFILE_MISSING: "das Kapazitätsprofil fehlt",
      BLOCKED_BY_PROFILE: "ein volles Kapazitätsprofil hält alle Arbeit fern",
      HOLD: "gesperrt",
      NOT_CONNECTED: "nicht verbunden",
      DISABLED: "deaktiviert",
      WORK_ITEM_LIMIT: "an der Grenze offener Vorgänge",
    },
  },
});
