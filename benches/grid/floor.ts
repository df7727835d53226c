/** A made-up floor, and its changes: the same for every grid that is measured. */

import type { Presence, WatchedAgent } from "../../web/wire.ts";

const FIRST = ["Ada", "Ayşe", "Bruno", "Chiara", "Dmitri", "Emma", "Fatima", "José", "Łukasz", "Mei", "Noor", "Zoë"];
const LAST = ["Adeyemi", "Bauer", "Costa", "Demir", "García", "Haddad", "Ito", "Kim", "Larsen", "Müller", "Novák", "Weiß"];
const TEAMS = ["billing", "care", "claims", "sales", "support"];

const presence = (presenceId: string, presenceText: string, basePresenceStatus: Presence["basePresenceStatus"]): Presence => ({
  presenceId, presenceText, presenceName: presenceText, basePresenceStatus,
  builtIn: true, canUserSet: true, description: "", enabled: true, labels: {}, presenceColor: "#107c10",
});

export const PRESENCES: readonly Presence[] = [
  presence("available", "Available", "AVAILABLE"),
  presence("busy", "Busy", "BUSY"),
  presence("do-not-disturb", "Do not disturb", "BUSY_DO_NOT_DISTURB"),
  presence("away", "Appear away", "AWAY"),
  presence("offline", "Offline", "OFFLINE"),
];

/** Mulberry32: the same floor each time. */
let seed = 1;
function random(below: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
const one = <T>(of: readonly T[]): T => of[random(of.length)] as T;

function agent(at: number): WatchedAgent {
  const used = random(5) * 20;
  return {
    agentId: `agent-${String(at).padStart(5, "0")}`,
    name: `${one(FIRST)} ${one(LAST)} ${at}`,
    teams: [one(TEAMS)], queues: [`${one(TEAMS)}-chat`], skills: ["french", "spanish"].slice(random(2)),
    presenceId: one(PRESENCES).presenceId,
    since: new Date(Date.now() - random(3_600_000)).toISOString(),
    version: 1, seq: at, origin: "AUTOMATIC", eventName: "SESSION_ASSIGNED", subEventName: "ASSIGNMENT_ACCEPT",
    isAgentLoggedIn: true, openWorkItems: used / 20, activeBrowserSessions: 1,
    capacity: {
      openWorkItems: used / 20, profiles: [], utilization: "PARTIAL",
      units: { max: 100, used, reserved: 0, available: 100 - used },
    },
  };
}

export const FLOOR: WatchedAgent[] = Array.from({ length: 10_000 }, (_, at) => agent(at));

let seq = FLOOR.length;

/** So many changes of so many agents: another presence, since now, and other work. */
export function changes(count: number): readonly WatchedAgent[] {
  return Array.from({ length: count }, () => {
    const at = random(FLOOR.length);
    const before = FLOOR[at] as WatchedAgent;
    const used = random(5) * 20;
    seq += 1;
    const after: WatchedAgent = {
      ...before, seq, version: before.version + 1, presenceId: one(PRESENCES).presenceId, since: new Date().toISOString(), openWorkItems: used / 20,
      capacity: { ...(before.capacity as NonNullable<WatchedAgent["capacity"]>), units: { max: 100, used, reserved: 0, available: 100 - used } },
    };
    FLOOR[at] = after;
    return after;
  });
}

/** A thousand a second, as a hub sends them: a frame every tenth of one. */
export function everyTenth(hear: (changed: readonly WatchedAgent[]) => void): void {
  setInterval(() => hear(changes(100)), 100);
}
