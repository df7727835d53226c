// The people of the tests, each in a browser of their own, with verbs that read as the specification.

import assert from "node:assert/strict";
import { accessibilityFaults } from "./browser.mjs";
import { Ear } from "./ear.mjs";

/** Agents, and a supervisor who sees them all, as this hub has them for demonstrations; undefined if it has none. */
export async function demoPeople(hub) {
  const { demo } = await (await fetch(`${hub}/session`)).json();
  if (demo == null) return undefined;
  const has = (role) => (person) => person.roles.includes(role);
  const supervisor =
    demo.people.find((person) => has("supervisor")(person) && person.teams.length === 0) ??
    demo.people.find(has("supervisor"));
  const sees = (agent) => supervisor.teams.length === 0 || agent.teams.some((team) => supervisor.teams.includes(team));
  const agents = demo.people.filter((person) => person.roles.length === 1 && has("agent")(person) && sees(person));
  return {
    supervisor,
    agents,
    workSystem: demo.people.find(has("integration")),
    administrator: demo.people.find(has("admin")),
  };
}

export class Person {
  /** What its browser may complain about. */
  static expects = [];

  constructor(page, subject, hub) {
    this.page = page;
    this.subject = subject;
    this.hub = hub;
  }

  async prepares() {}

  /** The connection to the hub passes through here, so that a test can cut it. */
  async connectsThroughAWire() {
    this.wires = new Set();
    this.cut = false;
    await this.page.routeWebSocket(/\/ws\?/, (wire) => {
      if (this.cut) return void wire.close({ code: 4500 });
      wire.connectToServer();
      this.wires.add(wire);
    });
  }

  async losesTheHub() {
    this.cut = true;
    for (const wire of this.wires) await wire.close({ code: 4500 });
    this.wires.clear();
  }

  async findsTheHubAgain() {
    this.cut = false;
    await this.page.getByRole("button", { name: "Reconnect now" }).click();
  }

  /**
   * The page is frozen, as a browser does to tabs that nobody looks at for a while: its tasks stand
   * still, and the browser lives on. The debugger stops it, because a page that is driven from outside
   * counts as looked at and is never frozen. `word` is whether the page is told before.
   */
  async fallsAsleep(word) {
    this.debug = await this.page.context().newCDPSession(this.page);
    await this.debug.send("Debugger.enable");
    const asleep = new Promise((stopped) => this.debug.once("Debugger.paused", stopped));
    const tell = (event) => `document.dispatchEvent(new Event("${event}"));`;
    const expression = `${word ? tell("freeze") : ""} debugger; ${tell("resume")}`;
    this.awake = this.debug.send("Runtime.evaluate", { expression });
    await asleep;
  }

  async wakesUp() {
    await this.debug.send("Debugger.resume");
    await this.awake;
  }

  accessibilityFaults() {
    return accessibilityFaults(this.page);
  }

  /** How much wider the document is than the window. */
  overflow() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  /** In light, dark and forced colours, and on a small phone. */
  async hasNoFaultAnyhow(where) {
    for (const media of [{ colorScheme: "light" }, { colorScheme: "dark" }, { forcedColors: "active" }]) {
      await this.page.emulateMedia({ forcedColors: "none", ...media });
      assert.deepEqual(await this.accessibilityFaults(), [], `${where}, ${JSON.stringify(media)}`);
    }
    await this.page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
    await this.page.setViewportSize({ width: 320, height: 800 });
    assert.equal(await this.overflow(), 0, `${where} is wider than 320 pixels`);
    assert.deepEqual(await this.accessibilityFaults(), [], `${where}, narrow`);
    await this.page.setViewportSize({ width: 1400, height: 900 });
  }
}

export class Agent extends Person {
  async arrives() {
    await this.page.getByRole("button", { name: /^Your presence: (?!Unknown)/ }).waitFor();
  }

  async resets() {
    await this.page.getByRole("button", { name: "Reset presence" }).click();
  }

  async opensTheDialog() {
    await this.page.getByRole("button", { name: /^Your presence/ }).click();
    await this.page.getByRole("dialog").waitFor();
  }

