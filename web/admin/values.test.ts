import assert from "node:assert/strict";
import { test } from "node:test";
import { everythingWrong, type Field, fieldOf } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { draftOf, recordOf, suggestedId, withoutNulls } from "./values.ts";

const FIELDS: readonly Field[] = [
  { name: "name", label: "Name", control: { as: "line", least: 1, most: 10 } },
  { name: "about", label: "About", control: { as: "text", least: 0, most: 20 } },
  { name: "labels", label: "Labels", control: { as: "labels" } },
  { name: "profiles", label: "Profiles", control: { as: "profiles", choices: [] } },
  { name: "units", label: "Units", control: { as: "number", least: 0, most: 100, needed: false } },
  { name: "chosen", label: "Chosen", control: { as: "some-or-all", choices: [], all: "All" } },
  { name: "way", label: "Way", control: { as: "one-of", choices: [] } },
  {
    name: "seconds",
    label: "Seconds",
    control: { as: "number", least: 1, most: 60, needed: true },
    when: ({ way }) => way === "CUSTOM",
  },
];

const RECORD: JsonObject = {
  name: "Ada",
  about: null,
  labels: { de: "Mittag" },
  profiles: [{ profileId: "chat", max: 2 }, { profileId: "mail" }],
  units: null,
  chosen: null,
  way: "CUSTOM",
  seconds: 5,
};

test("a record that nobody changed is the record that was read", () => {
  assert.deepEqual(recordOf(FIELDS, draftOf(FIELDS, RECORD)), RECORD);
  assert.deepEqual(everythingWrong(FIELDS, draftOf(FIELDS, RECORD)), new Map());
});

test("what is not shown is not kept, and what is empty is left out", () => {
  const draft = { ...draftOf(FIELDS, RECORD), way: "DONT", name: " Ada " };
  const record = recordOf(FIELDS, draft);
  assert.equal(record["seconds"], null);
  assert.equal(record["name"], "Ada");
  assert.ok(!("about" in withoutNulls(record)));
});

test("what is wrong is said at its field, and blanks count for nothing", () => {
  const draft: JsonObject = {
    ...draftOf(FIELDS, RECORD),
    name: "   ",
    about: "two\nlines",
    labels: [
      { language: "de", label: "Mittag" },
      { language: "de", label: "Pause" },
    ],
    profiles: [
      { profileId: "chat", max: null },
      { profileId: "chat", max: 1 },
    ],
    units: 100.5,
    seconds: null,
  };
  const found = everythingWrong(FIELDS, draft);
  assert.deepEqual([...found.keys()], ["name", "about", "labels", "profiles", "units", "seconds"]);
});

test("letters are counted as people see them, and what turns the direction of writing is wrong", () => {
  const wrongName = (name: string): boolean =>
    everythingWrong(FIELDS, { ...draftOf(FIELDS, RECORD), name }).has("name");
  assert.ok(!wrongName("😀".repeat(10)));
  assert.ok(wrongName("é".repeat(11)));
  assert.ok(wrongName("a\u202enimda"));
});

test("the hub's name of a place within a field leads to the field", () => {
  assert.equal(fieldOf(FIELDS, "profiles[0].max")?.name, "profiles");
  assert.equal(fieldOf(FIELDS, "labels.de")?.name, "labels");
  assert.equal(fieldOf(FIELDS, "name")?.name, "name");
  assert.equal(fieldOf(FIELDS, "nameless"), undefined);
});

test("a name suggests an id", () => {
  assert.equal(suggestedId("Away – In Training"), "away-in-training");
  assert.equal(suggestedId("  Größe & Co. "), "große-co");
  assert.equal(suggestedId("休憩"), "休憩");
});
