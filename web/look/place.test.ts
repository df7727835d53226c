import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "./place.ts";

const VIEW = { width: 320, height: 400 };
const at = (left: number, top: number): { left: number; top: number; bottom: number } => ({
  left,
  top,
  bottom: top + 32,
});

test("a panel is below its button, above where there is no room, and never beyond the edges", () => {
  const panel = { width: 200, height: 120 };
  assert.deepEqual(beside(at(20, 40), panel, VIEW), { left: 20, top: 76 });
  assert.deepEqual(beside(at(20, 350), panel, VIEW), { left: 20, top: 226 });
  assert.deepEqual(beside(at(280, 40), panel, VIEW), { left: 116, top: 76 });
  assert.deepEqual(beside(at(20, 200), { width: 500, height: 380 }, VIEW), { left: 4, top: 16 });
});
