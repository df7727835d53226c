import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mock, test, type TestContext } from "node:test";
import { aWatchedAgent, aWelcome, sample } from "../samples/samples.ts";
import type { ClientFrame, HubFrame, WatchResult } from "../wire.ts";
import { places } from "./address.ts";
import { ask } from "./ask.ts";
import { AgentClient } from "./presence.ts";
import { byToken } from "./credentials.ts";
import { Watch } from "./watch.ts";

interface Socket {
  readonly url: string;
  readonly sent: ClientFrame[];
  hears(frame: HubFrame): void;
  ends(code: number): void;
}

const settled = (): Promise<void> => new Promise(setImmediate);

/** Any number of hubs that a page can open sockets at. */
class Network {
  now = 0;
  readonly sockets: Socket[] = [];
  readonly world = {
    open: (url: string): WebSocket => {
      const sent: ClientFrame[] = [];
      const socket: { onmessage?: (message: unknown) => void; onclose?: (closed: unknown) => void } & object = {
        send: (text: string) => sent.push(JSON.parse(text) as ClientFrame),
        close: () => undefined,
      } as object;
      const hears = (frame: HubFrame): void => socket.onmessage?.({ data: JSON.stringify(frame) });
      this.sockets.push({ url, sent, hears, ends: (code) => socket.onclose?.({ code, reason: "" }) });
      return socket as WebSocket;
    },
    now: (): number => this.now,
    random: (): number => 0.5,
    network: () => "there" as const,
  };

  async passes(ms: number): Promise<void> {
    this.now += ms;
    mock.timers.tick(ms);
    await settled();
  }
}

const HUBS = ["https://one.example/", "https://two.example/below/", "https://three.example/"];

test("each client has the hubs in an order of chance, so those of a lost hub spread over all the others", () => {
  const chances = [0.7, 0.1, 0.4];
  const order = places(HUBS, "supervisor", { random: () => chances.shift() ?? 0 });
  assert.deepEqual(
    order.map(({ hub, url }) => [hub, url]),
    [
      ["https://two.example/below/", "wss://two.example/below/ws?roles=supervisor"],
      ["https://three.example/", "wss://three.example/ws?roles=supervisor"],
      ["https://one.example/", "wss://one.example/ws?roles=supervisor"],
    ],
  );
  const seen = new Set(
    Array.from({ length: 300 }, () =>
      places(HUBS, "agent", Math)
        .map(({ hub }) => hub)
        .join(),
    ),
  );
  assert.equal(seen.size, 6);
  assert.throws(() => places([], "agent", Math), /no_hub/);
  assert.throws(() => places(["https://one.example/", "two"], "agent", Math));
});

test("one address stays one address", () => {
  const { world, sockets } = new Network();
  const client = new AgentClient({ hub: HUBS[0] ?? "", world });
  assert.deepEqual(client.hubs, [HUBS[0]]);
  assert.equal(sockets[0]?.url, "wss://one.example/ws?roles=agent&heartbeats=answered");
  client.leave();
});

test("a watch goes on at the next hub where it was, and takes a snapshot where the epoch is another", async () => {
  const network = new Network();
  const watch = new Watch(
    {
      hubs: HUBS.slice(0, 2),
      role: "supervisor",
      credentials: byToken(() => Promise.resolve("token")),
      world: network.world,
    },
    { changed: () => undefined },
  );
  await settled();
  const [one] = network.sockets;
  one?.hears(aWelcome());
  const whole = sample<Extract<HubFrame, { type: "snapshot" }>>("hub.snapshot.first");
  one?.hears({ ...whole, part: 1, parts: 1, seq: 7, agents: [aWatchedAgent("a1")] });
  assert.equal(watch.roster.currency, "current");
  network.now = 5_000;
  one?.ends(1006);
  assert.deepEqual([watch.link.phase, watch.roster.currency], ["connecting", "catching-up"]);
  await settled();
  const two = network.sockets[1];
  assert.deepEqual([two?.url, watch.hubs], ["wss://two.example/below/ws?roles=supervisor", [HUBS[1], HUBS[0]]]);
  two?.hears(aWelcome());
  const { epoch, watchId } = whole;
  const since = { epoch, seq: 7, watchId };
  assert.deepEqual(two?.sent, [{ type: "watch", filter: {}, include: [], since, id: 2 }]);
  const another = sample<WatchResult>("shape.WatchResult.snapshot");
  two.hears({ type: "result", id: 2, result: another });
  await settled();
  assert.deepEqual([watch.roster.position, watch.roster.agents.size], [null, 1]);
  two.hears({
    ...whole,
    part: 1,
    parts: 1,
    epoch: "another",
    seq: 3,
    agents: [aWatchedAgent("b1"), aWatchedAgent("b2")],
  });
  assert.deepEqual([watch.roster.position?.epoch, watch.roster.agents.size], ["another", 2]);
  watch.leave();
});

