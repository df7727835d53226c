/** The state of the connection in words, the same on every page. */

import { inLanguage } from "./language.ts";

/** `short` is for the bar, a word or two; `long` is for a banner. */
export const LINK = inLanguage({
  en: {
    connecting: { short: "Connecting", long: "Connecting to the hub." },
    reconnecting: { short: "Reconnecting", long: (why: string) => `${why} Reconnecting.` },
    connected: { short: "Connected" },
    noAnswer: { short: "No answer", long: "Nothing has come from the hub for longer than usual." },
    noNetwork: { short: "No network" },
    restarting: { short: "Hub is restarting" },
    ended: { short: "Not connected", long: (why: string, reason: string) => `${why} (${reason})` },
  },
  de: {
    connecting: { short: "Verbindet", long: "Die Verbindung wird aufgebaut." },
    reconnecting: { short: "Verbindet wieder", long: (why: string) => `${why} Es wird wieder verbunden.` },
    connected: { short: "Verbunden" },
    noAnswer: { short: "Keine Antwort", long: "Vom Hub kam länger als sonst nichts." },
    noNetwork: { short: "Kein Netz" },
    restarting: { short: "Hub startet neu" },
    ended: { short: "Nicht verbunden", long: (why: string, reason: string) => `${why} (${reason})` },
  },
});

/** Why the connection was closed, by the code it was closed with; those of 3000 and more are the client's own. */
const CLOSED: Readonly<Record<number, string>> = inLanguage<Readonly<Record<number, string>>>({
  en: {
    1000: "You have left.",
    1006: "The hub cannot be reached: it is down, or the way to it is.",
    1012: "The hub is restarting.",
    1013: "The hub has too many connections.",
    3001: "This computer has no network.",
    3002: "This page got no credentials.",
    4400: "This page speaks another language than the hub. Reload it.",
    4401: "You are not signed in, or your sign-in has ended.",
    4403: "You are not allowed to use this page.",
    4404: "This agent is unknown or disabled.",
    4408: "This page was too slow.",
    4409: "You have too many windows open. Close another one first.",
    4410: "You have been signed out.",
    4500: "The hub failed.",
  },
  de: {
    1000: "Sie haben sich abgemeldet.",
    1006: "Der Hub ist nicht erreichbar: er oder der Weg zu ihm ist gestört.",
    1012: "Der Hub startet neu.",
    1013: "Der Hub hat zu viele Verbindungen.",
    3001: "Dieser Computer hat kein Netz.",
    3002: "Diese Seite bekam keine Zugangsdaten.",
    4400: "Diese Seite spricht anders als der Hub. Laden Sie sie neu.",
    4401: "Sie sind nicht oder nicht mehr angemeldet.",
    4403: "Sie dürfen diese Seite nicht benutzen.",
    4404: "Dieser Agent ist unbekannt oder gesperrt.",
    4408: "Diese Seite war zu langsam.",
    4409: "Sie haben zu viele Fenster offen. Schließen Sie zuerst eines.",
    4410: "Sie wurden abgemeldet.",
    4500: "Der Hub ist ausgefallen.",
  },
});

/** What is the same for people. */
const LIKE: Readonly<Record<number, number>> = { 1001: 1012, 4413: 4400, 4411: 1005 };

const ANY = inLanguage({
  en: { hub: "The hub closed the connection.", network: "The connection was lost." },
  de: { hub: "Der Hub hat die Verbindung geschlossen.", network: "Die Verbindung ging verloren." },
});

/** From 4000 on the hub chose the code, maybe one that this page does not know yet; below, the network did. */
export function closed(code: number): string {
  return CLOSED[LIKE[code] ?? code] ?? (code >= 4000 ? ANY.hub : ANY.network);
}
