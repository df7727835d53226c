/** What the sign-in page says. */

export const SIGN_IN = {
  asking: "Asking the hub who you are…",
  unreachable: (why: string) => `The hub cannot be reached: ${why}.`,
  notSignedIn: (why: string) => `Not signed in: ${why}.`,
  signedInAs: <Name>(name: Name, roles: string) => ["Signed in as ", name, ` (${roles}).`],
  pages: "Pages",
  noPage: <Link>(api: Link) => ["None of the pages is for your role; the HTTP API is under ", api, "."],
  chooseWhoToBe:
    "This hub runs in demonstration mode. Choose whom to be; to be two at once, use a private window for the second.",
  signInWith: (provider: string) => `Sign in with ${provider}`,
  goOn: "Go on",
  useAnotherToken: "Use another token",
  token: "Access token",
  signIn: "Sign in",
};

/** Why nobody is signed in who was at the identity provider, by the word of the hub. */
export const NOT_SIGNED_IN: Readonly<Record<string, string>> = {
  stale: "The sign-in took too long, or began in another browser. Try once more.",
  unavailable: "Sign-in does not work right now. Try again in a moment.",
  refused: "The identity provider did not sign you in, or the hub did not believe its answer.",
  no_role: "You are known, and have no role in this hub. Ask whoever administers it.",
};
