/** What a page asks a hub over HTTP, where several hubs would do. */

/** What may be asked again elsewhere, though nobody knows whether it was heard: it changes nothing. */
const ONLY_READ: readonly string[] = ["GET", "HEAD"];

/** A hub that takes nobody now, or a proxy in front of one that is gone. */
const NOBODY_THERE: readonly number[] = [502, 503, 504];

/**
 * Like `fetch`, of a path below the hub's address (`api/v1/agents`). `hubs` are those of a client or a watch, the one in
 * use first: if it does not answer, the next is asked, unless that might do the same thing twice.
 */
export async function ask(hubs: readonly string[], path: string, asked: RequestInit = {}): Promise<Response> {
  const [hub, ...others] = hubs;
  if (hub === undefined) throw new Error("no_hub");
  const last = others.length === 0 || !ONLY_READ.includes((asked.method ?? "GET").toUpperCase());
  try {
    const answer = await fetch(new URL(path, hub), asked);
    if (last || !NOBODY_THERE.includes(answer.status)) return answer;
  } catch (error) {
    if (last || asked.signal?.aborted === true) throw error;
  }
  return ask(others, path, asked);
}
