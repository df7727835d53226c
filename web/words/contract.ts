/** The contract's vocabulary in human words. What a newer hub may say beyond it is shown as it is. */

import type { EventName, Hold, ModifiedBy, Presence, SubEventName } from "../wire.ts";
import type { Notice } from "../client/agent.ts";
import { presenceText } from "./indicator.ts";
import { inLanguage } from "./language.ts";
import { refusedToOneself, spelled } from "./refusals.ts";

export { BASES as STATUS } from "./indicator.ts";
export { capitalized } from "./refusals.ts";

/** What people see of a presence; of one that is not known, its id. */
export function presenceNamed(presences: ReadonlyMap<string, Presence>, presenceId: string): string {
  const presence = presences.get(presenceId);
  return presence === undefined ? presenceId : presenceText(presence);
}

/** For a board, in a word. */
export const HOLD: Record<Hold, string> = inLanguage<Record<Hold, string>>({
  en: {
    MISSED: "Missed",
    REJECTED: "Rejected",
    WORK_ITEM_LIMIT: "Work item limit",
  },
  de: {
    MISSED: "Verpasst",
    REJECTED: "Abgelehnt",
    WORK_ITEM_LIMIT: "Vorgangsgrenze",
  },
});

const EVENTS: Readonly<Record<EventName, string>> = inLanguage<Readonly<Record<EventName, string>>>({
  en: {
    CONFIGURATION_UPDATE: "The configuration changed",
    NEW_USER: "New agent",
    LOGIN: "Signed in",
    RECONNECT: "Came back in time",
    LOGOUT: "Signed out",
    DISCONNECTED: "Disconnected",
    SET_PRESENCE: "Chosen",
    MISSED_NOTIFICATION: "Missed a notification",
    REJECTED_NOTIFICATION: "Rejected a notification",
    RESET_MISSED_REJECTED_NOTIFICATION_PRESENCE: "Reset after a notification",
    ASSIGNMENT_ATTEMPTED_WITH_CAPACITY_RESERVATION: "Work was offered",
    SESSION_ASSIGNED: "Work was assigned",
    SESSION_CLOSED: "Work was closed",
    END_OF_DAY_CAPACITY_RESET: "Capacity was reset for the day",
    OTHER: "Other",
    RESTORE_LAPSED: "Stayed away too long to get the presence back",
    EXPIRED: "The chosen time ended",
    WORK_ITEM_LIMIT: "Reached the work item limit",
    PRESENCE_RETIRED: "The presence was retired",
    RECONCILED: "Corrected to match the work system",
    WRAP_UP_ENDED: "Wrap-up ended",
    CONNECTION_ADDED: "Opened one more browser",
    CONNECTION_ENDED: "One of several browsers went",
  },
  de: {
    CONFIGURATION_UPDATE: "Die Konfiguration änderte sich",
    NEW_USER: "Neuer Agent",
    LOGIN: "Angemeldet",
    RECONNECT: "Rechtzeitig zurückgekommen",
    LOGOUT: "Abgemeldet",
    DISCONNECTED: "Verbindung verloren",
    SET_PRESENCE: "Gewählt",
    MISSED_NOTIFICATION: "Benachrichtigung verpasst",
    REJECTED_NOTIFICATION: "Benachrichtigung abgelehnt",
    RESET_MISSED_REJECTED_NOTIFICATION_PRESENCE: "Nach einer Benachrichtigung zurückgesetzt",
    ASSIGNMENT_ATTEMPTED_WITH_CAPACITY_RESERVATION: "Arbeit wurde angeboten",
    SESSION_ASSIGNED: "Arbeit wurde zugewiesen",
    SESSION_CLOSED: "Arbeit wurde geschlossen",
    END_OF_DAY_CAPACITY_RESET: "Kapazität zum Tagesende zurückgesetzt",
    OTHER: "Sonstiges",
    RESTORE_LAPSED: "Zu lange weg, um den Status zurückzubekommen",
    EXPIRED: "Die gewählte Zeit ist vorbei",
    WORK_ITEM_LIMIT: "Grenze offener Vorgänge erreicht",
    PRESENCE_RETIRED: "Der Status wird nicht mehr angeboten",
    RECONCILED: "An das Arbeitssystem angeglichen",
    WRAP_UP_ENDED: "Nacharbeit beendet",
    CONNECTION_ADDED: "Noch einen Browser geöffnet",
    CONNECTION_ENDED: "Einer von mehreren Browsern ging",
  },
});

