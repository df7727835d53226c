// A router: offers an item to the first agent who may get it.
//   TOKEN=$(presence-hub token --sub router --role integration) node router.ts chat item-1

import { ask, event, send } from "./events.ts";

const [workstreamId = "", workItemId] = process.argv.slice(2);
const path = `/api/v1/workstreams/${encodeURIComponent(workstreamId)}/eligible-agents?limit=10`;
const { items } = await ask<{ items: { agentId: string }[] }>(path);

let offered = false;
for (const { agentId } of items) {
  const offer = { agentId, workItemId, workstreamId, timeoutSeconds: 30, ifEligible: true };
  const { code } = await send(event("workitem.offered", offer));
  console.log(code ? `not ${agentId}: ${code}` : `offered to ${agentId}`);
  if (!code) {
    offered = true;
    break;
  }
}
if (!offered) {
  console.error("nobody is eligible");
  process.exitCode = 1;
}
