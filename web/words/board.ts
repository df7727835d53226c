/** What the supervisor's board, its grid and its dialogs say. */

import type { ColumnId } from "../board/columns.ts";
import type { Facet } from "../board/filters.ts";
import { inLanguage } from "./language.ts";

const agents = inLanguage({
  en: (count: number): string => (count === 1 ? "1 agent" : `${count} agents`),
  de: (count: number): string => (count === 1 ? "1 Agent" : `${count} Agenten`),
});

export const BOARD = inLanguage({
  en: {
    freshness: "Whether the board is up to date",
    live: "Live",
    asOf: (time: string) => `as of ${time}`,
    ago: (time: string, ago: string) => `as of ${time}, ${ago} ago`,
    catchingUpShort: "Catching up",
    disconnectedShort: "Disconnected",
    nothingYet: "Nothing known yet",
    loading: "Loading the agents.",
    catchingUp: "Fetching what changed meanwhile.",
    hubBehind: "The hub cannot save changes right now.",
    outOfDate: (why: string, since: string) => `${why} What you see may be out of date since ${since}.`,
    nobodyYet: "There are no agents yet.",
    nobodyYetHow: "One appears here when they first sign in, or when an administrator adds them.",
    nobodyMatches: "No agent matches.",
    nobodyMatchesHow: "Take a filter away to see more.",
    search: "Search",
    searchWhat: "Name, id, team, queue or skill",
    filters: "Filters",
    clearFilters: "Clear filters",
    searchValues: "Find one of these",
    noValues: "None of the agents has one.",
    listed: (listed: number) => `${listed} listed`,
    listedOf: (listed: number, all: number) => `${listed} of ${all} listed`,
    selected: (count: number) => `${count} selected`,
    clearSelection: "Clear selection",
    signOutAgents: "Sign out agents",
    byStatus: "By base status",
    everybody: "All",
    waiting: (count: number) => (count === 1 ? "1 change waiting" : `${count} changes waiting`),
    waitingWhy: "Rows stay where they are while you are on them.",
    showNow: "Show now",
    density: "Compact rows",
    about: (name: string) => `About ${name}`,
  },
  de: {
    freshness: "Ob die Übersicht auf dem neuesten Stand ist",
    live: "Live",
    asOf: (time: string) => `Stand ${time}`,
    ago: (time: string, ago: string) => `Stand ${time}, vor ${ago}`,
    catchingUpShort: "Holt auf",
    disconnectedShort: "Getrennt",
    nothingYet: "Noch nichts bekannt",
    loading: "Die Agenten werden geladen.",
    catchingUp: "Was sich inzwischen geändert hat, wird geholt.",
    hubBehind: "Der Hub kann gerade keine Änderungen speichern.",
    outOfDate: (why: string, since: string) => `${why} Was Sie sehen, kann seit ${since} veraltet sein.`,
    nobodyYet: "Es gibt noch keine Agenten.",
    nobodyYetHow: "Hier erscheint, wer sich zum ersten Mal anmeldet oder von der Administration angelegt wird.",
    nobodyMatches: "Kein Agent passt.",
    nobodyMatchesHow: "Nehmen Sie einen Filter weg, um mehr zu sehen.",
    search: "Suchen",
    searchWhat: "Name, Kennung, Team, Skill …",
    filters: "Filter",
    clearFilters: "Filter löschen",
    searchValues: "Hierin suchen",
    noValues: "Keiner der Agenten hat das.",
    listed: (listed: number) => `${listed} aufgeführt`,
    listedOf: (listed: number, all: number) => `${listed} von ${all} aufgeführt`,
    selected: (count: number) => `${count} ausgewählt`,
    clearSelection: "Auswahl aufheben",
    signOutAgents: "Agenten abmelden",
    byStatus: "Nach Basisstatus",
    everybody: "Alle",
    waiting: (count: number) => (count === 1 ? "1 Änderung wartet" : `${count} Änderungen warten`),
    waitingWhy: "Die Zeilen bleiben stehen, solange Sie darauf sind.",
    showNow: "Jetzt zeigen",
    density: "Kompakte Zeilen",
    about: (name: string) => `Über ${name}`,
  },
});

