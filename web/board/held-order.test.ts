import assert from "node:assert/strict";
import { test } from "node:test";
import { waiting } from "./held-order.ts";

const order = (text: string): readonly string[] => Array.from(text);

test("what waits is who would come, who would go, and the fewest who would have to move", () => {
  assert.equal(waiting(order("abcd"), order("abcd")), 0);
  assert.equal(waiting(order("abcd"), order("bcda")), 1);
  assert.equal(waiting(order("abcd"), order("dcba")), 3);
  assert.equal(waiting(order("abcd"), order("abxcd")), 1);
  assert.equal(waiting(order("abcd"), order("acd")), 1);
  assert.equal(waiting(order("abcd"), order("exd")), 5);
  assert.equal(waiting([], order("ab")), 2);
});
