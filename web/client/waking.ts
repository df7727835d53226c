/**
 * When a page should try again at once instead of waiting: the network, the person or the cookie is
 * back; and when it should not stay: its browser freezes it.
 */

import { mayReturn } from "./close-codes.ts";
import type { Connection } from "./connection.ts";
import { currentSession } from "./session.ts";

/** Begins to listen; the returned function ends it. */
export function wakeWithTheWorld(connection: Connection): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const wake = (): void => {
    if (document.visibilityState === "hidden") return;
    if (connection.link.phase === "ended") void returnIfSignedInAgain(connection);
    else connection.hurry();
  };
  window.addEventListener("online", wake, { signal });
  window.addEventListener("pageshow", wake, { signal });
  document.addEventListener("visibilitychange", wake, { signal });
  document.addEventListener("freeze", () => connection.fallAsleep(), { signal });
  // The browser lets the page run again, even while nobody sees it.
  const goOn = (): void => {
    if (connection.link.phase !== "ended") connection.hurry();
  };
  document.addEventListener("resume", goOn, { signal });
  return () => ending.abort();
}

/**
 * Credentials that ended may have been renewed in another tab, which shares the cookie. Anything
 * else that ended a connection is for a person to decide.
 */
export async function returnIfSignedInAgain(connection: Connection): Promise<void> {
  const { link } = connection;
  if (link.phase !== "ended" || mayReturn(link.code) !== "after-sign-in") return;
  const answer = await currentSession().catch(() => null);
  if (answer?.session != null && connection.link === link) connection.hurry();
}
