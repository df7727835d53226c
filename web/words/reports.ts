/** What the reports say. */

import type { AdherenceCounts, Became, SignInEnd } from "../wire.ts";
import { inLanguage, LOCALE } from "./language.ts";

const COUNT = new Intl.NumberFormat(LOCALE);
const SHARE = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });

const said = { count: (value: number) => COUNT.format(value), share: (value: number) => SHARE.format(value) };

export const REPORTS = {
  ...said,
  ...inLanguage({
    en: {
      sections: {
        time: "Time in status",
        summary: "Summary",
        timelines: "Timelines",
        adherence: "Adherence",
        incidents: "Incidents",
        "sign-ins": "Sign-ins",
        floor: "Floor at an instant",
        disputes: "Disputes",
      },
      leads: {
        time: "How long agents had each presence, to the millisecond. A team or an hour leads to its agents, an agent to the rows behind the sums.",
        summary:
          "What agents did: sign-ins, notifications, capacity, holds. Each figure leads to the rows that make it.",
        timelines: "From when to when each agent had which presence.",
        adherence:
          "How long agents were as they were planned to be. Time before an agent was created, and to come, counts nowhere.",
        incidents: "Sessions that ended without a sign-out: why, how many together, and what became of each.",
        "sign-ins": "Each sign-in that lasts within the time, whole, and how it ended.",
        floor: "Who was there and how, at any instant, and how it went on.",
        disputes: "Entries of their history that agents find wrong. The entries stand as they were.",
      },
      by: { agent: "Agent", team: "Team", quarterHour: "Quarter hour", hour: "Hour", day: "Day" },
      asking: "The hub is being asked.",
      failed: "This could not be read",
      again: "Try again",
      empty: "Nothing in this time",
      emptyWhy:
        "Nobody whom you may see was there in the time that is asked about. Choose another time, or fewer teams and agents.",
      noTime: "This is no time: it must end after it begins.",
      total: "Total",
      whole: "All of them",
      more: (next: number, left: number) => `Show ${COUNT.format(next)} of ${COUNT.format(left)} more`,
      back: (section: string) => `Back to ${section}`,
      refused: "Reports are for supervisors, observers and analysts",
      who: (name: string, subject: string, roles: string) =>
        `You are signed in as ${name} (${subject}), with the roles: ${roles}.`,
      ask: "Ask an administrator of this hub for one of these roles.",
      askContact: (contact: string) => `Whom to ask for one of these roles: ${contact}.`,
      other: "Sign in as somebody else",
    },
    de: {
      sections: {
        time: "Zeit je Status",
        summary: "Zusammenfassung",
        timelines: "Zeitverläufe",
        adherence: "Planeinhaltung",
        incidents: "Störungen",
        "sign-ins": "Anmeldungen",
        floor: "Lage zu einem Zeitpunkt",
        disputes: "Widersprüche",
      },
      leads: {
        time: "Wie lange Agenten welchen Status hatten, auf die Millisekunde. Ein Team oder eine Stunde führt zu den Agenten darin, ein Agent zu den Zeilen hinter den Summen.",
        summary:
          "Was Agenten taten: Anmeldungen, Benachrichtigungen, Kapazität, Sperren. Jede Zahl führt zu den Zeilen, aus denen sie besteht.",
        timelines: "Von wann bis wann jeder Agent welchen Status hatte.",
        adherence:
          "Wie lange Agenten so waren, wie es für sie geplant war. Zeit, bevor ein Agent angelegt wurde, und künftige zählen nicht.",
        incidents: "Sitzungen, die ohne Abmeldung endeten: warum, wie viele zusammen, und was aus jeder wurde.",
        "sign-ins": "Jede Anmeldung, die in die Zeit fällt, im Ganzen, und wie sie endete.",
        floor: "Wer wann wie da war, zu jedem Zeitpunkt, und wie es weiterging.",
        disputes: "Einträge ihrer Aufzeichnung, die Agenten für falsch halten. Die Einträge stehen, wie sie waren.",
      },
      by: { agent: "Agent", team: "Team", quarterHour: "Viertelstunde", hour: "Stunde", day: "Tag" },
      asking: "Der Hub wird gefragt.",
      failed: "Das konnte nicht gelesen werden",
      again: "Noch einmal versuchen",
      empty: "Nichts in dieser Zeit",
      emptyWhy:
        "Niemand, den Sie sehen dürfen, war in der gefragten Zeit da. Wählen Sie eine andere Zeit oder weniger Teams und Agenten.",
      noTime: "Das ist keine Zeit: Sie muss enden, nachdem sie beginnt.",
      total: "Summe",
      whole: "Alle zusammen",
      more: (next: number, left: number) => `${COUNT.format(next)} von ${COUNT.format(left)} weiteren zeigen`,
      back: (section: string) => `Zurück zu ${section}`,
      refused: "Berichte sind für Teamleitung, Beobachtende und Auswertung",
      who: (name: string, subject: string, roles: string) =>
        `Sie sind als ${name} (${subject}) angemeldet, mit den Rollen: ${roles}.`,
      ask: "Bitten Sie die Administration dieses Hubs um eine der Rollen supervisor, observer oder analyst.",
      askContact: (contact: string) =>
        `Wen Sie um eine der Rollen supervisor, observer oder analyst bitten können: ${contact}.`,
      other: "Als jemand anders anmelden",
    },
  }),
};

