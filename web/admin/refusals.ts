/** A refusal as people read it: what happened, and what they can do. */

import { html, type TemplateResult } from "lit";
import { signInPage } from "../live/session.ts";
import { failedState } from "../look/states.ts";
import { ADMIN, REFUSED } from "../words/admin.ts";
import { PAGES } from "../words/pages.ts";
import type { Refusal } from "./hub.ts";

export function refusalWords({ code, status, detail }: Refusal, deed: "read" | "write"): string {
  switch (code) {
    case "no_answer":
      return deed === "read" ? REFUSED.noAnswerRead : REFUSED.noAnswerWrite;
    case "unreadable":
      return REFUSED.unreadable(status);
    case "unauthenticated":
      return REFUSED.signInEnded;
    case "forbidden":
      return REFUSED.forbidden(detail);
    case "rate_limited":
      return REFUSED.busy;
    case "unavailable":
      return REFUSED.unavailable;
    default:
      return detail === "" ? REFUSED.inUse : REFUSED.other(`${detail.charAt(0).toUpperCase()}${detail.slice(1)}`);
  }
}

/** `unknown` says what is to be done if nothing is known of what became of it. */
export function refusalBanner(refusal: Refusal, unknown: string = REFUSED.noAnswerWrite): TemplateResult {
  const signIn = html`<a class="button" href=${signInPage()} target="_blank">${REFUSED.signInInWindow}</a>`;
  return html`<div class="banner danger"><span class="grow">${refusal.code === "no_answer" ? unknown : refusalWords(refusal, "write")}</span>
    ${refusal.code === "unauthenticated" ? signIn : ""}</div>`;
}

/** Instead of what could not be loaded. */
export function notLoaded(refusal: Refusal, again: () => void): TemplateResult {
  const way =
    refusal.code === "unauthenticated"
      ? html`<a class="button primary" href=${signInPage()}>${PAGES.goToSignIn}</a>`
      : html`<button @click=${again}>${PAGES.tryAgain}</button>`;
  return failedState(ADMIN.failed, refusalWords(refusal, "read"), way);
}
