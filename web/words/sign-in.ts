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
  useAnotherToken: "Use another token",
  token: "Access token",
  signIn: "Sign in",
};
