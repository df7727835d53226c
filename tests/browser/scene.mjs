// What the tests of one file begin with: a browser and a hub of their own, the people whom that hub has for
// demonstrations, and somebody who is signed in at a page. Whoever comes in a test leaves with it.

import { after, before } from "node:test";
import { Administrator } from "./administrators.mjs";
import { listenForComplaints, openBrowser } from "./browser.mjs";
import { freePort, Hub } from "./hub.mjs";
import { Agent, demoPeople, Supervisor, WorkSystem } from "./people.mjs";

export let browser;
export let hub;
export let people;

/**
 * To be called once, before the tests. `settingsFor(address)` gives the hub's settings, as environment variables without
 * their prefix; it is told the hub's address, and can set up what the hub needs. `ready()` sets up what needs the hub.
 */
export function begins(settingsFor = () => ({}), ready = () => undefined) {
  before(async () => {
    const port = await freePort();
    hub = new Hub(port, await settingsFor(`http://127.0.0.1:${port}`));
    await hub.starts();
    people = await demoPeople(hub.address);
    browser = await openBrowser();
    await ready();
  });
  after(async () => {
    await browser?.close();
    await hub?.leaves();
  });
}

const endings = new WeakMap();

/** At the end of a test whoever came last leaves first: no page is left without its hub. */
export function leaving(t, leave) {
  if (!endings.has(t)) {
    endings.set(t, []);
    t.after(async () => {
      for (const leave of endings.get(t).reverse()) await leave();
    });
  }
  endings.get(t).push(leave);
}

/** Another hub, for one test. */
export async function anotherHub(t, settings) {
  const another = new Hub(await freePort(), settings);
  leaving(t, () => another.leaves());
  await another.starts();
  return another;
}

/** A page in a browser window of its own. What it complains of counts, except for what matches `expected`. */
export async function aPage(t, who, { expected, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  leaving(t, () => context.close());
  const page = await context.newPage();
  listenForComplaints(page, who, expected);
  return page;
}

/** Somebody of this kind signs in at a hub and lands on that page. */
export async function comes(t, Kind, { name, subject }, path, { at = hub.address, ...options } = {}) {
  const page = await aPage(t, path, { expected: Kind.expects, ...options });
  const person = new Kind(page, subject, at);
  await person.prepares();
  await page.goto(`${at}/`);
  await page.getByRole("button", { name }).click();
  await page.waitForURL(`**${path}`);
  await person.arrives();
  return person;
}

export const anAgent = (t, which, options) => comes(t, Agent, people.agents[which], "/desk", options);

export const aSupervisor = (t, options) => comes(t, Supervisor, people.supervisor, "/board", options);

export const anAdministrator = (t, options) => comes(t, Administrator, people.administrator, "/admin", options);

export async function theWorkSystem(t) {
  const system = await WorkSystem.signsIn(browser, people.workSystem, hub.address);
  leaving(t, () => system.leaves());
  return system;
}
