// Administrators and many agents, what machines show, who is signed in, and what the audit tells.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { nobodyComplained } from "./browser.mjs";
import { anAdministrator, anAgent, aPage, begins, hub, people } from "./scene.mjs";

begins();

/** So many agents, made over the interface as a provisioning script does. */
async function thereAre(admin, count) {
  const records = Array.from({ length: count }, (_, at) => {
    const agentId = `m${String(at).padStart(4, "0")}`;
    const name = at === count - 1 ? "José García" : `Member ${at}`;
    return { agentId, name, teams: [at % 2 === 0 ? "even" : "odd"], units: 10 };
  });
  const { origin } = new URL(admin.page.url());
  const answer = await admin.page.request.put(`${origin}/api/v1/agents`, { headers: { origin }, data: records });
  assert.equal(answer.status(), 200);
}

test("thousands of agents come page by page, and one is found by name without accents", async (t) => {
  const admin = await anAdministrator(t);
  await thereAre(admin, 2_500);
  const asked = [];
  admin.page.on("request", (request) => asked.push(request.url()));
  await admin.opens("Agents");
  await admin.isTold("20 agents on this page");
  assert.equal(await admin.page.getByRole("row").count(), 21);
  assert.ok(asked.every((url) => !url.includes("limit=1000")));
  await admin.page.getByRole("link", { name: "Next page" }).click();
  await admin.page.getByRole("link", { name: "First page" }).waitFor();
  await admin.page.reload();
  await admin.page.getByRole("link", { name: "First page" }).waitFor();
  await admin.page.getByRole("searchbox", { name: "Name, id or team" }).fill("garcia jose");
  await admin.page.keyboard.press("Enter");
  await admin.page.getByRole("link", { name: "José García" }).waitFor();
  assert.equal(await admin.page.getByRole("row").count(), 2);
  await admin.page.goBack();
  await admin.page.getByRole("link", { name: "First page" }).waitFor();
  nobodyComplained();
});

test("many agents are changed by paste: what will change is shown first, mistakes by row, and results by row after", async (t) => {
  const admin = await anAdministrator(t);
  await thereAre(admin, 10);
  await admin.opens("Agents");
  await admin.page.getByRole("link", { name: "Change many" }).click();
  const sent = [];
  admin.page.on("request", (request) => request.method() !== "GET" && sent.push(request.method()));
  const rows = [
    "agentId\tdefaultPresence\tteams\tunits",
    "m0001\tAway\todd; night\t10",
    "m0002\tNowhere\t\t",
    "m0003\t\todd\t10",
    "newcomer\tBusy\tnight\t5",
    "m0001\tBusy\t\t",
  ].join("\n");
  await admin.page.getByLabel("Rows").fill(rows);
  await admin.page.getByRole("button", { name: "Look at what will change" }).click();
  await admin.isTold("1 to change, 1 to create, 1 already so, 2 with a mistake, left out");
  const rowOf = (number) =>
    admin.page.getByRole("row").filter({ has: admin.page.getByRole("cell", { name: number, exact: true }) });
  await rowOf("3").getByText("There is no presence “Nowhere”.").waitFor();
  await rowOf("6").getByText("The same agent as in row 2.").waitFor();
  await rowOf("2").getByText("odd, night").waitFor();
  assert.deepEqual(await admin.accessibilityFaults(), []);
  assert.deepEqual(sent, []);
  await admin.page.getByRole("button", { name: "Change 2 agents" }).click();
  await admin.isTold("2 done.");
  await rowOf("2").getByText("Done").waitFor();
  assert.deepEqual(sent, ["PATCH", "PUT"]);
  await admin.opens("Agents");
  await admin.page.getByRole("textbox", { name: "Team" }).fill("night");
  await admin.page.keyboard.press("Enter");
  await admin.row("newcomer").getByText("Busy").waitFor();
  await admin.row("Member 1").getByText("Away").waitFor();
  nobodyComplained();
});