export const HEAD = inLanguage({
  en: {
    span: "Time",
    spans: {
      today: "Today",
      yesterday: "Yesterday",
      "this-week": "This week",
      "last-week": "Last week",
      day: "A day …",
      range: "From … to …",
    },
    day: "Day",
    from: "From",
    to: "To",
    zone: "Time zone",
    noZone: (name: string) => `This browser knows no time zone called "${name}"; right is such as Europe/Berlin.`,
    teams: "Teams",
    agents: "Agents' ids",
    all: "all, or a, b",
    by: "By",
    save: "Save as a file",
    files: { table: "This table", csv: "CSV", ndjson: "NDJSON", parquet: "Parquet" },
    saves: {
      table: "This table as CSV",
      csv: "Every interval of the time as CSV",
      ndjson: "Every interval of the time as NDJSON",
      parquet: "Every interval of the time as Parquet",
    },
    saving: "Saving …",
    notSaved: (why: string) => `No file was saved: ${why}.`,
  },
  de: {
    span: "Zeit",
    spans: {
      today: "Heute",
      yesterday: "Gestern",
      "this-week": "Diese Woche",
      "last-week": "Letzte Woche",
      day: "Ein Tag …",
      range: "Von … bis …",
    },
    day: "Tag",
    from: "Von",
    to: "Bis",
    zone: "Zeitzone",
    noZone: (name: string) => `Dieser Browser kennt keine Zeitzone „${name}“; richtig ist etwa Europe/Berlin.`,
    teams: "Teams",
    agents: "Kennungen der Agenten",
    all: "alle, oder a, b",
    by: "Nach",
    save: "Als Datei speichern",
    files: { table: "Diese Tabelle", csv: "CSV", ndjson: "NDJSON", parquet: "Parquet" },
    saves: {
      table: "Diese Tabelle als CSV",
      csv: "Jeder Abschnitt der Zeit als CSV",
      ndjson: "Jeder Abschnitt der Zeit als NDJSON",
      parquet: "Jeder Abschnitt der Zeit als Parquet",
    },
    saving: "Wird gespeichert …",
    notSaved: (why: string) => `Es wurde keine Datei gespeichert: ${why}.`,
  },
});

export const FIGURES = inLanguage({ en: { noTeam: "Without a team" }, de: { noTeam: "Ohne Team" } });

export const TIME = inLanguage({
  en: { title: "Time in status", shares: "Shares" },
  de: { title: "Zeit je Status", shares: "Anteile" },
});

export const ROWS = inLanguage({
  en: {
    span: (text: string, from: string, to: string) => `${text}, ${from} to ${to}`,
    band: (name: string, from: string, to: string) => `${name}, ${from} to ${to}`,
    sums: "Sums of the rows and of the report",
    rows: "Rows",
    presence: "Presence",
    ofRows: "Sum of the rows",
    ofReport: "Of the report",
    same: "equal",
    differs: "It changed while both were read; read it again.",
    cut: (most: number) => `Only the first ${COUNT.format(most)} rows are here; a shorter time has all of them.`,
    from: "From",
    to: "To",
    lasted: "Lasted",
    cause: "Cause",
    by: "By",
    reason: "Reason",
    itself: "the agent",
    why: "Why",
    notExplained: (why: string) => `It cannot be explained: ${why}.`,
    disputed: (at: string, note: string) => `Disputed on ${at}: ${note}`,
  },
  de: {
    span: (text: string, from: string, to: string) => `${text}, ${from} bis ${to}`,
    band: (name: string, from: string, to: string) => `${name}, ${from} bis ${to}`,
    sums: "Summen der Zeilen und des Berichts",
    rows: "Zeilen",
    presence: "Status",
    ofRows: "Summe der Zeilen",
    ofReport: "Im Bericht",
    same: "gleich",
    differs: "Es änderte sich, während beides gelesen wurde; lesen Sie es noch einmal.",
    cut: (most: number) => `Nur die ersten ${COUNT.format(most)} Zeilen sind hier; eine kürzere Zeit hat alle.`,
    from: "Von",
    to: "Bis",
    lasted: "Dauer",
    cause: "Ursache",
    by: "Durch",
    reason: "Grund",
    itself: "den Agenten",
    why: "Warum",
    notExplained: (why: string) => `Es kann nicht erklärt werden: ${why}.`,
    disputed: (at: string, note: string) => `Widerspruch (${at}): ${note}`,
  },
});

