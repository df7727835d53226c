/** Plans of agents, and times that are excused. */

import { inLanguage, LOCALE } from "./language.ts";

const COUNT = new Intl.NumberFormat(LOCALE);

export const PLANS = inLanguage({
  en: {
    title: "Plans",
    lead: "What agents are planned to do, day by day, and times that are not held against them. Reports compute adherence from it.",
    many: "Import plans",
    manyLead:
      "Paste a table with the columns agentId, start, end and activityId. Nothing is sent before you have seen what will change.",
    agent: "Agent's id",
    day: "Day",
    show: "Show",
    choose: "Name an agent to see a plan.",
    chooseText: "Plans are of one agent and one day. A whole team is planned by a table.",
    unknown: "The plan could not be read",
    plannedFor: (name: string, id: string) => `Planned for ${name} (${id})`,
    nothing: "Nothing is planned on this day.",
    start: "From",
    end: "To",
    activity: "Activity",
    add: "Add an activity",
    remove: (place: number) => `Remove activity ${place}`,
    save: "Save the plan",
    saved: "The plan is saved.",
    noActivities: "There are no activities yet. Make them first, under Activities.",
    midnight: "Midnight as an end is the one at the end of the day.",
    mistakes: {
      incomplete: "Say from when to when, and which activity.",
      backwards: "It must end after it begins.",
      overlaps: "It overlaps another.",
    },
    adherence: "Adherence on this day",
    excused: "Excused times",
    noExcused: "Nothing is excused on this day.",
    by: (who: string) => `by ${who}`,
    reason: "Reason",
    excuse: "Excuse a time",
    takeBack: (from: string, to: string) => `Take back the excuse of ${from} to ${to}`,
    notFilled: "Say from when to when, and why.",
    table: "Table",
    file: "Or a file",
    example: "agentId,start,end,activityId\nada,2026-11-27 09:00,2026-11-27 12:00,phones",
    format: "An activity is named by its id or its text; a time is such as 2026-11-27 09:00.",
    zone: (zone: string) => `Times without an offset are those of ${zone}.`,
    who: "Agent",
    activities: "Activities",
    unknownAgent: (id: string) => `No agent has the id "${id}".`,
    becauseOf: (id: string) => `Not sent on, because ${id} was refused in the same request.`,
    chooseActivity: "Choose…",
    toActivities: "To the activities",
    preview: "Preview",
    noColumns: (names: string) => `The first line must name the columns; missing: ${names}.`,
    tooMany: (most: number) => `There are more than ${COUNT.format(most)} rows; send them in parts.`,
    noAgent: "It names no agent.",
    noInstant: (text: string) => `"${text}" is no instant; right is such as 2026-11-27 09:00 or 2026-11-27T09:00:00Z.`,
    backwards: "It ends before it begins.",
    noActivity: (id: string) => `There is no activity with the id or text "${id}".`,
    overlaps: "It overlaps another row of the same agent.",
    replaces: (agents: number, items: number, from: string, to: string) =>
      `${COUNT.format(items)} activities of ${COUNT.format(agents)} agents. Of these agents, everything that is planned between ${from} and ${to} is replaced; others keep what they have.`,
    wrong: (count: number) =>
      count === 1
        ? "1 row is wrong. Mend it, and preview again."
        : `${COUNT.format(count)} rows are wrong. Mend them, and preview again.`,
    row: "Row",
    what: "What is wrong",
    send: (agents: number) =>
      agents === 1 ? "Replace the plan of 1 agent" : `Replace the plans of ${COUNT.format(agents)} agents`,
    back: "Back to the table",
    sending: (done: number, all: number) => `${COUNT.format(done)} of ${COUNT.format(all)} agents.`,
    sent: (done: number, refused: number, unknown: number) =>
      [
        `${COUNT.format(done)} plans replaced`,
        refused === 0 ? "" : `${COUNT.format(refused)} refused`,
        unknown === 0 ? "" : `of ${COUNT.format(unknown)} it is not known`,
      ]
        .filter((part) => part !== "")
        .join(", ") + ".",
    notKnown: "There was no answer; it may have been replaced. Sending it again does no harm.",
    result: "Result",
    empty: "There are no rows.",
  },
  de: {
    title: "Pläne",
    lead: "Was für Agenten Tag für Tag geplant ist, und Zeiten, die ihnen nicht angelastet werden. Berichte errechnen daraus die Planeinhaltung.",
    many: "Pläne importieren",
    manyLead:
      "Fügen Sie eine Tabelle mit den Spalten agentId, start, end und activityId ein. Nichts wird gesendet, bevor Sie gesehen haben, was sich ändert.",
    agent: "Kennung des Agenten",
    day: "Tag",
    show: "Zeigen",
    choose: "Nennen Sie einen Agenten, um einen Plan zu sehen.",
    chooseText: "Pläne sind von einem Agenten und einem Tag. Ein ganzes Team wird mit einer Tabelle geplant.",
    unknown: "Der Plan konnte nicht gelesen werden",
    plannedFor: (name: string, id: string) => `Geplant für ${name} (${id})`,
    nothing: "An diesem Tag ist nichts geplant.",
    start: "Von",
    end: "Bis",
    activity: "Tätigkeit",
    add: "Tätigkeit hinzufügen",
    remove: (place: number) => `Tätigkeit ${place} entfernen`,
    save: "Plan speichern",
    saved: "Der Plan ist gespeichert.",
    noActivities: "Es gibt noch keine Tätigkeiten. Legen Sie sie zuerst unter Tätigkeiten an.",
    midnight: "Mitternacht als Ende ist die am Ende des Tages.",
    mistakes: {
      incomplete: "Sagen Sie, von wann bis wann und welche Tätigkeit.",
      backwards: "Sie muss enden, nachdem sie beginnt.",
      overlaps: "Sie überschneidet sich mit einer anderen.",
    },
    adherence: "Planeinhaltung an diesem Tag",
    excused: "Entschuldigte Zeiten",
    noExcused: "An diesem Tag ist nichts entschuldigt.",
    by: (who: string) => `durch ${who}`,
    reason: "Grund",
    excuse: "Zeit entschuldigen",
    takeBack: (from: string, to: string) => `Entschuldigung von ${from} bis ${to} zurücknehmen`,
    notFilled: "Sagen Sie, von wann bis wann und warum.",
    table: "Tabelle",
    file: "Oder eine Datei",
    example: "agentId,start,end,activityId\nada,2026-11-27 09:00,2026-11-27 12:00,phones",
    format: "Eine Tätigkeit wird mit ihrer Kennung oder ihrem Text genannt, eine Zeit etwa als 2026-11-27 09:00.",
    zone: (zone: string) => `Zeiten ohne Versatz sind die von ${zone}.`,
    who: "Agent",
    activities: "Tätigkeiten",
    unknownAgent: (id: string) => `Kein Agent hat die Kennung „${id}“.`,
    becauseOf: (id: string) => `Nicht übernommen, weil ${id} in derselben Anfrage abgelehnt wurde.`,
    chooseActivity: "Wählen …",
    toActivities: "Zu den Tätigkeiten",
    preview: "Vorschau",
    noColumns: (names: string) => `Die erste Zeile muss die Spalten nennen; es fehlen: ${names}.`,
    tooMany: (most: number) => `Es sind mehr als ${COUNT.format(most)} Zeilen; senden Sie sie in Teilen.`,
    noAgent: "Sie nennt keinen Agenten.",
    noInstant: (text: string) =>
      `„${text}“ ist kein Zeitpunkt; richtig ist etwa 2026-11-27 09:00 oder 2026-11-27T09:00:00Z.`,
    backwards: "Sie endet, bevor sie beginnt.",
    noActivity: (id: string) => `Es gibt keine Tätigkeit mit der Kennung oder dem Text „${id}“.`,
    overlaps: "Sie überschneidet sich mit einer anderen Zeile desselben Agenten.",
    replaces: (agents: number, items: number, from: string, to: string) =>
      `${COUNT.format(items)} Tätigkeiten von ${COUNT.format(agents)} Agenten. Bei diesen Agenten wird alles ersetzt, was zwischen ${from} und ${to} geplant ist; andere behalten, was sie haben.`,
    wrong: (count: number) =>
      count === 1
        ? "1 Zeile ist falsch. Berichtigen Sie sie, und sehen Sie die Vorschau noch einmal an."
        : `${COUNT.format(count)} Zeilen sind falsch. Berichtigen Sie sie, und sehen Sie die Vorschau noch einmal an.`,
    row: "Zeile",
    what: "Was falsch ist",
    send: (agents: number) =>
      agents === 1 ? "Plan von 1 Agenten ersetzen" : `Pläne von ${COUNT.format(agents)} Agenten ersetzen`,
    back: "Zurück zur Tabelle",
    sending: (done: number, all: number) => `${COUNT.format(done)} von ${COUNT.format(all)} Agenten.`,
    sent: (done: number, refused: number, unknown: number) =>
      [
        `${COUNT.format(done)} Pläne ersetzt`,
        refused === 0 ? "" : `${COUNT.format(refused)} abgelehnt`,
        unknown === 0 ? "" : `von ${COUNT.format(unknown)} ist es nicht bekannt`,
      ]
        .filter((part) => part !== "")
        .join(", ") + ".",
    notKnown: "Es kam keine Antwort; der Plan kann ersetzt sein. Noch einmal zu senden schadet nicht.",
    result: "Ergebnis",
    empty: "Es gibt keine Zeilen.",
  },
});