export const FACET: Record<Facet, string> = inLanguage<Record<Facet, string>>({
  en: {
    status: "Base status",
    presence: "Presence",
    team: "Team",
    queue: "Queue",
    skill: "Skill",
    hold: "Hold",
  },
  de: {
    status: "Basisstatus",
    presence: "Status",
    team: "Team",
    queue: "Warteschlange",
    skill: "Skill",
    hold: "Sperre",
  },
});

export const COLUMN: Record<ColumnId, string> = inLanguage<Record<ColumnId, string>>({
  en: {
    agent: "Agent",
    presence: "Presence",
    since: "Time in status",
    next: "What comes next",
    setBy: "Set by",
    reason: "Reason",
    hold: "Hold",
    capacity: "Capacity",
    work: "Open work",
    sessions: "Windows",
    teams: "Teams",
    queues: "Queues",
    skills: "Skills",
  },
  de: {
    agent: "Agent",
    presence: "Status",
    since: "Zeit im Status",
    next: "Was folgt",
    setBy: "Gesetzt von",
    reason: "Grund",
    hold: "Sperre",
    capacity: "Kapazität",
    work: "Offen",
    sessions: "Fenster",
    teams: "Teams",
    queues: "Warteschlangen",
    skills: "Skills",
  },
});

export const GRID = inLanguage({
  en: {
    label: "Agents",
    id: "Id",
    select: "Selected",
    selectAll: "Select all listed agents",
    width: (column: string) => `Width of ${column}`,
    full: "full",
    noUnits: "not limited",
    units: (used: number, reserved: number, max: number) =>
      reserved === 0 ? `${used} of ${max} used` : `${used} of ${max} used, ${reserved} offered`,
    taken: (used: number, max: number) => `${used}/${max}`,
    mayReturn: (presence: string, within: string) => `may return within ${within} as ${presence}`,
    until: (time: string) => `until ${time}`,
    thenAt: (presence: string, time: string) => `${presence} at ${time}`,
    back: (ago: string) => `back ${ago} ago`,
    again: (who: string) => `${who}, and came back in time`,
    signedOut: "signed out",
    gone: "no longer there",
  },
  de: {
    label: "Agenten",
    id: "Kennung",
    select: "Ausgewählt",
    selectAll: "Alle aufgeführten Agenten auswählen",
    width: (column: string) => `Breite von ${column}`,
    full: "voll",
    noUnits: "unbegrenzt",
    units: (used: number, reserved: number, max: number) =>
      reserved === 0 ? `${used} von ${max} belegt` : `${used} von ${max} belegt, ${reserved} angeboten`,
    taken: (used: number, max: number) => `${used}/${max}`,
    mayReturn: (presence: string, within: string) => `kann binnen ${within} als ${presence} zurückkommen`,
    until: (time: string) => `bis ${time}`,
    thenAt: (presence: string, time: string) => `${presence} um ${time}`,
    back: (ago: string) => `zurück ${ago}`,
    again: (who: string) => `${who}, und kam rechtzeitig zurück`,
    signedOut: "abgemeldet",
    gone: "nicht mehr da",
  },
});

/** The columns that are shown. */
export const COLUMNS_MENU = inLanguage({
  en: {
    title: "Columns",
    before: (column: string) => `${column} further to the front`,
    after: (column: string) => `${column} further to the back`,
    usual: "As they were",
  },
  de: {
    title: "Spalten",
    before: (column: string) => `${column} weiter nach vorn`,
    after: (column: string) => `${column} weiter nach hinten`,
    usual: "Wie gewohnt",
  },
});

