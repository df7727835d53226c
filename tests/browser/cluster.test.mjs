// The indicator on a page that names both hubs of a cluster: it outlives the one that it is on.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { freePort, Hub } from "./hub.mjs";
import { NatsServer } from "./nats.mjs";
import { Supervisor } from "./people.mjs";
import { aPage, begins, hub as one } from "./scene.mjs";

const SECRET = "a secret of the tests, long enough for HS256 to be believed";

let nats;
let two;
let site;

begins(
  async () => {
    nats = new NatsServer(await freePort());
    await nats.starts();
    site = new Site(await freePort());
    two = new Hub(await freePort(), settingsOf(2));
    return settingsOf(1);
  },
  async () => {
    await two.starts();
    await site.starts();
  },
);
after(async () => {
  site?.leaves();
  await two?.leaves();
  nats?.leaves();
});

/** One secret for both, so that a token is believed by either. */
function settingsOf(node) {
  return {
    ...nats.settingsOf(node),
    AUTH__MODE: "jwt",
    AUTH__JWT__HS256_SECRET: SECRET,
    SERVER__ALLOWED_ORIGINS: site.address,
    // A hub of a cluster says them sooner.
    SESSIONS__HEARTBEAT_INTERVAL: "20s",
    // Twice the default, for the machine may be busy.
    CLUSTER__SILENT_AFTER: "6s",
  };
}

function token(sub, role) {
  const encoded = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded({ sub, roles: [role], iat: now, exp: now + 3600 })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

/** A site where somebody is signed in. Its back end asks for tickets at the hub that the indicator is about to try, if it knows it. */
class Site {
  #server = createServer((asked, answer) => void this.#answers(asked, answer));
  /** The hubs for which tickets were wanted. */
  wanted = [];
  agent = "ada";

  constructor(port) {
    this.port = port;
    this.address = `http://crm.localhost:${port}`;
  }

  async starts() {
    await new Promise((listening) => this.#server.listen(this.port, "127.0.0.1", listening));
  }

  leaves() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get hubs() {
    return [one, two].map(({ address }) => `${address}/`);
  }

  async #answers(asked, answer) {
    if (asked.method !== "POST") return void answer.writeHead(200, { "content-type": "text/html" }).end(this.#page());
    const form = new URLSearchParams(Buffer.concat(await asked.toArray()).toString());
    const hub = this.hubs.find((known) => known === form.get("hub"));
    this.wanted.push(hub);
    const headers = { authorization: `Bearer ${token(this.agent, "agent")}` };
    const made = await fetch(`${hub}api/v1/tickets`, { method: "POST", headers }).catch(() => null);
    answer.writeHead(made === null ? 502 : 200).end(made === null ? "" : await made.text());
  }

  #page() {
    return `<!doctype html><html lang="en"><head><title>A page</title><link rel="icon" href="data:,">
      <script src="${two.address}/embed/presence-indicator.js" defer></script></head>
      <body><presence-indicator ticket-url="/ticket" hubs="${this.hubs.join(" ")}"></presence-indicator></body></html>`;
  }
}

async function aBoardAt(t, hub) {
  const page = await aPage(t, "board", { expected: Supervisor.expects });
  const supervisor = new Supervisor(page, "sam", hub.address);
  await supervisor.prepares();
  const headers = { origin: hub.address };
  const entered = await page.request.post(`${hub.address}/session`, {
    headers,
    data: { token: token("sam", "supervisor") },
  });
  assert.equal(entered.status(), 204, await entered.text());
  await page.goto(`${hub.address}/board`);
  return supervisor;
}

/** The page of the site, and how to wait for what its indicator says. */
async function anIndicator(t) {
  const page = await aPage(t, "visitor", { expected: [/./] });
  // Where it begins is chance, and the board has to outlive that hub.
  await page.addInitScript(() => (Math.random = () => 0.5));
  await page.goto(site.address);
  const sees = (presence) => page.getByRole("button", { name: `Your presence: ${presence}` }).waitFor();
  await sees("Available");
  const atTwo = () =>
    page.waitForEvent("websocket", (socket) => socket.url().startsWith(two.address.replace("http", "ws")));
  const sets = async (presence) => {
    await page.getByRole("button", { name: /^Your presence/ }).click();
    await page.getByRole("radio", { name: presence, exact: true }).check();
    await page.getByRole("button", { name: "Set presence" }).click();
    await sees(presence);
  };
  return { sees, sets, atTwo };
}

function shownOf(board, agent) {
  return board.states.filter(({ agentId }) => agentId === agent).map(({ presenceId }) => presenceId);
}

test("an indicator whose hub is killed is back at the other, and its agent is never shown Offline", async (t) => {
  const { sees, sets, atTwo } = await anIndicator(t);
  const ada = { subject: "ada" };
  assert.deepEqual(site.wanted, [`${one.address}/`]);
  await sets("Busy");
  const board = await aBoardAt(t, two);
  await board.sees(ada, "Busy");
  board.states.length = 0;

  const welcomed = atTwo();
  await one.isKilled();
  await welcomed;
  await sees("Busy");
  assert.equal(site.wanted.at(-1), `${two.address}/`);
  await two.says("a node is gone");

  // The other hub has found out, and still nobody was shown Offline. What is set now goes there, and the board has heard all that came before it.
  await sets("Do not disturb");
  await board.sees(ada, "Do not disturb");
  const shown = shownOf(board, "ada");
  assert.ok(shown.length > 0 && !shown.includes("offline"), shown.join());
});

test("one whose hub says nothing any more, as after a power cut, is at the other before its agent is shown Offline", async (t) => {
  await one.starts();
  site.agent = "bea";
  const { sees, sets, atTwo } = await anIndicator(t);
  const bea = { subject: "bea" };
  const board = await aBoardAt(t, two);
  await board.sees(bea, "Available");
  board.states.length = 0;
  const moved = atTwo();
  one.standsStill();
  await moved;
  await sees("Available");
  await sets("Busy");
  await board.sees(bea, "Busy");
  const shown = shownOf(board, "bea");
  assert.ok(!shown.includes("offline"), shown.join());
});
