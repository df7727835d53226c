import assert from "node:assert/strict";
import { test } from "node:test";
import { BACK_OFF, type BackOff, wait, waitLonger } from "./back-off.ts";
import { beginning, deadline, type Link, type LinkEvent, next } from "./link.ts";

const POLICY: BackOff = { firstMs: 100, factor: 2, longestMs: 1000, laterMs: 5000 };

function after(...events: readonly LinkEvent[]): Link {
  return events.reduce<Link>((link, event) => next(link, event, POLICY)[0], beginning(0));
}

const welcomed = (now: number): LinkEvent => ({ type: "welcomed", now, heartbeatSeconds: 10 });
const closed = (now: number, code: number, random = 1): LinkEvent => ({
  type: "closed",
  now,
  code,
  reason: "",
  refusal: null,
  random,
  credentials: "kept",
});

test("each attempt waits longer, never longer than the longest, and never the same for all", () => {
  assert.equal(wait(POLICY, 0, 0), 0);
  assert.equal(wait(POLICY, 0, 0.5), 50);
  assert.equal(wait(POLICY, 0, 1), 100);
  assert.equal(wait(POLICY, 3, 1), 800);
  assert.equal(wait(POLICY, 30, 1), 1000);
  assert.equal(waitLonger(POLICY, 0, 0), 2500);
  assert.equal(waitLonger(POLICY, 0, 1), 7600);
});

test("the first attempt comes within a second, and none later than 20 seconds after the one before", () => {
  assert.equal(wait(BACK_OFF, 0, 1), 1_000);
  assert.equal(wait(BACK_OFF, 100, 1), 20_000);
});

test("a page that keeps trying returns within the restore window", () => {
  const longest = waitLonger(BACK_OFF, 100, 1);
  assert.ok(longest < 150_000 / 2, `${longest} ms`);
});

test("the wait grows with every failed attempt and starts anew at the welcome, not when the socket opens", () => {
  const third = after(closed(0, 1006), closed(1, 1006), closed(2, 1006));
  assert.deepEqual(third, { phase: "waiting", attempt: 3, retryAt: 402, code: 1006 });
  const anew = after(closed(0, 1006), closed(1, 1006), welcomed(50), closed(100, 1006));
  assert.deepEqual(anew, { phase: "waiting", attempt: 1, retryAt: 200, code: 1006 });
});

test("a planned stop is followed by a return within the announced range", () => {
  const stop: LinkEvent = { type: "restarting", reconnectAfterMs: [3000, 9000] };
  const link = after(welcomed(0), stop, closed(1000, 1012, 0.5));
  assert.deepEqual(link, { phase: "waiting", attempt: 1, retryAt: 7000, code: 1012 });
});

test("what a person must decide is not tried again", () => {
  for (const code of [4400, 4401, 4403, 4404, 4409, 4410, 4413]) {
    const link = after(welcomed(0), closed(1, code));
    assert.equal(link.phase, "ended", `${code}`);
    assert.equal(deadline(link), null);
  }
});

test("pages wait longer for a hub with too much to do, and those it turned away together come back at different times", () => {
  for (const code of [1013, 4408, 4429, 4500, 4999]) {
    for (const [random, retryAt] of [
      [0, 2500],
      [1, 7600],
    ] as const) {
      const link = after(welcomed(0), closed(0, code, random));
      assert.equal(link.phase === "waiting" && link.retryAt, retryAt, `${code}`);
    }
  }
});

test("a page that is turned away before its welcome comes back, and later each time", () => {
  const twice = after(closed(0, 1013), closed(0, 1013));
  assert.deepEqual(twice, { phase: "waiting", attempt: 2, retryAt: 7700, code: 1013 });
  assert.equal(next(twice, { type: "ticked", now: 7700 }, POLICY)[1], "move");
});

test("a late heartbeat raises doubt, a missing one ends the connection", () => {
  const link = after(welcomed(0));
  assert.equal(deadline(link), 12_000);
  const [doubting, act] = next(link, { type: "ticked", now: 12_000 }, POLICY);
  assert.equal(doubting.phase === "live" && doubting.quiet, "overdue");
  assert.equal(act, "nothing");
  assert.equal(deadline(doubting), 22_000);
  assert.equal(next(doubting, { type: "ticked", now: 22_000 }, POLICY)[1], "abandon");
});

test("any frame ends the doubt", () => {
  const link = after(welcomed(0), { type: "ticked", now: 12_000 }, { type: "heard", now: 13_000 });
  assert.equal(link.phase === "live" && link.quiet, "heard");
  assert.equal(deadline(link), 25_000);
});

test("a socket that opens but brings no welcome is given up", () => {
  assert.equal(next(beginning(0), { type: "ticked", now: 10_000 }, POLICY)[1], "abandon");
});

test("when the network is back nobody waits for the timer", () => {
  const waiting = after(welcomed(0), closed(1, 1006));
  const [link, act] = next(waiting, { type: "hurried", now: 2 }, POLICY);
  assert.equal(act, "move");
  assert.equal(link.phase, "connecting");
});

test("after a laptop's sleep a dead connection is noticed at once", () => {
  assert.equal(next(after(welcomed(0)), { type: "hurried", now: 60_000 }, POLICY)[1], "abandon");
});

