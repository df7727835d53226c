// The browser of all tests here: how it is started, and what it can say about a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Chromium looks up its maker's hosts unless it is told not to; there is no sandbox for root. */
const QUIETLY = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Letters are drawn alike on every machine; pictures are compared.
  "--font-render-hinting=none",
  "--disable-lcd-text",
  "--force-color-profile=srgb",
];

export const openBrowser = () => chromium.launch({ executablePath: process.env["CHROMIUM"], args: QUIETLY });

/** Whatever a page says on its console as an error; a breach of the content security policy does. */
const complaints = [];

/** Browsers write refusals and lost networks to the console as errors: a test that makes some says which it expects. */
export function listenForComplaints(page, who, expected = []) {
  page.on("console", (message) => {
    if (message.type() !== "error" || expected.some((one) => one.test(message.text()))) return;
    complaints.push(`${who}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${who}: ${error}`));
}

export function nobodyComplained() {
  assert.deepEqual(complaints, []);
}

/** `PICTURES` names a folder to keep pictures for people in, such as docs/images. */
export async function pictured(page, name) {
  const folder = process.env["PICTURES"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** What a test itself brings about, such as an address that does not answer, is no fault of the page. */
export function forgives(pattern) {
  const kept = complaints.filter((complaint) => !pattern.test(complaint));
  complaints.splice(0, Infinity, ...kept);
}

/** Serious and critical faults, by axe. Run through the debugger, because a page's policy allows no injected script. */
export async function accessibilityFaults(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Runtime.evaluate", { expression: AXE });
  const { result, exceptionDetails } = await debug.send("Runtime.evaluate", {
    expression: "axe.run(document).then((found) => found.violations)",
    awaitPromise: true,
    returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined);
  return result.value
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.failureSummary).join("; ")}`);
}