/** Views that a person keeps. */
export const VIEWS = inLanguage({
  en: {
    title: "Views",
    none: "None yet.",
    where: "Kept in this browser, for you alone.",
    notKept: "This browser does not keep anything for this page: the view is gone when you leave it.",
    name: "Name of the view",
    keep: "Keep this view",
    kept: (name: string) => `The view “${name}” is kept.`,
    remove: (name: string) => `Forget ${name}`,
    download: "Download what is listed (CSV)",
    file: (day: string) => `agents-${day}.csv`,
  },
  de: {
    title: "Ansichten",
    none: "Noch keine.",
    where: "In diesem Browser gespeichert, nur für Sie.",
    notKept: "Dieser Browser speichert für diese Seite nichts: Die Ansicht ist weg, wenn Sie die Seite verlassen.",
    name: "Name der Ansicht",
    keep: "Diese Ansicht speichern",
    kept: (name: string) => `Die Ansicht „${name}“ ist gespeichert.`,
    remove: (name: string) => `${name} löschen`,
    download: "Was aufgeführt ist herunterladen (CSV)",
    file: (day: string) => `agenten-${day}.csv`,
  },
});

/** What a supervisor wants to be told of. */
export const THRESHOLDS = inLanguage({
  en: {
    title: "Exceptions",
    menu: "Thresholds",
    none: "No threshold is set.",
    allWell: (count: number) =>
      count === 1 ? "Nothing is over the threshold." : `Nothing is over one of ${count} thresholds.`,
    unknown: "Not known while the board is not up to date.",
    add: "Add",
    is: "Tell me of",
    fewer: "Fewer than",
    more: "More than",
    longer: "Longer than (minutes)",
    than: "How many",
    minutes: "Minutes",
    of: "Presence",
    team: "Team",
    allTeams: "All teams",
    remove: (name: string) => `Remove: ${name}`,
    sound: "A sound when something comes over",
    soundMay: "Your browser may keep it silent until you have touched the page.",
    says: {
      fewer: (than: number, presence: string) => `Fewer than ${than} ${presence}`,
      more: (than: number, presence: string) => (than === 0 ? presence : `More than ${than} ${presence}`),
      longer: (than: number, presence: string) => `Longer than ${than} min in ${presence}`,
    },
    within: (what: string, team: string) => `${what} in ${team}`,
    count: (count: number) => agents(count),
    who: (count: number) => `Show ${agents(count)}`,
    andMore: (count: number) => `and ${count} more`,
  },
  de: {
    title: "Ausnahmen",
    menu: "Schwellen",
    none: "Keine Schwelle ist gesetzt.",
    allWell: (count: number) =>
      count === 1 ? "Nichts liegt über der Schwelle." : `Nichts liegt über einer der ${count} Schwellen.`,
    unknown: "Nicht bekannt, solange die Übersicht nicht auf dem neuesten Stand ist.",
    add: "Hinzufügen",
    is: "Bescheid geben bei",
    fewer: "Weniger als",
    more: "Mehr als",
    longer: "Länger als (Minuten)",
    than: "Wie viele",
    minutes: "Minuten",
    of: "Status",
    team: "Team",
    allTeams: "Alle Teams",
    remove: (name: string) => `Entfernen: ${name}`,
    sound: "Ein Ton, wenn etwas darüber kommt",
    soundMay: "Ihr Browser lässt ihn vielleicht stumm, bis Sie die Seite berührt haben.",
    says: {
      fewer: (than: number, presence: string) => `Weniger als ${than} ${presence}`,
      more: (than: number, presence: string) => (than === 0 ? presence : `Mehr als ${than} ${presence}`),
      longer: (than: number, presence: string) => `Länger als ${than} min in ${presence}`,
    },
    within: (what: string, team: string) => `${what} in ${team}`,
    count: (count: number) => agents(count),
    who: (count: number) => `${agents(count)} zeigen`,
    andMore: (count: number) => `und ${count} weitere`,
  },
});

