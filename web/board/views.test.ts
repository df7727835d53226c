import assert from "node:assert/strict";
import { test } from "node:test";
import { FRESH, keptOf, type View, withoutView, withView } from "./views.ts";

const VIEW: View = { ...FRESH.setup, name: "Billing", search: "team=billing", density: "compact" };

test("views come back as they were kept, and one of the same name gives way", () => {
  const kept = withView(withView(FRESH, VIEW), { ...VIEW, name: "All", search: "" });
  assert.deepEqual(keptOf(JSON.stringify(kept)), kept);
  assert.deepEqual(
    kept.views.map(({ name }) => name),
    ["All", "Billing"],
  );
  const again = withView(kept, { ...VIEW, search: "team=care" });
  assert.deepEqual([again.views.length, again.views[1]?.search], [2, "team=care"]);
  assert.deepEqual(withoutView(again, "All").views, [again.views[1]]);
});

test("nothing, nonsense, and what another version kept are a fresh board", () => {
  for (const text of [null, "", "{", "7", "null", '{"views":7,"setup":"x"}']) assert.deepEqual(keptOf(text), FRESH);
  assert.deepEqual(keptOf('{"views":[{"name":"x"},{"name":"y","search":"","sound":"on"}]}').views, [
    { ...FRESH.setup, name: "y", search: "", sound: "on" },
  ]);
});
