import assert from "node:assert/strict";
import { test } from "node:test";
import { aPresence, aWatchedAgent } from "../samples/samples.ts";
import { isNew, over, type Threshold, thresholdsOf } from "./thresholds.ts";

const NOON = Date.parse("2026-03-02T12:00:00.000Z");
const ago = (minutes: number): string => new Date(NOON - minutes * 60_000).toISOString();
const PRESENCES = new Map([
  ["available", aPresence("available")],
  ["lunch", aPresence("lunch", { basePresenceStatus: "AWAY" })],
]);
const AGENTS = new Map(
  [
    aWatchedAgent("a1", { teams: ["billing"] }),
    aWatchedAgent("a2", { teams: ["care"] }),
    aWatchedAgent("a3", { presenceId: "lunch", since: ago(50) }),
    aWatchedAgent("a4", { presenceId: "lunch", since: ago(1), heldSince: ago(70) }),
    aWatchedAgent("a5", { presenceId: "lunch", since: ago(45) }),
  ].map((agent) => [agent.agentId, agent]),
);

const FEW: Threshold = { is: "fewer", than: 2, of: { status: "AVAILABLE" }, team: "billing" };
const LONG: Threshold = { is: "longer", than: 45, of: { presenceId: "lunch" }, team: null };
const SOME: Threshold = { is: "more", than: 0, of: { presenceId: "lunch" }, team: null };

function found(threshold: Threshold): readonly [number, string] | null {
  const [one] = over([threshold], AGENTS, PRESENCES, NOON);
  return one === undefined ? null : [one.count, one.agentIds.join(" ")];
}

test("too few are counted in the team, and nobody is to blame", () => {
  assert.deepEqual(found(FEW), [1, ""]);
  assert.equal(found({ ...FEW, than: 1 }), null);
  assert.equal(found({ ...FEW, team: null }), null);
});

test("who is too long in a presence is named, the longest first, interruptions included; exactly the time is not over it", () => {
  assert.deepEqual(found(LONG), [3, "a4 a3"]);
  assert.equal(found({ ...LONG, team: "billing" }), null);
});

test("too many are all named", () => {
  assert.deepEqual(found(SOME), [3, "a4 a3 a5"]);
  assert.equal(found({ ...SOME, than: 3 }), null);
});

test("a threshold is news once, until it was kept again", () => {
  const now = over([FEW], AGENTS, PRESENCES, NOON);
  assert.equal(isNew([], now), true);
  assert.equal(isNew(now, now), false);
  assert.equal(isNew(now, over([FEW, LONG], AGENTS, PRESENCES, NOON)), true);
});

test("what was kept is read as far as it makes sense", () => {
  assert.deepEqual(thresholdsOf([FEW, { is: "odd" }, null, { ...LONG, than: "x" }, LONG]), [FEW, LONG]);
  assert.deepEqual(thresholdsOf("nonsense"), []);
});