test("a network that is gone raises doubt at once; whatever is heard ends it, and its return asks for a second socket", () => {
  const gone = after(welcomed(0), { type: "offline" });
  assert.equal(gone.phase === "live" && gone.quiet, "no-network");
  assert.equal(next(gone, { type: "ticked", now: 12_000 }, POLICY)[0], gone);
  assert.equal(next(gone, { type: "ticked", now: 22_000 }, POLICY)[1], "abandon");
  assert.equal(next(gone, { type: "online", now: 1_000 }, POLICY)[1], "replace");
  assert.equal(next(gone, { type: "online", now: 22_000 }, POLICY)[1], "abandon");
  const [heard] = next(gone, { type: "heard", now: 1_000 }, POLICY);
  assert.equal(heard.phase === "live" && heard.quiet, "heard");
  const waiting = after(welcomed(0), closed(1, 1006), { type: "offline" });
  assert.equal(waiting.phase === "waiting" && waiting.code, 3001);
  assert.equal(next(waiting, { type: "online", now: 2 }, POLICY)[1], "open");
});

/** With this many hubs beside the one in use. */
function among(others: number, ...events: readonly LinkEvent[]): readonly [Link, string] {
  let last: readonly [Link, string] = [beginning(0, others), "open"];
  for (const event of events) last = next(last[0], event, POLICY, others);
  return last;
}

test("a lost, refused or turned away connection goes to the next hub at once, until all were tried", () => {
  for (const code of [1001, 1005, 1006, 1012, 1013, 1015, 3002]) {
    const moved = { phase: "connecting", attempt: 0, giveUpAt: 3_500, code, others: 1 };
    assert.deepEqual(among(2, welcomed(0), closed(1000, code)), [moved, "move"], `${code}`);
    assert.deepEqual(among(2, closed(1000, code)), [moved, "move"], `${code}`);
  }
  const [link, act] = among(2, closed(0, 1006), closed(1, 1006), closed(2, 1006));
  assert.deepEqual([link, act], [{ phase: "waiting", attempt: 1, retryAt: 102, code: 1006 }, "nothing"]);
  const [again, then] = next(link, { type: "ticked", now: 102 }, POLICY, 2);
  assert.equal(then, "move");
  assert.deepEqual(next(again, closed(103, 1006), POLICY, 2)[0], {
    phase: "waiting",
    attempt: 2,
    retryAt: 303,
    code: 1006,
  });
});

test("where there are other hubs a silent one is given up soon, and later after each wait, so that a slow network is fast enough", () => {
  assert.equal(deadline(among(2)[0]), 2_500);
  const given = (now: number): LinkEvent => closed(now, 1006);
  const [second, act] = among(1, given(2_500));
  assert.deepEqual([deadline(second), act], [5_000, "move"]);
  let link = next(second, given(5_000), POLICY, 1)[0];
  for (const within of [5_000, 10_000, 10_000]) {
    const now = deadline(link) ?? 0;
    link = next(link, { type: "ticked", now }, POLICY, 1)[0];
    assert.equal(deadline(link), now + within);
    link = next(link, given(now + within), POLICY, 1)[0];
  }
  assert.equal(deadline(among(0)[0]), 10_000);
});

test("what another hub cannot help does not move", () => {
  for (const code of [1002, 1007, 3001, 4400, 4401, 4403, 4404, 4408, 4409, 4410, 4411, 4412, 4413, 4429, 4500, 4999]) {
    const [link, act] = among(2, welcomed(0), closed(1000, code));
    assert.equal(act, "nothing", `${code}`);
    assert.notEqual(next(link, { type: "hurried", now: 100_000 }, POLICY, 2)[1], "move", `${code}`);
  }
});

test("a planned stop is left for another hub at once, and waited for only where there is none", () => {
  const stop: LinkEvent = { type: "restarting", reconnectAfterMs: [3000, 9000] };
  assert.equal(among(1, welcomed(0), stop, closed(1000, 1012))[1], "move");
  const [alone] = among(0, welcomed(0), stop, closed(1000, 1012, 0.5));
  assert.deepEqual(alone, { phase: "waiting", attempt: 1, retryAt: 7000, code: 1012 });
});

test("hubs that welcome and close at once are not gone round without a pause", () => {
  const [link] = among(1, welcomed(0), closed(99, 1006));
  assert.equal(link.phase, "waiting");
  assert.equal(among(1, welcomed(0), closed(100, 1006))[1], "move");
});

test("the end of a wait tries one hub, whoever hurries has all of them tried", () => {
  const [waiting] = among(1, closed(0, 1006), closed(0, 1006));
  const [ticked] = next(waiting, { type: "ticked", now: 100 }, POLICY, 1);
  assert.equal(next(ticked, closed(100, 1006), POLICY, 1)[1], "nothing");
  const [hurried, act] = next(waiting, { type: "hurried", now: 1 }, POLICY, 1);
  assert.equal(act, "move");
  assert.equal(next(hurried, closed(1, 1006), POLICY, 1)[1], "move");
});

test("a move is no attempt: refused credentials are fetched again as often as with one hub", () => {
  const why = { now: 0, reason: "", refusal: null, random: 1, credentials: "fetched" } as const;
  const refused: LinkEvent = { type: "closed", code: 4401, ...why };
  const [waiting] = among(3, closed(0, 1006), closed(0, 1006), closed(0, 1006), refused);
  assert.deepEqual(waiting, { phase: "waiting", attempt: 1, retryAt: 100, code: 4401 });
});
