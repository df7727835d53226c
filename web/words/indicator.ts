/** What the indicator and its dialog "Set your presence status" say. */

import type { BasePresenceStatus, Presence } from "../wire.ts";
import type { Notice } from "../client/agent.ts";
import { inLanguage, LANGUAGE } from "./language.ts";

export const INDICATOR = inLanguage({
  en: {
    label: "Your presence: ",
    unknown: "Unknown",
    unknownExplained: "What others see of you is not known right now.",
    lasts: (time: string, since: string) => `for ${time}, since ${since}`,
    until: (end: string) => `until ${end}`,
    untilThen: (end: string, next: string) => `until ${end}, then ${next}`,
    reason: (reason: string) => `Reason: ${reason}`,
    held: "No new work is offered until you reset your presence.",
    reset: "Reset presence",
    dismiss: "Dismiss",
    notices: "Notices",
    tryAgain: "Try again",
    reconnectNow: "Reconnect now",
    signInAgain: "Sign in again",
    signInHere: "Sign in again on this site, then reload the page.",
    askSomebody: "Ask whoever administers the presence hub.",
    close: "Close",
    cancel: "Cancel",
  },
  de: {
    label: "Ihr Status: ",
    unknown: "Unbekannt",
    unknownExplained: "Was andere von Ihnen sehen, ist gerade nicht bekannt.",
    lasts: (time: string, since: string) => `${time} lang, seit ${since}`,
    until: (end: string) => `bis ${end}`,
    untilThen: (end: string, next: string) => `bis ${end}, danach ${next}`,
    reason: (reason: string) => `Grund: ${reason}`,
    held: "Neue Arbeit kommt erst, wenn Sie den Status zurücksetzen.",
    reset: "Status zurücksetzen",
    dismiss: "Ausblenden",
    notices: "Hinweise",
    tryAgain: "Erneut versuchen",
    reconnectNow: "Jetzt verbinden",
    signInAgain: "Wieder anmelden",
    signInHere: "Melden Sie sich hier neu an, dann laden Sie die Seite neu.",
    askSomebody: "Fragen Sie, wer den Presence Hub verwaltet.",
    close: "Schließen",
    cancel: "Abbrechen",
  },
});

/** The dialog in which an agent chooses a presence. */
export const CHOOSING = inLanguage({
  en: {
    title: "Set your presence status",
    presence: "Presence",
    search: "Search",
    nothingFound: "No presence has these words.",
    howLong: "How long",
    untilChanged: "Until I change it",
    untilWork: "Until work begins or ends",
    asItIs: (end: string) => `Until ${end}, as it is`,
    minutes: (count: number) => `${count} minutes`,
    hour: "1 hour",
    untilATime: "Until a time…",
    timeOfDay: "Time of day",
    ends: (end: string) => `Ends ${end}.`,
    farOff: (hours: number) => `That is in ${hours} hours, longer than a shift.`,
    next: "Then",
    computed: "What your work says",
    reason: "Reason",
    optional: "(optional)",
    set: "Set presence",
  },
  de: {
    title: "Eigenen Status setzen",
    presence: "Status",
    search: "Suchen",
    nothingFound: "Kein Status hat diese Wörter.",
    howLong: "Wie lange",
    untilChanged: "Bis ich ihn ändere",
    untilWork: "Bis Arbeit beginnt oder endet",
    asItIs: (end: string) => `Bis ${end}, wie gesetzt`,
    minutes: (count: number) => `${count} Minuten`,
    hour: "1 Stunde",
    untilATime: "Bis zu einer Uhrzeit…",
    timeOfDay: "Uhrzeit",
    ends: (end: string) => `Endet ${end}.`,
    farOff: (hours: number) => `Das ist in ${hours} Stunden, länger als eine Schicht.`,
    next: "Danach",
    computed: "Was sich aus der Arbeit ergibt",
    reason: "Grund",
    optional: "(optional)",
    set: "Status setzen",
  },
});

export const BASES: Readonly<Record<BasePresenceStatus, string>> = inLanguage<Record<BasePresenceStatus, string>>({
  en: {
    AVAILABLE: "Available",
    BUSY: "Busy",
    BUSY_DO_NOT_DISTURB: "Do not disturb",
    AWAY: "Away",
    OFFLINE: "Offline",
  },
  de: {
    AVAILABLE: "Verfügbar",
    BUSY: "Beschäftigt",
    BUSY_DO_NOT_DISTURB: "Nicht stören",
    AWAY: "Abwesend",
    OFFLINE: "Offline",
  },
});

const NOTICES: Readonly<Partial<Record<Notice["code"], (status: string, who: string) => string>>> = inLanguage<
  Readonly<Partial<Record<Notice["code"], (status: string, who: string) => string>>>
>({
  en: {
    presenceSetBySupervisor: (status, who) =>
      `${who === "" ? "A supervisor" : `Supervisor ${who}`} set you to ${status}.`,
    signedOutBySupervisor: (_, who) => `${who === "" ? "A supervisor" : `Supervisor ${who}`} signed you out.`,
    presenceExpired: (status) => `The time set for your presence is over. You are ${status} now.`,
    presenceRetired: (status) => `Your presence was retired. You are ${status} now.`,
  },
  de: {
    presenceSetBySupervisor: (status, who) =>
      `${who === "" ? "Die Teamleitung" : `${who} (Teamleitung)`} hat Sie auf ${status} gesetzt.`,
    signedOutBySupervisor: (_, who) => `${who === "" ? "Die Teamleitung" : `${who} (Teamleitung)`} hat Sie abgemeldet.`,
    presenceExpired: (status) => `Die Zeit für Ihren Status ist vorbei. Sie sind jetzt: ${status}.`,
    presenceRetired: (status) => `Ihr Status wird nicht mehr angeboten. Sie sind jetzt: ${status}.`,
  },
});

/** What a notice says of the presence that it brought about; null for a hold, which its own banner explains. */
export function noticeText({ code, actor, reason }: Notice, status: string): string | null {
  const said = NOTICES[code]?.(status, actor?.id ?? "");
  if (said === undefined) return null;
  return reason === undefined ? said : `${said} ${INDICATOR.reason(reason)}`;
}

/** Those that ship have their text in one language alone. */
const SHIPPED = inLanguage<(presence: Presence) => string | undefined>({
  en: () => undefined,
  de: ({ builtIn, presenceId, basePresenceStatus: base }) =>
    builtIn ? (presenceId === "inactive" ? "Inaktiv" : BASES[base]) : undefined,
});

/** What people see of a presence, in their language. */
export function presenceText(presence: Presence): string {
  return presence.labels[LANGUAGE] ?? SHIPPED(presence) ?? presence.presenceText;
}
