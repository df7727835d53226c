import assert from "node:assert/strict";
import { test } from "node:test";
import { between, instantOf, localOf, type Span } from "./spans.ts";

const BERLIN = "Europe/Berlin";
const NOW = Date.parse("2026-03-30T10:00:00Z");

function hours(span: Span, zone = BERLIN): number | null {
  const found = between(span, zone, NOW);
  return found === null ? null : (found.to - found.from) / 3_600_000;
}

test("a day on which the clocks change has 23 or 25 hours", () => {
  assert.equal(hours({ kind: "yesterday" }), 23);
  assert.equal(hours({ kind: "day", day: "2026-10-25" }), 25);
  assert.equal(hours({ kind: "day", day: "2026-10-25" }, "UTC"), 24);
  assert.equal(hours({ kind: "last-week" }), 7 * 24 - 1);
});

test("a week begins on Monday, by the calendar of the zone", () => {
  const { from } = between({ kind: "this-week" }, BERLIN, NOW) ?? { from: 0 };
  assert.equal(new Date(from).toISOString(), "2026-03-29T22:00:00.000Z");
  const sunday = Date.parse("2026-03-29T23:00:00Z");
  assert.equal(localOf(between({ kind: "this-week" }, "UTC", sunday)?.from ?? 0, "UTC"), "2026-03-23T00:00");
});

test("what a clock shows twice is its first time, and what it never shows is as much later", () => {
  const at = (local: string): string => new Date(instantOf(local, BERLIN) ?? 0).toISOString();
  assert.equal(at("2026-10-25T02:30"), "2026-10-25T00:30:00.000Z");
  assert.equal(at("2026-03-29T02:30"), "2026-03-29T01:30:00.000Z");
  assert.equal(localOf(Date.parse("2026-03-29T01:30:00Z"), BERLIN), "2026-03-29T03:30");
});

test("a time that is none, or ends before it begins, is none", () => {
  assert.equal(hours({ kind: "day", day: "soon" }), null);
  assert.equal(hours({ kind: "range", from: "2026-03-02T10:00", to: "2026-03-02T09:00" }), null);
  assert.equal(hours({ kind: "range", from: "2026-03-02T08:00", to: "2026-03-02T09:30" }), 1.5);
});
