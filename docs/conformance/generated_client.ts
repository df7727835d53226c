// Sends one event and a batch with the types that `openapi-typescript` made of the hub's document.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.ts";

type CloudEvent = components["schemas"]["CloudEvent"];

const hub = createClient<paths>({
  baseUrl: process.env["HUB"] ?? "http://127.0.0.1:7350",
  headers: { Authorization: `Bearer ${process.env["TOKEN"]}` },
});
const about = { agentId: "ada", workItemId: "generated" };
const rest = () => ({ specversion: "1.0" as const, id: crypto.randomUUID(), source: "/generated" });

const put = await hub.PUT("/api/v1/agents/{agentId}", {
  params: { path: { agentId: "ada" } },
  body: { name: "Ada", units: 100 },
});
if (put.error) throw new Error(put.error.detail);
console.log("record", put.data.agentId, put.data.name, put.data.units);
const one: CloudEvent = { ...rest(), type: "workitem.offered", data: { ...about, units: 10 } };
const batch: CloudEvent[] = [
  { ...rest(), type: "workitem.assigned", data: about },
  { ...rest(), type: "workitem.closed", data: about },
];
// @ts-expect-error: an event without its work item is none.
const wrong: CloudEvent = { ...rest(), type: "workitem.closed", data: { agentId: "ada" } };
for (const body of [one, batch, wrong]) {
  const { data, error, response } = await hub.POST("/api/v1/events", { body });
  if (error) throw new Error(`${response.status}: ${"detail" in error ? error.detail : "not kept"}`);
  console.log(...data.results.map((result) => result.status));
}
const { data } = await hub.GET("/api/v1/agents", { params: { query: { agentIds: ["ada"] } } });
console.log(data?.items.map((agent) => `${agent.agentId} ${agent.presence.presenceId}`));
