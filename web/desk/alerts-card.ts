/** How the person is told, and the choice of it. */

import { html, nothing, type TemplateResult } from "lit";
import { ALERTS } from "../words/desk.ts";
import { alertOf, chosenWays, keepWays, mayNotify, type Moment, type Way } from "./alerts.ts";
import { chime } from "../look/chime.ts";

export class Teller {
  readonly #changed: () => void;
  #ways: ReadonlySet<Way> = chosenWays();
  #before: Moment | null = null;
  #browser: "willing" | "refused" = "willing";

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get ways(): ReadonlySet<Way> {
    return this.#ways;
  }

  get browser(): "willing" | "refused" {
    return this.#browser;
  }

  sees(now: Moment): void {
    const text = this.#before === null ? null : alertOf(this.#before, now);
    this.#before = now;
    if (text === null) return;
    if (this.#ways.has("sound")) void chime();
    if (this.#ways.has("notification") && "Notification" in window && Notification.permission === "granted") {
      const shown = new Notification(text, { tag: "presence" });
      shown.onclick = () => window.focus();
    }
  }

  async choose(way: Way, chosen: "on" | "off"): Promise<void> {
    const ways = new Set(this.#ways);
    if (chosen === "off") ways.delete(way);
    else if (way === "sound") {
      ways.add(way);
      void chime();
    } else {
      this.#browser = (await mayNotify()) === "granted" ? "willing" : "refused";
      if (this.#browser === "willing") ways.add(way);
    }
    this.#ways = ways;
    keepWays(ways);
    this.#changed();
  }
}

export function alertsCard(teller: Teller): TemplateResult {
  const choice = (way: Way, label: string): TemplateResult => {
    const changed = (event: Event): void => {
      void teller.choose(way, (event.target as HTMLInputElement).checked ? "on" : "off");
    };
    return html`<label class="choice"><input type="checkbox" .checked=${teller.ways.has(way)} @change=${changed} /> ${label}</label>`;
  };
  return html`
    <section class="card" aria-labelledby="alerts">
      <h2 id="alerts">${ALERTS.title}</h2>
      <p class="faint">${ALERTS.about}</p>
      ${choice("notification", ALERTS.notification)} ${choice("sound", ALERTS.sound)}
      <p role="status">${teller.browser === "refused" ? ALERTS.refused : nothing}</p>
    </section>
  `;
}
