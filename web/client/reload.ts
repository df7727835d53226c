/**
 * Tells the hub that this page is about to reload itself, so that Offline is held back for the
 * refresh grace instead of being shown for the blink of a reload.
 *
 * What can be known: a reload by script (the Navigation API names it) and one by key. What cannot:
 * the browser's own reload button and menu. `pagehide` and `beforeunload` fire for a reload just as
 * for a closed tab, and to call a closed tab a reload would show an agent who has left as still
 * there. So a reload by button is treated as a closed tab: others see Offline for a moment, and the
 * restore window brings the presence back.
 *
 * An announcement that no reload follows (a page may have cancelled the key) does no harm: while
 * the connection lives, nothing is held back.
 */
export function beforeReload(announce: () => void): () => void {
  if (typeof window === "undefined") return () => undefined;
  const ending = new AbortController();
  const { signal } = ending;
  const onKey = (event: KeyboardEvent): void => {
    const letter = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "r";
    if (event.key === "F5" || letter) announce();
  };
  window.addEventListener("keydown", onKey, { signal, capture: true });
  navigationApi()?.addEventListener(
    "navigate",
    (event) => {
      if ((event as Event & { navigationType?: string }).navigationType === "reload") announce();
    },
    { signal },
  );
  return () => ending.abort();
}

/** Not in every browser yet, nor in every edition of TypeScript's own library. */
function navigationApi(): EventTarget | undefined {
  return (window as { navigation?: EventTarget }).navigation;
}
