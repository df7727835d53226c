import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Json } from "../json.ts";
import { meanings, settingsKind } from "./settings.ts";

test("every setting that the hub has is in the form, with what it means", () => {
  const described = JSON.parse(readFileSync(resolve(process.cwd(), "../docs/openapi.json"), "utf8")) as Json;
  const meaning = meanings(described);
  const fields = settingsKind(meaning).fields({ presences: [], profiles: [] }, "there");
  assert.deepEqual(fields.map(({ name }) => name).sort(), [...meaning.keys()].sort());
  for (const { hint, label } of fields) assert.ok((hint ?? "").length > 20 && label !== "");
});

test("a hub that describes nothing leaves the settings without meanings", () => {
  assert.equal(meanings(null).size, 0);
  assert.equal(meanings({ components: { schemas: [] } }).size, 0);
});