/** The dialog in which a supervisor acts on others. */
export const ACTING = inLanguage({
  en: {
    titles: { set: "Change presence", reset: "Reset presence", "sign-out": "Sign out" },
    about: (deed: string, whom: string) => `${deed}: ${whom}`,
    agents,
    reason: "Reason",
    optional: "(optional, the agent sees it)",
    howLong: "How long",
    lastsUntilChanged: "Until somebody changes it",
    minutes: (minutes: number) =>
      minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "1 hour" : `${minutes / 60} hours`,
    ends: (time: string) => `Ends at ${time}.`,
    next: "Then",
    nextComputed: "What capacity says",
    resets: "Ends Inactive, and a Do not disturb that was set after a rejected notification or at the work item limit.",
    signsOut: "All their windows are signed out. Work that is assigned to them stays assigned.",
    outcome: (done: number, refused: number, unknown: number) =>
      [`${done} applied`, refused === 0 ? "" : `${refused} not`, unknown === 0 ? "" : `${unknown} not known yet`]
        .filter((part) => part !== "")
        .join(", "),
    results: "Results",
    done: "Applied",
    doneForTheReturn: "Applied: shown once the agent is back",
    named: (names: readonly string[], more: number) =>
      more === 0 ? names.join(", ") : `${names.join(", ")} and ${more} more`,
    unknown: "The connection was lost before the hub answered. It is shown here once that is known.",
    more: (count: number) => `and ${count} more`,
  },
  de: {
    titles: { set: "Status ändern", reset: "Status zurücksetzen", "sign-out": "Abmelden" },
    about: (deed: string, whom: string) => `${deed}: ${whom}`,
    agents,
    reason: "Grund",
    optional: "(optional, der Agent sieht ihn)",
    howLong: "Wie lange",
    lastsUntilChanged: "Bis ihn jemand ändert",
    minutes: (minutes: number) =>
      minutes < 60 ? `${minutes} Minuten` : minutes === 60 ? "1 Stunde" : `${minutes / 60} Stunden`,
    ends: (time: string) => `Endet um ${time}.`,
    next: "Danach",
    nextComputed: "Was die Kapazität ergibt",
    resets:
      "Beendet Inaktiv und ein Nicht stören, das nach einer abgelehnten Benachrichtigung oder an der Grenze offener Vorgänge gesetzt wurde.",
    signsOut: "Alle ihre Fenster werden abgemeldet. Zugewiesene Arbeit bleibt zugewiesen.",
    outcome: (done: number, refused: number, unknown: number) =>
      [
        `${done} ausgeführt`,
        refused === 0 ? "" : `${refused} nicht`,
        unknown === 0 ? "" : `${unknown} noch nicht bekannt`,
      ]
        .filter((part) => part !== "")
        .join(", "),
    results: "Ergebnisse",
    done: "Ausgeführt",
    doneForTheReturn: "Ausgeführt: gezeigt, sobald der Agent zurück ist",
    named: (names: readonly string[], more: number) =>
      more === 0 ? names.join(", ") : `${names.join(", ")} und ${more} weitere`,
    unknown: "Die Verbindung brach ab, bevor der Hub antwortete. Es steht hier, sobald es bekannt ist.",
    more: (count: number) => `und ${count} weitere`,
  },
});

/** Instead of the board, for whoever may not see it. */
export const REFUSED = inLanguage({
  en: {
    title: "This board is for supervisors",
    role: (roles: string) => `It needs the role supervisor or observer. ${roles}`,
    who: (name: string, subject: string, roles: string) =>
      `You are signed in as ${name} (${subject}), with the role ${roles}.`,
    whoMany: (name: string, subject: string, roles: string) =>
      `You are signed in as ${name} (${subject}), with the roles ${roles}.`,
    askDemo: "Sign in as one of the demo's supervisors.",
    askToken: "Ask whoever gave you your token for one with that role: an administrator of this hub.",
    askProvider: (provider: string) =>
      `Ask the people who manage your account at ${provider}, or an administrator of this hub.`,
    contact: (contact: string) => `Whom to ask here: ${contact}.`,
    desk: "To your desk",
    other: "Sign in as somebody else",
  },
  de: {
    title: "Diese Übersicht ist für die Teamleitung",
    role: (roles: string) => `Sie braucht die Rolle supervisor oder observer. ${roles}`,
    who: (name: string, subject: string, roles: string) =>
      `Sie sind als ${name} (${subject}) angemeldet, mit der Rolle ${roles}.`,
    whoMany: (name: string, subject: string, roles: string) =>
      `Sie sind als ${name} (${subject}) angemeldet, mit den Rollen ${roles}.`,
    askDemo: "Melden Sie sich als eine der Teamleitungen der Demo an.",
    askToken: "Bitten Sie, wer Ihnen Ihr Token gab, um eines mit dieser Rolle: die Administration dieses Hubs.",
    askProvider: (provider: string) =>
      `Fragen Sie, wer Ihr Konto bei ${provider} verwaltet, oder die Administration dieses Hubs.`,
    contact: (contact: string) => `Wen Sie hier fragen können: ${contact}.`,
    desk: "Zu Ihrem Arbeitsplatz",
    other: "Als jemand anders anmelden",
  },
});

