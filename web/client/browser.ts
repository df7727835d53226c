/** What a browser says of itself that a connection should know: its network, whether it freezes or shows the page. */

import type { Connection } from "./connection.ts";

/** Begins to listen; the returned function ends it. `seen` is called when the page is looked at again. Without a document nothing is heard. */
export function listenToTheBrowser(connection: Connection, seen: () => void): () => void {
  if (typeof window === "undefined") return () => undefined;
  const ending = new AbortController();
  const { signal } = ending;
  const goOn = (): void => {
    if (connection.link.phase !== "ended") connection.hurry();
  };
  const shown = (): void => {
    if (document.visibilityState === "hidden") return;
    goOn();
    seen();
  };
  window.addEventListener("offline", () => connection.losesTheNetwork(), { signal });
  window.addEventListener(
    "online",
    () => {
      connection.findsTheNetwork();
      seen();
    },
    { signal },
  );
  window.addEventListener("pageshow", shown, { signal });
  document.addEventListener("visibilitychange", shown, { signal });
  document.addEventListener("freeze", () => connection.fallAsleep(), { signal });
  // The browser lets the page run again, even while nobody sees it.
  document.addEventListener("resume", goOn, { signal });
  return () => ending.abort();
}
