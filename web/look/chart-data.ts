/** The columns that a chart of counts is drawn from: stacked, the widest first, because each is painted over the one before. */

import type { BasePresenceStatus } from "../wire.ts";
import { type CountStep, STACKED } from "./counts.ts";

export interface Columns {
  /** Seconds since 1970. */
  readonly at: number[];
  /** One for each status that is shown, the topmost first. Null is a gap. */
  readonly heights: (number | null)[][];
  readonly statuses: readonly BasePresenceStatus[];
}

export function columnsOf(steps: readonly CountStep[], without: ReadonlySet<BasePresenceStatus>): Columns {
  const statuses = STACKED.filter((status) => !without.has(status)).reverse();
  const at: number[] = [];
  const heights: (number | null)[][] = statuses.map(() => []);
  const put = (instant: number, tops: readonly (number | null)[]): void => {
    at.push(instant / 1000);
    tops.forEach((top, column) => heights[column]?.push(top));
  };
  steps.forEach((step, index) => {
    const tops = statuses.map((_, top) => sum(step, statuses.slice(top)));
    put(step.start, tops);
    const next = steps[index + 1];
    if (next?.start === step.end) return;
    put(step.end, tops);
    // A millisecond later nothing is known.
    if (next !== undefined)
      put(
        Math.min(step.end + 1, next.start),
        statuses.map(() => null),
      );
  });
  return { at, heights, statuses };
}

function sum({ counts }: CountStep, statuses: readonly BasePresenceStatus[]): number {
  return statuses.reduce((all, status) => all + counts[status], 0);
}

/** The step that an instant lies in, else the nearest one before it, else the first. */
export function stepAt(steps: readonly CountStep[], instant: number): number {
  const after = steps.findIndex(({ start }) => start > instant);
  return Math.max(0, (after === -1 ? steps.length : after) - 1);
}
