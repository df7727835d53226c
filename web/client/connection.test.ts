import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ClientFrame, HubFrame, TokenRenewed } from "../wire.ts";
import { type Places, socketAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { byCookie, byToken, type Credentials } from "./credentials.ts";
import { RequestFailed } from "./requests.ts";
import { aWelcome, type Frame, sample } from "../samples/samples.ts";
import type { Link } from "./link.ts";

interface Socket {
  readonly sent: string[];
  closed: boolean;
  code?: number;
  onmessage?: (message: { data: string }) => void;
  onclose?: (closed: { code: number; reason: string }) => void;
}

const ONE = { hub: "http://one/", url: "ws://one/ws?roles=agent" };
const TWO = { hub: "http://two/", url: "ws://two/ws?roles=agent" };
const BY_HAND = "&signIn=byHand";

/** A hub and a network that do what the test says. */
class Stage {
  now = 0;
  readonly sockets: Socket[] = [];
  readonly opened: string[] = [];
  readonly protocols: (readonly string[])[] = [];
  network: "there" | "gone" = "there";
  readonly heard: HubFrame[] = [];
  readonly links: Link[] = [];
  readonly connection: Connection;

  constructor(credentials: Credentials = byCookie(), places: Places = [ONE]) {
    const world = {
      open: (url: string, protocols: readonly string[]) => {
        this.opened.push(url);
        this.protocols.push(protocols);
        const sent: string[] = [];
        const close = (code?: number): void => void Object.assign(socket, { closed: true, code });
        const socket = { sent, closed: false, send: (text: string) => sent.push(text), close };
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => this.now,
      random: () => 0.5,
      network: () => this.network,
    };
    const watcher = {
      heard: (frame: HubFrame) => this.heard.push(frame),
      linked: (link: Link) => this.links.push(link),
    };
    this.connection = new Connection({ places, credentials }, watcher, world);
  }

  says(frame: HubFrame): void {
    this.sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** What was sent on the first socket, or on another. */
  sent(socket = 0): readonly unknown[] {
    return (this.sockets[socket]?.sent ?? []).map((text): unknown => JSON.parse(text));
  }

  closes(code: number): void {
    this.sockets.at(-1)?.onclose?.({ code, reason: "" });
  }

  passes(ms: number): void {
    this.now += ms;
    mock.timers.tick(ms);
  }
}

test("a lost connection is opened again, and requests on it fail as unknown", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage();
  await assert.rejects(stage.connection.request({ type: "resetPresence" }), RequestFailed);
  stage.says(aWelcome());
  const asked = stage.connection.request({ type: "resetPresence" });
  assert.deepEqual(stage.sent(), [{ ...sample<ClientFrame>("client.resetPresence"), id: 1 }]);
  stage.closes(1006);
  await assert.rejects(asked, (error: RequestFailed) => error.code === "outcome_unknown");
  stage.passes(1000);
  assert.equal(stage.sockets.length, 2);
  stage.says(aWelcome());
  assert.equal(stage.connection.link.phase, "live");
});

test("a silent hub is doubted, then left for a new connection", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage();
  stage.says(aWelcome());
  stage.passes(12_000);
  assert.equal(stage.connection.link.phase === "live" && stage.connection.link.quiet, "overdue");
  stage.passes(10_000);
  assert.equal(stage.connection.link.phase, "waiting");
  stage.passes(1000);
  assert.equal(stage.sockets.length, 2);
});

test("answers go to whoever asked, everything else to the watcher", async () => {
  const stage = new Stage();
  stage.says(aWelcome());
  const asked = stage.connection.request<TokenRenewed>({ type: "authenticate", token: "header.claims.signature" });
  const renewed = sample<TokenRenewed>("shape.TokenRenewed");
  stage.says({ type: "result", id: 1, result: renewed });
  assert.deepEqual(await asked, renewed);
  const refused = stage.connection.request({ type: "signOut" });
  const refusal = sample<Frame<"error">>("hub.error");
  stage.says({ ...refusal, id: 2 });
  await assert.rejects(refused, { code: refusal.error.code, said: refusal.error.message });
  assert.deepEqual(
    stage.heard.map((frame) => frame.type),
    ["welcome"],
  );
  stage.closes(4410);
});

test("who was signed out comes back only when a person asks, and says so to the hub once", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage();
  stage.says(aWelcome());
  stage.closes(4410);
  stage.passes(60_000);
  assert.deepEqual(stage.opened, [ONE.url]);
  stage.connection.returnByHand();
  stage.says(aWelcome());
  stage.closes(1006);
  stage.passes(1000);
  assert.deepEqual(stage.opened, [ONE.url, ONE.url + BY_HAND, ONE.url]);
});

