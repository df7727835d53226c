/** For how long a presence is set: minutes from now, by the hub's time, or until somebody changes it. */

export const MINUTES = [15, 30, 60, 120, 240] as const;

const MINUTE = 60_000;

/** The instant in the contract's form; undefined when nothing ends it. `minutes` is what the form says. */
export function endOf(minutes: string, now: number): string | undefined {
  const chosen = MINUTES.find((known) => String(known) === minutes);
  return chosen === undefined ? undefined : new Date(now + chosen * MINUTE).toISOString();
}
