/** The contract's vocabulary in human words. What a newer hub may say beyond it is shown as it is. */

import type { BasePresenceStatus, EventName, Hold, ModifiedBy, SubEventName } from "../wire.ts";
import type { Notice } from "../client/agent.ts";
import { inLanguage } from "./language.ts";
import { refusedToOneself, spelled } from "./refusals.ts";

export { capitalized } from "./refusals.ts";

export const STATUS: Record<BasePresenceStatus, string> = {
  AVAILABLE: "Available",
  BUSY: "Busy",
  BUSY_DO_NOT_DISTURB: "Do not disturb",
  AWAY: "Away",
  OFFLINE: "Offline",
};

/** For a board, in a word. */
export const HOLD: Record<Hold, string> = {
  MISSED: "Missed",
  REJECTED: "Rejected",
  WORK_ITEM_LIMIT: "Work item limit",
};

const EVENTS: Readonly<Record<EventName, string>> = {
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
};

const SUB_EVENTS: Readonly<Record<SubEventName, string>> = {
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
};

/** The words for what the hub said; a newer hub may say what is not among them. */
function worded(words: Readonly<Record<string, string>>, said: string): string | undefined {
  return words[said];
}

/** What happened and, unless it says the same again, how. */
export function cause(eventName: string, subEventName?: string | null): string {
  const event = worded(EVENTS, eventName) ?? spelled(eventName);
  if (subEventName === undefined || subEventName === null) return event;
  const more = worded(SUB_EVENTS, subEventName) ?? spelled(subEventName).toLowerCase();
  return more === event.toLowerCase() ? event : `${event} (${more})`;
}

/** Who set a presence, in the middle of a sentence. `agentId` is whose presence it is. */
export function setBy(modifiedBy: ModifiedBy | undefined, agentId: string): string {
  if (modifiedBy === undefined) return "the hub";
  switch (modifiedBy.type) {
    case "SYSTEM":
      return "the hub";
    case "AGENT":
      return modifiedBy.id === undefined || modifiedBy.id === agentId ? "the agent" : modifiedBy.id;
    default:
      return [modifiedBy.type.toLowerCase(), modifiedBy.id ?? ""].join(" ").trim();
  }
}

const NOTICES: Readonly<Record<string, string>> = {
  presenceSetBySupervisor: "A supervisor changed your presence",
  signedOutBySupervisor: "A supervisor signed you out",
  missedNotification: "You missed a notification",
  rejectedNotification: "You rejected a notification",
  workItemLimit: "You reached the limit of open work items",
  presenceExpired: "The time you chose for your presence has ended",
  presenceRetired: "Your presence was retired, and another took its place",
};

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
