/** The indicator as pages of other origins include it: it connects by itself, with what the page gives it. */

import { byCookie, byToken, type Credentials, type Fetch } from "../client/credentials.ts";
import { AgentClient } from "../client/presence.ts";
import { PresenceIndicator } from "./element.ts";

export class EmbeddedIndicator extends PresenceIndicator {
  /** Where the hub is, unless the element's attribute `hub` or `hubs` says it. */
  static hub = "";
  /**
   * For pages that fetch tickets in their own way. It is to be there before the element is in the page, and may be there
   * before the element is defined: so it is declared alone, and nothing is put in its place.
   */
  declare ticket?: Fetch | null;

  override connectedCallback(): void {
    const hubs = this.getAttribute("hubs") ?? this.getAttribute("hub") ?? EmbeddedIndicator.hub;
    this.client ??= new AgentClient({ hubs: hubs.match(/\S+/g) ?? [], credentials: this.#credentials() });
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // One that is only moved is there again by then: its agent is not to be seen leaving.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.client?.leave();
      this.client = null;
    });
  }

  #credentials(): Credentials {
    const { ticket } = this;
    const url = this.getAttribute("ticket-url");
    if (ticket != null) return byToken(ticket);
    return url === null ? byCookie() : byToken((hub) => fetchTicket(url, hub));
  }
}

/** From the page's own back end, which is told for which hub, and may pass on that hub's answer as it is. */
async function fetchTicket(url: string, hub: string): Promise<string | null> {
  const answer = await fetch(url, { method: "POST", cache: "no-store", body: new URLSearchParams({ hub }) });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const text = (await answer.text()).trim();
  return text.startsWith("{") ? (JSON.parse(text) as { readonly ticket: string }).ticket : text;
}
