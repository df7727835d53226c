/** What the desk says of the agent's week, of what is recorded, and of what the agent disputes. */

import { inLanguage, LOCALE } from "./language.ts";

const DAY = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "short" });
const NEAR = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/** As the beginning or within a sentence: `today`, `yesterday`, `Monday, Nov 23`; `ago` is in days. */
export function dayNamed(from: number, ago: number): string {
  return ago < 2 ? NEAR.format(-ago, "day") : DAY.format(from);
}

export const MY_RECORD = inLanguage({
  en: {
    title: "Your week, and what is recorded about you",
    reading: "Your record is being read.",
    failed: "Your record could not be read",
    again: "Try again",
    cut: "This is not all: there is more than a page shows.",
    days: "Days",
    band: (day: string) => `Your presence on ${day}`,
    nothing: "Nothing was recorded.",
    list: "Entries",
    which: "Show",
    presences: "Presences",
    others: "Changed by others",
    everything: "Every change",
    noOthers: "Nobody else changed your presence on that day.",
    when: (from: string, to: string) => `${from} to ${to}`,
    since: (from: string) => `since ${from}`,
    by: (cause: string, who: string) => `${cause}, by ${who}`,
    dispute: "Dispute",
    disputes: (what: string) => `Dispute the entry ${what}`,
    note: "What is wrong with this entry?",
    hint: "The entry stays as it is. Your note stands beside it, supervisors read it, and nobody can change or delete it.",
    send: "Add the note",
    cancel: "Cancel",
    empty: "Say what is wrong.",
    disputed: (at: string, note: string) => `You disputed this ${at}: ${note}`,
    sent: "Your note stands beside the entry now.",
    notSent: (why: string) => `The note was not added: ${why}`,
  },
  de: {
    title: "Ihre Woche, und was über Sie aufgezeichnet ist",
    reading: "Ihre Aufzeichnung wird gelesen.",
    failed: "Ihre Aufzeichnung konnte nicht gelesen werden",
    again: "Noch einmal versuchen",
    cut: "Das ist nicht alles: Es gibt mehr, als eine Seite zeigt.",
    days: "Tage",
    band: (day: string) => `Ihr Status: ${day}`,
    nothing: "Es wurde nichts aufgezeichnet.",
    list: "Einträge",
    which: "Anzeigen",
    presences: "Status",
    others: "Von anderen geändert",
    everything: "Jede Änderung",
    noOthers: "Niemand anders hat an diesem Tag Ihren Status geändert.",
    when: (from: string, to: string) => `${from} bis ${to}`,
    since: (from: string) => `seit ${from}`,
    by: (cause: string, who: string) => `${cause}, durch ${who}`,
    dispute: "Widersprechen",
    disputes: (what: string) => `Dem Eintrag ${what} widersprechen`,
    note: "Was stimmt an diesem Eintrag nicht?",
    hint: "Der Eintrag bleibt, wie er ist. Ihr Vermerk steht daneben, die Teamleitung liest ihn, und niemand kann ihn ändern oder löschen.",
    send: "Vermerk hinzufügen",
    cancel: "Abbrechen",
    empty: "Sagen Sie, was nicht stimmt.",
    disputed: (at: string, note: string) => `Sie haben widersprochen (${at}): ${note}`,
    sent: "Ihr Vermerk steht jetzt beim Eintrag.",
    notSent: (why: string) => `Der Vermerk wurde nicht hinzugefügt: ${why}`,
  },
});
