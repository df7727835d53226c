// Sending assignment events, for the other scripts.

export const HUB = process.env.HUB ?? "http://127.0.0.1:7350";
const HEADERS = { authorization: `Bearer ${process.env.TOKEN}`, "content-type": "application/json" };

export type AssignmentEvent = { specversion: "1.0"; id: string; source: string; type: string; data: object };
export type Result = { status: "applied" | "duplicate" | "rejected"; code?: string; presenceId?: string };

/** An assignment event. Its id is made once, however often it is sent. */
export function event(type: string, data: object): AssignmentEvent {
  return { specversion: "1.0", id: crypto.randomUUID(), source: "/example", type, data };
}

/** One request; the answer's JSON. Asks again while the hub cannot answer. */
export async function ask<T>(path: string, body?: object): Promise<T> {
  const request = body ? { method: "POST", headers: HEADERS, body: JSON.stringify(body) } : { headers: HEADERS };
  for (let pause = 1_000; ; pause = Math.min(pause * 2, 30_000)) {
    const answer = await fetch(HUB + path, { ...request, signal: AbortSignal.timeout(10_000) }).catch(String);
    if (typeof answer !== "string") {
      const text = await answer.text().catch(() => "");
      if (answer.ok && text) return JSON.parse(text);
      if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
        throw new Error(`${answer.status}: ${text}`);
      }
    }
    console.error(typeof answer === "string" ? answer : `HTTP ${answer.status}`, "- trying again");
    await new Promise((resolve) => setTimeout(resolve, pause * (1 + Math.random() / 2)));
  }
}

/** Sends an event until it is answered. What was applied already is a `duplicate`: nothing happens twice. */
export async function send(one: AssignmentEvent): Promise<Result> {
  const { results } = await ask<{ results: [Result] }>("/api/v1/events", one);
  return results[0];
}
