import assert from "node:assert/strict";
import { test } from "node:test";
import { destination, keepListed, NONE, pick, pickAll } from "./picking.ts";

const IDS = ["a", "b", "c", "d"];
const picked = (picking: { picked: ReadonlySet<string> }): string => [...picking.picked].join("");

test("one replaces, toggle adds and takes away, a range goes from the anchor", () => {
  const one = pick(pick(NONE, IDS, "a", "one"), IDS, "b", "one");
  assert.equal(picked(one), "b");
  const two = pick(one, IDS, "d", "toggle");
  assert.equal(picked(two), "bd");
  assert.equal(picked(pick(two, IDS, "d", "toggle")), "b");
  assert.equal(picked(pick(two, IDS, "b", "range")), "bcd");
});

test("who is no longer listed is no longer picked", () => {
  const all = pickAll(pick(NONE, IDS, "d", "one"), IDS);
  const fewer = keepListed(all, ["a", "b"]);
  assert.equal(picked(fewer), "ab");
  assert.equal(fewer.active, null);
  assert.equal(keepListed(fewer, ["a", "b"]), fewer);
});

test("keys stop at the ends", () => {
  assert.equal(destination("ArrowDown", IDS, null, 2), "a");
  assert.equal(destination("ArrowDown", IDS, "d", 2), "d");
  assert.equal(destination("PageDown", IDS, "a", 2), "c");
  assert.equal(destination("ArrowUp", IDS, "a", 2), "a");
  assert.equal(destination("End", IDS, "a", 2), "d");
  assert.equal(destination("x", IDS, "a", 2), null);
  assert.equal(destination("End", [], null, 2), null);
});
