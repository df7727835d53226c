// The indicator in a page of another origin, under a strict policy, with a ticket, in a real browser against a real hub.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { AnotherOrigin } from "./another-origin.mjs";
import { accessibilityFaults, nobodyComplained } from "./browser.mjs";
import { Cable } from "./cable.mjs";
import { freePort } from "./hub.mjs";
import { aPage, begins, hub, people } from "./scene.mjs";

let site;
let cable;

begins(
  async () => {
    site = new AnotherOrigin(await freePort(), ".");
    return { SERVER__ALLOWED_ORIGINS: site.address };
  },
  async () => {
    cable = new Cable(await freePort(), hub.address);
    await cable.isLaid();
    await site.starts(hub);
  },
);
after(() => {
  site?.leaves();
  cable?.leaves();
});

/** What the other site allows its pages: its own scripts and the hub's, nothing inline, no policy of Trusted Types at all. */
function strictly(address) {
  const socket = address.replace("http:", "ws:");
  return [
    "default-src 'none'",
    `script-src ${address}`,
    `connect-src 'self' ${socket}`,
    "img-src data:",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** Somebody at a page of the other site. The page is served under that policy; whatever breaks it is a complaint. */
class Visitor {
  static async comes(t, person, { locale = "en-GB", through = hub } = {}) {
    site.person = person?.subject ?? null;
    const content = `<!doctype html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,">
      <script src="${through.address}/embed/presence-indicator.js" defer></script></head>
      <body><header><presence-indicator ticket-url="/ticket"></presence-indicator></header></body></html>`;
    site.pages.set("/", {
      content,
      headers: { "content-type": "text/html", "content-security-policy": strictly(through.address) },
    });
    const visitor = new this();
    visitor.subject = person?.subject;
    // A browser complains of a cut cable and of a refusal, rightly.
    const expected = through === hub && person !== null ? [] : [/./];
    visitor.page = await aPage(t, "visitor", { locale, expected });
    await visitor.page.goto(`${site.address}/`);
    return visitor;
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  async sees(presence) {
    await this.button(`Your presence: ${presence}`).waitFor();
  }

  async chooses(presence) {
    await this.button(/^Your presence/).click();
    await this.page.getByRole("radio", { name: presence, exact: true }).check();
    await this.button("Set presence").click();
    await this.page.getByRole("dialog").waitFor({ state: "hidden" });
  }
}

/** What the hub shows of an agent, and what a supervisor does to it, over HTTP. */
async function asSupervisor(method, path, body) {
  const headers = { origin: hub.address, "content-type": "application/json" };
  const demo = JSON.stringify({ demo: people.supervisor.subject });
  const entered = await fetch(`${hub.address}/session`, { method: "POST", headers, body: demo });
  const cookie = entered.headers.getSetCookie()[0].split(";")[0];
  const asked = {
    method,
    headers: { ...headers, cookie },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const answer = await fetch(`${hub.address}/api/v1/agents/${path}`, asked);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

const presenceOf = async ({ subject }) => (await asSupervisor("GET", `${subject}/presence`)).presence.presenceId;

test("a page of another origin with a strict policy shows a presence and sets it, and the policy is not broken", async (t) => {
  const visitor = await Visitor.comes(t, people.agents[0]);
  await visitor.sees("Available");
  await visitor.chooses("Busy");
  await visitor.sees("Busy");
  assert.equal(await presenceOf(visitor), "busy");
  assert.deepEqual(await accessibilityFaults(visitor.page), []);
  nobodyComplained();
});

test("with the keyboard alone a presence is found, chosen and set", async (t) => {
  const visitor = await Visitor.comes(t, people.agents[1]);
  await visitor.sees("Available");
  const { keyboard } = visitor.page;
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await visitor.page.getByRole("dialog").waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await visitor.page.getByRole("dialog").waitFor({ state: "hidden" });
  await visitor.sees("Busy");
  nobodyComplained();
});

test("what a supervisor sets is told with the new status, who and why, and can be put away", async (t) => {
  const visitor = await Visitor.comes(t, people.agents[2]);
  await visitor.sees("Available");
  await asSupervisor("PUT", `${visitor.subject}/presence`, { presenceId: "do-not-disturb", reason: "Coaching" });
  await visitor.sees("Do not disturb");
  const told = visitor.page.getByRole("group", { name: "Notices" });
  const { subject } = people.supervisor;
  await told.getByText(new RegExp(`Supervisor ${subject} set you to Do not disturb\\. Reason: Coaching`)).waitFor();
  await visitor.page.getByRole("status").getByText(`Do not disturb, because supervisor ${subject} set it.`).waitFor();
  await told.getByRole("button", { name: "Dismiss" }).click();
  await told.waitFor({ state: "hidden" });
  nobodyComplained();
});

test("a cut connection is shown as unknown at once, and its return within the window brings the presence back and says so", async (t) => {
  const visitor = await Visitor.comes(t, people.agents[3], { through: cable });
  await visitor.sees("Available");
  await visitor.chooses("Busy");
  cable.isCut();
  await visitor.sees("Unknown");
  assert.equal(await presenceOf(visitor), "offline");
  await visitor.button(/^Your presence/).click();
  const dialog = visitor.page.getByRole("dialog");
  await dialog.getByText(/The hub cannot be reached: it is down, or the way to it is\./).waitFor();
  cable.isMended();
  await dialog.getByText("Busy, because you chose it. It was restored when you came back.").waitFor();
  assert.equal(await presenceOf(visitor), "busy");
});

test("a network that is gone is said at once, though no connection has ended, and nobody sees the agent leave", async (t) => {
  const visitor = await Visitor.comes(t, people.agents[4]);
  await visitor.sees("Available");
  const tell = (event) => visitor.page.evaluate((event) => void window.dispatchEvent(new Event(event)), event);
  await tell("offline");
  await visitor.sees("Unknown · No network");
  assert.equal(await presenceOf(visitor), "available");
  await tell("online");
  await visitor.sees("Available");
  assert.equal((await asSupervisor("GET", `${visitor.subject}/presence`)).eventName, "LOGIN");
  nobodyComplained();
});

test("whoever is not signed in reads so, and what to do about it", async (t) => {
  const visitor = await Visitor.comes(t, null);
  await visitor.sees("Unknown · Not connected");
  await visitor.button(/^Your presence/).click();
  const dialog = visitor.page.getByRole("dialog");
  await dialog.getByText(/your sign-in has ended\./).waitFor();
  await dialog.getByText("Sign in again on this site, then reload the page.").waitFor();
});

test("a German browser is spoken to in German", async (t) => {
  const visitor = await Visitor.comes(t, people.agents[0], { locale: "de-DE" });
  await visitor.button(/^Ihr Status: (?!Unbekannt)/).click();
  await visitor.page.getByRole("dialog", { name: "Eigenen Status setzen" }).waitFor();
  await visitor.page.getByRole("radio", { name: "Abwesend", exact: true }).check();
  await visitor.button("Status setzen").click();
  await visitor.button("Ihr Status: Abwesend").waitFor();
  assert.deepEqual(await accessibilityFaults(visitor.page), []);
  nobodyComplained();
});
