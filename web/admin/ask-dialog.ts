/** A question before something that cannot be taken back. The browser's own dialog has its keys and its focus. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../look/controls.ts";
import { EDITOR } from "../words/admin.ts";

export interface Question {
  readonly title: string;
  readonly text: TemplateResult | string;
  readonly yes: string;
  readonly no?: string;
}

const NO_QUESTION: Question = { title: "", text: "", yes: "" };

export class AskDialog extends LitElement {
  #question = NO_QUESTION;
  #answer: (yes: boolean) => void = () => undefined;

  /** Resolves with whether it was confirmed. A question that is still open is answered with no. */
  async ask(question: Question): Promise<boolean> {
    this.#question = question;
    this.requestUpdate();
    await this.updateComplete;
    return new Promise((resolve) => {
      this.#settle(false);
      this.#answer = resolve;
      this.#dialog?.showModal();
    });
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  #say(yes: boolean): void {
    this.#dialog?.close();
    this.#settle(yes);
  }

  /** The browser says so a moment later: by then the next question may be open, which this does not answer. */
  #closed(): void {
    if (this.#dialog?.open !== true) this.#settle(false);
  }

  #settle(yes: boolean): void {
    const answer = this.#answer;
    this.#answer = () => undefined;
    answer(yes);
  }

  override render(): TemplateResult {
    const { title, text, yes, no } = this.#question;
    return html`
      <dialog aria-labelledby="title" aria-describedby="text" @close=${() => this.#closed()}>
        <h2 id="title">${title}</h2>
        <div id="text">${text}</div>
        <div class="actions">
          <button @click=${() => this.#say(false)} autofocus>${no ?? EDITOR.cancel}</button>
          <button class="danger" @click=${() => this.#say(true)}>${yes}</button>
        </div>
      </dialog>
    `;
  }

  static override styles = [
    controls,
    css`
      dialog[open] { display: grid; gap: var(--space-4); }
      #text { display: grid; gap: var(--space-2); overflow-wrap: anywhere; }
      .actions { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; }
    `,
  ];
}

customElements.define("ask-dialog", AskDialog);