test("a change of many whose answer is lost is not known, and a second look shows what is left", async (t) => {
  const admin = await anAdministrator(t);
  await thereAre(admin, 4);
  await admin.opens("Agents");
  await admin.page.getByRole("link", { name: "Change many" }).click();
  await admin.page.getByLabel("Rows").fill("agentId,units\nm0000,77\nm0001,78");
  await admin.page.getByRole("button", { name: "Look at what will change" }).click();
  await admin.isTold("2 to change");
  await admin.page.route("**/api/v1/agents", async (route) => {
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await admin.page.getByRole("button", { name: "Change 2 agents" }).click();
  await admin.isTold("0 done, 2 not.");
  await admin.isTold("Not known: there was no answer");
  await admin.page.unroute("**/api/v1/agents");
  await admin.page.getByRole("button", { name: "Look again at what is left" }).click();
  await admin.isTold("0 to change, 2 already so");
  nobodyComplained();
});

test("an API token is told once, works, is listed with its use, and is refused once it is deleted", async (t) => {
  const admin = await anAdministrator(t);
  await admin.opens("API tokens");
  await admin.adds("Make an API token");
  await admin.saves("Make an API token");
  await admin.isTold("3 fields need another value.");
  await admin.line("Name").fill("Wallboard");
  await admin.line("Subject").fill("wallboard");
  await admin.page.getByRole("checkbox", { name: /^Observer/ }).check();
  await admin.saves("Make an API token");
  const token = await admin.page.getByLabel("Token", { exact: true }).inputValue();
  assert.match(token, /^pht_/);
  const hub = new URL(admin.page.url()).origin;
  const asks = async () =>
    (await fetch(`${hub}/api/v1/presences`, { headers: { authorization: `Bearer ${token}` } })).status;
  assert.equal(await asks(), 200);
  await admin.page.getByRole("link", { name: "To the list" }).click();
  const row = admin.page.getByRole("row").filter({ hasText: "Wallboard" });
  await row.getByText("Observer").waitFor();
  assert.equal(await row.getByText("Not since the hub started").count(), 0);
  assert.equal(await admin.page.getByText(token).count(), 0);
  await row.getByRole("button", { name: "Delete the token Wallboard?" }).click();
  await admin.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await admin.isTold("No API tokens yet");
  assert.equal(await asks(), 401);
  nobodyComplained();
});

test("a session is ended: its page is signed out, and the audit tells who did it", async (t) => {
  const admin = await anAdministrator(t);
  const agent = await anAgent(t, 2);
  await admin.opens("Sessions");
  await admin.page.getByRole("textbox", { name: "Subject" }).fill(people.agents[2].subject);
  await admin.page.keyboard.press("Enter");
  const ends = admin.page.getByRole("button", { name: `End the session of ${people.agents[2].name}?` });
  await ends.click();
  await admin.page.getByRole("dialog").getByRole("button", { name: "End", exact: true }).click();
  await agent.page.getByRole("link", { name: "Go to sign-in" }).waitFor();
  await ends.waitFor({ state: "detached" });
  await admin.opens("Audit");
  await admin.page.getByRole("combobox", { name: "Did what" }).selectOption("Revoked");
  await admin.page.getByRole("button", { name: "Show" }).click();
  await admin.page.waitForURL(/action=REVOKE/);
  await admin.page.getByRole("row").filter({ hasText: "session/" }).first().waitFor();
});

test("a person is erased once the agent is deleted, having been asked, and the list follows how far it has come", async (t) => {
  const admin = await anAdministrator(t);
  await thereAre(admin, 3);
  await admin.opens("Erasures");
  await admin.isTold("Nobody was erased");
  await admin.adds("Erase a person");
  await admin.saves("Erase a person");
  await admin.isTold("One field needs another value.");
  await admin.line("Id").fill("m0001");
  await admin.hasNoFaultAnyhow("erasing a person");
  const question = admin.page.getByRole("dialog", { name: "Erase m0001?" });
  await admin.saves("Erase a person");
  await question.getByRole("button", { name: "Cancel" }).click();
  await admin.saves("Erase a person");
  await question.getByRole("button", { name: "Erase", exact: true }).click();
  // The agent is still there.
  await admin.page
    .getByRole("main")
    .getByText(/delete its record first/)
    .waitFor();
  const { origin } = new URL(admin.page.url());
  const gone = await admin.page.request.delete(`${origin}/api/v1/agents/m0001`, { headers: { origin } });
  assert.equal(gone.status(), 204);
  await admin.saves("Erase a person");
  await question.getByRole("button", { name: "Erase", exact: true }).click();
  await admin.page.getByRole("heading", { name: "From now on nothing names this person" }).waitFor();
  await admin.page.getByRole("link", { name: "To the list" }).click();
  const row = admin.page.getByRole("row").filter({ hasText: "erased-" });
  await row.getByText("Done").waitFor();
  assert.ok(!(await admin.page.getByRole("main").textContent()).includes("m0001"));
  nobodyComplained();
});

test("the audit is exported as it is narrowed, and an export is in the audit itself", async (t) => {
  const admin = await anAdministrator(t);
  await admin.opens("Audit");
  await admin.page.getByRole("combobox", { name: "Did what" }).selectOption("Signed in");
  await admin.page.getByRole("button", { name: "Show" }).click();
  await admin.page.waitForURL(/action=SIGN_IN/);
  await admin.page.getByRole("row").nth(1).waitFor();
  for (const [form, file] of [
    ["CSV", "audit.csv"],
    ["NDJSON", "audit.ndjson"],
  ]) {
    const comes = admin.page.waitForEvent("download");
    await admin.page.getByRole("button", { name: `Export ${form}` }).click();
    const download = await comes;
    assert.equal(download.suggestedFilename(), file);
    const text = await readFile(await download.path(), "utf8");
    assert.ok(text.includes("SIGN_IN") && !text.includes("SIGN_OUT"), text.slice(0, 200));
  }
  await admin.page.getByRole("combobox", { name: "Did what" }).selectOption("Exported");
  await admin.page.getByRole("button", { name: "Show" }).click();
  await admin.page.waitForURL(/action=EXPORT/);
  await admin.page.getByRole("cell", { name: "Exported" }).first().waitFor();
  nobodyComplained();
});

test("settings say what they mean, refuse what cannot be at the field, and keep what can", async (t) => {
  const admin = await anAdministrator(t);
  await admin.opens("Settings");
  await admin.isTold("An agent who loses every connection gets the status back");
  const window = admin.page.getByRole("textbox", { name: /^Restore window/ });
  await window.fill("3 moons");
  await admin.saves();
  await admin.isTold("One field needs another value.");
  assert.equal(await window.getAttribute("aria-invalid"), "true");
  await window.fill("180s");
  await admin.saves();
  await admin.isToldExactly("Saved.");
  await admin.page.reload();
  await admin.isTold("An agent who loses every connection");
  assert.equal(await window.inputValue(), "180s");
  nobodyComplained();
});

test("somebody is signed out everywhere, and that can be taken back", async (t) => {
  const admin = await anAdministrator(t);
  await admin.opens("Revocations");
  await admin.isTold("Nothing is revoked");
  await admin.adds("Revoke");
  await admin.line("Subject").fill("nobody-else");
  await admin.saves("Revoke");
  await admin.isTold("It is revoked.");
  await admin.page.getByRole("link", { name: "To the list" }).click();
  await admin.isTold("Everything of nobody-else of before");
  await admin.page.getByRole("button", { name: /^Take the revocation/ }).click();
  await admin.page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await admin.isTold("Nothing is revoked");
  nobodyComplained();
});

test("none of these sections has an accessibility fault, or is wider than a small phone", async (t) => {
  const admin = await anAdministrator(t);
  await thereAre(admin, 5);
  for (const [section, add] of [
    ["Agents", "New agent"],
    ["Settings", null],
    ["Webhooks", "New webhook"],
    ["Sessions", null],
    ["API tokens", "Make an API token"],
    ["Revocations", "Revoke"],
    ["Audit", null],
  ]) {
    await admin.opens(section);
    await admin.hasNoFaultAnyhow(section);
    if (add === null) continue;
    await admin.adds(add);
    await admin.hasNoFaultAnyhow(add);
  }
  nobodyComplained();
});

test("a German browser is given German administration, and no section is wider than a phone", async (t) => {
  const admin = await anAdministrator(t, { locale: "de-DE" });
  assert.equal(await admin.page.evaluate(() => document.documentElement.lang), "de");
  const sections = await admin.page.getByRole("navigation").getByRole("link").allInnerTexts();
  assert.ok(sections.includes("Arbeitsströme") && sections.includes("Revisionsprotokoll"), sections.join());
  for (const section of sections) {
    await admin.opens(section);
    await admin.hasNoFaultAnyhow(section);
  }
  nobodyComplained();
});

test("an auditor lands on the audit, whatever the address leaves out, and is offered nothing else", async (t) => {
  const said = execFileSync(process.env["HUB_PROGRAM"], ["token", "--sub", "olga-audits", "--role", "auditor"], {
    cwd: hub.folder,
    env: hub.environment,
  });
  const page = await aPage(t, "auditor");
  const began = await page.request.post(`${hub.address}/session`, {
    headers: { origin: hub.address },
    data: { token: said.toString().trim() },
  });
  assert.equal(began.status(), 204, await began.text());
  await page.goto(`${hub.address}/admin`);
  await page.getByRole("heading", { level: 1, name: "Audit" }).waitFor();
  await page.getByRole("row").nth(1).waitFor();
  assert.deepEqual(await page.getByRole("navigation").getByRole("link").allInnerTexts(), ["Audit"]);
  nobodyComplained();
});

test("all agents of a team are changed at once, after it was said how many they are", async (t) => {
  const admin = await anAdministrator(t);
  const { page } = admin;
  const origin = hub.address;
  const items = Array.from({ length: 30 }, (_, at) => ({
    agentId: `many-${at}`,
    name: `Many ${at}`,
    teams: ["many"],
    enabled: true,
  }));
  const made = await page.request.put(`${origin}/api/v1/agents`, { headers: { origin }, data: { items } });
  assert.ok(made.ok(), await made.text());
  await page.goto(`${origin}/admin?section=agents&team=many`);
  await page.getByRole("button", { name: "Change all of these agents" }).click();
  await page.getByText("30 agents of many are changed, also those on other pages.").waitFor();
  await page.getByLabel("Change", { exact: true }).selectOption({ label: "Units" });
  await page.getByLabel("To", { exact: true }).fill("many");
  await page.getByRole("button", { name: "Change 30 agents" }).click();
  await page.getByText("A whole number is right.").waitFor();
  await admin.hasNoFaultAnyhow("a change of all");
  await page.getByLabel("To", { exact: true }).fill("40");
  await page.getByRole("button", { name: "Change 30 agents" }).click();
  await page.getByText("30 agents changed.").waitFor();
  const record = await page.request.get(`${origin}/api/v1/agents/many-29`);
  assert.equal((await record.json()).units, 40);
  nobodyComplained();
});
