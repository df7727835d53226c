import assert from "node:assert/strict";
import { test } from "node:test";
import { aPresence, aWatchedAgent } from "../samples/samples.ts";
import { emptyRoster, type Roster } from "../client/roster.ts";
import type { WatchedAgent } from "../wire.ts";
import { counts, EVERYBODY, Listing, type Narrowing, type Order, teams } from "./listing.ts";

const BY_NAME: Order = { by: "name", direction: "ascending" };

function rosterOf(...agents: readonly WatchedAgent[]): Roster {
  const roster = emptyRoster();
  for (const presence of [
    aPresence("busy", { basePresenceStatus: "BUSY" }),
    aPresence("available"),
    aPresence("training", { basePresenceStatus: "BUSY", builtIn: false }),
  ])
    roster.presences.set(presence.presenceId, presence);
  for (const agent of agents) roster.agents.set(agent.agentId, agent);
  return roster;
}

const FLOOR = rosterOf(
  aWatchedAgent("3", { name: "Chloé", presenceId: "busy", teams: ["billing"], since: "2026-03-01T09:00:00.000Z" }),
  aWatchedAgent("1", {
    name: "ada",
    presenceId: "available",
    teams: ["billing", "vip"],
    since: "2026-03-01T10:00:00.000Z",
  }),
  aWatchedAgent("2", { name: "Bob", presenceId: "training", since: "2026-03-01T08:00:00.000Z", openWorkItems: 2 }),
);

function listed(narrowing: Partial<Narrowing>, order: Order = BY_NAME): string {
  return new Listing().list(FLOOR, { ...EVERYBODY, ...narrowing }, order).join("");
}

test("names are sorted as people sort them, and either way", () => {
  assert.equal(listed({}), "123");
  assert.equal(listed({}, { by: "name", direction: "descending" }), "321");
});

test("the longest in their status come first", () => {
  assert.equal(listed({}, { by: "since", direction: "ascending" }), "231");
});

test("presences are sorted by who can take work first", () => {
  assert.equal(listed({}, { by: "presence", direction: "ascending" }), "132");
});

test("narrowing joins by and", () => {
  assert.equal(listed({ team: "billing" }), "13");
  assert.equal(listed({ baseStatus: "BUSY" }), "23");
  assert.equal(listed({ presenceId: "training" }), "2");
  assert.equal(listed({ text: " CHLO" }), "3");
  assert.equal(listed({ team: "billing", baseStatus: "BUSY" }), "3");
  assert.equal(listed({ team: "vip", baseStatus: "BUSY" }), "");
});

test("a changed name finds its place", () => {
  const roster = rosterOf(aWatchedAgent("1", { name: "Ada" }), aWatchedAgent("2", { name: "Bob" }));
  const listing = new Listing();
  assert.deepEqual(listing.list(roster, EVERYBODY, BY_NAME), ["1", "2"]);
  roster.agents.set("1", aWatchedAgent("1", { name: "Zoe" }));
  assert.deepEqual(listing.list(roster, EVERYBODY, BY_NAME), ["2", "1"]);
});

test("the counts are the hub's for the whole floor, and counted here for one team", () => {
  const roster = rosterOf(...FLOOR.agents.values());
  roster.summary = { total: 7, byBaseStatus: { BUSY: 7 }, byPresence: { busy: 7 } };
  assert.equal(counts(roster, null).total, 7);
  assert.deepEqual(counts(roster, "billing"), {
    total: 2,
    byBaseStatus: { AVAILABLE: 1, BUSY: 1 },
    byPresence: { available: 1, busy: 1 },
  });
});

test("teams are those of the agents in view", () => {
  assert.deepEqual(teams(FLOOR), ["billing", "vip"]);
});
