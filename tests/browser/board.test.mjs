// The supervisor's board in a real browser, against a real hub.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { nobodyComplained, pictured } from "./browser.mjs";
import {
  anAdministrator,
  anAgent,
  anotherHub,
  aPage,
  aSupervisor,
  begins,
  hub,
  leaving,
  people,
  theWorkSystem,
} from "./scene.mjs";

const CONTACT = "the service desk, +49 30 555 01";
begins(() => ({ SERVER__CONTACT: CONTACT }));

const listed = (page) => page.locator("[data-agent]").evaluateAll((rows) => rows.map((row) => row.dataset.agent));

test("filters stand in the address, several at once, are counted, and last over a reload", async (t) => {
  const agent = await anAgent(t, 0);
  await anAgent(t, 1);
  const { page } = await aSupervisor(t);
  const [team] = people.agents[0].teams;
  await page.getByRole("button", { name: "Team", exact: true }).click();
  await page.getByRole("checkbox", { name: team }).check();
  await page.keyboard.press("Escape");
  const everybody = page.getByRole("group", { name: "By base status" }).getByRole("button", { name: /^All/ });
  const inTeam = people.agents.filter(({ teams }) => teams.includes(team)).map(({ subject }) => subject);
  const before = await listed(page);
  assert.ok(before.length > 0 && before.every((id) => inTeam.includes(id)), before.join());
  assert.equal(await everybody.locator("strong").innerText(), String(before.length));
  await page
    .getByRole("searchbox", { name: "Search" })
    .fill(people.agents[0].name.split(" ").reverse().join(" ").toUpperCase());
  await page.getByText(/^1 of \d+ listed/).waitFor();
  const { searchParams } = new URL(page.url());
  assert.deepEqual([searchParams.getAll("team"), searchParams.has("text")], [[team], true]);
  await page.reload();
  await page.getByText(/^1 of \d+ listed/).waitFor();
  assert.deepEqual(await listed(page), [agent.subject]);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByText(/^\d+ listed/).waitFor();
  assert.equal(new URL(page.url()).search, "");
  nobodyComplained();
});

test("who may not see the board is told which role is missing, who they are signed in as, and whom to ask", async (t) => {
  const { page } = await anAgent(t, 1);
  const { name, subject } = people.agents[1];
  await page.goto(new URL("/board", page.url()).href);
  const told = page.getByRole("alert").filter({ hasText: "This board is for supervisors" });
  await told.getByText(`You are signed in as ${name} (${subject}), with the role agent.`).waitFor();
  await told.getByText("It needs the role supervisor or observer.").waitFor();
  await told.getByText("Sign in as one of the demo's supervisors.").waitFor();
  await told.getByText(`Whom to ask here: ${CONTACT}.`).waitFor();
  assert.equal(await page.getByRole("grid").count(), 0);
  await told.getByRole("link", { name: "To your desk" }).click();
  await page.waitForURL("**/desk");
  nobodyComplained();
});

test("rows stand still under the pointer, it is said what waits, and it comes when the pointer leaves", async (t) => {
  const agent = await anAgent(t, 0);
  const other = await anAgent(t, 1);
  await agent.chooses("Available");
  await other.chooses("Busy");
  const supervisor = await aSupervisor(t);
  const { page } = supervisor;
  await supervisor.sees(agent, "Available");
  await page.getByRole("columnheader", { name: "Presence" }).getByRole("button").click();
  await page.getByRole("searchbox", { name: "Search" }).click();
  await page.mouse.move(5, 5);
  const before = await listed(page);
  assert.equal(before[0], agent.subject);
  await supervisor.row(other).hover();
  await agent.chooses("Appear away");
  await supervisor.sees(agent, "Appear away");
  await page.getByText("1 change waiting").waitFor();
  assert.deepEqual(await listed(page), before);
  await page.mouse.move(5, 5);
  await page.getByText("1 change waiting").waitFor({ state: "detached" });
  assert.notEqual((await listed(page))[0], agent.subject);
  nobodyComplained();
});

test("an exception stands above everything, names who it is, and opens all that is known of them", async (t) => {
  const agent = await anAgent(t, 2);
  await agent.chooses("Available");
  const supervisor = await aSupervisor(t);
  const { page } = supervisor;
  const exceptions = page.getByRole("region", { name: "Exceptions" });
  await exceptions.getByText("Nothing is over the threshold.").waitFor();
  const work = await theWorkSystem(t);
  await work.isMissedBy(agent, "call-7");
  await exceptions.getByRole("button", { name: people.agents[2].name }).click();
  const drawer = page.getByRole("complementary", { name: "About the agent" });
  await drawer
    .getByText(/Missed a notification/)
    .first()
    .waitFor();
  await drawer.getByRole("heading", { name: "The last 24 hours" }).waitFor();
  await drawer.getByRole("img", { name: /in the last 24 hours/ }).waitFor();
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  await agent.resets();
  await drawer
    .getByText(/Reset after a notification/)
    .first()
    .waitFor();
  await exceptions.getByText("Nothing is over the threshold.").waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  assert.ok(await page.getByRole("grid").evaluate((grid) => grid.matches(":focus")));
  nobodyComplained();
});

