/** How the indicator is drawn: the button in the bar, and the panel below it. */

import type { Notice } from "../client/agent.ts";
import { INDICATOR, noticeText } from "../words/indicator.ts";
import { type Child, h, type Markup } from "./dom.ts";
import { icon } from "./shapes.ts";
import type { Remedy, Shown } from "./shown.ts";

/** What can be done by hand. */
export interface Acts {
  open(): void;
  reset(): void;
  hurry(): void;
  putAway(notice: Notice): void;
}

export function button(shown: Shown, acts: Acts): Markup {
  const text = shown.known ? shown.text : `${shown.text} · ${shown.short}`;
  return h(
    "button",
    { id: "button", part: "button", type: "button", "aria-haspopup": "dialog", onclick: () => acts.open() },
    h("span", { part: "plate" }, icon(shown.known ? shown.presence : null)),
    h("span", { part: "text" }, h("span", { class: "unseen" }, INDICATOR.label), text),
    // It would be read anew each second; the dialog says it in words.
    shown.known ? h("span", { part: "time", "aria-hidden": "true" }, shown.time) : null,
  );
}

/** What needs the person now: a hold, and what others did. */
export function panel(shown: Shown, notices: readonly Notice[], acts: Acts): readonly Child[] {
  if (!shown.known) return [];
  return [
    holdBanner(shown, `${shown.facts[0] ?? ""} `, acts),
    ...notices.map((notice) => noticeBanner(notice, shown.text, acts)),
  ];
}

/** `sentence` says what holds the presence, where nothing else does. */
export function holdBanner(shown: Shown, sentence: string, acts: Acts): Child {
  if (!shown.known || shown.hold === null) return null;
  return h(
    "p",
    { class: "warning", part: "banner" },
    h("span", { class: "grow" }, sentence, INDICATOR.held),
    h("button", { class: "primary", type: "button", onclick: () => acts.reset() }, INDICATOR.reset),
  );
}

function noticeBanner(notice: Notice, status: string, acts: Acts): Child {
  const text = noticeText(notice, status);
  if (text === null) return null;
  return h(
    "p",
    { part: "banner" },
    h("span", { class: "grow" }, text),
    h("button", { type: "button", onclick: () => acts.putAway(notice) }, INDICATOR.dismiss),
  );
}

/** What to do about a presence that is not known. */
export function wayOut(remedy: Remedy, acts: Acts): Child {
  const act = (label: string): Markup =>
    h("button", { class: "primary", type: "button", onclick: () => acts.hurry() }, label);
  switch (remedy) {
    case "wait":
      return null;
    case "reconnect":
      return act(INDICATOR.reconnectNow);
    case "try-again":
      return act(INDICATOR.tryAgain);
    case "return":
      return act(INDICATOR.signInAgain);
    case "sign-in":
      return h("p", {}, INDICATOR.signInHere);
    case "ask":
      return h("p", {}, INDICATOR.askSomebody);
  }
}
