import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ClientFrame, HubFrame, TokenRenewed } from "../wire.ts";
import { Connection, RequestFailed, socketAddress } from "./connection.ts";
import { aWelcome, type Frame, sample } from "../samples/samples.ts";
import type { Link } from "./link.ts";

interface Socket {
  readonly sent: string[];
  closed: boolean;
  code?: number;
  onmessage?: (message: { data: string }) => void;
  onclose?: (closed: { code: number; reason: string }) => void;
}

/** A hub and a network that do what the test says. */
class Stage {
  now = 0;
  readonly sockets: Socket[] = [];
  readonly opened: string[] = [];
  readonly heard: HubFrame[] = [];
  readonly links: Link[] = [];
  readonly connection: Connection;

  constructor() {
    const world = {
      open: (url: string) => {
        this.opened.push(url);
        const sent: string[] = [];
        const close = (code?: number): void => void Object.assign(socket, { closed: true, code });
        const socket = { sent, closed: false, send: (text: string) => sent.push(text), close };
        this.sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => this.now,
      random: () => 0.5,
    };
    const watcher = {
      heard: (frame: HubFrame) => this.heard.push(frame),
      linked: (link: Link) => this.links.push(link),
    };
    this.connection = new Connection("ws://hub/ws", watcher, world);
  }

  says(frame: HubFrame): void {
    this.sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** What was sent on the first socket. */
  sent(): readonly unknown[] {
    return (this.sockets[0]?.sent ?? []).map((text): unknown => JSON.parse(text));
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
  assert.deepEqual(stage.opened, ["ws://hub/ws"]);
  stage.connection.returnByHand();
  stage.says(aWelcome());
  stage.closes(1006);
  stage.passes(1000);
  assert.deepEqual(stage.opened, ["ws://hub/ws", "ws://hub/ws?signIn=byHand", "ws://hub/ws"]);
});

test("renewed credentials move to a second socket before the first is left", () => {
  const stage = new Stage();
  stage.says(aWelcome());
  stage.connection.renew();
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
  stage.connection.renew();
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
  Object.assign(globalThis, { location: { href: "https://hub.example/desk" } });
  assert.equal(socketAddress("agent"), "wss://hub.example/ws?roles=agent&heartbeats=answered");
  Object.assign(globalThis, { location: { href: "http://hub.example/presence/board" } });
  assert.equal(socketAddress("supervisor"), "ws://hub.example/presence/ws?roles=supervisor");
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
