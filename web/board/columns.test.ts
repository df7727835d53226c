import assert from "node:assert/strict";
import { test } from "node:test";
import { COLUMNS, layoutOf, moved, resized, shownColumns, template, toggled, USUAL, widthOf } from "./columns.ts";

test("columns are hidden, moved and resized, but the agent stays first", () => {
  const shown = toggled(toggled(USUAL, "hold"), "sessions");
  assert.ok(!shownColumns(shown).includes("hold") && shownColumns(shown).includes("sessions"));
  assert.equal(toggled(USUAL, "agent"), USUAL);
  assert.deepEqual(moved(USUAL, "since", "before").order.slice(0, 3), ["agent", "since", "presence"]);
  assert.equal(moved(USUAL, "presence", "before"), USUAL);
  assert.equal(moved(USUAL, "skills", "after"), USUAL);
  assert.equal(widthOf(resized(USUAL, "reason", 333.4), "reason"), 333);
  assert.equal(widthOf(resized(USUAL, "reason", -5), "reason"), 64);
});

test("the last column takes what is left over", () => {
  const two = { ...USUAL, hidden: COLUMNS.filter((column) => column !== "agent" && column !== "work") };
  assert.equal(template(two), "200px minmax(92px, 1fr)");
});

test("what was kept is read as far as it makes sense", () => {
  assert.equal(layoutOf(null), USUAL);
  const kept = layoutOf({
    order: ["work", "colour", "agent"],
    hidden: ["agent", "teams"],
    widths: { work: 100, colour: 9, hold: "x" },
  });
  assert.deepEqual(kept.order.slice(0, 3), ["agent", "work", "presence"]);
  assert.deepEqual(kept.hidden, ["teams"]);
  assert.deepEqual(kept.widths, { work: 100 });
  assert.deepEqual(layoutOf(JSON.parse(JSON.stringify(USUAL))), USUAL);
});
