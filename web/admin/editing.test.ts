import assert from "node:assert/strict";
import { test } from "node:test";
import * as form from "./editing.ts";
import type { Field } from "./fields.ts";
import type { Refusal } from "./hub.ts";

const FIELDS: readonly Field[] = [
  { name: "name", label: "Name", control: { as: "line", least: 1, most: 10 } },
  { name: "about", label: "About", control: { as: "line", least: 0, most: 20 } },
  { name: "units", label: "Units", control: { as: "number", least: 0, most: 9, needed: false } },
];
const RECORD = { name: "Lunch", about: "Food", warnings: ["left by an answer"] };
const opened = (): form.Editing => form.begin(FIELDS, RECORD, "t1");

function refusal(field: string | null, detail: string): Refusal {
  return { code: "invalid", status: 422, detail, field, index: null };
}

test("only what changed is sent, and what was emptied goes", () => {
  const editing = form.edit(form.edit(opened(), "name", " Lunch"), "about", "");
  assert.deepEqual(form.change(FIELDS, editing), { about: null });
  assert.ok(form.isDirty(FIELDS, editing, {}));
  assert.ok(!form.isDirty(FIELDS, opened(), {}));
});

test("what is wrong is not sent, and neither is nothing", () => {
  const wrong = form.check(FIELDS, form.edit(opened(), "name", ""));
  assert.deepEqual([wrong.busy, wrong.told.what, [...wrong.wrong.keys()]], [false, "mistakes", ["name"]]);
  assert.equal(form.edit(wrong, "name", "L").wrong.size, 0);
  const same = form.check(FIELDS, opened());
  assert.deepEqual([same.busy, same.told.what], [false, "unchanged"]);
  assert.ok(form.check(FIELDS, form.edit(opened(), "units", 3)).busy);
});

test("the hub's words stand at the field, and nothing that was typed is lost", () => {
  const editing = form.edit(opened(), "about", "Something");
  const said = form.refused(FIELDS, editing, refusal("about", "about: has 9 characters; 0 to 5 are right"));
  assert.equal(said.wrong.get("about"), "Has 9 characters; 0 to 5 are right.");
  assert.equal(said.draft, editing.draft);
  const elsewhere = form.refused(FIELDS, editing, refusal("else", "no"));
  assert.equal(elsewhere.told.what, "refused");
});

test("what two people changed goes together, and what both changed is asked about", () => {
  const mine = form.edit(form.edit(opened(), "name", "Break"), "units", 2);
  const met = form.meanwhile(FIELDS, mine, { name: "Midday", about: "A meal" }, "t2");
  assert.deepEqual(met.told, { what: "merged", taken: ["about"], conflicts: [{ name: "name", theirs: "Midday" }] });
  assert.deepEqual(form.change(FIELDS, met), { name: "Break", units: 2 });
  assert.equal(met.tag, "t2");
  const settled = form.takeTheirs(FIELDS, met, "name");
  assert.deepEqual(form.change(FIELDS, settled), { units: 2 });
});

test("a change that the hub has kept already, although its answer was lost, is saved and not sent again", () => {
  const mine = form.edit(opened(), "name", "Break");
  const met = form.meanwhile(FIELDS, mine, { ...RECORD, name: "Break" }, "t2");
  assert.equal(met.told.what, "saved");
  assert.deepEqual(form.change(FIELDS, met), {});
});

test("what was deleted meanwhile can be created again from what was typed", () => {
  const left = form.gone(form.edit(opened(), "name", "Break"));
  assert.deepEqual(form.change(FIELDS, left), { name: "Break", about: "Food", units: null });
});
