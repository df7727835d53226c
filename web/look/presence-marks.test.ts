import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { MARKS, radius, type ShownStatus } from "./presence-marks.ts";

/** A tab of the browser shows a picture in a file, which knows no variables: the light colours, on white. */
function picture(status: ShownStatus): string {
  const token = status === "BUSY_DO_NOT_DISTURB" ? "do-not-disturb" : status.toLowerCase();
  const sheet = readFileSync("look/tokens.css", "utf8");
  const [, color] = new RegExp(`--${token.replace("unknown", "offline")}: light-dark\\((#\\w+),`).exec(sheet) ?? [];
  assert.ok(color !== undefined, token);
  const ring = radius(status) === "7";
  const dashes = status === "UNKNOWN" ? ' stroke-dasharray="3 2.2"' : "";
  const body = ring ? `fill="#fff" stroke="${color}" stroke-width="1.8"${dashes}` : `fill="${color}"`;
  const line = ring ? `stroke="${color}" stroke-width="1.6"` : 'stroke="#fff" stroke-width="1.8"';
  const mark =
    MARKS[status] === ""
      ? ""
      : `<path d="${MARKS[status]}" fill="none" ${line} stroke-linecap="round" stroke-linejoin="round"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="${radius(status)}" ${body}/>${mark}</svg>\n`;
}

test("the pictures for the tab are those of the one drawing; ACCEPT=1 writes them anew", () => {
  for (const status of Object.keys(MARKS) as readonly ShownStatus[]) {
    const name = status === "BUSY_DO_NOT_DISTURB" ? "do-not-disturb" : status.toLowerCase();
    const file = `desk/tab/${name}.svg`;
    if (process.env["ACCEPT"] === "1") writeFileSync(file, picture(status));
    assert.equal(readFileSync(file, "utf8"), picture(status), file);
  }
});