export const TIMELINES = inLanguage({
  en: {
    before: "Before",
    behind: "Next",
    page: (from: number, to: number, of: number) => `${from} to ${to} of ${COUNT.format(of)}`,
  },
  de: {
    before: "Zurück",
    behind: "Weiter",
    page: (from: number, to: number, of: number) => `${from} bis ${to} von ${COUNT.format(of)}`,
  },
});

interface AdherenceWords {
  readonly title: string;
  readonly shares: string;
  readonly empty: string;
  readonly emptyWhy: string;
  readonly figures: Readonly<Record<"adherence" | "plannedMs" | "inMs" | "outMs" | "excusedMs", string>>;
  readonly counts: Readonly<Record<AdherenceCounts, string>>;
  readonly stretches: string;
  readonly heads: readonly string[];
  readonly excuse: string;
  readonly reason: string;
  readonly cancel: string;
  readonly notExcused: (why: string) => string;
}

export const ADHERENCE = inLanguage<AdherenceWords>({
  en: {
    title: "Adherence",
    shares: "Shares: in, out and excused",
    empty: "Nothing was planned",
    emptyWhy:
      "Nobody whom you may see was planned to do anything in this time. Plans are made in the administration, or sent by a planning system.",
    figures: { adherence: "Adherence", plannedMs: "Planned", inMs: "In", outMs: "Out", excusedMs: "Excused" },
    counts: { IN: "In", TOLERATED: "Tolerated", OUT: "Out", EXCUSED: "Excused" },
    stretches: "Stretches",
    heads: ["From", "To", "Lasted", "Planned", "Presence", "Counts as", ""],
    excuse: "Excuse",
    reason: "Why is this time not held against the agent?",
    cancel: "Cancel",
    notExcused: (why: string) => `It was not excused: ${why}.`,
  },
  de: {
    title: "Planeinhaltung",
    shares: "Anteile: im Plan, außerhalb und entschuldigt",
    empty: "Es war nichts geplant",
    emptyWhy:
      "Für niemanden, den Sie sehen dürfen, war in dieser Zeit etwas geplant. Pläne entstehen in der Verwaltung oder kommen aus der Einsatzplanung.",
    figures: {
      adherence: "Planeinhaltung",
      plannedMs: "Geplant",
      inMs: "Im Plan",
      outMs: "Außerhalb",
      excusedMs: "Entschuldigt",
    },
    counts: { IN: "Im Plan", TOLERATED: "Toleriert", OUT: "Außerhalb", EXCUSED: "Entschuldigt" },
    stretches: "Abschnitte",
    heads: ["Von", "Bis", "Dauer", "Geplant", "Status", "Zählt als", ""],
    excuse: "Entschuldigen",
    reason: "Warum wird diese Zeit dem Agenten nicht angelastet?",
    cancel: "Abbrechen",
    notExcused: (why: string) => `Es wurde nicht entschuldigt: ${why}.`,
  },
});

interface IncidentWords {
  readonly empty: string;
  readonly emptyWhy: string;
  readonly together: string;
  readonly none: string;
  readonly each: string;
  readonly ofIncident: (number: number) => string;
  readonly all: string;
  readonly chart: string;
  readonly mark: (sessions: number, why: string) => string;
  readonly seenOffline: (count: number) => string;
  readonly togetherHeads: readonly string[];
  readonly heads: readonly string[];
  readonly noNetwork: string;
  readonly open: string;
  readonly became: Readonly<Record<Became, string>>;
}

