/** The reasons that a person gave before in this browser, to choose from. */

const MOST = 6;

/** Newest first. */
export function remembering(reasons: readonly string[], reason: string): readonly string[] {
  if (reason === "") return reasons;
  return [reason, ...reasons.filter((other) => other !== reason)].slice(0, MOST);
}

/** Several people may use one browser. */
const key = (agentId: string): string => `presence-indicator ${agentId}`;

/** A page may not be allowed to keep anything. */
export function recall(agentId: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(agentId)) ?? "");
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

export function keep(agentId: string, reasons: readonly string[]): void {
  try {
    localStorage.setItem(key(agentId), JSON.stringify(reasons));
  } catch {
    // Then they are not remembered.
  }
}
