// The grid of the supervisor's board, alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, nobodyComplained } from "../browser.mjs";
import { aPresence, isFocused, onStage, sample } from "./stage.mjs";

const PRESENCES = [
  aPresence("available", "Available", { basePresenceStatus: "AVAILABLE" }),
  aPresence("busy", "Busy", { basePresenceStatus: "BUSY" }),
];

const number = (at) => String(at).padStart(5, "0");
const anAgent = (at, over = {}) => ({
  ...sample("shape.WatchedAgent.signed-out"),
  agentId: `a${number(at)}`,
  name: `Agent ${number(at)}`,
  presenceId: "available",
  isAgentLoggedIn: true,
  ...over,
});

/** A grid of so many agents, `a00000` first, in a window that shows ten of them whole. */
async function aGridOf(count) {
  const { page, stage } = await onStage("grid", PRESENCES);
  await stage.evaluate((grid, [count, like]) => grid.hearsOfMany(count, like), [count, anAgent(0)]);
  const grid = page.getByRole("grid", { name: "Agents" });
  await page.locator("[data-agent=a00000]").waitFor();
  return {
    page,
    grid,
    row: (at) => page.locator(`[data-agent=a${number(at)}]`),
    rows: page.locator("[data-agent]"),
    hears: (...agents) => stage.evaluate((grid, agents) => grid.hears(agents), agents),
    losesSightOf: (at) => stage.evaluate((grid, id) => grid.losesSightOf(id), `a${number(at)}`),
    presses: (key) => page.keyboard.press(key),
    picked: () => stage.evaluate((grid) => grid.picked.map((id) => Number(id.slice(1)))),
    opened: () => stage.evaluate((grid) => grid.opened.map((id) => Number(id.slice(1)))),
    /** The agent whose row the keyboard is on, as the browser tells a screen reader. */
    active: () =>
      grid.evaluate((grid) => {
        const row = grid.getRootNode().getElementById(grid.getAttribute("aria-activedescendant"));
        return row === null ? null : Number(row.dataset.agent.slice(1));
      }),
  };
}

/** Whether the whole row can be seen, below the head and above the lower edge. */
function isInView(row) {
  return row.evaluate((row) => {
    const { host } = row.getRootNode();
    const head = host.shadowRoot.querySelector(".head").getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    return top >= head.bottom - 1 && bottom <= host.getBoundingClientRect().bottom + 1;
  });
}

test("of ten thousand rows only those near the view exist, and scrolling brings the others", async () => {
  const { page, grid, row, rows } = await aGridOf(10_000);
  assert.ok((await rows.count()) < 40, `${await rows.count()} rows`);
  assert.equal(await grid.getAttribute("aria-rowcount"), "10001");
  for (const at of [5_000, 9_999, 0]) {
    await page.locator("agent-grid").evaluate((grid, at) => (grid.scrollTop = at * 40), at);
    await row(at).waitFor();
    assert.equal(await row(at).getAttribute("aria-rowindex"), String(at + 2));
    assert.ok(await isInView(row(at)), `row ${at} is in view`);
    assert.ok((await rows.count()) < 40, `${await rows.count()} rows`);
  }
  nobodyComplained();
});

test("the keys move through all rows and bring each into view", async () => {
  const { grid, row, presses, active } = await aGridOf(10_000);
  await grid.focus();
  assert.equal(await active(), null);
  const steps = [
    ["ArrowDown", 0],
    ["ArrowDown", 1],
    ["PageDown", 10],
    ["End", 9_999],
    ["ArrowDown", 9_999],
    ["PageUp", 9_990],
    ["Home", 0],
    ["ArrowUp", 0],
  ];
  for (const [key, at] of steps) {
    await presses(key);
    await row(at).waitFor();
    assert.equal(await active(), at, key);
    assert.ok(await isInView(row(at)), `${key} shows row ${at}`);
  }
  assert.ok(await isFocused(grid));
});

test("the keys pick one row, a range, all and none", async () => {
  const { grid, row, presses, picked } = await aGridOf(30);
  await grid.focus();
  await presses("ArrowDown");
  assert.deepEqual(await picked(), []);
  await presses("Space");
  assert.deepEqual(await picked(), [0]);
  await presses("Shift+ArrowDown");
  await presses("Shift+ArrowDown");
  assert.deepEqual(await picked(), [0, 1, 2]);
  assert.equal(await row(2).getAttribute("aria-selected"), "true");
  assert.equal(await row(3).getAttribute("aria-selected"), "false");
  await presses("Control+a");
  assert.equal((await picked()).length, 30);
  await presses("Escape");
  assert.deepEqual(await picked(), []);
});

