// Administrators in a real browser, against a real hub.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nobodyComplained } from "./browser.mjs";
import { anAdministrator, anAgent, aPage, begins, hub, people } from "./scene.mjs";

begins();

test("a presence is created, warned about while it is typed, and found in the list", async (t) => {
  const admin = await anAdministrator(t);
  await admin.adds("New presence");
  await admin.line("Name").fill("Available at lunch");
  await admin.isTold("It says “available”, but its base status is Away");
  await admin.line("Name").fill("Lunch");
  await admin.page.getByText("It says “available”").waitFor({ state: "detached" });
  assert.equal(await admin.line("Id").inputValue(), "lunch");
  await admin.page.getByRole("button", { name: "Add a language" }).click();
  await admin.page.keyboard.type("de");
  await admin.page.getByLabel("Text (de)").fill("Mittagspause");
  await admin.saves("Create");
  await admin.isToldExactly("Created.");
  assert.match(admin.page.url(), /record=lunch/);
  await admin.page.reload();
  await admin.page.getByRole("heading", { level: 1, name: "Lunch" }).waitFor();
  await admin.opens("Custom presences");
  await admin.row("Lunch").getByText("Away").waitFor();
  await admin.row("Lunch").getByText("de").waitFor();
  nobodyComplained();
});

test("what is wrong stands at its field, whether the page or the hub found it, and what was typed stays", async (t) => {
  const admin = await anAdministrator(t);
  await admin.adds("New presence");
  await admin.saves("Create");
  const name = admin.line("Name");
  assert.equal(await name.getAttribute("aria-invalid"), "true");
  assert.equal(await name.evaluate((field) => field === field.getRootNode().activeElement), true);
  await admin.isTold("Enter something here.");
  await name.fill("Away again");
  await admin.line("Id").fill("available");
  await admin.saves("Create");
  await admin.isTold("One field needs another value.");
  assert.equal(await admin.line("Id").getAttribute("aria-invalid"), "true");
  assert.equal(await name.inputValue(), "Away again");
  nobodyComplained();
});

test("two administrators at once: what goes together is kept, what does not is asked about, and nothing typed is lost", async (t) => {
  const [ada, ben] = [await anAdministrator(t), await anAdministrator(t)];
  await ada.creates("Coaching");
  await ben.opens("Custom presences");
  await ben.opensRecord("Coaching");
  await ada.line("Description").fill("One to one");
  await ada.line("Presence text").fill("In coaching");
  await ada.saves();
  await ada.isToldExactly("Saved.");
  await ben.line("Presence text").fill("Coaching, back soon");
  await ben.line("Name").fill("Coaching session");
  await ben.saves();
  await ben.isTold("Somebody else saved this record while you had it open.");
  assert.equal(await ben.line("Description").inputValue(), "One to one");
  assert.equal(await ben.line("Presence text").inputValue(), "Coaching, back soon");
  await ben.isTold("Theirs: In coaching");
  await ben.page.getByRole("button", { name: "Take theirs" }).click();
  assert.equal(await ben.line("Presence text").inputValue(), "In coaching");
  await ben.saves();
  await ben.isToldExactly("Saved.");
  await ben.opens("Custom presences");
  await ben.row("Coaching session").getByText("In coaching").waitFor();
  nobodyComplained();
});

