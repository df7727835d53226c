/** How current the board is: live, catching up or disconnected, of when, and why. It is always in view. */

import { html, nothing, type TemplateResult } from "lit";
import { wayBack } from "../look/banners.ts";
import { badge } from "../look/marks.ts";
import { clockTimeWithSeconds, stopwatch } from "../look/time.ts";
import { BOARD } from "../words/board.ts";
import type { Floor } from "./floor.ts";

export function age({ fresh, asOf, live }: Floor): TemplateResult {
  const time = asOf === null ? "" : clockTimeWithSeconds(asOf);
  switch (fresh.kind) {
    case "live":
      return html`<span class="age">${badge("good", BOARD.live)} ${BOARD.asOf(time)}</span>`;
    case "loading":
      return html`<span class="age">${badge("warning", BOARD.nothingYet)}</span>`;
    case "stale": {
      const what = live.link.phase === "live" ? BOARD.catchingUpShort : BOARD.disconnectedShort;
      const ago = asOf === null || live.now === null ? "" : stopwatch(live.now - asOf);
      return html`<span class="age">${badge("warning", what)} ${time === "" ? nothing : BOARD.ago(time, ago)}</span>`;
    }
  }
}

export function doubt({ fresh, live }: Floor): TemplateResult | typeof nothing {
  if (fresh.kind === "live") return nothing;
  const outOfDate = fresh.kind === "stale" && fresh.since !== null;
  const why = outOfDate ? BOARD.outOfDate(fresh.why, clockTimeWithSeconds(fresh.since)) : fresh.why;
  return html`
    <div class="banner ${live.link.phase === "ended" ? "danger" : "warning"}">
      <span class="grow">${why}</span>
      ${wayBack(live.link, live.hurry)}
    </div>
  `;
}
