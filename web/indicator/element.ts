/**
 * `<presence-indicator>`: an agent's own presence in the navigation bar of any page, and the dialog in which it is set.
 * The element holds what is entered and who listens; what it shows is decided in `shown.ts` and drawn by the views.
 */

import type { AgentClient } from "../client/presence.ts";
import { RequestFailed } from "../client/requests.ts";
import { beside } from "../look/place.ts";
import { refusedToOneself } from "../words/refusals.ts";
import { INDICATOR } from "../words/indicator.ts";
import { asSet, choosing, dialog, type DialogActs, type Entered, NOTHING_ENTERED } from "./dialog.ts";
import { draw, h } from "./dom.ts";
import { keep, recall, remembering } from "./remembered.ts";
import { announcement, type Shown, shown } from "./shown.ts";
import { indicatorSheet } from "./styles.ts";
import { until } from "./until.ts";
import { button, panel } from "./views.ts";

/** What is entered beside the presence. */
type Field = "reason" | "next" | "length";

/** Stopwatches go on while nothing else happens. */
const REDRAWN_EVERY_MS = 1000;

export class PresenceIndicator extends HTMLElement {
  readonly #root: ShadowRoot;
  #client: AgentClient | null = null;
  #entered: Entered = NOTHING_ENTERED;
  #reasons: readonly string[] = [];
  #before: Shown | null = null;
  #said = "";
  #redrawing: ReturnType<typeof setInterval> | undefined;
  #stopListening: (() => void) | null = null;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [indicatorSheet()];
  }

  /** With which it knows the presence. Whoever gives it, ends it. */
  get client(): AgentClient | null {
    return this.#client;
  }

  set client(client: AgentClient | null) {
    if (client === this.#client) return;
    this.#client = client;
    if (this.isConnected) this.#listen();
  }

  connectedCallback(): void {
    this.#listen();
    this.#redrawing = setInterval(() => this.#draw(), REDRAWN_EVERY_MS);
    window.addEventListener("resize", this.#place);
  }

  disconnectedCallback(): void {
    this.#stopListening?.();
    clearInterval(this.#redrawing);
    window.removeEventListener("resize", this.#place);
  }

  #listen(): void {
    this.#stopListening?.();
    const client = this.#client;
    const changed = client?.onChange(() => this.#draw());
    const told = client?.onPresenceChange((detail) => {
      this.dispatchEvent(new CustomEvent("presencechange", { detail, bubbles: true, composed: true }));
    });
    this.#stopListening = () => {
      changed?.();
      told?.();
    };
    this.#draw();
  }

  #find<Tag extends keyof HTMLElementTagNameMap>(selector: Tag): HTMLElementTagNameMap[Tag] | null;
  #find(selector: `[name=${Field}]`): HTMLInputElement | HTMLSelectElement | null;
  #find(selector: string): HTMLElement | null;
  #find(selector: string): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(selector);
  }

  readonly #acts: DialogActs = {
    open: () => this.open(),
    reset: () => void this.#reset(),
    hurry: () => this.#client?.hurry(),
    putAway: (notice) => this.#client?.putAway(notice),
    enter: (what) => this.#enter(what),
    choose: (presenceId) => this.#choose(presenceId),
    submit: (event) => void this.#submit(event),
    close: () => this.#find("dialog")?.close(),
  };

  /** Opens the dialog "Set your presence status". */
  open(): void {
    const agent = this.#client?.agent ?? null;
    this.#reasons = agent === null ? [] : recall(agent.agentId);
    this.#entered = agent === null ? NOTHING_ENTERED : asSet(agent);
    this.#draw();
    this.#find("form")?.reset();
    this.#fill("reason", this.#entered.set.reason);
    this.#fill("next", this.#entered.set.next);
    this.#draw();
    this.#find("dialog")?.showModal();
    this.#find("[name=presence]:checked")?.focus();
  }

  #fill(name: Field, value: string): void {
    const field = this.#find(`[name=${name}]`);
    if (field !== null) field.value = value;
  }

  #value(name: Field): string {
    return this.#find(`[name=${name}]`)?.value.trim() ?? "";
  }

  #enter(what: Partial<Entered>): void {
    this.#entered = { ...this.#entered, ...what };
    this.#draw();
    if (what.length === "at") this.#find("#at")?.focus();
  }

  #choose(presenceId: string): void {
    const { set } = this.#entered;
    this.#enter(choosing(this.#entered, presenceId));
    // The reason of another presence is not this one's.
    const back = presenceId === set.presenceId;
    if (back && this.#value("reason") === "") this.#fill("reason", set.reason);
    if (!back && this.#value("reason") === set.reason) this.#fill("reason", "");
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const client = this.#client;
    if (client === null) return;
    const { presenceId, length, at, set } = this.#entered;
    const reason = this.#value("reason");
    const next = this.#value("next");
    const end = until(length, at, set.until, client.now ?? 0);
    this.#enter({ asking: "asking", refusal: "" });
    const refusal = await this.#ask(() =>
      client.setPresence(presenceId, {
        ...(end === null ? {} : { until: new Date(end).toISOString() }),
        ...(end === null || next === "" ? {} : { nextPresenceId: next }),
        ...(reason === "" ? {} : { reason }),
      }),
    );
    this.#enter({ asking: "idle", refusal: refusal ?? "" });
    if (refusal === null) {
      keep(client.state.agent?.agentId ?? "", remembering(this.#reasons, reason));
      this.#acts.close();
    } else if (this.#root.activeElement === null) this.#find("#form .primary")?.focus();
  }

  async #reset(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    const refusal = await this.#ask(() => client.resetPresence());
    if (refusal !== null) this.#say(refusal);
    this.#enter({ refusal: refusal ?? "" });
    // What was pressed is gone; the next key should not be lost.
    if (this.#root.activeElement === null) this.#find("button")?.focus();
  }

  /** The sentence that explains a refusal, or null when it is done. */
  async #ask(what: () => Promise<void>): Promise<string | null> {
    try {
      await what();
      return null;
    } catch (error) {
      if (error instanceof RequestFailed) return refusedToOneself(error.code, error.said);
      throw error;
    }
  }

  #say(text: string): void {
    this.#said = text;
    this.#draw();
  }

  #draw(): void {
    const client = this.#client;
    if (client === null) return;
    const now = shown(client);
    const { options, notices } = client.state;
    const said = this.#before === null ? null : announcement(this.#before, now);
    if (said !== null) this.#said = said;
    this.#before = now;
    const below = this.hasAttribute("quiet") ? [] : panel(now, notices, this.#acts);
    const from = { options, reasons: this.#reasons, now: client.now ?? 0 };
    // Rules of the page reach the element itself, and what it inherits; here that ends.
    const root = h(
      "div",
      { id: "root" },
      button(now, this.#acts),
      h("div", { part: "panel", popover: "manual", role: "group", "aria-label": INDICATOR.notices }, ...below),
      h("dialog", { "aria-labelledby": "title", part: "dialog" }, ...dialog(now, this.#entered, from, this.#acts)),
      h("div", { class: "unseen", role: "status" }, this.#said),
    );
    draw(this.#root, [root]);
    this.#enterAgain();
    this.#find("[popover]")?.togglePopover(below.some((child) => child !== null));
    this.#place();
  }

  /** Choices that were drawn anew show what is chosen. */
  #enterAgain(): void {
    for (const radio of this.#root.querySelectorAll<HTMLInputElement>("[name=presence]")) {
      const checked = radio.value === this.#entered.presenceId;
      if (radio.checked !== checked) radio.checked = checked;
    }
    this.#fill("length", this.#entered.length);
  }

  readonly #place = (): void => {
    const below = this.#find("[popover]");
    const bar = this.#find("#button")?.getBoundingClientRect();
    if (below?.matches(":popover-open") !== true || bar === undefined) return;
    const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
    const { left, top } = beside(bar, below.getBoundingClientRect(), view);
    below.style.left = `${left}px`;
    below.style.top = `${top}px`;
  };
}
