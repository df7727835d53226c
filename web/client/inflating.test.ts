import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, createDeflateRaw, type DeflateRaw, deflateRawSync } from "node:zlib";
import type { HubFrame } from "../wire.ts";
import { aWelcome, sample } from "../samples/samples.ts";
import { Connection } from "./connection.ts";
import { byCookie } from "./credentials.ts";
import { DEFLATED, inflating } from "./inflating.ts";

const TEXT = "presence.v1.json";

/** What was written to a history so far is in its piece. */
async function piece(history: DeflateRaw, kind: number, number: number, line: string): Promise<ArrayBuffer> {
  const parts: Buffer[] = [];
  const gather = (part: Buffer): void => void parts.push(part);
  history.on("data", gather);
  history.write(line);
  await new Promise<void>((flushed) => history.flush(constants.Z_SYNC_FLUSH, flushed));
  history.off("data", gather);
  const head = new DataView(new ArrayBuffer(5));
  head.setUint8(0, kind);
  head.setUint32(1, number);
  return message(new Uint8Array(head.buffer), ...parts);
}

function message(...parts: Uint8Array[]): ArrayBuffer {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

const whole = (line: string): ArrayBuffer => message(Uint8Array.of(0), deflateRawSync(line));

/** A history of the hub's. */
class History {
  readonly #deflater = createDeflateRaw();
  readonly #number: number;
  #kind = 1;

  constructor(number: number) {
    this.#number = number;
  }

  async says(line: string): Promise<ArrayBuffer> {
    const kind = this.#kind;
    this.#kind = 2;
    return piece(this.#deflater, kind, this.#number, line);
  }
}

/** A socket below the one that inflates. */
class Below {
  onmessage: ((message: MessageEvent) => unknown) | null = null;
  onclose: ((closed: CloseEvent) => unknown) | null = null;
  binaryType: BinaryType = "blob";
  readonly protocols: readonly string[];
  closed: number | "without a code" | null = null;

  constructor(protocols: readonly string[]) {
    this.protocols = protocols;
  }

  send(): void {
    // Nobody here listens.
  }

  close(code?: number): void {
    this.closed = code ?? "without a code";
  }

  says(data: string | ArrayBuffer): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  ends(code: number): void {
    this.onclose?.({ code, reason: "" } as CloseEvent);
  }
}

class Stage {
  readonly below: Below[] = [];
  readonly told: string[] = [];
  readonly world = inflating({
    open: (_, protocols) => {
      const socket = new Below(protocols);
      this.below.push(socket);
      return socket;
    },
    now: () => 0,
    random: () => 0.5,
    network: () => "there",
  });
  #awaited: { readonly count: number; readonly come: () => void } | null = null;

  /** A socket of which is told what it tells, up to its end. */
  opens(): { readonly below: Below; readonly close: () => void } {
    const socket = this.world.open("ws://hub/ws", [TEXT]);
    socket.onmessage = ({ data }) => this.#tell(String(data).trimEnd());
    socket.onclose = ({ code }) => this.#tell(`end ${code}`);
    const below = this.below.at(-1);
    assert.ok(below !== undefined);
    return { below, close: () => socket.close() };
  }

  /** All that is told, once it is so much. */
  async tells(count: number): Promise<readonly string[]> {
    if (this.told.length < count) await new Promise<void>((come) => (this.#awaited = { count, come }));
    return this.told;
  }

  #tell(what: string): void {
    this.told.push(what);
    if (this.#awaited !== null && this.told.length >= this.#awaited.count) this.#awaited.come();
  }
}

/** Waits until a socket below was closed by the one that inflates. */
async function isClosed(below: Below): Promise<void> {
  if (below.closed === null) await new Promise<void>((closed) => (below.close = () => closed()));
}

test("frames are told in the order of their messages, whatever their form", async () => {
  const stage = new Stage();
  const { below } = stage.opens();
  assert.deepEqual([below.protocols, below.binaryType], [[DEFLATED, TEXT], "arraybuffer"]);
  const [first, second] = [new History(1), new History(0xffff_fff0)];
  const said = [
    await first.says('"first 1"\n'),
    "text 1",
    await second.says('"second 1"\n'),
    await first.says('"first 2"\n'),
    whole('"whole"\n'),
    "text 2",
    "text 3",
    await second.says('"second 2"\n'),
  ];
  for (const one of said) below.says(one);
  below.ends(1012);
  assert.deepEqual(await stage.tells(9), [
    '"first 1"',
    "text 1",
    '"second 1"',
    '"first 2"',
    '"whole"',
    "text 2",
    "text 3",
    '"second 2"',
    "end 1012",
  ]);
});

test("text is told at once while nothing is inflated", async () => {
  const stage = new Stage();
  const { below } = stage.opens();
  below.says("at once");
  assert.deepEqual(stage.told, ["at once"]);
  below.says(whole('"later"\n'));
  below.says("behind");
  assert.deepEqual(stage.told, ["at once"]);
  assert.deepEqual(await stage.tells(3), ["at once", '"later"', "behind"]);
  below.says("at once again");
  assert.equal(stage.told.length, 4);
});

test("long frames of many alphabets come whole, however the platform cuts them", async () => {
  const stage = new Stage();
  const { below } = stage.opens();
  const history = new History(7);
  const long = Array.from({ length: 60_000 }, (_, at) => String.fromCodePoint(0x20ac + (at % 7919), 0x1f600)).join("");
  for (const line of [long, `ä${long}`, "short"]) below.says(await history.says(`${line}\n`));
  assert.deepEqual(await stage.tells(3), [long, `ä${long}`, "short"]);
});

test("what begins again under a number is inflated anew", async () => {
  const stage = new Stage();
  const { below } = stage.opens();
  const [before, after] = [new History(3), new History(3)];
  below.says(await before.says('"before"\n'));
  below.says(await after.says('"after"\n'));
  below.says(await after.says('"after, too"\n'));
  assert.deepEqual(await stage.tells(3), ['"before"', '"after"', '"after, too"']);
});

test("what a hub cannot mean closes the socket, and text is asked for from then on", async () => {
  const history = new History(1);
  await history.says("{}\n");
  const wrong: Readonly<Record<string, ArrayBuffer>> = {
    "continues what did not begin": await history.says("{}\n"),
    "is no stream": message(Uint8Array.of(0, 0xff, 0xff, 0xff)),
    "is of an unknown kind": message(Uint8Array.of(3, 0)),
    "has no number": message(Uint8Array.of(1, 0)),
    "is empty": new ArrayBuffer(0),
    "holds two frames": whole("{}\n{}\n"),
    "is no UTF-8": message(Uint8Array.of(0), deflateRawSync(Uint8Array.of(0xc3, 0x0a))),
  };
  for (const [what, one] of Object.entries(wrong)) {
    const stage = new Stage();
    const { below } = stage.opens();
    below.says(one);
    below.says("behind");
    await isClosed(below);
    below.says("afterwards");
    below.ends(1005);
    assert.deepEqual(stage.told, ["end 1005"], what);
    assert.deepEqual(stage.opens().below.protocols, [TEXT], what);
  }
});

test("a frame that does not come out is given up with its socket", async () => {
  const stage = new Stage();
  const { below, close } = stage.opens();
  below.says(await new History(1).says('"no line feed"'));
  below.says("behind");
  close();
  assert.deepEqual([below.closed, stage.told], ["without a code", []]);
  assert.deepEqual(stage.opens().below.protocols, [TEXT]);
});

test("histories end with their socket, and the next socket begins its own", async () => {
  const stage = new Stage();
  const first = stage.opens();
  const history = new History(1);
  first.below.says(await history.says('"one"\n'));
  await stage.tells(1);
  first.close();
  const second = stage.opens();
  assert.deepEqual(second.below.protocols, [DEFLATED, TEXT]);
  second.below.says(await new History(1).says('"two"\n'));
  assert.deepEqual(await stage.tells(2), ['"one"', '"two"']);
});

test("of many histories those that were longest without a piece are let go", async () => {
  const stage = new Stage();
  const { below } = stage.opens();
  const histories = Array.from({ length: 33 }, (_, number) => new History(number));
  for (const history of histories) below.says(await history.says('"begins"\n'));
  below.says((await histories[1]?.says('"goes on"\n')) ?? "");
  assert.equal((await stage.tells(34)).at(-1), '"goes on"');
  below.says((await histories[0]?.says('"too late"\n')) ?? "");
  await isClosed(below);
  assert.equal(stage.told.length, 34);
});

test("what goes wrong with one frame does not keep the next from being told", async (t) => {
  const wrongs: unknown[] = [];
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => wrongs.push(error));
  t.after(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
  });
  const stage = new Stage();
  const socket = stage.world.open("ws://hub/ws", [TEXT]);
  const told: unknown[] = [];
  const wrong = new Error("the page has a fault");
  const last = new Promise<void>((done) => {
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      told.push(data);
      if (data === "last") done();
      else throw wrong;
    };
  });
  const [below] = stage.below;
  below?.says(whole('"first"\n'));
  below?.says("second");
  below?.says("last");
  await last;
  assert.deepEqual(told, ['"first"\n', "second", "last"]);
  assert.deepEqual(wrongs, [wrong, wrong]);
});

test("a platform that cannot inflate asks for text", (t) => {
  const { DecompressionStream } = globalThis;
  t.after(() => Object.assign(globalThis, { DecompressionStream }));
  Object.assign(globalThis, { DecompressionStream: undefined });
  assert.deepEqual(new Stage().opens().below.protocols, [TEXT]);
});

test("a connection lives on deflated frames as on text, and comes back with text after a broken one", async () => {
  const stage = new Stage();
  const heard: HubFrame["type"][] = [];
  let news = (): void => undefined;
  const watcher = {
    heard: ({ type }: HubFrame) => {
      heard.push(type);
      news();
    },
    linked: () => undefined,
  };
  const places = [{ hub: "http://hub/", url: "ws://hub/ws" }] as const;
  const connection = new Connection({ places, credentials: byCookie() }, watcher, stage.world);
  const welcomed = new Promise<void>((come) => (news = come));
  stage.below[0]?.says(whole(`${JSON.stringify(aWelcome())}\n`));
  stage.below[0]?.says(JSON.stringify(sample("hub.heartbeat")));
  await welcomed;
  await new Promise(setImmediate);
  assert.deepEqual([connection.link.phase, heard], ["live", ["welcome", "heartbeat"]]);
  const [first] = stage.below;
  assert.ok(first !== undefined);
  first.says(message(Uint8Array.of(9)));
  await isClosed(first);
  first.ends(1005);
  assert.equal(connection.link.phase, "waiting");
  connection.hurry();
  assert.deepEqual(stage.below[1]?.protocols, [TEXT]);
  connection.leave();
});
