import assert from "node:assert/strict";
import { test } from "node:test";
import type { HubFrame, WatchedAgent } from "../wire.ts";
import { aWatchedAgent, type Frame, sample, samples } from "../samples/samples.ts";
import { apply, disconnected, emptyRoster, resumeFrom, type Roster, watching } from "./roster.ts";

function snapshot(part: number, parts: number, agents: WatchedAgent[], seq = 10): HubFrame {
  return { ...sample<Frame<"snapshot">>("hub.snapshot.last"), watchId: "w", epoch: "e", seq, part, parts, agents };
}

function changes(seq: number, agents: WatchedAgent[], left: string[] = []): HubFrame {
  return { type: "changes", watchId: "w", seq, agents, left };
}

function rosterAfter(...frames: readonly HubFrame[]): Roster {
  const roster = emptyRoster();
  watching(roster, { watchId: "w", epoch: "e", seq: 10, mode: "snapshot" });
  for (const frame of frames) apply(roster, frame);
  return roster;
}

const [ada, bob] = [aWatchedAgent("ada"), aWatchedAgent("bob")];

test("a snapshot counts only when its last part has come", () => {
  const half = rosterAfter(snapshot(1, 2, [ada]));
  assert.equal(half.currency, "empty");
  assert.equal(resumeFrom(half), undefined);
  const whole = rosterAfter(snapshot(1, 2, [ada]), snapshot(2, 2, [bob]));
  assert.equal(whole.currency, "current");
  assert.deepEqual([...whole.agents.keys()], ["ada", "bob"]);
  assert.deepEqual(resumeFrom(whole), { epoch: "e", seq: 10, watchId: "w" });
});

test("a change replaces and never merges", () => {
  const roster = rosterAfter(snapshot(1, 1, [aWatchedAgent("ada", { hold: "MISSED" })]));
  apply(roster, changes(11, [aWatchedAgent("ada", { version: 2 })]));
  assert.equal(roster.agents.get("ada")?.hold, undefined);
  assert.equal(resumeFrom(roster)?.seq, 11);
});

test("an older state of an agent never overwrites a newer one", () => {
  const roster = rosterAfter(snapshot(1, 1, [aWatchedAgent("ada", { version: 5 })]));
  const change = apply(roster, changes(11, [aWatchedAgent("ada", { version: 4 })]));
  assert.deepEqual(change, { type: "agents", changed: [], left: [] });
  assert.equal(roster.agents.get("ada")?.version, 5);
});

test("who left is gone, and who was never held is ignored", () => {
  const roster = rosterAfter(snapshot(1, 1, [ada, bob]));
  const change = apply(roster, changes(11, [], ["ada", "nobody"]));
  assert.deepEqual(change, { type: "agents", changed: [], left: ["ada"] });
  assert.deepEqual([...roster.agents.keys()], ["bob"]);
});

test("a change between the parts of a snapshot is not lost", () => {
  const roster = rosterAfter(
    snapshot(1, 2, [ada]),
    changes(11, [aWatchedAgent("ada", { version: 2, presenceId: "busy" })]),
    snapshot(2, 2, [bob]),
  );
  assert.equal(roster.agents.get("ada")?.presenceId, "busy");
});

test("without a connection the roster is kept but no longer believed, until the resumption arrives", () => {
  const roster = rosterAfter(snapshot(1, 1, [ada]));
  disconnected(roster);
  assert.equal(roster.currency, "catching-up");
  watching(roster, { watchId: "w", epoch: "e", seq: 20, mode: "resumed" });
  assert.equal(roster.currency, "catching-up");
  apply(roster, changes(20, [bob]));
  assert.equal(roster.currency, "current");
  assert.equal(roster.agents.size, 2);
});

test("a snapshot after the return replaces what was held", () => {
  const roster = rosterAfter(snapshot(1, 1, [ada]));
  disconnected(roster);
  watching(roster, { watchId: "w", epoch: "e2", seq: 3, mode: "snapshot" });
  apply(roster, { ...snapshot(1, 1, [aWatchedAgent("bob", { version: 1 })], 3), epoch: "e2" } as HubFrame);
  assert.deepEqual([...roster.agents.keys()], ["bob"]);
  assert.equal(resumeFrom(roster)?.epoch, "e2");
});

test("a hub that is behind says so in its heartbeat, and the board believes it", () => {
  const roster = rosterAfter(snapshot(1, 1, [ada]));
  const punctual = sample<Frame<"heartbeat">>("hub.heartbeat");
  assert.deepEqual(apply(roster, sample("hub.heartbeat.stale")), { type: "surroundings" });
  assert.equal(roster.currency, "hub-behind");
  apply(roster, punctual);
  assert.equal(roster.currency, "current");
  assert.equal(resumeFrom(roster)?.seq, punctual.seq);
});

test("a resync asks for a snapshot next time", () => {
  const roster = rosterAfter(snapshot(1, 1, [ada]));
  apply(roster, sample("hub.resync"));
  assert.equal(roster.currency, "catching-up");
  assert.equal(resumeFrom(roster), undefined);
});

test("only the frames of a watch and the heartbeat can change a roster", () => {
  const changing = [...samples<HubFrame>("hub.").values()].filter((frame) => {
    const roster = rosterAfter(snapshot(1, 1, [ada]));
    return apply(roster, frame).type !== "nothing";
  });
  const types = new Set(changing.map(({ type }) => type));
  assert.deepEqual([...types].sort(), ["changes", "heartbeat", "presences", "resync", "snapshot"]);
});
