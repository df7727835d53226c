// Plans and excused times on the administration page, and what the reports make of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nobodyComplained } from "./browser.mjs";
import { anAdministrator, anAgent, begins, hub, people } from "./scene.mjs";

begins();

/** There are activities, and agents to plan. */
async function aPlanner(t, options) {
  const admin = await anAdministrator(t, options);
  for (const [path, record] of [
    ["activities/calls", { text: "Calls", basePresenceStatuses: ["BUSY"] }],
    ["activities/lunch", { text: "Lunch", presenceIds: ["away"] }],
    ...people.agents.slice(0, 2).map(({ subject, name }) => [`agents/${subject}`, { name, enabled: true }]),
  ]) {
    const answer = await admin.page.request.put(`${hub.address}/api/v1/${path}`, {
      data: record,
      headers: { origin: hub.address },
    });
    assert.ok(answer.ok(), await answer.text());
  }
  return admin;
}

test("a day is planned, a mistake stands at its row, a time is excused and taken back", async (t) => {
  const { page } = await aPlanner(t);
  const { subject } = people.agents[0];
  await page.goto(`${hub.address}/admin?section=plans`);
  await page.getByLabel("Agent's id").fill(subject);
  await page.getByLabel("Day", { exact: true }).fill("2026-03-04");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("Nothing is planned on this day.").waitFor();
  const planned = page.getByRole("form", { name: "Planned" });
  for (const [at, from, to, activity] of [
    [0, "09:00", "12:00", "Calls"],
    [1, "11:00", "13:00", "Lunch"],
  ]) {
    await planned.getByRole("button", { name: "Add an activity" }).click();
    await planned.getByLabel("From").nth(at).fill(from);
    await planned.getByLabel("To").nth(at).fill(to);
    await planned.getByRole("combobox", { name: "Activity" }).nth(at).selectOption({ label: activity });
  }
  await planned.getByRole("button", { name: "Save the plan" }).click();
  await planned.getByText("It overlaps another.").waitFor();
  await planned.getByLabel("From").nth(1).fill("12:00");
  await planned.getByRole("button", { name: "Save the plan" }).click();
  await planned.getByText("The plan is saved.").waitFor();
  await page.reload();
  assert.equal(await planned.getByLabel("To").nth(1).inputValue(), "13:00");
  const excused = page.getByRole("region", { name: "Excused times" });
  await excused.getByLabel("From").fill("09:00");
  await excused.getByLabel("To").fill("10:00");
  await excused.getByLabel("Reason").fill("fire alarm");
  await excused.getByRole("button", { name: "Excuse a time" }).click();
  await excused.getByText(/^fire alarm/).waitFor();
  await excused.getByRole("button", { name: /^Take back/ }).click();
  await page.getByText("Nothing is excused on this day.").waitFor();
  nobodyComplained();
});

test("plans of many come from a table, after what will change was shown", async (t) => {
  const { page } = await aPlanner(t);
  const [ada, ben] = people.agents.map(({ subject }) => subject);
  await page.goto(`${hub.address}/admin?section=plans&do=many`);
  const table = page.getByLabel("Table");
  const rows = [`${ada},2026-03-05 09:00,2026-03-05 17:00,calls`, `${ben},2026-03-05 09:00,2026-03-05 17:00,cals`];
  const unknown = "nobody,2026-03-05 09:00,2026-03-05 17:00,calls";
  await table.fill(["agentId,start,end,activityId", ...rows, unknown].join("\n"));
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText('There is no activity with the id or text "cals".').waitFor();
  await page.getByText('No agent has the id "nobody".').waitFor();
  await page.getByRole("button", { name: "Back to the table" }).click();
  const mended = ["agentId,start,end,activityId", rows[0], rows[1].replace("cals", "lunch")].join("\n");
  await page
    .getByLabel("Or a file")
    .setInputFiles({ name: "plans.csv", mimeType: "text/csv", buffer: Buffer.from(mended) });
  await page.waitForFunction(
    (text) =>
      document
        .querySelector("presence-admin")
        .shadowRoot.querySelector("plans-import")
        .shadowRoot.querySelector("textarea").value === text,
    mended,
  );
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/^2 activities of 2 agents\./).waitFor();
  await page.getByRole("cell", { name: `(${ada})` }).waitFor();
  await page.getByRole("button", { name: "Replace the plans of 2 agents" }).click();
  await page.getByText("2 plans replaced.").waitFor();
  await page.goto(`${hub.address}/admin?section=plans&agent=${ben}&day=2026-03-05`);
  const activity = page.getByRole("form", { name: "Planned" }).getByRole("combobox", { name: "Activity" });
  await activity.waitFor();
  assert.equal(await activity.inputValue(), "lunch");
  nobodyComplained();
});

for (const [locale, names] of [
  ["en-US", ["Plans", "Import plans"]],
  ["de-DE", ["Pläne", "Pläne importieren"]],
]) {
  test(`plans have no accessibility fault anyhow, and fit a small phone (${locale})`, async (t) => {
    const admin = await aPlanner(t, { locale });
    for (const [at, query] of [`&agent=${people.agents[0].subject}&day=2026-03-04`, "&do=many"].entries()) {
      await admin.page.goto(`${hub.address}/admin?section=plans${query}`);
      await admin.page.getByRole("heading", { level: 1, name: names[at] }).waitFor();
      await admin.page.locator(at === 0 ? "excused-times" : "textarea").waitFor();
      await admin.hasNoFaultAnyhow(names[at]);
    }
    nobodyComplained();
  });
}

test("an agent sees on the desk what is planned today, and what of it is now", async (t) => {
  const { page: planner } = await aPlanner(t);
  const { subject } = people.agents[0];
  const day = new Date();
  const [from, to] = [new Date(day.setHours(0, 0, 0, 0)), new Date(day.setHours(24, 0, 0, 0))].map((at) =>
    at.toISOString(),
  );
  const planned = await planner.request.put(
    `${hub.address}/api/v1/agents/${subject}/plan?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`,
    { data: { items: [{ start: from, end: to, activityId: "calls" }] }, headers: { origin: hub.address } },
  );
  assert.ok(planned.ok(), await planned.text());
  const agent = await anAgent(t, 0);
  const plan = agent.page.getByRole("region", { name: "Planned for you today" });
  await plan.getByText(/^Now: Calls, /).waitFor();
  assert.deepEqual(await agent.accessibilityFaults(), []);
  nobodyComplained();
});
