// Assignment events as the SDK `cloudevents` for JavaScript sends them: binary (its default) and structured, by a
// transport and by message; and a batch of what it writes.
import { CloudEvent, HTTP, Mode, emitterFor } from "cloudevents";

const hub = process.env.HUB ?? "http://127.0.0.1:7350";
const authorization = `Bearer ${process.env.TOKEN}`;
const run = new Date().toISOString();
let wrong = 0;

async function send({ headers, body }) {
  if (process.env.SHOW) console.log(JSON.stringify(headers), body);
  const answer = await fetch(`${hub}/api/v1/events`, { method: "POST", headers: { ...headers, authorization }, body });
  return answer.ok ? (await answer.json()).results : [{ status: answer.status, ...(await answer.json()) }];
}

function about(number, mode, more = {}) {
  return new CloudEvent({
    id: `${mode} %é ${number} ${run}`,
    source: "/sdk/javascript",
    type: ["workitem.assigned", "workitem.closed"][number],
    subject: "für Ada",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    data: { agentId: "ada", workItemId: mode, reason: "ein Gespräch" },
    ...more,
  });
}

function tell(mode, results, ...expected) {
  const isRight = JSON.stringify(results.map((result) => result.status)) === JSON.stringify(expected);
  if (!isRight) wrong += 1;
  console.log(isRight ? "ok   " : "WRONG", "javascript", mode, JSON.stringify(results));
}

const json = { datacontenttype: "application/json" };
const modes = {
  "emitter, by default": (event) => emitterFor(send)(event),
  "emitter, binary": (event) => emitterFor(send, { binding: HTTP, mode: Mode.BINARY })(event),
  "emitter, structured": (event) => emitterFor(send, { binding: HTTP, mode: Mode.STRUCTURED })(event),
  "message, binary": (event) => send(HTTP.binary(event)),
  "message, structured": (event) => send(HTTP.structured(event)),
};
for (const [mode, sends] of Object.entries(modes)) {
  for (const more of [{}, json]) {
    const name = `${mode}${"datacontenttype" in more ? ", with a media type" : ""}`;
    for (const number of [0, 1]) tell(name, await sends(about(number, name, more)), "applied");
  }
}
const bytes = new TextEncoder().encode(JSON.stringify(about(0, "bytes").data));
tell("structured, data in base 64", await send(HTTP.structured(about(0, "bytes", { data: bytes }))), "applied");
tell("binary, data as bytes", await send(HTTP.binary(about(1, "bytes", { data: bytes, ...json }))), "applied");
const batch = {
  headers: { "content-type": "application/cloudevents-batch+json; charset=utf-8" },
  body: JSON.stringify([0, 1].map((number) => about(number, "batch"))),
};
tell("batch", await send(batch), "applied", "applied");
process.exit(wrong);
