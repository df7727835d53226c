/**
 * Frames and shapes for tests, taken from `tests/wire`: Rust's tests hold the same files, so what the
 * pages are tested with is what the hub says. Each test changes in them what matters to it.
 */

import { readdirSync, readFileSync } from "node:fs";
import type { AgentPresence, HubFrame, Presence, WatchedAgent } from "../wire.ts";

/** npm starts the tests in `web/`. */
const FOLDER = "../tests/wire";

/** The sample `hub.welcome.agent` is of one agent, `a17`. */
export function sample<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8")) as Shape;
}

/** Every sample whose name begins with `start`, by its name. */
export function samples<Shape>(start: string): ReadonlyMap<string, Shape> {
  const names = readdirSync(FOLDER).map((file) => file.replace(".json", ""));
  return new Map(names.filter((name) => name.startsWith(start)).map((name) => [name, sample<Shape>(name)]));
}

export type Frame<Type extends HubFrame["type"]> = Extract<HubFrame, { type: Type }>;

export function aPresence(presenceId: string, over: Partial<Presence> = {}): Presence {
  const named = { presenceId, presenceName: presenceId, presenceText: presenceId };
  return { ...sample<Presence>("shape.Presence"), ...named, basePresenceStatus: "AVAILABLE", ...over };
}

export function aWatchedAgent(agentId: string, over: Partial<WatchedAgent> = {}): WatchedAgent {
  const signedOut = sample<WatchedAgent>("shape.WatchedAgent.signed-out");
  return { ...signedOut, agentId, name: agentId, presenceId: "available", ...over };
}

export function anAgent(over: Partial<AgentPresence> = {}): AgentPresence {
  return { ...sample<AgentPresence>("shape.AgentPresence"), ...over };
}

export function aWelcome(): Frame<"welcome"> {
  return sample("hub.welcome.agent");
}