  async chooses(presence) {
    await this.opensTheDialog();
    await this.page.getByRole("radio", { name: presence, exact: true }).check();
    await this.page.getByRole("button", { name: "Set presence" }).click();
  }

  async sees(presence) {
    await this.page.getByRole("button", { name: `Your presence: ${presence}` }).waitFor();
  }

  async isTold(text) {
    await this.page.getByRole("status", { name: "Notices" }).getByText(text).waitFor();
  }

  /** The browser lets the page; what it would show is kept here, for a browser without a screen shows nothing. */
  async wantsToBeNotified() {
    await this.page.evaluate(() => {
      window.notified = [];
      window.Notification = class {
        static permission = "granted";
        static requestPermission = () => Promise.resolve("granted");
        constructor(text) {
          window.notified.push(text);
        }
      };
    });
    await this.page.getByLabel("With a notification of this computer").check();
  }

  notifications() {
    return this.page.evaluate(() => window.notified);
  }

  async isHeld(why) {
    await this.page.locator(".banner").getByText(why).waitFor();
  }

  async reloadsByKey() {
    await this.page.keyboard.press("F5");
    await this.page.reload();
    await this.arrives();
  }

  async comesBack() {
    await this.page.goto(`${this.hub}/desk`);
    await this.arrives();
  }

  /** The window goes away; the browser, and with it the cookie, stays. */
  async closesTheWindow() {
    const context = this.page.context();
    await this.page.close();
    this.page = await context.newPage();
  }
}

export class Supervisor extends Person {
  /** Every state of an agent that the hub sent to this board. */
  states = [];

  async prepares() {
    this.page.on("websocket", (socket) => {
      const ear = new Ear();
      socket.on("framereceived", ({ payload }) => {
        for (const agent of ear.frame(payload).agents ?? []) this.states.push(agent);
      });
    });
    await this.connectsThroughAWire();
  }

  async arrives() {
    await this.page.getByRole("grid").getByRole("row").nth(1).waitFor();
  }

  async looksFor({ subject }) {
    await this.page.getByRole("searchbox", { name: "Search" }).fill(subject);
  }

  row({ subject }) {
    return this.page.locator(`[data-agent="${subject}"]`);
  }

  async sees(person, presence) {
    await this.row(person).locator(".presence").getByText(presence, { exact: true }).waitFor();
  }

  /** How the hub says that the agent's shown presence came about. */
  causeOf({ subject }) {
    return this.states.findLast((state) => state.agentId === subject)?.subEventName;
  }

  async changes(person, presence, reason) {
    await this.row(person).click();
    await this.page.getByRole("button", { name: "Change presence" }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: presence, exact: true }).check();
    await dialog.getByLabel(/^Reason/).fill(reason);
    await dialog.getByRole("button", { name: "Change presence" }).click();
    await dialog.getByText("1 applied").waitFor();
  }

  async closesTheDialog() {
    await this.page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  }
}

/** The system that hands out work; it has no page. */
export class WorkSystem {
  static async signsIn(browser, { subject }, hub) {
    const system = new this();
    system.context = await browser.newContext({ baseURL: hub, extraHTTPHeaders: { origin: hub } });
    const answer = await system.context.request.post("/session", { data: { demo: subject } });
    assert.equal(answer.status(), 204);
    return system;
  }

  /** Offers a work item and records that nobody took it. */
  async isMissedBy(agent, workItemId) {
    await this.reports(agent, { workItemId }, "offered", "missed");
  }

  async offers(agent, workItemId) {
    await this.reports(agent, { workItemId, timeoutSeconds: 60 }, "offered");
  }

  async assigns(agent, workItemId) {
    await this.reports(agent, { workItemId }, "assigned");
  }

  async reports({ subject }, work, ...types) {
    const data = types.map((type) => ({
      specversion: "1.0",
      id: `${work.workItemId}-${type}`,
      source: "/tests/browser",
      type: `workitem.${type}`,
      data: { agentId: subject, ...work },
    }));
    const answer = await this.context.request.post("/api/v1/events", { data });
    assert.equal(answer.status(), 200);
    const { results } = await answer.json();
    assert.deepEqual(
      results.map((result) => result.status),
      types.map(() => "applied"),
    );
  }

  async leaves() {
    await this.context.close();
  }
}
