/** One change of all agents of a narrowed list. */

import { inLanguage, LOCALE } from "./language.ts";

const COUNT = new Intl.NumberFormat(LOCALE);

export const ALL_OF_THEM = inLanguage({
  en: {
    open: "Change all of these agents …",
    counting: (count: number) => `Counting: ${COUNT.format(count)} agents so far.`,
    about: (count: number, filter: string) =>
      `${COUNT.format(count)} agents of ${filter} are changed, also those on other pages.`,
    what: "Change",
    to: "To",
    fields: {
      enabled: "Enabled",
      defaultPresenceId: "Default presence",
      units: "Units",
      teams: "Teams",
      queues: "Queues",
      skills: "Skills",
    },
    yes: "Yes",
    no: "No",
    unitsHint: "Empty takes the units away.",
    listHint: "Parted by commas. They take the place of what is there; empty takes all away.",
    noNumber: "A whole number is right.",
    send: (count: number) => (count === 1 ? "Change 1 agent" : `Change ${COUNT.format(count)} agents`),
    sending: (count: number) => `Changing ${COUNT.format(count)} agents.`,
    done: (done: number, refused: number) =>
      refused === 0
        ? `${COUNT.format(done)} agents changed.`
        : `${COUNT.format(done)} agents changed, ${COUNT.format(refused)} refused.`,
    cancel: "Cancel",
    close: "Close",
  },
  de: {
    open: "Alle diese Agenten ändern …",
    counting: (count: number) => `Wird gezählt: bisher ${COUNT.format(count)} Agenten.`,
    about: (count: number, filter: string) =>
      `${COUNT.format(count)} Agenten von ${filter} werden geändert, auch die auf anderen Seiten.`,
    what: "Ändern",
    to: "Auf",
    fields: {
      enabled: "Aktiv",
      defaultPresenceId: "Standardstatus",
      units: "Einheiten",
      teams: "Teams",
      queues: "Warteschlangen",
      skills: "Skills",
    },
    yes: "Ja",
    no: "Nein",
    unitsHint: "Leer nimmt die Einheiten weg.",
    listHint: "Durch Komma getrennt. Sie treten an die Stelle dessen, was da ist; leer nimmt alles weg.",
    noNumber: "Richtig ist eine ganze Zahl.",
    send: (count: number) => (count === 1 ? "1 Agenten ändern" : `${COUNT.format(count)} Agenten ändern`),
    sending: (count: number) => `${COUNT.format(count)} Agenten werden geändert.`,
    done: (done: number, refused: number) =>
      refused === 0
        ? `${COUNT.format(done)} Agenten geändert.`
        : `${COUNT.format(done)} Agenten geändert, ${COUNT.format(refused)} abgelehnt.`,
    cancel: "Abbrechen",
    close: "Schließen",
  },
});
