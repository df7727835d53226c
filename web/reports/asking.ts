/** A question to the hub whose answer a part of a page shows: asked anew when it is another, and the newest alone counts. */

import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { type Every, everyItem as everyPage, type Page } from "../live/every-item.ts";
import { explain, refusal } from "../live/session.ts";
import { comingLines, failedState } from "../look/states.ts";
import { REPORTS } from "../words/reports.ts";

/** What the hub answers at this address. Whoever asked too much waits for as long as the hub says. */
export async function ask<Answer>(address: string, signal: AbortSignal): Promise<Answer> {
  for (;;) {
    const answer = await fetch(address, { headers: { accept: "application/json" }, cache: "no-store", signal });
    if (answer.ok) return (await answer.json()) as Answer;
    const later = Number(answer.headers.get("retry-after"));
    if (answer.status !== 429 || !(later > 0)) throw await refusal(answer);
    await after(later * 1000, signal);
  }
}

/** Every item of a list, up to `most`; whether that is all, too. `path` has a query. */
export function everyItem<Item>(path: string, signal: AbortSignal, most: number): Promise<Every<Item>> {
  const page = (cursor: string | undefined): Promise<Page<Item>> =>
    ask(cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`, signal);
  return everyPage(page, most);
}

function after(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((passed, ended) => {
    const timer = setTimeout(passed, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      ended(new DOMException("", "AbortError"));
    });
  });
}

type State<Answer> =
  | { readonly at: "asking" }
  | { readonly at: "failed"; readonly why: string }
  | { readonly at: "read"; readonly value: Answer };

export class Question<Answer> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #key: string | null = null;
  #question: (signal: AbortSignal) => Promise<Answer> = () => new Promise(() => undefined);
  #asking: AbortController | null = null;
  #state: State<Answer> = { at: "asking" };

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asking?.abort();
    this.#key = null;
  }

  /** The answer, if it is here. */
  get value(): Answer | null {
    return this.#state.at === "read" ? this.#state.value : null;
  }

  /** Asks, unless it is what was asked before. */
  ask(key: string, question: (signal: AbortSignal) => Promise<Answer>): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#question = question;
    void this.again();
  }

  readonly again = async (): Promise<void> => {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#becomes({ at: "asking" });
    try {
      const value = await this.#question(asking.signal);
      if (!asking.signal.aborted) this.#becomes({ at: "read", value });
    } catch (error) {
      if (!asking.signal.aborted) this.#becomes({ at: "failed", why: explain(error) });
    }
  };

  #becomes(state: State<Answer>): void {
    this.#state = state;
    this.#host.requestUpdate();
  }

  /** What is shown of the answer, or that it is coming, or why it is not here. */
  shown(show: (value: Answer) => TemplateResult): TemplateResult {
    switch (this.#state.at) {
      case "asking":
        return comingLines(6, REPORTS.asking);
      case "failed":
        return failedState(
          REPORTS.failed,
          this.#state.why,
          html`<button @click=${() => void this.again()}>${REPORTS.again}</button>`,
        );
      case "read":
        return show(this.#state.value);
    }
  }
}
