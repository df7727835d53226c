import assert from "node:assert/strict";
import { test } from "node:test";
import { aPresence, aWatchedAgent } from "../samples/samples.ts";
import type { WatchedAgent } from "../wire.ts";
import { EVERYBODY, type Filters, turned } from "./filters.ts";
import { folded } from "../look/fold.ts";
import { type Order, Surveyor } from "./survey.ts";

const PRESENCES = new Map(
  [
    aPresence("available"),
    aPresence("busy", { basePresenceStatus: "BUSY" }),
    aPresence("lunch", { basePresenceStatus: "AWAY" }),
  ].map((presence) => [presence.presenceId, presence]),
);
const BY_NAME: Order = { by: "agent", direction: "ascending" };

const FLOOR: readonly WatchedAgent[] = [
  aWatchedAgent("a1", {
    name: "Rosa García",
    teams: ["billing"],
    queues: ["refunds"],
    since: "2026-03-02T09:00:00.000Z",
  }),
  aWatchedAgent("a2", {
    name: "Ayşe Bauer",
    teams: ["billing"],
    presenceId: "busy",
    skills: ["French"],
    since: "2026-03-02T08:00:00.000Z",
  }),
  aWatchedAgent("a10", {
    name: "Łukasz Weiß",
    teams: ["care"],
    presenceId: "lunch",
    hold: "MISSED",
    since: "2026-03-02T10:00:00.000Z",
  }),
  aWatchedAgent("a9", { name: "Agent 9", teams: ["care"], since: "2026-03-02T11:00:00.000Z" }),
];

function surveyed(over: Partial<Filters> = {}, order = BY_NAME, floor = FLOOR): ReturnType<Surveyor["survey"]> {
  const agents = new Map(floor.map((agent) => [agent.agentId, agent]));
  return new Surveyor().survey(agents, PRESENCES, { ...EVERYBODY, ...over }, order);
}

test("a search folds accents and finds all words in any order, in names, ids, teams, queues and skills", () => {
  const found = (text: string): string => surveyed({ text }).ids.join(" ");
  assert.equal(found("garcia"), "a1");
  assert.equal(found("bauer ayse"), "a2");
  assert.equal(found("LUKASZ weiss"), "a10");
  assert.equal(found("care"), "a9 a10");
  assert.equal(found("refunds rosa"), "a1");
  assert.equal(found("french"), "a2");
  assert.equal(found("  a10 "), "a10");
  assert.equal(found("rosa bauer"), "");
  assert.equal(folded("İstanbul Ørsted"), "istanbul orsted");
});

test("names sort as people expect, and other columns with names where they are equal", () => {
  assert.deepEqual(surveyed().ids, ["a9", "a2", "a10", "a1"]);
  assert.deepEqual(surveyed({}, { by: "since", direction: "ascending" }).ids, ["a2", "a1", "a10", "a9"]);
  assert.deepEqual(surveyed({}, { by: "presence", direction: "ascending" }).ids, ["a9", "a1", "a2", "a10"]);
  assert.deepEqual(surveyed({}, { by: "presence", direction: "descending" }).ids, ["a10", "a2", "a1", "a9"]);
});

test("filters are joined by and, and within one any value does", () => {
  assert.deepEqual(surveyed({ team: ["billing"], status: ["BUSY", "AWAY"] }).ids, ["a2"]);
  assert.deepEqual(surveyed({ team: ["billing", "care"], status: ["BUSY", "AWAY"] }).ids, ["a2", "a10"]);
  assert.deepEqual(surveyed({ hold: ["MISSED"] }).ids, ["a10"]);
});

test("counts follow the filters: each says how many there would be with it alone, the others as they are", () => {
  const { counts, anyStatus } = surveyed({ team: ["billing"], status: ["BUSY"] });
  assert.deepEqual(Object.fromEntries(counts.status), { AVAILABLE: 1, BUSY: 1 });
  assert.deepEqual(Object.fromEntries(counts.team), { billing: 1 });
  assert.equal(anyStatus, 2);
  assert.deepEqual(Object.fromEntries(surveyed({ text: "care" }).counts.status), { AVAILABLE: 1, AWAY: 1 });
});

test("who was renamed is found by the new name", () => {
  const surveyor = new Surveyor();
  const named = (name: string): readonly string[] => {
    const agents = new Map([["a1", aWatchedAgent("a1", { name })]]);
    return surveyor.survey(agents, PRESENCES, { ...EVERYBODY, text: "zoe" }, BY_NAME).ids;
  };
  assert.deepEqual(named("Ada"), []);
  assert.deepEqual(named("Zoë"), ["a1"]);
});

test("a value is chosen, and chosen again it is no more", () => {
  const once = turned(EVERYBODY, "team", "care");
  assert.deepEqual(once.team, ["care"]);
  assert.deepEqual(turned(once, "team", "care").team, []);
});

test("whoever changes comes to the right place among those who did not, in either direction", () => {
  const surveyor = new Surveyor();
  const agents = new Map(
    Array.from({ length: 40 }, (_, at) => {
      const since = new Date(Date.UTC(2026, 2, 2, 9, (at * 7) % 40)).toISOString();
      return aWatchedAgent(`a${at}`, { name: `Agent ${at}`, since });
    }).map((agent) => [agent.agentId, agent]),
  );
  for (let round = 0; round < 60; round += 1) {
    const direction = round % 20 < 10 ? "ascending" : "descending";
    const id = `a${(round * 13) % 40}`;
    if (round % 9 === 8) agents.delete(id);
    else
      agents.set(
        id,
        aWatchedAgent(id, { name: id, since: new Date(Date.UTC(2026, 2, 2, 9, (round * 11) % 45)).toISOString() }),
      );
    const order: Order = { by: "since", direction };
    const { ids } = surveyor.survey(agents, PRESENCES, EVERYBODY, order);
    assert.deepEqual(ids, new Surveyor().survey(agents, PRESENCES, EVERYBODY, order).ids, `round ${round}`);
  }
});