const SUB_EVENTS: Readonly<Record<SubEventName, string>> = inLanguage<Readonly<Record<SubEventName, string>>>({
  en: {
    ASSIGNMENT_ACCEPT: "accepted",
    PICK: "picked",
    AUTO_ASSIGN: "assigned automatically",
    ASSIGNED_BY_SUPERVISOR: "assigned by a supervisor",
    TRANSFER: "transferred",
    REPRESENTATIVE_INITIATED_OUTBOUND_CALL: "outbound call",
    AGENT_END_CONVERSATION: "ended by the agent",
    AGENT_REJECT: "rejected by the agent",
    AGENT_TIMEOUT: "not answered in time",
    CONVERSATION_TIMEOUT: "timed out",
    AGENT_CLOSED: "closed by the agent",
    CONVERSATION_CLOSED: "conversation closed",
    AGENT_TRANSFERED: "transferred by the agent",
    AGENT_DISCONNECTED: "agent disconnected",
    AGENT_RE_ROUTED: "routed to another agent",
    VIRTUAL_AGENT_CLOSED: "closed by a virtual agent",
    AGENT_TRANSFER_TO_QUEUE: "transferred to a queue by the agent",
    SUPERVISOR_ASSIGN_TO_QUEUE: "moved to a queue by a supervisor",
    SUPERVISOR_TRANSFER_TO_AGENT: "transferred to another agent by a supervisor",
    SYSTEM_REJECT: "taken back by the work system",
    FORCE_CLOSE: "closed by force",
    OVERFLOW_QUEUE_TRANSFER: "overflowed to another queue",
    OVERFLOW_END_CONVERSATION: "ended by overflow",
    ADD_AGENT_FAILED: "the agent could not be added",
    AUTO_CLOSE: "closed automatically",
    CUSTOMER_DISCONNECT: "customer's connection lost",
    CUSTOMER_END_CONVERSATION: "ended by the customer",
    QUEUE_TRANSFER: "transferred to another queue",
    IN_QUEUE_OVERFLOW_TRANSFER: "overflowed to another queue while waiting",
    IN_QUEUE_OVERFLOW_END: "ended by overflow while waiting",
    CONSULT_JOINED: "joined to consult",
    CONSULT_LEFT: "stopped consulting",
    MONITOR_JOINED: "began to monitor",
    MONITOR_LEFT: "stopped monitoring",
    TAB_CLOSED: "window closed",
    SIGNED_OUT: "signed out",
    DEVICE_CLOSED: "device closed",
    NETWORK_LOST: "network lost",
    PAGE_ASLEEP: "page asleep",
    HUB_RESTART: "the hub restarted",
    REVOKED: "access revoked",
    UNKNOWN: "cause unknown",
  },
  de: {
    ASSIGNMENT_ACCEPT: "angenommen",
    PICK: "selbst genommen",
    AUTO_ASSIGN: "automatisch zugewiesen",
    ASSIGNED_BY_SUPERVISOR: "von der Teamleitung zugewiesen",
    TRANSFER: "weitergeleitet",
    REPRESENTATIVE_INITIATED_OUTBOUND_CALL: "ausgehender Anruf",
    AGENT_END_CONVERSATION: "vom Agenten beendet",
    AGENT_REJECT: "vom Agenten abgelehnt",
    AGENT_TIMEOUT: "nicht rechtzeitig angenommen",
    CONVERSATION_TIMEOUT: "Zeit abgelaufen",
    AGENT_CLOSED: "vom Agenten geschlossen",
    CONVERSATION_CLOSED: "Gespräch geschlossen",
    AGENT_TRANSFERED: "vom Agenten weitergeleitet",
    AGENT_DISCONNECTED: "Agent getrennt",
    AGENT_RE_ROUTED: "an einen anderen Agenten geleitet",
    VIRTUAL_AGENT_CLOSED: "von einem virtuellen Agenten geschlossen",
    AGENT_TRANSFER_TO_QUEUE: "vom Agenten in eine Warteschlange gegeben",
    SUPERVISOR_ASSIGN_TO_QUEUE: "von der Teamleitung in eine Warteschlange gegeben",
    SUPERVISOR_TRANSFER_TO_AGENT: "von der Teamleitung an einen anderen Agenten gegeben",
    SYSTEM_REJECT: "vom Arbeitssystem zurückgenommen",
    FORCE_CLOSE: "zwangsweise geschlossen",
    OVERFLOW_QUEUE_TRANSFER: "in eine andere Warteschlange übergelaufen",
    OVERFLOW_END_CONVERSATION: "durch Überlauf beendet",
    ADD_AGENT_FAILED: "der Agent konnte nicht hinzugefügt werden",
    AUTO_CLOSE: "automatisch geschlossen",
    CUSTOMER_DISCONNECT: "Verbindung des Kunden verloren",
    CUSTOMER_END_CONVERSATION: "vom Kunden beendet",
    QUEUE_TRANSFER: "in eine andere Warteschlange gegeben",
    IN_QUEUE_OVERFLOW_TRANSFER: "wartend in eine andere Warteschlange übergelaufen",
    IN_QUEUE_OVERFLOW_END: "wartend durch Überlauf beendet",
    CONSULT_JOINED: "zur Beratung dazugekommen",
    CONSULT_LEFT: "Beratung beendet",
    MONITOR_JOINED: "Mithören begonnen",
    MONITOR_LEFT: "Mithören beendet",
    TAB_CLOSED: "Fenster geschlossen",
    SIGNED_OUT: "abgemeldet",
    DEVICE_CLOSED: "Gerät geschlossen",
    NETWORK_LOST: "Netz verloren",
    PAGE_ASLEEP: "Seite eingeschlafen",
    HUB_RESTART: "der Hub startete neu",
    REVOKED: "Zugang widerrufen",
    UNKNOWN: "Ursache unbekannt",
  },
});