test("enter opens the row of the keyboard, and picks nothing", async () => {
  const { grid, presses, picked, opened } = await aGridOf(30);
  await grid.focus();
  await presses("Enter");
  assert.deepEqual(await opened(), []);
  await presses("ArrowDown");
  await presses("Enter");
  assert.deepEqual([await picked(), await opened()], [[], [0]]);
});

test("a column is made wider by pointer and by key, and says how wide it is", async () => {
  const { page } = await aGridOf(3);
  const edge = page.getByRole("separator", { name: "Width of Presence" });
  const heading = page.getByRole("columnheader", { name: /Presence/ });
  const before = (await heading.boundingBox()).width;
  await edge.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await edge.getAttribute("aria-valuenow"), String(before + 16));
  assert.equal((await heading.boundingBox()).width, before + 16);
  await edge.hover();
  await page.mouse.down();
  const { x, y } = await edge.boundingBox();
  await page.mouse.move(x + 60, y + 5, { steps: 4 });
  await page.mouse.up();
  assert.ok((await heading.boundingBox()).width > before + 40);
});

test("a click picks one, with control one more, with shift a range; a double click opens", async () => {
  const { row, picked, opened } = await aGridOf(30);
  await row(1).click();
  await row(3).click({ modifiers: ["Control"] });
  assert.deepEqual(await picked(), [1, 3]);
  await row(5).click({ modifiers: ["Shift"] });
  assert.deepEqual(await picked(), [3, 4, 5]);
  await row(5).locator(".tick").click();
  assert.deepEqual(await picked(), [3, 4]);
  await row(2).dblclick();
  assert.deepEqual([await picked(), await opened()], [[2], [2]]);
});

test("the box in the head picks all, none, and shows when it is some", async () => {
  const { page, row, picked } = await aGridOf(30);
  const box = page.getByRole("checkbox", { name: "Select all listed agents" });
  await box.check();
  assert.equal((await picked()).length, 30);
  await box.uncheck();
  assert.deepEqual(await picked(), []);
  await row(1).click();
  assert.equal(await box.evaluate((box) => box.indeterminate), true);
});

test("what is picked and where the keyboard is stay with the agents when the rows move", async () => {
  const { grid, row, hears, losesSightOf, presses, picked, active } = await aGridOf(10);
  await grid.focus();
  await presses("ArrowDown");
  await presses("ArrowDown");
  await presses("Space");
  assert.equal(await row(1).getAttribute("aria-rowindex"), "3");
  await hears(anAgent(1, { name: "Zoe" }));
  assert.equal(await row(1).getAttribute("aria-rowindex"), "11");
  assert.equal(await row(1).getAttribute("aria-selected"), "true");
  assert.deepEqual([await picked(), await active()], [[1], 1]);
  await losesSightOf(0);
  assert.equal(await row(1).getAttribute("aria-rowindex"), "10");
  assert.deepEqual([await picked(), await active()], [[1], 1]);
  await losesSightOf(1);
  assert.deepEqual([await picked(), await active()], [[], null]);
  assert.ok(await isFocused(grid));
});

test("a heading sorts, turns the order, and says how the rows are sorted", async () => {
  const { page, rows, hears } = await aGridOf(3);
  await hears(anAgent(1, { openWorkItems: 5 }));
  const heading = (name) => page.getByRole("columnheader", { name, exact: true });
  const first = () => rows.first().getAttribute("data-agent");
  assert.equal(await heading("Agent").getAttribute("aria-sort"), "ascending");
  const sort = heading("Open work").getByRole("button");
  await sort.focus();
  await page.keyboard.press("Enter");
  assert.equal(await heading("Open work").getAttribute("aria-sort"), "ascending");
  assert.equal(await heading("Agent").getAttribute("aria-sort"), "none");
  assert.equal(await first(), "a00000");
  await page.keyboard.press("Enter");
  assert.equal(await heading("Open work").getAttribute("aria-sort"), "descending");
  assert.equal(await first(), "a00001");
  assert.ok(await isFocused(sort));
});

test("a row tells a screen reader all that it shows, in as many cells as there are headings", async () => {
  const { page, grid, row, hears } = await aGridOf(3);
  const full = {
    presenceId: "busy",
    openWorkItems: 2,
    hold: "MISSED",
    isBlockedBySomeProfile: true,
    teams: ["billing"],
  };
  await hears(anAgent(1, full));
  await row(1).getByText("Busy").waitFor();
  const cells = row(1).getByRole("gridcell");
  assert.equal(String(await cells.count()), await grid.getAttribute("aria-colcount"));
  assert.equal(await page.getByRole("columnheader").count(), await cells.count());
  const told = (await cells.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  assert.deepEqual(
    [told[1], told[2], told[7], told[8], told[9], told[10]],
    ["Agent 00001 a00001", "Busy", "Missed", "full", "2", "billing"],
  );
  assert.deepEqual(await accessibilityFaults(page), []);
  nobodyComplained();
});
