/** Who or what made an agent's presence what it is, as told to that agent. Only what is known now is said. */

import type { AgentPresence, BasePresenceStatus, Hold, ModifiedBy } from "../wire.ts";
import { inLanguage } from "./language.ts";

const WHY = inLanguage({
  en: {
    you: "you chose it",
    supervisor: "a supervisor set it",
    namedSupervisor: (who: string) => `supervisor ${who} set it`,
    somebody: (who: string) => `${who} set it`,
    default: "it is what you begin with after signing in",
    noSession: "you are not connected",
    signedOut: "you are signed out",
    retired: "your presence was retired",
    full: "your capacity is full",
    busy: "you have open work",
    free: "you have no open work",
    rules: "the hub's rules set it",
    expired: "the time set for your presence before is over",
    restored: "It was restored when you came back.",
    because: (presence: string, why: string) => `${presence}, because ${why}.`,
  },
  de: {
    you: "Sie es so gewählt haben",
    supervisor: "die Teamleitung es so gesetzt hat",
    namedSupervisor: (who: string) => `${who} (Teamleitung) es so gesetzt hat`,
    somebody: (who: string) => `${who} es so gesetzt hat`,
    default: "Sie nach der Anmeldung damit beginnen",
    noSession: "Sie nicht verbunden sind",
    signedOut: "Sie abgemeldet sind",
    retired: "Ihr Status nicht mehr angeboten wird",
    full: "Ihre Kapazität ausgeschöpft ist",
    busy: "Sie offene Arbeit haben",
    free: "Sie keine offene Arbeit haben",
    rules: "die Regeln des Hubs es so vorsehen",
    expired: "die Zeit für Ihren vorigen Status vorbei ist",
    restored: "Das wurde wiederhergestellt, als Sie zurückkamen.",
    because: (presence: string, why: string) => `${presence}, weil ${why}.`,
  },
});

/** What holds the presence until it is reset, as the end of a sentence. It is said of the past: later closed work does not make it false. */
const HELD: Readonly<Record<Hold, string>> = inLanguage<Record<Hold, string>>({
  en: {
    MISSED: "you missed a notification",
    REJECTED: "you rejected a notification",
    WORK_ITEM_LIMIT: "more work came when you had reached the limit of open work items",
  },
  de: {
    MISSED: "Sie eine Benachrichtigung verpasst haben",
    REJECTED: "Sie eine Benachrichtigung abgelehnt haben",
    WORK_ITEM_LIMIT: "neue Arbeit kam, als die Höchstzahl offener Vorgänge erreicht war",
  },
});

/** The sentence: "Do not disturb, because your capacity is full." */
export function why(agent: AgentPresence, presence: string): string {
  const sentence = WHY.because(presence, because(agent));
  return agent.eventName === "RECONNECT" ? `${sentence} ${WHY.restored}` : sentence;
}

function because(agent: AgentPresence): string {
  if (!agent.isAgentLoggedIn) return WHY.signedOut;
  if (agent.restore !== null) return WHY.noSession;
  if (agent.hold !== null) return HELD[agent.hold];
  switch (agent.origin) {
    case "AGENT":
      return WHY.you;
    case "SUPERVISOR":
      return supervisor(agent.heldBy);
    case "DEFAULT":
      return WHY.default;
    case "AUTOMATIC":
      return automatic(agent);
  }
}

function supervisor({ type, id }: ModifiedBy): string {
  if (id === undefined) return WHY.supervisor;
  return type === "SUPERVISOR" ? WHY.namedSupervisor(id) : WHY.somebody(id);
}

function automatic({ eventName, presence, capacity }: AgentPresence): string {
  if (eventName === "PRESENCE_RETIRED") return WHY.retired;
  if (eventName === "EXPIRED") return WHY.expired;
  const by: Readonly<Record<BasePresenceStatus, string>> = {
    AVAILABLE: capacity.openWorkItems === 0 ? WHY.free : WHY.rules,
    BUSY: capacity.openWorkItems > 0 ? WHY.busy : WHY.rules,
    BUSY_DO_NOT_DISTURB: WHY.full,
    AWAY: WHY.rules,
    OFFLINE: WHY.rules,
  };
  return by[presence.basePresenceStatus];
}
