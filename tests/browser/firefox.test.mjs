// The desk, the indicator and the board in a second engine. Firefox has no package at npm: `.ci/run` installs it, and
// FIREFOX names it. It is driven by puppeteer, which speaks WebDriver BiDi with it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { freePort, Hub } from "./hub.mjs";

let hub;
let browser;
const complaints = [];

before(async () => {
  hub = new Hub(await freePort(), {});
  await hub.starts();
  browser = await puppeteer.launch({ browser: "firefox", executablePath: process.env["FIREFOX"], headless: true });
});

after(async () => {
  await browser?.close();
  await hub?.leaves();
});

/** Somebody of the demonstration signs in, in a window with cookies of its own, and lands on their page. */
async function comes(name, path) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(`${path}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${path}: ${error}`));
  await page.setViewport({ width: 1400, height: 900 });
  await page.goto(`${hub.address}/`);
  await page.locator(`::-p-text(${name})`).click();
  await page.waitForFunction((path) => location.pathname === path, {}, path);
  return page;
}

/** Waits until the desk's indicator says this. */
const shows = (page, presence) =>
  page.waitForFunction(
    (presence) => {
      const desk = document.querySelector("presence-desk")?.shadowRoot;
      const indicator = desk?.querySelector("presence-indicator")?.shadowRoot;
      return indicator?.querySelector("#button")?.textContent.includes(presence);
    },
    {},
    presence,
  );

/** Waits until the board's row of an agent says this. */
const listed = (page, agentId, presence) =>
  page.waitForFunction(
    (agentId, presence) => {
      const grid = document.querySelector("presence-board")?.shadowRoot?.querySelector("agent-grid")?.shadowRoot;
      return grid?.querySelector(`[data-agent="${agentId}"] .presence`)?.textContent.includes(presence);
    },
    {},
    agentId,
    presence,
  );

/** A window behind another draws nothing, and nothing can be clicked in it. */
async function chooses(page, presenceId) {
  await page.bringToFront();
  const within = "presence-desk >>> presence-indicator >>> ";
  await page.locator(`${within}#button`).click();
  await page.locator(`${within}input[value="${presenceId}"]`).click();
  await page.locator(`${within}dialog button.primary`).click();
}

test("an agent chooses in the dialog, a supervisor sees it, and the hub's restart is lived through", async () => {
  const ada = await comes("Ada Lindqvist", "/desk");
  await shows(ada, "Available");
  await chooses(ada, "busy");
  await shows(ada, "Busy");
  const sam = await comes("Sam Rivera", "/board");
  await listed(sam, "ada", "Busy");
  assert.deepEqual(complaints, []);
  await hub.isKilled();
  await shows(ada, "Unknown");
  await hub.starts();
  await shows(ada, "Busy");
  await chooses(ada, "available");
  await sam.bringToFront();
  await listed(sam, "ada", "Available");
  // What a browser writes while nobody answers is no fault of the page.
  assert.deepEqual(
    complaints.filter((one) => !/can.t establish a connection|NetworkError|interrupted/.test(one)),
    [],
  );
});

test("reports are drawn under the hub's own policy", async () => {
  complaints.length = 0;
  const sam = await comes("Sam Rivera", "/board");
  await sam.goto(`${hub.address}/reports?section=floor`);
  await sam.locator("presence-reports >>> floor-then >>> ph-chart >>> canvas").wait();
  await sam.locator("presence-reports >>> floor-then >>> tbody tr").wait();
  assert.deepEqual(complaints, []);
});
