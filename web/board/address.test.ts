import assert from "node:assert/strict";
import { test } from "node:test";
import { BY_NAME, fromSearch, toSearch } from "./address.ts";
import { EVERYBODY } from "./filters.ts";

test("what is asked stands in the address, and comes back from it", () => {
  const asked = {
    filters: { ...EVERYBODY, team: ["billing", "care & co"], hold: ["MISSED"], text: "ada" },
    order: { by: "since", direction: "descending" },
  } as const;
  const search = toSearch(asked, "?role=observer&team=old");
  assert.equal(
    search,
    "role=observer&team=billing&team=care+%26+co&hold=MISSED&text=ada&sort=since&direction=descending",
  );
  assert.deepEqual(fromSearch(search), asked);
});

test("an address that asks for nothing, or for what there is not, is everybody by name", () => {
  assert.equal(toSearch({ filters: EVERYBODY, order: BY_NAME }, ""), "");
  assert.deepEqual(fromSearch("?sort=colour&direction=up"), { filters: EVERYBODY, order: BY_NAME });
});
