/** Shapes for tests, each with what matters to the test given and the rest plausible. */

import type { AgentPresence, HubFrame, Presence, WatchedAgent } from "../generated/wire.ts";

export function examplePresence(presenceId: string, over: Partial<Presence> = {}): Presence {
  return {
    presenceId,
    presenceName: presenceId,
    presenceText: presenceId,
    basePresenceStatus: "AVAILABLE",
    description: "",
    builtIn: true,
    canUserSet: true,
    presenceColor: "#107c10",
    labels: {},
    enabled: true,
    ...over,
  };
}

export function exampleWatched(agentId: string, over: Partial<WatchedAgent> = {}): WatchedAgent {
  return {
    agentId,
    name: agentId,
    presenceId: "available",
    since: "2026-03-01T09:00:00.000Z",
    version: 1,
    seq: 1,
    origin: "AUTOMATIC",
    eventName: "LOGIN",
    ...over,
  };
}

export function exampleAgent(over: Partial<AgentPresence> = {}): AgentPresence {
  return {
    agentId: "a1",
    name: "Ada",
    teams: [],
    presence: examplePresence("available"),
    since: "2026-03-01T09:00:00.000Z",
    version: 1,
    seq: 1,
    origin: "AUTOMATIC",
    hold: null,
    eventName: "LOGIN",
    subEventName: null,
    modifiedBy: { type: "SYSTEM" },
    reason: null,
    until: null,
    nextPresenceId: null,
    isAgentLoggedIn: true,
    activeBrowserSessions: 1,
    restore: null,
    capacity: { units: null, profiles: [], openWorkItems: 0, utilization: "UNUSED" },
    isBlockedBySomeProfile: false,
    ...over,
  };
}

export function exampleWelcome(over: Partial<Extract<HubFrame, { type: "welcome" }>> = {}): HubFrame {
  return {
    type: "welcome",
    sessionId: "s1",
    roles: ["agent"],
    subject: "a1",
    epoch: "e1",
    seq: 1,
    serverTime: "2026-03-01T09:00:00.000Z",
    heartbeatSeconds: 10,
    tokenExpiresAt: "2026-03-01T17:00:00.000Z",
    agent: exampleAgent(),
    presenceOptions: [examplePresence("available")],
    ...over,
  };
}