test("a hub that says nothing any more is left before its agents are shown Offline, and so is one that does not answer", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const network = new Network();
  const credentials = byToken(() => Promise.resolve("ticket"));
  const client = new AgentClient({ hubs: HUBS, credentials, world: network.world });
  await settled();
  // What hubs of a cluster say.
  const welcome = { ...aWelcome(), heartbeatSeconds: 3 };
  network.sockets[0]?.hears(welcome);
  await network.passes(3_000);
  network.sockets[0]?.hears(sample("hub.heartbeat"));
  // Nothing comes from it any more. The next one neither answers nor refuses.
  await network.passes(5_000);
  assert.deepEqual([client.link.phase, client.agent], ["live", null]);
  await network.passes(3_000);
  assert.deepEqual([client.link.phase, client.hubs[0]], ["connecting", HUBS[1]]);
  await network.passes(2_500);
  assert.equal(client.hubs[0], HUBS[2]);
  network.sockets[2]?.hears(welcome);
  assert.deepEqual([client.link.phase, client.hubs], ["live", [HUBS[2], HUBS[0], HUBS[1]]]);
  // Told to go, by a hub that is cut off from the others, say.
  await network.passes(2_000);
  network.sockets[2]?.ends(1012);
  await settled();
  await network.passes(2_500);
  await network.passes(2_500);
  const tried = network.sockets.map(({ url }) => new URL(url).hostname.split(".")[0]);
  assert.deepEqual(tried, ["one", "two", "three", "one", "two"]);
  assert.equal(client.link.phase, "waiting");
  client.leave();
});

/** A hub that answers everything with this status, and where it is. */
async function answering(t: TestContext, status: number): Promise<{ hub: string; asked: string[]; server: Server }> {
  const asked: string[] = [];
  const server = createServer(({ method, url }, answer) => {
    asked.push(`${method} ${url}`);
    answer.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  return { hub: `http://127.0.0.1:${(server.address() as AddressInfo).port}/below/`, asked, server };
}

test("a question goes to the hub in use, and to the next if that does not answer", async (t) => {
  const [good, busy, gone] = await Promise.all([answering(t, 200), answering(t, 503), answering(t, 200)]);
  await new Promise((closed) => gone.server.close(closed));
  assert.equal((await ask([gone.hub, busy.hub, good.hub], "api/v1/agents")).status, 200);
  assert.deepEqual([busy.asked, good.asked], [["GET /below/api/v1/agents"], ["GET /below/api/v1/agents"]]);
  assert.equal((await ask([busy.hub], "api/v1/agents")).status, 503);
  await assert.rejects(ask([gone.hub], "api/v1/agents"));
});

test("what might be done twice is not asked again", async (t) => {
  const [good, busy, gone] = await Promise.all([answering(t, 200), answering(t, 503), answering(t, 200)]);
  await new Promise((closed) => gone.server.close(closed));
  assert.equal((await ask([busy.hub, good.hub], "api/v1/events", { method: "POST" })).status, 503);
  await assert.rejects(ask([gone.hub, good.hub], "api/v1/agents/ada/presence", { method: "PUT" }));
  assert.deepEqual(good.asked, []);
});
