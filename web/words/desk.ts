/** What an agent's desk says beside the indicator's own words. */

import type { WorkItemState } from "../wire.ts";
import { inLanguage, LOCALE } from "./language.ts";

export const DESK = inLanguage({
  en: {
    notConnected: (why: string) => `${why} Your presence is not known while this page is not connected.`,
    signInEnds: (at: string) => `Your sign-in ends at ${at}.`,
    yourPresence: "Your presence",
    at: (time: string, text: string) => `${time}: ${text}`,
    teams: (teams: string) => `Teams: ${teams}`,
    severalWindows: (count: number) => `${count} open windows; you stay signed in until the last one closes`,
    blocked: "New work is kept from you, because a capacity profile is full",
  },
  de: {
    notConnected: (why: string) => `${why} Ihr Status ist nicht bekannt, solange diese Seite nicht verbunden ist.`,
    signInEnds: (at: string) => `Ihre Anmeldung endet um ${at}.`,
    yourPresence: "Ihr Status",
    at: (time: string, text: string) => `${time}: ${text}`,
    teams: (teams: string) => `Teams: ${teams}`,
    severalWindows: (count: number) =>
      `${count} offene Fenster; Sie bleiben angemeldet, bis das letzte geschlossen wird`,
    blocked: "Neue Arbeit wird Ihnen nicht angeboten, weil ein Kapazitätsprofil ausgeschöpft ist",
  },
});

export interface Taken {
  readonly used: number;
  readonly reserved: number;
  readonly max: number;
  /** A full profile that keeps all other work away too. */
  readonly blocksOthers: boolean;
}

export const CAPACITY = inLanguage({
  en: {
    title: "Capacity",
    openWork: (count: number) => (count === 1 ? "1 open work item" : `${count} open work items`),
    unlimited: "No capacity is configured for you. Only the number of open work items is limited.",
    units: "Units",
    inUse: (what: string) => `${what} in use`,
    taken: ({ used, reserved, max, blocksOthers }: Taken) => {
      const offered = reserved === 0 ? "" : `, ${reserved} reserved by offers`;
      return `${used} of ${max} used${offered}${blocksOthers ? "; blocks other work when full" : ""}`;
    },
  },
  de: {
    title: "Kapazität",
    openWork: (count: number) => (count === 1 ? "1 offener Vorgang" : `${count} offene Vorgänge`),
    unlimited: "Für Sie ist keine Kapazität eingerichtet. Nur die Zahl offener Vorgänge ist begrenzt.",
    units: "Einheiten",
    inUse: (what: string) => `${what} belegt`,
    taken: ({ used, reserved, max, blocksOthers }: Taken) => {
      const offered = reserved === 0 ? "" : `, ${reserved} durch Angebote vorgemerkt`;
      return `${used} von ${max} belegt${offered}${blocksOthers ? "; sperrt andere Arbeit, wenn es voll ist" : ""}`;
    },
  },
});

interface WorkWords {
  readonly title: string;
  readonly none: string;
  readonly states: Readonly<Record<WorkItemState, string>>;
  /** What a countdown leads to. */
  readonly ends: Readonly<Record<WorkItemState, (time: string) => string>>;
  readonly lasts: (time: string) => string;
  readonly units: (count: number) => string;
  readonly holds: (what: string) => string;
  readonly reserves: (what: string) => string;
  readonly holdsNothing: string;
}

