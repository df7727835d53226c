import assert from "node:assert/strict";
import { test } from "node:test";
import { equal, merge, mergePatch } from "./json.ts";

test("what is the same is the same in any order of names, and a list only in its own", () => {
  assert.ok(equal({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }));
  assert.ok(!equal([1, 2], [2, 1]));
  assert.ok(!equal({ a: 1 }, { a: 1, b: null }));
  assert.ok(!equal([], {}));
  assert.ok(!equal(null, {}));
});

test("a patch names what changed and nothing else", () => {
  const before = { name: "Lunch", labels: { de: "Mittag", fr: "Midi" }, teams: ["a"], units: 3 };
  const after = { name: "Lunch", labels: { de: "Mittagspause" }, teams: ["a", "b"], units: null };
  assert.deepEqual(mergePatch(before, after), {
    labels: { de: "Mittagspause", fr: null },
    teams: ["a", "b"],
    units: null,
  });
  assert.deepEqual(mergePatch(before, before), {});
});

test("the changes of two people go together where they are about different fields", () => {
  const base = { name: "Lunch", description: "", color: "#000000" };
  const mine = { ...base, name: "Lunch break" };
  const theirs = { ...base, description: "Out for a meal" };
  assert.deepEqual(merge(base, mine, theirs), {
    draft: { name: "Lunch break", description: "Out for a meal", color: "#000000" },
    taken: ["description"],
    conflicts: [],
  });
});

test("a field that both changed is asked about, unless both made the same of it, and mine stays meanwhile", () => {
  const base = { name: "Lunch", description: "" };
  const mine = { name: "Lunch break", description: "Food" };
  const theirs = { name: "Midday", description: "Food" };
  assert.deepEqual(merge(base, mine, theirs), { draft: mine, taken: [], conflicts: ["name"] });
});
