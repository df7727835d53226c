import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, LIST, placeOf, sectionAddress } from "./address.ts";

test("an address leads to where it was made", () => {
  for (const place of [
    { section: "presences", open: LIST, narrowing: {} },
    { section: "agents", open: { what: "record", id: "a b/ü&c" }, narrowing: { team: "billing & more", after: "x" } },
    { section: "agents", open: { what: "many" }, narrowing: {} },
    { section: "tokens", open: { what: "new" }, narrowing: {} },
  ] as const) {
    assert.deepEqual(placeOf(addressOf(place)), place);
  }
});

test("an address of nothing known is the first section", () => {
  for (const search of ["", "?", "?section=nothing", "?do=everything"]) {
    assert.deepEqual(placeOf(search), { section: "presences", open: LIST, narrowing: {} });
    assert.equal(placeOf(search, "audit").section, "audit");
  }
});

test("what narrows nothing is not in an address", () => {
  assert.equal(sectionAddress("audit", LIST, { actor: "", about: "agent/a17" }), "?section=audit&about=agent%2Fa17");
});
