// A work system: one conversation, from the offer to its end.
//   TOKEN=$(presence-hub token --sub acd --role integration) node work-system.ts ada

import { event, send } from "./events.ts";

const agentId = process.argv[2];
const workItemId = `chat-${crypto.randomUUID()}`;

async function report(type: string, more: object = {}): Promise<void> {
  const result = await send(event(type, { agentId, workItemId, ...more }));
  console.log(type, result.status, result.code ?? result.presenceId);
  if (result.status === "rejected") process.exit(1); // it will be rejected again
}

await report("workitem.offered", { timeoutSeconds: 30 });
await report("workitem.assigned", { subEvent: "ASSIGNMENT_ACCEPT" });
await report("workitem.closed");
