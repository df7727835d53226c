import assert from "node:assert/strict";
import { test } from "node:test";
import { languageFor } from "./language.ts";

test("the first language of the browser's that there are words in is spoken, else English", () => {
  assert.equal(languageFor(["de-AT", "en"]), "de");
  assert.equal(languageFor(["fr", "de", "en"]), "de");
  assert.equal(languageFor(["en-GB", "de"]), "en");
  assert.equal(languageFor(["fr"]), "en");
  assert.equal(languageFor([]), "en");
});