test("a threshold of one's own, columns and filters are kept as a view, in this browser", async (t) => {
  const { page } = await aSupervisor(t);
  await page.getByRole("button", { name: "Thresholds" }).click();
  await page.getByLabel("How many").fill("500");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.keyboard.press("Escape");
  const exceptions = page.getByRole("region", { name: "Exceptions" });
  await exceptions.getByText("Fewer than 500 Available").waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Reason" }).uncheck();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("columnheader", { name: "Reason" }).count(), 0);
  await page
    .getByRole("group", { name: "By base status" })
    .getByRole("button", { name: /^Offline/ })
    .click();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of the view").fill("Early");
  await page.keyboard.press("Enter");
  await page.getByText("The view “Early” is kept.").waitFor();
  await page.goto(new URL("/board", page.url()).href);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Early", exact: true }).click();
  assert.equal(new URL(page.url()).searchParams.get("status"), "OFFLINE");
  await exceptions.getByText("Fewer than 500 Available").waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "Reason" }).count(), 0);
  nobodyComplained();
});

test("what is listed is downloaded as a table", async (t) => {
  const agent = await anAgent(t, 1);
  const { page } = await aSupervisor(t);
  await page.getByRole("searchbox", { name: "Search" }).fill(agent.subject);
  await page.getByText(/^1 of \d+ listed/).waitFor();
  await page.getByRole("button", { name: "Views" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download what is listed (CSV)" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^agents-.*\.csv$/);
  const rows = readFileSync(await file.path(), "utf8").split("\r\n");
  assert.equal(rows.length, 2);
  assert.ok(rows[1].startsWith(`${agent.subject},${people.agents[1].name},`), rows[1]);
  nobodyComplained();
});

test("a board that knows nothing counts nothing", async (t) => {
  const page = await aPage(t, "board");
  await page.routeWebSocket(/\/ws\?/, () => undefined);
  await page.goto(`${hub.address}/`);
  await page.getByRole("button", { name: people.supervisor.name }).click();
  await page.getByText("Nothing known yet").waitFor();
  const counts = await page.locator(".tile-count").allInnerTexts();
  assert.deepEqual([...new Set(counts)], ["–"]);
  assert.equal(await page.getByText(/^All 0$|^0 listed/).count(), 0);
});

test("on a phone, at 400 % and in forced colours the board is whole, and nothing is wider than the screen", async (t) => {
  const supervisor = await aSupervisor(t);
  const { page } = supervisor;
  await page.setViewportSize({ width: 320, height: 568 });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await overflow(), 0);
  await page.getByRole("button", { name: "Thresholds" }).click();
  assert.equal(await overflow(), 0);
  await page.keyboard.press("Escape");
  await page.emulateMedia({ forcedColors: "active" });
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  nobodyComplained();
});

test("from the drawer the agent that it is about is acted on, whoever is selected, and its past goes back day by day", async (t) => {
  const [agent, another] = [await anAgent(t, 0), await anAgent(t, 1)];
  await another.chooses("Available");
  const supervisor = await aSupervisor(t);
  const { page } = supervisor;
  const everyone = page.getByRole("checkbox", { name: "Select all listed agents" });
  await page.getByRole("searchbox", { name: "Search" }).fill(agent.subject);
  await page.getByText(/^1 of \d+ listed/).waitFor();
  await everyone.check();
  await page.getByRole("button", { name: `About ${people.agents[0].name}` }).click();
  const drawer = page.getByRole("complementary", { name: "About the agent" });
  await drawer.getByRole("heading", { name: people.agents[0].name }).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  await supervisor.row(another).waitFor();
  await everyone.check();
  await drawer.getByRole("button", { name: "Change presence" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Appear away", { exact: true }).click();
  await dialog.getByRole("button", { name: "Change presence" }).click();
  await supervisor.sees(agent, "Appear away");
  await supervisor.sees(another, "Available");
  await page.keyboard.press("Escape");
  await Promise.all([
    page.waitForResponse((answer) => answer.url().includes("/history?") && answer.ok()),
    drawer.getByRole("button", { name: "One more day" }).click(),
  ]);
  await drawer.getByRole("heading", { name: "The last 2 days, and 24 hours as a band" }).waitFor();
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  nobodyComplained();
});

test("a German browser is given a German board, with the German text of each presence", async (t) => {
  const administrator = await anAdministrator(t);
  const origin = hub.address;
  const made = await administrator.page.request.post(`${origin}/api/v1/presences`, {
    headers: { origin },
    data: {
      presenceId: "coaching",
      presenceName: "Coaching",
      presenceText: "In coaching",
      basePresenceStatus: "BUSY_DO_NOT_DISTURB",
      labels: { de: "Im Coaching" },
    },
  });
  assert.equal(made.status(), 201, await made.text());
  const agent = await anAgent(t, 2);
  const supervisor = await aSupervisor(t, { locale: "de-DE" });
  const { page } = supervisor;
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await page.getByRole("searchbox", { name: "Suchen" }).fill(agent.subject);
  await page.getByText(/^1 von \d+ aufgeführt/).waitFor();
  await supervisor.sees(agent, "Verfügbar");
  await page.getByRole("checkbox", { name: "Alle aufgeführten Agenten auswählen" }).check();
  await page.getByRole("button", { name: `Über ${people.agents[2].name}` }).click();
  const drawer = page.getByRole("complementary", { name: "Über den Agenten" });
  await drawer.getByRole("heading", { name: "Die letzten 24 Stunden" }).waitFor();
  await drawer.getByRole("button", { name: "Schließen" }).click();
  await page.getByRole("button", { name: "Status ändern" }).click();
  await page.getByRole("dialog").getByText("Im Coaching").click();
  await page.getByRole("dialog").getByRole("button", { name: "Status ändern" }).click();
  await supervisor.sees(agent, "Im Coaching");
  await page.getByRole("dialog").getByRole("button", { name: "Schließen" }).click();
  await supervisor.hasNoFaultAnyhow("the German board");
  nobodyComplained();
});

test("teams are counted by status and filter the board, and the last hours are a chart with what happened", async (t) => {
  const agent = await anAgent(t, 0);
  await agent.chooses("Busy");
  const { page } = await aSupervisor(t);
  await page.locator("summary").getByText("Teams", { exact: true }).click();
  const [team] = people.agents[0].teams;
  await page
    .getByRole("row", { name: new RegExp(`^${team} `) })
    .getByRole("button")
    .click();
  await page.waitForURL(new RegExp(`team=${team}`));
  await page.getByText("Agents per status over the last 8 hours").click();
  await page.getByRole("img", { name: "Agents per status over the last 8 hours" }).waitFor();
  nobodyComplained();
});

test("a floor at work is calm to look at, and has no accessibility fault with its drawer open", async (t) => {
  const another = await anotherHub(t, {});
  leaving(t, another.isPlayed(80));
  const supervisor = await aSupervisor(t, { at: another.address });
  const { page } = supervisor;
  const busy = page.getByRole("group", { name: "By base status" }).getByRole("button", { name: /^Busy/ });
  await page.waitForFunction(
    (tile) => Number(tile.querySelector("strong").textContent) > 20,
    await busy.elementHandle(),
  );
  await page.getByRole("grid").getByRole("row").nth(4).click();
  await page.getByRole("button", { name: /^About/ }).click();
  await page.getByRole("heading", { name: "The last 24 hours" }).waitFor();
  await pictured(page, "board");
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  nobodyComplained();
});

test("who may get work of a workstream is named, and why others may not", async (t) => {
  const administrator = await anAdministrator(t);
  const origin = hub.address;
  const data = { name: "Chat", allowedPresences: ["AVAILABLE"] };
  const made = await administrator.page.request.put(`${origin}/api/v1/workstreams/chat`, { headers: { origin }, data });
  assert.ok(made.ok(), await made.text());
  const [may, mayNot] = [await anAgent(t, 0), await anAgent(t, 1)];
  await may.chooses("Available");
  await mayNot.chooses("Busy");
  const supervisor = await aSupervisor(t);
  const { page } = supervisor;
  await supervisor.sees(mayNot, "Busy");
  await page.getByText("Who may get work").click();
  await page.getByLabel("Workstream").selectOption({ label: "Chat" });
  const panel = page.getByRole("region", { name: "Who may get work" });
  await panel.getByRole("listitem").filter({ hasText: people.agents[0].name }).first().waitFor();
  const other = panel.getByRole("listitem").filter({ hasText: people.agents[1].name });
  await other.getByText("the workstream does not allow the presence").waitFor();
  assert.deepEqual(await supervisor.accessibilityFaults(), []);
  nobodyComplained();
});