/** Offers and open work. */
export const WORK = inLanguage<WorkWords>({
  en: {
    title: "Offers and open work",
    none: "Nothing is offered to you, and no work is open.",
    states: { OFFERED: "Offered", ACTIVE: "Active", WRAP_UP: "Wrap-up" },
    ends: {
      OFFERED: (time) => `missed in ${time}`,
      ACTIVE: (time) => `ends in ${time}`,
      WRAP_UP: (time) => `frees capacity in ${time}`,
    },
    lasts: (time) => `for ${time}`,
    units: (count) => (count === 1 ? "1 unit" : `${count} units`),
    holds: (what) => `holds ${what}`,
    reserves: (what) => `reserves ${what}`,
    holdsNothing: "holds no capacity",
  },
  de: {
    title: "Angebote und offene Arbeit",
    none: "Ihnen wird nichts angeboten, und nichts ist offen.",
    states: { OFFERED: "Angeboten", ACTIVE: "Aktiv", WRAP_UP: "Nacharbeit" },
    ends: {
      OFFERED: (time) => `verpasst in ${time}`,
      ACTIVE: (time) => `endet in ${time}`,
      WRAP_UP: (time) => `gibt Kapazität frei in ${time}`,
    },
    lasts: (time) => `seit ${time}`,
    units: (count) => (count === 1 ? "1 Einheit" : `${count} Einheiten`),
    holds: (what) => `belegt ${what}`,
    reserves: (what) => `merkt ${what} vor`,
    holdsNothing: "belegt keine Kapazität",
  },
});

/** What is planned for the agent today. */
export const MY_PLAN = inLanguage({
  en: {
    title: "Planned for you today",
    span: (text: string, from: string, to: string) => `${text}, ${from} to ${to}`,
    isNow: (says: string) => `Now: ${says}`,
    failed: (why: string) => `Your plan could not be read: ${why}.`,
  },
  de: {
    title: "Heute für Sie geplant",
    span: (text: string, from: string, to: string) => `${text}, ${from} bis ${to}`,
    isNow: (says: string) => `Jetzt: ${says}`,
    failed: (why: string) => `Ihr Plan konnte nicht gelesen werden: ${why}.`,
  },
});

const HOURS = new Intl.NumberFormat(LOCALE, { style: "unit", unit: "hour" });
const MINUTES = new Intl.NumberFormat(LOCALE, { style: "unit", unit: "minute" });

/** `3 hr 5 min`, in the form of the language. */
function inHours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return MINUTES.format(minutes);
  return rest === 0 ? HOURS.format(hours) : `${HOURS.format(hours)} ${MINUTES.format(rest)}`;
}

export const TODAY = inLanguage({
  en: {
    title: "Your day",
    since: (from: string) => `Your day since ${from}`,
    span: (text: string, from: string, to: string) => `${text}, ${from} to ${to}`,
    sum: (base: string, ms: number) => `${base} ${inHours(ms)}`,
    all: (count: number) => (count === 1 ? "1 stretch" : `All ${count} stretches`),
    failed: (why: string) => `What was recorded of you today could not be read: ${why}.`,
  },
  de: {
    title: "Ihr Tag",
    since: (from: string) => `Ihr Tag seit ${from}`,
    span: (text: string, from: string, to: string) => `${text}, ${from} bis ${to}`,
    sum: (base: string, ms: number) => `${base} ${inHours(ms)}`,
    all: (count: number) => (count === 1 ? "1 Abschnitt" : `Alle ${count} Abschnitte`),
    failed: (why: string) => `Was heute von Ihnen aufgezeichnet wurde, konnte nicht gelesen werden: ${why}.`,
  },
});

export const ALERTS = inLanguage({
  en: {
    title: "Tell me",
    about: "When I become Inactive or another hold begins, and when somebody else changes my presence.",
    notification: "With a notification of this computer",
    sound: "With a sound",
    refused: "Your browser does not let this page notify you. Its settings can allow it.",
  },
  de: {
    title: "Bescheid geben",
    about: "Wenn ich inaktiv werde oder sonst gesperrt bin, und wenn jemand anders meinen Status ändert.",
    notification: "Mit einer Mitteilung dieses Computers",
    sound: "Mit einem Ton",
    refused: "Ihr Browser erlaubt dieser Seite keine Mitteilungen. Seine Einstellungen können das ändern.",
  },
});