export const INCIDENTS = inLanguage<IncidentWords>({
  en: {
    empty: "No session was lost",
    emptyWhy: "In this time every session ended with a sign-out, or lasts.",
    together: "Together",
    none: "No sessions of several agents were lost together.",
    each: "Each session",
    ofIncident: (number) => `Sessions of incident ${number}`,
    all: "Show all",
    chart: "Agents per status over the time, with incidents",
    mark: (sessions, why) => `${COUNT.format(sessions)} sessions: ${why}`,
    seenOffline: (count) => `${COUNT.format(count)} seen as Offline`,
    togetherHeads: ["First", "Last", "Cause", "Agents", "Sessions", "Network"],
    heads: ["Ended", "Agent", "Cause", "Network", "What became of it"],
    noNetwork: "not known",
    open: "may still return",
    became: {
      OTHER_SESSIONS: "had another session",
      RESTORED: "was back in time",
      LAPSED: "did not return in time",
      REMOVED: "was disabled or deleted",
    },
  },
  de: {
    empty: "Keine Sitzung ging verloren",
    emptyWhy: "In dieser Zeit endete jede Sitzung mit einer Abmeldung, oder sie dauert an.",
    together: "Gemeinsam",
    none: "Es gingen keine Sitzungen mehrerer Agenten gemeinsam verloren.",
    each: "Jede Sitzung",
    ofIncident: (number) => `Sitzungen der Störung ${number}`,
    all: "Alle zeigen",
    chart: "Agenten je Status über die Zeit, mit Störungen",
    mark: (sessions, why) => `${COUNT.format(sessions)} Sitzungen: ${why}`,
    seenOffline: (count) => `${COUNT.format(count)} als Offline gesehen`,
    togetherHeads: ["Erste", "Letzte", "Ursache", "Agenten", "Sitzungen", "Netz"],
    heads: ["Endete", "Agent", "Ursache", "Netz", "Was daraus wurde"],
    noNetwork: "nicht bekannt",
    open: "kann noch zurückkehren",
    became: {
      OTHER_SESSIONS: "hatte eine andere Sitzung",
      RESTORED: "war rechtzeitig zurück",
      LAPSED: "kehrte nicht rechtzeitig zurück",
      REMOVED: "wurde deaktiviert oder gelöscht",
    },
  },
});

interface SignInWords {
  readonly title: string;
  readonly whole: (count: number) => string;
  readonly heads: readonly string[];
  readonly lasts: string;
  readonly ended: Readonly<Record<SignInEnd, string>>;
}

export const SIGN_INS = inLanguage<SignInWords>({
  en: {
    title: "Sign-ins",
    whole: (count) => (count === 1 ? "1 sign-in" : `${COUNT.format(count)} sign-ins`),
    heads: ["Agent", "From", "To", "Signed in", "There", "Returns", "How it ended"],
    lasts: "is signed in",
    ended: {
      SIGNED_OUT: "signed out",
      LAPSED: "lost, and not back in time",
      REMOVED: "disabled or deleted",
      LEFT_TEAMS: "left your teams",
    },
  },
  de: {
    title: "Anmeldungen",
    whole: (count) => (count === 1 ? "1 Anmeldung" : `${COUNT.format(count)} Anmeldungen`),
    heads: ["Agent", "Von", "Bis", "Angemeldet", "Da", "Rückkehr", "Wie sie endete"],
    lasts: "ist angemeldet",
    ended: {
      SIGNED_OUT: "abgemeldet",
      LAPSED: "verloren und nicht rechtzeitig zurück",
      REMOVED: "deaktiviert oder gelöscht",
      LEFT_TEAMS: "hat Ihre Teams verlassen",
    },
  },
});

export const DISPUTES = inLanguage({
  en: {
    title: "Disputes",
    empty: "Nothing is disputed",
    emptyWhy: "No agent of your teams disputed an entry in this time.",
    heads: ["Said", "Agent", "Entry of", "What the agent says"],
    cut: (most: number) => `Only the newest ${COUNT.format(most)} are here; a shorter time has all of them.`,
  },
  de: {
    title: "Widersprüche",
    empty: "Es gibt keinen Widerspruch",
    emptyWhy: "Kein Agent Ihrer Teams hat in dieser Zeit einem Eintrag widersprochen.",
    heads: ["Gesagt", "Agent", "Eintrag vom", "Was der Agent sagt"],
    cut: (most: number) => `Nur die neuesten ${COUNT.format(most)} sind hier; eine kürzere Zeit hat alle.`,
  },
});

export const FLOOR = inLanguage({
  en: {
    title: "Agents at this instant",
    chart: "Agents per status over the time",
    counts: "Agents per status",
    play: "Play",
    pause: "Pause",
    speed: "Speed",
    times: (speed: number) => `${speed} ×`,
    instant: "Instant",
    isNow: "This is now.",
    stopped: (why: string) => `It stopped: ${why}.`,
    search: "Search",
    heads: ["Agent", "Presence", "Unchanged for", "Teams", "Hold", "Reason"],
    cut: (most: number) => `Only ${COUNT.format(most)} agents are here; name teams to see all of them.`,
  },
  de: {
    title: "Agenten zu diesem Zeitpunkt",
    chart: "Agenten je Status über die Zeit",
    counts: "Agenten je Status",
    play: "Abspielen",
    pause: "Anhalten",
    speed: "Tempo",
    times: (speed: number) => `${speed} ×`,
    instant: "Zeitpunkt",
    isNow: "Das ist jetzt.",
    stopped: (why: string) => `Es hielt an: ${why}.`,
    search: "Suchen",
    heads: ["Agent", "Status", "Unverändert seit", "Teams", "Sperre", "Grund"],
    cut: (most: number) => `Nur ${COUNT.format(most)} Agenten sind hier; nennen Sie Teams, um alle zu sehen.`,
  },
});
