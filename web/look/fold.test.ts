import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "./fold.ts";

test("accents and case do not count, and words come in any order", () => {
  assert.ok(matches("garcia", ["José García", "a17"]));
  assert.ok(matches("ayse bauer", ["Bauer, Ayşe", "b2"]));
  assert.ok(matches("A17 jose", ["José García", "a17"]));
  assert.ok(matches("yilmaz", ["Elif Yılmaz"]));
  assert.ok(!matches("jose bauer", ["José García"]));
});

test("nothing asked matches everyone", () => {
  assert.ok(matches("  ", ["anybody"]));
});

test("letters that Unicode does not take apart are found as people type them", () => {
  assert.ok(matches("lukasz strasse", ["Łukasz", "Große Straße"]));
  assert.ok(matches("grosse", ["Große Straße"]));
});