test("a record that another administrator deleted is told, and can be created again from what was typed", async (t) => {
  const [ada, ben] = [await anAdministrator(t), await anAdministrator(t)];
  await ada.opens("Capacity profiles");
  await ada.adds("New capacity profile");
  await ada.line("Name").fill("Chats");
  await ada.line("Work items at most").fill("3");
  await ada.saves("Create");
  await ada.isToldExactly("Created.");
  await ben.opens("Capacity profiles");
  await ben.opensRecord("Chats");
  await ada.page.getByRole("button", { name: "Delete" }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await ada.page.getByRole("heading", { level: 1, name: "Capacity profiles" }).waitFor();
  await ben.line("Work items at most").fill("4");
  await ben.saves();
  await ben.isTold("Somebody else deleted this record");
  await ben.saves("Create");
  await ben.isToldExactly("Created.");
  await ben.opens("Capacity profiles");
  await ben.row("Chats").getByText("4", { exact: true }).waitFor();
  nobodyComplained();
});

test("who is affected is said before a presence is retired, and the agent is moved and told", async (t) => {
  const admin = await anAdministrator(t);
  await admin.creates("Workshop");
  const agent = await anAgent(t, 0);
  await agent.chooses("Workshop");
  await agent.sees("Workshop");
  await admin.page.getByRole("button", { name: "Retire" }).click();
  const dialog = admin.page.getByRole("dialog");
  await dialog.getByText("1 agent has it now.").waitFor();
  await dialog.getByText(people.agents[0].name).waitFor();
  await dialog.getByRole("button", { name: "Retire" }).click();
  await admin.page.getByRole("button", { name: "Bring back" }).waitFor();
  await agent.sees("Appear away");
  await agent.isTold(/retired/);
  await admin.opens("Custom presences");
  await admin.row("Workshop").getByText("Retired").waitFor();
  nobodyComplained();
});

test("a network that is gone is told, nothing is assumed, and saving again does it once", async (t) => {
  const admin = await anAdministrator(t);
  await admin.creates("Training");
  await admin.line("Description").fill("In a course");
  await admin.page.context().setOffline(true);
  await admin.saves();
  await admin.isTold("it is not known whether this was saved");
  assert.equal(await admin.line("Description").inputValue(), "In a course");
  await admin.page.context().setOffline(false);
  await admin.saves();
  await admin.isToldExactly("Saved.");
  nobodyComplained();
});

test("an answer that was lost after the hub had kept the change counts as saved when it is saved again", async (t) => {
  const admin = await anAdministrator(t);
  await admin.creates("Errand");
  await admin.line("Description").fill("Out of the house");
  await admin.page.route("**/api/v1/presences/errand", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    await route.fetch();
    await route.abort("internetdisconnected");
  });
  await admin.saves();
  await admin.isTold("it is not known whether this was saved");
  await admin.page.unroute("**/api/v1/presences/errand");
  await admin.saves();
  await admin.isToldExactly("Saved.");
  nobodyComplained();
});

test("whoever leaves what is not saved is asked, by a link and by the way back", async (t) => {
  const admin = await anAdministrator(t);
  await admin.adds("New presence");
  await admin.line("Name").fill("Half a");
  await admin.page.getByRole("link", { name: "Workstreams" }).click();
  const dialog = admin.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Stay here" }).click();
  assert.equal(await admin.line("Name").inputValue(), "Half a");
  await admin.page.goBack();
  await dialog.getByRole("button", { name: "Discard" }).click();
  await admin.page.getByRole("heading", { level: 1, name: "Custom presences" }).waitFor();
  nobodyComplained();
});

test("a workstream is made with the keyboard alone, and the protection that it would void is named", async (t) => {
  const admin = await anAdministrator(t);
  await admin.opens("Workstreams");
  await admin.isTold("No workstreams yet");
  const { keyboard } = admin.page;
  await admin.page.getByRole("link", { name: "New workstream" }).first().focus();
  await keyboard.press("Enter");
  await admin.page.getByRole("heading", { level: 1, name: "New workstream" }).waitFor();
  await keyboard.press("Tab");
  await keyboard.type("Sales chat");
  for (const _ of ["available", "busy", "do not disturb", "away"]) await keyboard.press("Tab");
  await keyboard.press("Space");
  await admin.isTold("whoever missed a notification would get the next one");
  await keyboard.press("Enter");
  await admin.isToldExactly("Created.");
  await admin.opens("Workstreams");
  await admin.row("Sales chat").getByText("Available, Away").waitFor();
  nobodyComplained();
});

test("whoever may not is told which role is missing, and who they are", async (t) => {
  const agent = await anAgent(t, 1);
  await agent.page.goto(new URL("/admin", agent.page.url()).href);
  await agent.page.getByText("needs the role Administrator").waitFor();
  await agent.page.getByText(people.agents[1].name).first().waitFor();
  nobodyComplained();
});

test("a sign-in leads back to the section and the record that was asked for", async (t) => {
  const page = await aPage(t, "somebody", { expected: [/status of 401/] });
  await page.goto(`${hub.address}/admin?section=presences&record=busy`);
  await page.getByRole("link", { name: "Go to sign-in" }).click();
  await page.getByRole("button", { name: people.administrator.name }).click();
  await page.getByText("This presence ships with the hub").waitFor();
  assert.match(page.url(), /\/admin\?section=presences&record=busy$/);
});

test("no section has an accessibility fault in light, dark or forced colours, or is wider than a small phone", async (t) => {
  const admin = await anAdministrator(t);
  for (const [section, add] of [
    ["Custom presences", "New presence"],
    ["Capacity profiles", "New capacity profile"],
    ["Workstreams", "New workstream"],
    ["Activities", "New activity"],
  ]) {
    await admin.opens(section);
    await admin.hasNoFaultAnyhow(section);
    await admin.adds(add);
    await admin.hasNoFaultAnyhow(add);
  }
  nobodyComplained();
});
