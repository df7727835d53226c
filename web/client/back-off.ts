/** How long to wait before the next attempt: a value, so that a page or a test can bring its own. */

export interface BackOff {
  /** The longest wait before the first attempt. */
  readonly firstMs: number;
  readonly factor: number;
  readonly longestMs: number;
  /** How much longer to wait, on average, when the hub said that it has too much to do. */
  readonly laterMs: number;
}

/** Nobody waits longer than the restore window (150 s) for an attempt: a return in time must stay possible. */
export const BACK_OFF: BackOff = { firstMs: 1_000, factor: 2, longestMs: 20_000, laterMs: 5_000 };

/**
 * Anywhere in the whole of the step (full jitter). When a hub comes back, ten thousand pages must
 * not come back in the same moment. `random` is in [0, 1); `attempt` counts from 0.
 */
export function wait(policy: BackOff, attempt: number, random: number): number {
  return random * Math.min(policy.longestMs, policy.firstMs * policy.factor ** attempt);
}

/**
 * The same when the hub has too much to do: the pages that it turned away together were too many
 * for one moment, so they are spread over a time many times as long.
 */
export function waitLonger(policy: BackOff, attempt: number, random: number): number {
  return spread(policy.laterMs / 2, policy.laterMs * 1.5, random) + wait(policy, attempt, random);
}

export function spread(from: number, to: number, random: number): number {
  return from + (to - from) * random;
}
