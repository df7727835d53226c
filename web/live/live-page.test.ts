import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import type { HubFrame } from "../wire.ts";
import { aWelcome, type Frame, sample } from "../samples/samples.ts";
import { LivePage } from "./live-page.ts";
import type { SessionAnswer } from "./session.ts";

/** What a test sees of one socket, and how the hub speaks through it. */
class Socket {
  onmessage: ((message: { data: string }) => void) | undefined;
  onclose: ((closed: { code: number; reason: string }) => void) | undefined;
  onsend: ((text: string) => void) | undefined;

  send(text: string): void {
    this.onsend?.(text);
  }

  close(): void {
    // The hub would answer; the page does not wait for it.
  }
}

/** A page in a browser whose network does what the test says. */
class Stage {
  readonly sockets: Socket[] = [];
  readonly asked: string[] = [];
  readonly heard: HubFrame["type"][] = [];
  /** Where the page sent its browser. */
  wentTo: string | null = null;
  drawn = 0;
  answer: () => Response = () => new Response(null, { status: 204 });
  readonly page: LivePage;
  #opened: () => void = () => undefined;

  constructor(t: TestContext) {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    this.#becomesTheBrowser();
    const host = {
      addController: () => undefined,
      removeController: () => undefined,
      requestUpdate: () => void (this.drawn += 1),
      updateComplete: Promise.resolve(true),
    };
    this.page = new LivePage(host, "agent", { heard: ({ type }) => this.heard.push(type) });
    this.page.hostConnected();
    t.after(() => {
      this.page.hostDisconnected();
      mock.timers.reset();
    });
  }

  #becomesTheBrowser(): void {
    const { sockets, asked } = this;
    const opened = (): void => this.#opened();
    Object.assign(globalThis, {
      window: new EventTarget(),
      document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
      location: { href: "http://hub.example/desk", assign: (address: string) => (this.wentTo = address) },
      fetch: (address: string, { method = "GET" }: RequestInit) => {
        asked.push(`${method} ${address}`);
        return new Promise((resolve) => resolve(this.answer()));
      },
      WebSocket: class extends Socket {
        constructor() {
          super();
          sockets.push(this);
          opened();
        }
      },
    });
  }

  says(frame: HubFrame): void {
    this.sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) });
  }

  closes(code: number): void {
    this.sockets.at(-1)?.onclose?.({ code, reason: "" });
  }

  somethingIsSent(): Promise<string> {
    return new Promise((resolve) => {
      const socket = this.sockets.at(-1);
      if (socket !== undefined) socket.onsend = resolve;
    });
  }

  anotherSocketOpens(): Promise<void> {
    return new Promise((resolve) => (this.#opened = resolve));
  }
}

const isSignedIn = (mode: SessionAnswer["mode"]) => (): Response =>
  Response.json({ mode, session: { subject: "a17", name: "Ada Lindqvist", roles: ["agent"], teams: [] } });

test("a page has the hub's time, and is drawn again each second", (t) => {
  const stage = new Stage(t);
  const unheard = stage.page.now;
  assert.equal(unheard, null);
  stage.says(aWelcome());
  const ahead = (stage.page.now ?? 0) - Date.parse(aWelcome().serverTime);
  assert.ok(ahead >= 0 && ahead < 60_000, `${ahead} ms`);
  const before = stage.drawn;
  mock.timers.tick(3_000);
  assert.equal(stage.drawn, before + 3);
});

test("what the hub refused is shown until its next welcome, and a refusal at the door is left to the close code", (t) => {
  const stage = new Stage(t);
  const refusal = sample<Frame<"error">>("hub.error.no-id");
  stage.says(refusal);
  assert.equal(stage.page.refusal, null);
  stage.says(aWelcome());
  stage.says(refusal);
  assert.equal(stage.page.refusal, refusal.error.message);
  stage.says(aWelcome());
  assert.equal(stage.page.refusal, null);
  assert.deepEqual(stage.heard, ["error", "welcome", "error", "welcome"]);
});

test("a demonstration renews its credentials before they end, and moves to a new socket", async (t) => {
  const stage = new Stage(t);
  stage.answer = isSignedIn("demo");
  stage.says(aWelcome());
  const moved = stage.anotherSocketOpens();
  stage.says(sample("hub.tokenExpiring"));
  await moved;
  assert.deepEqual(stage.asked, ["GET session", "POST session"]);
});

test("a session of an identity provider is renewed on the socket that lives, and its end is told if it is not", async (t) => {
  const stage = new Stage(t);
  stage.answer = isSignedIn("oidc");
  stage.says(aWelcome());
  for (const [renewedTo, told] of [
    ["2026-11-22T13:00:00.000Z", []],
    ["2026-11-22T12:02:30.000Z", ["tokenExpiring"]],
  ] as const) {
    const before = stage.heard.length;
    const sent = stage.somethingIsSent();
    stage.says({ type: "tokenExpiring", expiresAt: "2026-11-22T12:02:30.000Z" });
    const { type, id } = JSON.parse(await sent) as { type: string; id: number };
    assert.equal(type, "authenticate");
    stage.says({ type: "result", id, result: { tokenExpiresAt: renewedTo } });
    await new Promise(setImmediate);
    assert.deepEqual(stage.heard.slice(before), told);
  }
  assert.equal(stage.sockets.length, 1);
});

test("a page whose credentials ended comes back when another tab has renewed them", async (t) => {
  const stage = new Stage(t);
  stage.answer = isSignedIn("jwt");
  stage.says(aWelcome());
  const returned = stage.anotherSocketOpens();
  stage.closes(4401);
  await returned;
  assert.equal(stage.page.link.phase, "connecting");
});

test("a page that was never welcomed does not ask for ever whether it may come in", (t) => {
  const stage = new Stage(t);
  stage.answer = isSignedIn("jwt");
  stage.closes(4401);
  assert.deepEqual(stage.asked, []);
  assert.equal(stage.page.link.phase, "ended");
});

test("who is signed out goes to the first page; who is not stays and reads why", async (t) => {
  const stage = new Stage(t);
  stage.answer = () => Response.json({ detail: "the hub is stopping" }, { status: 503 });
  await stage.page.signOut();
  assert.deepEqual([stage.page.refusal, stage.wentTo], ["Not signed out: the hub is stopping.", null]);
  stage.answer = () => {
    throw new TypeError("Failed to fetch");
  };
  await stage.page.signOut();
  assert.equal(stage.page.refusal, "Not signed out: there was no answer.");
  stage.answer = () => new Response(null, { status: 204 });
  await stage.page.signOut();
  assert.equal(stage.wentTo, "./");
});
