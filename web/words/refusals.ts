/** Why the hub did not do what an agent asked for itself, and how words that are not known here are shown. */

import { inLanguage } from "./language.ts";

/** By the contract's error codes, and the client's own. */
const REFUSALS: Readonly<Record<string, string>> = inLanguage<Readonly<Record<string, string>>>({
  en: {
    not_connected: "There is no connection to the hub right now.",
    outcome_unknown: "The connection was lost before the hub answered. Look again before you repeat it.",
    unavailable: "The hub could not save this now. Nothing was changed.",
    nothing_to_reset: "There is nothing to reset.",
    presence_not_settable: "This presence cannot be set.",
    unknown_presence: "This presence does not exist any more.",
    unknown_agent: "The agent is unknown.",
    agent_disabled: "The agent is disabled.",
    rate_limited: "Too many requests. Wait a moment.",
  },
  de: {
    not_connected: "Es gibt gerade keine Verbindung zum Hub.",
    outcome_unknown: "Die Verbindung brach ab. Sehen Sie nach, bevor Sie es wiederholen.",
    unavailable: "Der Hub konnte das nicht speichern. Nichts wurde geändert.",
    nothing_to_reset: "Es gibt nichts zurückzusetzen.",
    presence_not_settable: "Dieser Status kann nicht gesetzt werden.",
    unknown_presence: "Diesen Status gibt es nicht mehr.",
    unknown_agent: "Der Agent ist unbekannt.",
    agent_disabled: "Der Agent ist gesperrt.",
    rate_limited: "Zu viele Anfragen. Warten Sie kurz.",
  },
});

/** The hub's own sentence, `message`, is used for codes that are not known here. */
export function refusedToOneself(code: string, message?: string): string {
  return REFUSALS[code] ?? message ?? spelled(code);
}

/** `SOME_NEW_WORD` becomes `Some new word`. */
export function spelled(word: string): string {
  return capitalized(word.toLowerCase().replaceAll("_", " "));
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