test("renewed credentials move to a second socket before the first is left", () => {
  const stage = new Stage();
  stage.says(aWelcome());
  void stage.connection.replace();
  assert.equal(stage.sockets[0]?.closed, false);
  stage.says(aWelcome());
  assert.equal(stage.sockets[0].closed, true);
  stage.sockets[0].onclose?.({ code: 1000, reason: "" });
  assert.equal(stage.connection.link.phase, "live");
  stage.closes(4410);
});

test("a refused renewal leaves the first socket alone", () => {
  const stage = new Stage();
  stage.says(aWelcome());
  void stage.connection.replace();
  stage.says(sample("hub.error.no-id"));
  assert.equal(stage.sockets[0]?.closed, false);
  assert.equal(stage.connection.link.phase, "live");
  stage.sockets[0].onclose?.({ code: 4410, reason: "" });
});

test("a page that runs answers each heartbeat, and an agent's announces that it does", (t) => {
  const stage = new Stage();
  t.after(() => stage.closes(4410));
  stage.says(aWelcome());
  stage.says(sample("hub.heartbeat"));
  stage.says(sample("hub.heartbeat"));
  assert.deepEqual(stage.sent(), [sample("client.awake"), sample("client.awake")]);
  assert.equal(
    socketAddress("https://hub.example/desk", "agent"),
    "wss://hub.example/ws?roles=agent&heartbeats=answered",
  );
  const below = socketAddress("http://hub.example/presence/board", "supervisor");
  assert.equal(below, "ws://hub.example/presence/ws?roles=supervisor");
});

test("a page that is frozen leaves with a word, and is back as soon as it runs", (t) => {
  const stage = new Stage();
  t.after(() => stage.closes(4410));
  stage.says(aWelcome());
  stage.connection.fallAsleep();
  assert.deepEqual([stage.sockets[0]?.closed, stage.sockets[0]?.code], [true, 4420]);
  assert.equal(stage.connection.link.phase, "waiting");
  stage.connection.hurry();
  stage.says(aWelcome());
  assert.deepEqual([stage.connection.link.phase, stage.sockets.length], ["live", 2]);
  stage.closes(4410);
  stage.connection.fallAsleep();
  assert.equal(stage.connection.link.phase, "ended");
});

/** What is asked of promises is done. */
const settled = (): Promise<void> => new Promise(setImmediate);

test("a token is fetched for each socket, and another one goes on with the same socket", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  let fetched = 0;
  const stage = new Stage(byToken(() => Promise.resolve(`token-${++fetched}`)));
  assert.equal(stage.sockets.length, 0);
  await settled();
  assert.deepEqual(stage.protocols, [["presence.v1.json", "bearer.token-1"]]);
  stage.says(aWelcome());
  const renewed = stage.connection.renew("2026-11-22T12:02:30.000Z");
  await settled();
  assert.deepEqual(stage.sent(), [{ type: "authenticate", token: "token-2", id: 1 }]);
  stage.says({ type: "result", id: 1, result: { tokenExpiresAt: "2026-11-22T13:02:30.000Z" } });
  assert.equal(await renewed, true);
  stage.closes(1006);
  stage.passes(1000);
  await settled();
  assert.deepEqual(stage.protocols[1], ["presence.v1.json", "bearer.token-3"]);
  stage.connection.leave();
});

test("a ticket opens a second socket before the first is left", async () => {
  let fetched = 0;
  const stage = new Stage(byToken(() => Promise.resolve(`phk_${++fetched}`)));
  await settled();
  stage.says(aWelcome());
  const renewed = stage.connection.renew("2026-11-22T12:02:30.000Z");
  await settled();
  assert.deepEqual(stage.protocols[1], ["presence.v1.json", "bearer.phk_2"]);
  assert.equal(stage.sockets[0]?.closed, false);
  stage.says(aWelcome());
  assert.equal(await renewed, true);
  assert.equal(stage.sockets[0].closed, true);
  stage.connection.leave();
  assert.equal(stage.sockets[1]?.closed, true);
});

test("nobody signed in is an end; a back end that fails, and a refused ticket, are tried again, but not for ever", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const nobody = new Stage(byToken(() => Promise.resolve(null)));
  await settled();
  assert.deepEqual(nobody.connection.link, { phase: "ended", code: 4401, reason: "", refusal: null });

  const failing = new Stage(byToken(() => Promise.reject(new Error("the back end is down"))));
  await settled();
  assert.equal(failing.connection.link.phase === "waiting" && failing.connection.link.code, 3002);
  failing.connection.leave();

  const refused = new Stage(byToken(() => Promise.resolve("phk_used")));
  const phases: string[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    await settled();
    refused.closes(4401);
    phases.push(refused.connection.link.phase);
    refused.passes(20_000);
  }
  assert.deepEqual(phases, ["waiting", "waiting", "waiting", "ended"]);
});

test("what the hub said before it closed is kept with the end", () => {
  const stage = new Stage();
  stage.says({ type: "error", error: { code: "agent_disabled", message: "the agent is disabled" } });
  stage.closes(4404);
  const end = { phase: "ended", code: 4404, reason: "the agent is disabled", refusal: "agent_disabled" };
  assert.deepEqual(stage.connection.link, end);
});

