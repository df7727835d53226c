import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { aPresence, anAgent, aWelcome } from "../samples/samples.ts";
import type { HubFrame } from "../wire.ts";
import { AgentClient } from "./presence.ts";

/** A client whose hub says what the test says. */
function connected(t: TestContext): {
  client: AgentClient;
  sent: unknown[];
  says: (frame: HubFrame) => void;
  closes: (code: number) => void;
} {
  const sent: unknown[] = [];
  const socket = {
    send: (text: string) => sent.push(JSON.parse(text)),
    close: () => undefined,
  } as {
    send: (text: string) => void;
    close: () => void;
    onmessage?: (message: { data: string }) => void;
    onclose?: (closed: { code: number; reason: string }) => void;
  };
  const world = {
    open: () => socket as unknown as WebSocket,
    now: () => 0,
    random: () => 0,
    network: () => "there" as const,
  };
  const client = new AgentClient({ hub: "https://hub.example/", world });
  t.after(() => client.leave());
  return {
    client,
    sent,
    says: (frame) => socket.onmessage?.({ data: JSON.stringify(frame) }),
    closes: (code) => socket.onclose?.({ code, reason: "" }),
  };
}

test("a presence is asked for before the hub has said it, and is there once it has", async (t) => {
  const { client, says } = connected(t);
  const asked = Promise.all([client.getPresence(), client.getPresenceOptions()]);
  says(aWelcome());
  assert.deepEqual(await asked, [anAgent().presence, aWelcome().presenceOptions]);
});

test("whoever is not let in is told why, in the hub's words", async (t) => {
  const { client, says, closes } = connected(t);
  const asked = client.getPresence();
  says({ type: "error", error: { code: "agent_disabled", message: "the agent is disabled" } });
  closes(4404);
  await assert.rejects(asked, { code: "agent_disabled", said: "the agent is disabled" });
});

test("a choice is sent with its terms, and those who listen hear of each other presence once", async (t) => {
  const { client, sent, says } = connected(t);
  const heard: string[] = [];
  const stop = client.onPresenceChange(({ presenceId }) => heard.push(presenceId));
  says(aWelcome());
  const chosen = client.setPresence("away", { reason: "lunch" });
  assert.deepEqual(sent, [{ type: "setPresence", presenceId: "away", reason: "lunch", id: 1 }]);
  const away = anAgent({ version: anAgent().version + 1, presence: aPresence("away") });
  says({ type: "presence", agent: away });
  says({ type: "result", id: 1, result: away });
  await chosen;
  stop();
  says({ type: "presence", agent: anAgent({ version: anAgent().version + 2 }) });
  assert.deepEqual(heard, ["away"]);
});

test("what is known goes with the connection", (t) => {
  const { client, says, closes } = connected(t);
  says(aWelcome());
  assert.equal(client.agent?.agentId, "a17");
  closes(1006);
  assert.equal(client.agent, null);
  assert.equal(client.state.agent?.agentId, "a17");
});
