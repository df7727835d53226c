import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyRoster } from "../client/roster.ts";
import { aPresence, aWatchedAgent } from "../samples/samples.ts";
import { BY_NAME } from "./address.ts";
import { Arrangement } from "./arrangement.ts";
import { EVERYBODY } from "./filters.ts";
import type { Threshold } from "./thresholds.ts";

const ANYBODY: Threshold = { is: "more", than: 0, of: { status: "AVAILABLE" }, team: null };

/** A board of these agents, by name, that is current or may be wrong. */
function board(...names: readonly string[]): {
  readonly arrangement: Arrangement;
  readonly hears: (name: string, over?: { known: boolean }) => void;
} {
  const roster = { ...emptyRoster(), presences: new Map([["available", aPresence("available")]]) };
  const arrangement = new Arrangement(() => undefined);
  const hears = (name: string, { known } = { known: true }): void => {
    roster.agents.set(name, aWatchedAgent(name));
    arrangement.hurry();
    const now = known ? { now: 0, sound: "off" as const } : null;
    arrangement.look({ roster, asked: { filters: EVERYBODY, order: BY_NAME }, thresholds: [ANYBODY], known: now });
  };
  for (const name of names) hears(name);
  return { arrangement, hears };
}

test("rows stand still while somebody is on the grid, whatever comes, and come when they leave", () => {
  const { arrangement, hears } = board("b", "d");
  arrangement.occupy(true);
  hears("a");
  hears("c");
  assert.deepEqual([arrangement.shown, arrangement.waits], [["b", "d"], 2]);
  arrangement.occupy(false);
  hears("e");
  assert.deepEqual([arrangement.shown, arrangement.waits], [["a", "b", "c", "d", "e"], 0]);
});

test("what a person asks for is shown although they are on the grid", () => {
  const { arrangement, hears } = board("b");
  arrangement.occupy(true);
  arrangement.forget();
  hears("a");
  assert.deepEqual(arrangement.shown, ["a", "b"]);
  hears("c");
  assert.deepEqual([arrangement.shown, arrangement.waits], [["a", "b"], 1]);
});

test("nothing is said to be over a threshold, and nothing to be well, while a board may be wrong", () => {
  const { arrangement, hears } = board("a");
  assert.equal(arrangement.over?.length, 1);
  hears("b", { known: false });
  assert.equal(arrangement.over, null);
});