test("a network that is gone is doubted at once, and a second socket takes over when it is back", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage();
  stage.says(aWelcome());
  stage.connection.losesTheNetwork();
  assert.equal(stage.connection.link.phase === "live" && stage.connection.link.quiet, "no-network");
  stage.connection.findsTheNetwork();
  assert.deepEqual([stage.sockets.length, stage.sockets[0]?.closed], [2, false]);
  stage.says(aWelcome());
  assert.equal(stage.sockets[0]?.closed, true);
  assert.equal(stage.connection.link.phase === "live" && stage.connection.link.quiet, "heard");
  stage.network = "gone";
  stage.closes(1006);
  assert.equal(stage.connection.link.phase === "waiting" && stage.connection.link.code, 3001);
  stage.connection.leave();
});

test("when a hub is gone the next is tried at once, and kept to when the first is back", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage(byCookie(), [ONE, TWO]);
  stage.says(aWelcome());
  stage.passes(5_000);
  stage.says(sample("hub.heartbeat"));
  stage.closes(1006);
  assert.deepEqual(stage.opened, [ONE.url, TWO.url]);
  assert.deepEqual(stage.links.at(-1)?.phase, "connecting");
  stage.says(aWelcome());
  assert.deepEqual([stage.connection.link.phase, stage.connection.hubs], ["live", [TWO.hub, ONE.hub]]);
  void stage.connection.replace();
  assert.equal(stage.opened.at(-1), TWO.url);
  stage.connection.leave();
});

test("hubs that do not answer the handshake are gone round, and only then is there a wait", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage(byCookie(), [ONE, TWO]);
  stage.passes(10_000);
  assert.deepEqual(stage.opened, [ONE.url, TWO.url]);
  stage.passes(10_000);
  assert.equal(stage.connection.link.phase, "waiting");
  stage.passes(1_000);
  assert.deepEqual(stage.opened, [ONE.url, TWO.url, ONE.url]);
  stage.closes(1006);
  assert.equal(stage.connection.link.phase, "waiting");
  // A person does not wait for either of them.
  stage.connection.hurry();
  stage.closes(1006);
  assert.deepEqual(stage.opened.slice(3), [TWO.url, ONE.url]);
  stage.connection.leave();
});

test("who comes back by hand says so to each hub that is tried", () => {
  const stage = new Stage(byCookie(), [ONE, TWO]);
  stage.says(aWelcome());
  stage.closes(4410);
  assert.equal(stage.connection.link.phase, "ended");
  stage.connection.returnByHand();
  stage.closes(1006);
  assert.deepEqual(stage.opened, [ONE.url, ONE.url + BY_HAND, TWO.url + BY_HAND]);
  stage.connection.leave();
});

test("a ticket is fetched for the hub that is tried; where none can be had, the next hub is tried", async () => {
  const asked: string[] = [];
  const ticket = (hub: string): Promise<string> => {
    asked.push(hub);
    return hub === ONE.hub ? Promise.reject(new Error("nobody there")) : Promise.resolve("phk_two");
  };
  const stage = new Stage(byToken(ticket), [ONE, TWO]);
  await settled();
  await settled();
  assert.deepEqual([asked, stage.opened], [[ONE.hub, TWO.hub], [TWO.url]]);
  assert.deepEqual(stage.protocols, [["presence.v1.json", "bearer.phk_two"]]);
  stage.says(aWelcome());
  void stage.connection.renew("2026-11-22T12:02:30.000Z");
  await settled();
  assert.deepEqual([asked.at(-1), stage.opened.at(-1)], [TWO.hub, TWO.url]);
  stage.connection.leave();
});

test("a second socket that opens at a hub which is lost takes nobody back to it", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage(byCookie(), [ONE, TWO]);
  stage.says(aWelcome());
  stage.passes(2_000);
  void stage.connection.replace();
  const [first, second] = stage.sockets;
  first?.onclose?.({ code: 1006, reason: "" });
  assert.deepEqual([second?.closed, stage.opened.at(-1)], [true, TWO.url]);
  second?.onmessage?.({ data: JSON.stringify(aWelcome()) });
  assert.equal(stage.connection.link.phase, "connecting");
  stage.says(aWelcome());
  assert.equal(stage.connection.hubs[0], TWO.hub);
  stage.connection.leave();
});

test("a page that falls asleep opens no socket anywhere", (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stage = new Stage(byCookie(), [ONE, TWO]);
  stage.says(aWelcome());
  stage.passes(5_000);
  stage.connection.fallAsleep();
  assert.deepEqual([stage.connection.link.phase, stage.opened], ["waiting", [ONE.url]]);
  stage.connection.hurry();
  assert.deepEqual(stage.opened, [ONE.url, ONE.url]);
  stage.connection.leave();
});