/** The words for what the hub said; a newer hub may say what is not among them. */
function worded(words: Readonly<Record<string, string>>, said: string): string | undefined {
  return words[said];
}

/** What happened and, unless it says the same again, how. */
export function cause(eventName: string, subEventName?: string | null): string {
  const event = worded(EVENTS, eventName) ?? spelled(eventName);
  if (subEventName === undefined || subEventName === null) return event;
  const more = subEvent(subEventName);
  return more === event.toLowerCase() ? event : `${event} (${more})`;
}

/** How, alone. */
export function subEvent(subEventName: string): string {
  return worded(SUB_EVENTS, subEventName) ?? spelled(subEventName).toLowerCase();
}

const SETTERS = inLanguage<Readonly<Record<ModifiedBy["type"], string>>>({
  en: { SYSTEM: "the hub", AGENT: "the agent", SUPERVISOR: "supervisor", INTEGRATION: "integration", ADMIN: "admin" },
  de: {
    SYSTEM: "der Hub",
    AGENT: "der Agent",
    SUPERVISOR: "Teamleitung",
    INTEGRATION: "Arbeitssystem",
    ADMIN: "Administration",
  },
});

/** Who set a presence, in the middle of a sentence. `agentId` is whose presence it is. */
export function setBy(modifiedBy: ModifiedBy | undefined, agentId: string): string {
  const { type, id } = modifiedBy ?? { type: "SYSTEM" };
  if (type === "SYSTEM") return SETTERS.SYSTEM;
  if (type === "AGENT") return id === undefined || id === agentId ? SETTERS.AGENT : id;
  return [SETTERS[type], id ?? ""].join(" ").trim();
}

const NOTICES: Readonly<Record<string, string>> = inLanguage<Readonly<Record<string, string>>>({
  en: {
    presenceSetBySupervisor: "A supervisor changed your presence",
    signedOutBySupervisor: "A supervisor signed you out",
    missedNotification: "You missed a notification",
    rejectedNotification: "You rejected a notification",
    workItemLimit: "You reached the limit of open work items",
    presenceExpired: "The time you chose for your presence has ended",
    presenceRetired: "Your presence was retired, and another took its place",
  },
  de: {
    presenceSetBySupervisor: "Die Teamleitung hat Ihren Status geändert",
    signedOutBySupervisor: "Die Teamleitung hat Sie abgemeldet",
    missedNotification: "Sie haben eine Benachrichtigung verpasst",
    rejectedNotification: "Sie haben eine Benachrichtigung abgelehnt",
    workItemLimit: "Sie haben die Grenze offener Vorgänge erreicht",
    presenceExpired: "Die Zeit für Ihren Status ist vorbei",
    presenceRetired: "Ihr Status wird nicht mehr angeboten, ein anderer trat an seine Stelle",
  },
});

export function noticed(notice: Omit<Notice, "at">): string {
  const what = NOTICES[notice.code] ?? spelled(notice.code);
  const who = notice.actor?.id === undefined ? "" : ` (${notice.actor.id})`;
  const why = notice.reason === undefined ? "." : `: ${notice.reason}`;
  return `${what}${who}${why}`;
}

/** Why the hub did not do it to somebody else, or not in this role. */
const REFUSALS: Readonly<Record<string, string>> = inLanguage<Readonly<Record<string, string>>>({
  en: {
    agent_not_connected: "The agent is not connected.",
    not_done: "It was not done.",
    presence_not_allowed: "This agent may not have this presence.",
    forbidden: "You are not allowed to do this.",
  },
  de: {
    agent_not_connected: "Der Agent ist nicht verbunden.",
    not_done: "Es wurde nicht ausgeführt.",
    presence_not_allowed: "Dieser Agent darf diesen Status nicht haben.",
    forbidden: "Sie dürfen das nicht.",
  },
});

/** The hub's own sentence, `message`, is used for codes that are not known here. */
export function refused(code: string, message?: string): string {
  return REFUSALS[code] ?? refusedToOneself(code, message);
}
