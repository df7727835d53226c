/** What every page says: names, and the few words that they share. */

export const PAGES = {
  hub: "Presence hub",
  desk: "Agent desk",
  board: "Supervisor board",
  needsJavaScript: "The presence hub's pages need JavaScript.",
  signOut: "Sign out",
  notSignedOut: (why: string) => `Not signed out: ${why}.`,
  goToSignIn: "Go to sign-in",
  signInAgain: "Sign in again",
  reconnectNow: "Reconnect now",
  tryAgain: "Try again",
  cancel: "Cancel",
  close: "Close",
  presence: "Presence",
};

/** Why asking who is signed in, signing in or signing out did not work, as the end of a sentence. */
export const SESSION = {
  noAnswer: "there was no answer",
  answered: (status: number) => `the hub answered ${status}`,
};
