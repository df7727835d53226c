/** What `embed/presence-indicator.js` is: it finds its hub from where it was loaded, and defines the element once. */

import { EmbeddedIndicator } from "./embedded.ts";

const script = document.currentScript;
if (script instanceof HTMLScriptElement) EmbeddedIndicator.hub = new URL("..", script.src).href;
if (customElements.get("presence-indicator") === undefined) {
  customElements.define("presence-indicator", EmbeddedIndicator);
}
