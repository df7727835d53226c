/** The banners that both live pages show: what the hub refused, and the way back to it. */

import { html, nothing, type TemplateResult } from "lit";
import { FORBIDDEN, mayReturn, SIGNED_OUT } from "../client/close-codes.ts";
import type { Link } from "../client/link.ts";
import { signInPage } from "../live/session.ts";
import { PAGES } from "../words/pages.ts";

/** Always there, because a live region must exist before it speaks. */
export function refusalBanner(refusal: string | null): TemplateResult {
  return html`<div role="alert">${refusal === null ? nothing : html`<p class="banner danger">${refusal}</p>`}</div>`;
}

/** What a person can do about a connection that is not there. */
export function wayBack(link: Link, hurry: () => void): TemplateResult | typeof nothing {
  const again = (label: string): TemplateResult => html`<button @click=${hurry}>${label}</button>`;
  switch (link.phase) {
    case "waiting":
      return again(PAGES.reconnectNow);
    case "ended":
      if (mayReturn(link.code) === "renew" || link.code === FORBIDDEN) {
        return html`<a class="button" href=${signInPage()}>${PAGES.goToSignIn}</a>`;
      }
      return again(link.code === SIGNED_OUT ? PAGES.signInAgain : PAGES.tryAgain);
    case "connecting":
    case "live":
      return nothing;
  }
}
