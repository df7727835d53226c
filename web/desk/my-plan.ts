/** What the agent is planned to do today: read as the desk opens, and anew now and then, for planners change it meanwhile. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { explain, read } from "../live/session.ts";
import type { Activity, PlannedActivity } from "../wire.ts";
import { MY_PLAN } from "../words/desk.ts";
import { moment } from "../words/moment.ts";
import { midnight } from "./week.ts";

const ANEW_EVERY = 15 * 60_000;
/** After a reading that failed it is tried again sooner. */
const AGAIN_AFTER = 60_000;

interface Planned {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class MyPlan extends LitElement {
  static override properties = { agentId: {}, now: { type: Number } };
  declare agentId: string;
  /** The hub's time. */
  declare now: number;
  /** When it is read next, by the hub's time. */
  #due = 0;
  #planned: readonly Planned[] = [];
  #failed: string | null = null;

  constructor() {
    super();
    this.agentId = "";
    this.now = 0;
  }

  /** It is part of the desk's own grid of cards, and wears its styles. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    if (this.agentId === "" || this.now === 0 || this.now < this.#due) return;
    this.#due = this.now + ANEW_EVERY;
    void this.#read();
  }

  async #read(): Promise<void> {
    const today = { from: midnight(this.now), to: new Date(this.now).setHours(24, 0, 0, 0) };
    const edges = new URLSearchParams({
      from: new Date(today.from).toISOString(),
      to: new Date(today.to).toISOString(),
    });
    try {
      const own = `api/v1/agents/${encodeURIComponent(this.agentId)}`;
      const { items } = await read<{ readonly items: readonly PlannedActivity[] }>(`${own}/plan?${edges.toString()}`);
      this.#planned = items.length === 0 ? [] : await named(items);
      this.#failed = null;
    } catch (error) {
      this.#failed = explain(error);
      this.#due = this.now + AGAIN_AFTER;
    }
    this.requestUpdate();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.#failed === null && this.#planned.length === 0) return nothing;
    return html`
      <section class="card" aria-labelledby="my-plan">
        <h2 id="my-plan">${MY_PLAN.title}</h2>
        ${this.#failed === null ? nothing : html`<p class="faint" role="alert">${MY_PLAN.failed(this.#failed)}</p>`}
        <ol class="spans">${this.#planned.map((one) => this.#one(one))}</ol>
      </section>
    `;
  }

  #one({ start, end, text }: Planned): TemplateResult {
    const says = MY_PLAN.span(text, moment(start, this.now), moment(end, this.now));
    const isNow = start <= this.now && this.now < end;
    return html`<li aria-current=${isNow ? "time" : nothing}>${isNow ? html`<strong>${MY_PLAN.isNow(says)}</strong>` : says}</li>`;
  }
}

/** With the texts of activities; one that is no more has its id. */
async function named(items: readonly PlannedActivity[]): Promise<readonly Planned[]> {
  const { items: activities } = await read<{ readonly items: readonly Activity[] }>("api/v1/activities?limit=1000");
  const texts = new Map(activities.map(({ activityId, text }) => [activityId, text]));
  return items.map(({ start, end, activityId }) => ({
    start: Date.parse(start),
    end: Date.parse(end),
    text: texts.get(activityId) ?? activityId,
  }));
}

customElements.define("my-plan", MyPlan);
