/** What the sign-in page says. */

import { inLanguage } from "./language.ts";

export const SIGN_IN = inLanguage({
  en: {
    asking: "Asking the hub who you are…",
    unreachable: (why: string) => `The hub cannot be reached: ${why}.`,
    notSignedIn: (why: string) => `Not signed in: ${why}.`,
    notKept:
      "your browser did not keep the sign-in. It blocks cookies of this address, or this is not the address to sign in at",
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
  },
  de: {
    asking: "Der Hub wird gefragt, wer Sie sind…",
    unreachable: (why: string) => `Der Hub ist nicht erreichbar: ${why}.`,
    notSignedIn: (why: string) => `Nicht angemeldet: ${why}.`,
    notKept:
      "Ihr Browser hat die Anmeldung nicht behalten. Er blockiert Cookies dieser Adresse, oder man meldet sich unter einer anderen an",
    signedInAs: <Name>(name: Name, roles: string) => ["Angemeldet als ", name, ` (${roles}).`],
    pages: "Seiten",
    noPage: <Link>(api: Link) => ["Keine der Seiten ist für Ihre Rolle; die HTTP-API ist unter ", api, "."],
    chooseWhoToBe:
      "Dieser Hub läuft zur Vorführung. Wählen Sie, wer Sie sein wollen; für zwei zugleich hilft ein privates Fenster.",
    signInWith: (provider: string) => `Anmelden mit ${provider}`,
    goOn: "Weiter",
    useAnotherToken: "Ein anderes Token benutzen",
    token: "Zugangstoken",
    signIn: "Anmelden",
  },
});

/** Why nobody is signed in who was at the identity provider, by the word of the hub. */
export const NOT_SIGNED_IN: Readonly<Record<string, string>> = inLanguage<Readonly<Record<string, string>>>({
  en: {
    stale: "The sign-in took too long, or began in another browser. Try once more.",
    unavailable: "Sign-in does not work right now. Try again in a moment.",
    refused: "The identity provider did not sign you in, or the hub did not believe its answer.",
    no_role: "You are known, and have no role in this hub. Ask whoever administers it.",
  },
  de: {
    stale: "Die Anmeldung dauerte zu lange oder begann in einem anderen Browser. Versuchen Sie es noch einmal.",
    unavailable: "Die Anmeldung geht gerade nicht. Versuchen Sie es gleich noch einmal.",
    refused: "Der Anmeldedienst hat Sie nicht angemeldet, oder der Hub hat seiner Antwort nicht geglaubt.",
    no_role: "Sie sind bekannt, haben aber keine Rolle in diesem Hub. Fragen Sie, wer ihn verwaltet.",
  },
});
