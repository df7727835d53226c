/** Sends what is planned in parts, and says of each agent what became of it. */

import type { AgentResult } from "../wire.ts";
import { refused } from "../words/contract.ts";
import { MANY } from "../words/admin-agents.ts";
import type { Planned } from "./bulk-plan.ts";
import { type Answer, ask, type Refusal } from "./hub.ts";
import type { JsonObject } from "./json.ts";
import { refusalWords } from "./refusals.ts";

export type Became =
  | { readonly is: "done" }
  | { readonly is: "refused"; readonly why: string }
  /** There was no answer: it may have been done. */
  | { readonly is: "unknown" };

export type Send = (
  method: "PATCH" | "PUT",
  body: readonly JsonObject[],
) => Promise<Answer<{ readonly results: readonly AgentResult[] }>>;

/** A part is far below what the hub takes, so that a lost answer leaves few in doubt. */
const PART = 500;

const overHttp: Send = (method, body) => ask("agents", { method, body });

interface Sendable {
  readonly agentId: string;
  readonly body: JsonObject;
}

export async function sendAll(
  plan: readonly Planned[],
  told: (done: number) => void,
  send: Send = overHttp,
): Promise<ReadonlyMap<string, Became>> {
  const changes = plan.flatMap((one) => (one.will === "change" ? [of(one.row.agentId, one.patch)] : []));
  const creations = plan.flatMap((one) =>
    one.will === "create" ? [of(one.row.agentId, withoutNulls(one.row.change))] : [],
  );
  const became = new Map<string, Became>();
  for (const [method, all] of [
    ["PATCH", changes],
    ["PUT", creations],
  ] as const) {
    for (let from = 0; from < all.length; from += PART) {
      const part = all.slice(from, from + PART);
      for (const [agentId, what] of await sendPart(method, part, send)) became.set(agentId, what);
      told(became.size);
    }
  }
  return became;
}

function of(agentId: string, fields: JsonObject): Sendable {
  return { agentId, body: { agentId, ...fields } };
}

function withoutNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The hub refuses a part as a whole for one that is wrong: that one is taken out, and the rest is sent again. */
async function sendPart(
  method: "PATCH" | "PUT",
  part: readonly Sendable[],
  send: Send,
): Promise<ReadonlyMap<string, Became>> {
  const became = new Map<string, Became>();
  let left = part;
  while (left.length > 0) {
    const answer = await send(
      method,
      left.map(({ body }) => body),
    );
    if (answer.done) {
      for (const { agentId, status, code } of answer.value.results) {
        became.set(
          agentId,
          status === "applied" ? { is: "done" } : { is: "refused", why: refused(code ?? MANY.refused) },
        );
      }
      return became;
    }
    const { refusal } = answer;
    const wrong = refusal.index === null ? undefined : left[refusal.index];
    if (wrong === undefined) {
      for (const { agentId } of left) became.set(agentId, failed(refusal));
      return became;
    }
    became.set(wrong.agentId, failed(refusal));
    left = left.filter((one) => one !== wrong);
  }
  return became;
}

function failed(refusal: Refusal): Became {
  if (refusal.code === "no_answer" || refusal.code === "outcome_unknown") return { is: "unknown" };
  return { is: "refused", why: refusalWords(refusal, "write") };
}
