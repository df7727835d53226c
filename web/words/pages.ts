/** What every page says: names, and the few words that they share. */

import { inLanguage } from "./language.ts";

export const PAGES = inLanguage({
  en: {
    hub: "Presence hub",
    desk: "Agent desk",
    board: "Supervisor board",
    admin: "Administration",
    reports: "Reports",
    audit: "Audit",
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
  },
  de: {
    hub: "Presence Hub",
    desk: "Arbeitsplatz",
    board: "Teamübersicht",
    admin: "Verwaltung",
    reports: "Berichte",
    audit: "Revisionsprotokoll",
    needsJavaScript: "Die Seiten des Presence Hub brauchen JavaScript.",
    signOut: "Abmelden",
    notSignedOut: (why: string) => `Nicht abgemeldet: ${why}.`,
    goToSignIn: "Zur Anmeldung",
    signInAgain: "Wieder anmelden",
    reconnectNow: "Jetzt verbinden",
    tryAgain: "Erneut versuchen",
    cancel: "Abbrechen",
    close: "Schließen",
    presence: "Status",
  },
});

/** Why asking who is signed in, signing in or signing out did not work, as the end of a sentence. */
export const SESSION = inLanguage({
  en: {
    noAnswer: "there was no answer",
    answered: (status: number) => `the hub answered ${status}`,
  },
  de: {
    noAnswer: "es kam keine Antwort",
    answered: (status: number) => `der Hub antwortete mit ${status}`,
  },
});
