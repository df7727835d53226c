/** What rows will change of the records as they are, and what became of each. */

import type { AgentRecord } from "../wire.ts";
import type { Row } from "./bulk-rows.ts";
import { equal, type Json, type JsonObject } from "./json.ts";

export interface Difference {
  readonly name: string;
  readonly before: Json;
  readonly after: Json;
}

export type Planned =
  | {
      readonly will: "change";
      readonly row: Row;
      readonly differences: readonly Difference[];
      readonly patch: JsonObject;
    }
  | { readonly will: "create"; readonly row: Row; readonly differences: readonly Difference[] }
  | { readonly will: "stay"; readonly row: Row }
  | { readonly will: "fail"; readonly row: Row };

/** What an absent field of a record means. */
const ABSENT: JsonObject = { teams: [], queues: [], skills: [], profiles: [] };

/** `record` is null if there is no such agent. */
export function planned(row: Row, record: AgentRecord | null): Planned {
  if (row.mistakes.length > 0) return { will: "fail", row };
  const now = (record ?? {}) as unknown as JsonObject;
  const was = (name: string): Json => now[name] ?? ABSENT[name] ?? null;
  const differences = Object.entries(row.change)
    .map(([name, after]) => ({ name, before: was(name), after }))
    .filter(
      ({ name, before, after }) =>
        !equal(before, after) && !(name === "name" && after === null && before === row.agentId),
    );
  if (record === null) return { will: "create", row, differences };
  if (differences.length === 0) return { will: "stay", row };
  return {
    will: "change",
    row,
    differences,
    patch: Object.fromEntries(differences.map(({ name, after }) => [name, after])),
  };
}

export interface Counts {
  readonly change: number;
  readonly create: number;
  readonly stay: number;
  readonly fail: number;
}

export function counted(plan: readonly Planned[]): Counts {
  const of = (will: Planned["will"]): number => plan.filter((one) => one.will === will).length;
  return { change: of("change"), create: of("create"), stay: of("stay"), fail: of("fail") };
}

/** Mistakes first, then what is new, then what changes; what stays is last. */
const ORDER: readonly Planned["will"][] = ["fail", "create", "change", "stay"];

export function byWeight(plan: readonly Planned[]): readonly Planned[] {
  return ORDER.flatMap((will) => plan.filter((one) => one.will === will));
}
