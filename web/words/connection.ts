/** The state of the connection in words, the same on every page. */

/** `short` is for the bar, a word or two; `long` is for a banner. */
export const LINK = {
  connecting: { short: "Connecting", long: "Connecting to the hub." },
  reconnecting: { short: "Reconnecting", long: (why: string) => `${why} Reconnecting.` },
  connected: { short: "Connected" },
  noAnswer: { short: "No answer", long: "Nothing has come from the hub for longer than usual. Waiting for it." },
  noNetwork: { short: "No network", long: "This computer has no network. This page reconnects when it is back." },
  restarting: { short: "Hub is restarting", long: "The hub is about to restart. This page reconnects by itself." },
  ended: { short: "Not connected", long: (why: string, reason: string) => `${why} (${reason})` },
};

/** Why the connection was closed, by the code it was closed with. */
const CLOSED: Readonly<Record<number, string>> = {
  1001: "The hub is restarting.",
  3001: "This computer has no network.",
  3002: "Nobody could say who you are: the page found no credentials.",
  1012: "The hub is restarting.",
  1013: "The hub has too many connections right now.",
  4400: "The hub did not understand this page. Reload it.",
  4401: "Your sign-in has ended.",
  4403: "You are not allowed to use this page.",
  4404: "This agent is unknown or disabled.",
  4408: "This page was too slow to keep up.",
  4409: "You have too many windows open. Close another one first.",
  4410: "You have been signed out.",
  4411: "The connection was lost.",
  4412: "What you may do has changed.",
  4413: "This page sent more than the hub accepts. Reload it.",
  4429: "This page sent too many requests.",
  4500: "The hub failed.",
};

/** From 4000 on the hub chose the code, maybe one that this page does not know yet; below, the network did. */
export function closed(code: number): string {
  return CLOSED[code] ?? (code >= 4000 ? "The hub closed the connection." : "The connection was lost.");
}
