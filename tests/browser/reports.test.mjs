// The reports in a real browser, over a real past: what a figure says, the rows behind it say too.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { nobodyComplained } from "./browser.mjs";
import { anAgent, aPage, aSupervisor, begins, hub, people, theWorkSystem } from "./scene.mjs";

begins(() => ({ SERVER__TEST_CLOCK: "true", SERVER__CONTACT: '"the service desk, 4711"' }));

const HOUR = 3_600_000;
/** The address of a section, over an hour before and two after now: midnight is nowhere near by this. */
function within(section, more = "") {
  const local = (ms) => new Date(Date.now() + ms).toISOString().slice(0, 16);
  const time = new URLSearchParams({ from: local(-HOUR), to: local(2 * HOUR), tz: "UTC" });
  return `${hub.address}/reports?section=${section}&${time}${more}`;
}

/** Somebody worked for a while, was set by a supervisor, and left. */
async function aPast(t) {
  const agent = await anAgent(t, 0);
  const supervisor = await aSupervisor(t, { timezoneId: "UTC" });
  await agent.chooses("Available");
  const work = await theWorkSystem(t);
  await work.isMissedBy(agent, `call-${Date.now()}`);
  await agent.sees("Inactive");
  await hub.timePasses(60);
  await supervisor.looksFor(agent);
  await supervisor.changes(agent, "Busy", "Back at work");
  await agent.sees("Busy");
  await hub.timePasses(120);
  await agent.closesTheWindow();
  await supervisor.sees(agent, "Offline");
  await supervisor.page.goto("about:blank");
  return { supervisor, agent };
}

const table = (page, name) => page.getByRole("region", { name }).getByRole("table");

test("a team leads to its agents, an agent to its rows, and both sums are the same", async (t) => {
  const { supervisor, agent } = await aPast(t);
  const { page } = supervisor;
  await page.goto(within("time", "&by=team"));
  const [team] = people.agents[0].teams;
  await table(page, "Time in status").getByRole("link", { name: team, exact: true }).click();
  await page.waitForURL(/teams=/);
  await table(page, "Time in status").getByRole("link", { name: people.agents[0].name, exact: true }).click();
  await page.waitForURL(new RegExp(`agent=${agent.subject}`));
  const sums = table(page, "Sums of the rows and of the report").getByRole("row");
  await sums.nth(3).waitFor();
  for (const row of (await sums.all()).slice(1)) {
    const [, ofRows, ofReport] = await row.locator("th, td").allInnerTexts();
    assert.equal(ofRows, ofReport);
    await row.getByText("equal").waitFor({ state: "attached" });
  }
  await table(page, "Rows").getByText("supervisor Sam Rivera").first().waitFor();
  const set = table(page, "Rows").getByRole("row").filter({ hasText: "Back at work" }).first();
  await set.getByRole("button", { name: "Why" }).click();
  await set.getByRole("listitem").first().waitFor();
  // A reload and a link lead to the same.
  await page.reload();
  await sums.nth(3).waitFor();
  await page.getByRole("link", { name: "Back to Time in status" }).click();
  await table(page, "Time in status").getByRole("link", { name: people.agents[0].name }).waitFor();
  await page.goBack();
  await sums.nth(3).waitFor();
  nobodyComplained();
});

test("a figure of the summary leads to the sign-ins that it counts", async (t) => {
  const { supervisor, agent } = await aPast(t);
  const { page } = supervisor;
  await page.goto(within("summary", `&agents=${agent.subject}`));
  const row = table(page, "Summary").getByRole("row", { name: new RegExp(people.agents[0].name) });
  const counted = Number(await row.getByRole("cell").first().innerText());
  await row.getByRole("cell").first().getByRole("link").click();
  await page.waitForURL(/section=sign-ins/);
  await table(page, "Sign-ins").getByRole("row").nth(counted).waitFor();
  assert.equal(await table(page, "Sign-ins").getByRole("row").count(), counted + 1);
  nobodyComplained();
});

test("the floor of an instant goes on as it went, up to now", async (t) => {
  const { supervisor, agent } = await aPast(t);
  const { page } = supervisor;
  const now = await page.request.get(`${hub.address}/api/v1/agents/${agent.subject}/history?limit=1000`);
  const { items } = await now.json();
  const busy = items.findLast(({ presenceId }) => presenceId === "busy");
  const before = new Date(Date.parse(busy.end) - 1000).toISOString();
  await page.goto(within("floor", `&agents=${agent.subject}&at=${encodeURIComponent(before)}`));
  const row = table(page, "Agents at this instant").getByRole("row").nth(1);
  await row.getByText("Busy", { exact: true }).waitFor();
  await page.getByLabel("Speed").selectOption("60");
  await page.getByRole("button", { name: "Play" }).click();
  await row.getByText("Offline", { exact: true }).waitFor();
  await page.getByText("This is now.").waitFor();
  nobodyComplained();
});

test("a table and every interval are saved as files", async (t) => {
  const { supervisor } = await aPast(t);
  const { page } = supervisor;
  await page.goto(within("time"));
  await table(page, "Time in status").getByRole("row").nth(1).waitFor();
  for (const [name, file, begins] of [
    ["This table", /^time-.*\.csv$/, "agentId,name"],
    ["NDJSON", /^history-.*\.ndjson$/, '{"agentId"'],
    ["Parquet", /^history-.*\.parquet$/, "PAR1"],
  ]) {
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    const download = await saved;
    assert.match(download.suggestedFilename(), file);
    assert.ok((await readFile(await download.path(), "latin1")).startsWith(begins), name);
  }
  nobodyComplained();
});

test("whoever may not read reports is told which roles may, and whom to ask", async (t) => {
  const agent = await anAgent(t, 1);
  await agent.page.goto(`${hub.address}/reports`);
  await agent.page.getByText("Reports are for supervisors, observers and analysts").waitFor();
  await agent.page.getByText("the service desk, 4711").waitFor();
  const nobody = await aPage(t, "nobody");
  await nobody.goto(`${hub.address}/reports?section=summary`);
  await nobody.waitForURL(/\/\?to=reports/);
  nobodyComplained();
});

for (const [locale, names] of [
  [
    "en-US",
    ["Time in status", "Summary", "Timelines", "Adherence", "Incidents", "Sign-ins", "Floor at an instant", "Disputes"],
  ],
  [
    "de-DE",
    [
      "Zeit je Status",
      "Zusammenfassung",
      "Zeitverläufe",
      "Planeinhaltung",
      "Störungen",
      "Anmeldungen",
      "Lage zu einem Zeitpunkt",
      "Widersprüche",
    ],
  ],
]) {
  test(`no section has an accessibility fault anyhow, or is wider than a small phone (${locale})`, async (t) => {
    await aPast(t);
    const reader = await aSupervisor(t, { locale, timezoneId: "UTC" });
    await reader.page.goto(within("time"));
    for (const name of names) {
      await reader.page.getByRole("navigation").getByRole("link", { name }).click();
      await reader.page.getByRole("heading", { level: 1, name }).waitFor();
      await reader.page.locator(".coming").first().waitFor({ state: "detached" });
      await reader.hasNoFaultAnyhow(name);
    }
    nobodyComplained();
  });
}
