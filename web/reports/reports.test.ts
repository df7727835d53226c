import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../samples/samples.ts";
import type { HistoryInterval, PastPresence, TimeInStatus } from "../wire.ts";
import { addressOf, type Place, placeOf } from "./address.ts";
import { cutTo, sumsOf } from "./cut.ts";
import { exportsOf } from "./exporting.ts";
import { sorted, timeTable, wayDown } from "./figures.ts";
import { countsOf, floorOf, goesOn } from "./floor-state.ts";

const OWN = "Europe/Berlin";
const ALL: Place = placeOf("", OWN);

test("an address says what is looked at, and what is usual is left out", () => {
  assert.equal(addressOf(ALL, OWN), "?");
  const place: Place = {
    section: "sign-ins",
    span: { kind: "range", from: "2026-03-29T08:00", to: "2026-03-29T09:30" },
    zone: "Asia/Kolkata",
    by: "hour",
    teams: ["Big team", "sales"],
    agents: ["ada"],
    agent: "ben",
    sort: "lunch",
    at: Date.UTC(2026, 2, 29, 7),
  };
  const address = addressOf(place, OWN);
  assert.deepEqual(placeOf(address, OWN), place);
  // What the sign-in brings people back to has none of these.
  assert.doesNotMatch(address, /[+ :]/);
});

test("what an address says wrongly is as if it said nothing", () => {
  const place = placeOf("?section=x&by=year&tz=Nowhere/Land&span=never&at=soon&teams=", OWN);
  assert.deepEqual(place, ALL);
});

const line = (over: Partial<TimeInStatus>): TimeInStatus => ({
  presenceId: "available",
  presenceText: "Available",
  basePresenceStatus: "AVAILABLE",
  durationMs: 1,
  ...over,
});

test("lines of a report are rows with a column for each presence, and add up", () => {
  const { columns, rows, whole } = timeTable([
    line({ agentId: "ada", presenceId: "lunch", basePresenceStatus: "AWAY", durationMs: 10 }),
    line({ agentId: "ada", durationMs: 5 }),
    line({ agentId: "ben", presenceId: "tea", basePresenceStatus: "AWAY", durationMs: 20 }),
  ]);
  assert.deepEqual(
    columns.map(({ presenceId }) => presenceId),
    ["available", "tea", "lunch"],
  );
  assert.deepEqual(
    rows.map(({ key, total }) => [key, total]),
    [
      ["ada", 15],
      ["ben", 20],
    ],
  );
  assert.equal(whole.total, 35);
  const most = sorted(
    rows,
    "lunch",
    ({ spent }, column) => spent.get(column) ?? 0,
    ({ subject }) => subject,
  );
  assert.deepEqual(
    most.map(({ key }) => key),
    ["ada", "ben"],
  );
  const people = [{ name: "Zoë" }, { name: "Ådel" }, { name: "ben" }];
  assert.deepEqual(
    sorted(
      people,
      null,
      () => 0,
      (line) => line,
    ).map(({ name }) => name),
    ["Ådel", "ben", "Zoë"],
  );
});

test("an agent leads to its rows, a team and an hour to the agents in it", () => {
  assert.equal(wayDown({ agentId: "ada" }, ALL)?.agent, "ada");
  assert.deepEqual(wayDown({ team: "sales" }, { ...ALL, by: "team" })?.teams, ["sales"]);
  assert.equal(wayDown({}, { ...ALL, by: "team" }), null);
  const [start, end] = ["2026-11-27T08:00:00.000Z", "2026-11-27T08:20:30.500Z"];
  const hour = wayDown({ start, end }, { ...ALL, by: "hour" });
  assert.deepEqual(hour?.span, { kind: "range", from: "2026-11-27T09:00", to: "2026-11-27T09:21" });
  assert.equal(hour.by, "agent");
});

test("rows are cut to the time, so that they add up to it", () => {
  const interval = (start: number, end: number | null, presenceId: string): HistoryInterval => ({
    ...sample<HistoryInterval>("shape.HistoryInterval"),
    start: new Date(start).toISOString(),
    end: end === null ? null : new Date(end).toISOString(),
    presenceId,
  });
  const rows = cutTo([interval(0, 30, "away"), interval(30, 70, "busy"), interval(70, null, "away")], {
    from: 10,
    to: 100,
  });
  assert.deepEqual(
    rows.map(({ start, end }) => [start, end]),
    [
      [10, 30],
      [30, 70],
      [70, 100],
    ],
  );
  assert.deepEqual(Object.fromEntries(sumsOf(rows)), { away: 50, busy: 40 });
});

test("a floor goes on by who changed, came and went", () => {
  const agent = (agentId: string, basePresenceStatus: PastPresence["basePresenceStatus"]): PastPresence => ({
    ...sample<PastPresence>("shape.PastPresence"),
    agentId,
    basePresenceStatus,
  });
  const floor = floorOf([agent("ada", "AVAILABLE"), agent("ben", "BUSY")]);
  const later = goesOn(floor, [
    { agentId: "ada", before: agent("ada", "AVAILABLE"), after: agent("ada", "AWAY") },
    { agentId: "ben", before: agent("ben", "BUSY"), after: null },
    { agentId: "cyd", before: null, after: agent("cyd", "AWAY") },
  ]);
  assert.deepEqual(countsOf(floor), { AVAILABLE: 1, BUSY: 1, BUSY_DO_NOT_DISTURB: 0, AWAY: 0, OFFLINE: 0 });
  assert.deepEqual(countsOf(later), { AVAILABLE: 0, BUSY: 0, BUSY_DO_NOT_DISTURB: 0, AWAY: 2, OFFLINE: 0 });
  assert.equal(goesOn(floor, []), floor);
});

test("every section saves all intervals, and those with a table of the hub save it too", () => {
  const names = (section: Place["section"]): string =>
    exportsOf({ ...ALL, section, teams: ["sales"] }, { from: 0, to: 1 })
      .map(({ name, address }) => (address.includes("teams=sales") ? name : "of others"))
      .join(" ");
  assert.equal(names("time"), "table csv ndjson parquet");
  assert.equal(names("floor"), "csv ndjson parquet");
  const ofAda = exportsOf({ ...ALL, teams: ["sales"], agent: "ada" }, { from: 0, to: 1 });
  assert.ok(ofAda.every(({ address }) => address.includes("agentIds=ada") && !address.includes("teams=")));
});
