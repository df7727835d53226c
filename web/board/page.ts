import { html, LitElement, type TemplateResult } from "lit";

class P extends LitElement {
  override render(): TemplateResult {
    return html`…`;
  }
}

customElements.define("presence-board", P);