/** All that is known of one agent. */
export const DRAWER = inLanguage({
  en: {
    title: "About the agent",
    close: "Close",
    days: (count: number) => (count === 1 ? "The last 24 hours" : `The last ${count} days, and 24 hours as a band`),
    dayOf: (name: string) => `What ${name} was in the last 24 hours`,
    why: "Why",
    holds: "What holds the capacity",
    work: "Work",
    noWork: "None.",
    now: "now",
    loading: "Fetching what is known of the agent.",
    failed: "It did not come",
    noAnswer: "There was no answer.",
    answered: (status: number) => `The hub answered ${status}.`,
    again: "Try again",
    to: (from: string, to: string) => `${from} to ${to}`,
    since: (from: string) => `since ${from}`,
    span: (presence: string, when: string, lasted: string) => `${presence}, ${when} (${lasted})`,
    state: { OFFERED: "Offered", ACTIVE: "Active", WRAP_UP: "Wrap-up" },
    deadline: (time: string) => `until ${time}`,
    takes: (units: number, profiles: string) =>
      [units === 0 ? "" : units === 1 ? "1 unit" : `${units} units`, profiles].filter((part) => part !== "").join(", "),
    profile: (profile: string, used: number, max: number) => `${profile}: ${used} of ${max}`,
    rule: (says: string, rule: string) => `${says} (${rule})`,
    by: (what: string, who: string) => `${what}, by ${who}`,
    passedOver: (count: number) =>
      count === 1 ? "One rule was looked at and passed over" : `${count} rules were looked at and passed over`,
    earlier: (count: number) => `and ${count} earlier`,
    older: "One more day",
    disputed: (at: string, note: string) => `Disputed by the agent (${at}): ${note}`,
    noOlder: (why: string) => `Nothing older came: ${why}`,
  },
  de: {
    title: "Über den Agenten",
    close: "Schließen",
    days: (count: number) =>
      count === 1 ? "Die letzten 24 Stunden" : `Die letzten ${count} Tage, 24 Stunden als Band`,
    dayOf: (name: string) => `Was ${name} in den letzten 24 Stunden war`,
    why: "Warum",
    holds: "Was die Kapazität belegt",
    work: "Arbeit",
    noWork: "Keine.",
    now: "jetzt",
    loading: "Was über den Agenten bekannt ist, wird geholt.",
    failed: "Es kam nicht",
    noAnswer: "Es kam keine Antwort.",
    answered: (status: number) => `Der Hub antwortete ${status}.`,
    again: "Erneut versuchen",
    to: (from: string, to: string) => `${from} bis ${to}`,
    since: (from: string) => `seit ${from}`,
    span: (presence: string, when: string, lasted: string) => `${presence}, ${when} (${lasted})`,
    state: { OFFERED: "Angeboten", ACTIVE: "Aktiv", WRAP_UP: "Nacharbeit" },
    deadline: (time: string) => `bis ${time}`,
    takes: (units: number, profiles: string) =>
      [units === 0 ? "" : units === 1 ? "1 Einheit" : `${units} Einheiten`, profiles]
        .filter((part) => part !== "")
        .join(", "),
    profile: (profile: string, used: number, max: number) => `${profile}: ${used} von ${max}`,
    rule: (says: string, rule: string) => `${says} (${rule})`,
    by: (what: string, who: string) => `${what} (${who})`,
    passedOver: (count: number) =>
      count === 1
        ? "Eine Regel wurde angesehen und traf nicht zu"
        : `${count} Regeln wurden angesehen und trafen nicht zu`,
    earlier: (count: number) => `und ${count} frühere`,
    older: "Ein Tag mehr",
    disputed: (at: string, note: string) => `Widerspruch des Agenten (${at}): ${note}`,
    noOlder: (why: string) => `Älteres kam nicht: ${why}`,
  },
});
