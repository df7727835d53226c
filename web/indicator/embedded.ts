/** The indicator as pages of other origins include it: it connects by itself, with what the page gives it. */

import { byCookie, byToken, type Credentials } from "../client/credentials.ts";
import { AgentClient } from "../client/presence.ts";
import { PresenceIndicator } from "./element.ts";

/** Fetches a ticket, or a token; null if nobody is signed in. */
type Ticket = () => Promise<string | null>;

export class EmbeddedIndicator extends PresenceIndicator {
  /** Where the hub is, unless the element's attribute `hub` says it. */
  static hub = "";
  #ticket: Ticket | null = null;

  get ticket(): Ticket | null {
    return this.#ticket;
  }

  /** For pages that fetch tickets in their own way. It is to be there before the element is. */
  set ticket(ticket: Ticket | null) {
    this.#ticket = ticket;
  }

  override connectedCallback(): void {
    takeUp(this, "ticket");
    this.client ??= new AgentClient({
      hub: this.getAttribute("hub") ?? EmbeddedIndicator.hub,
      credentials: this.#credentials(),
    });
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
    const url = this.getAttribute("ticket-url");
    if (this.#ticket !== null) return byToken(this.#ticket);
    return url === null ? byCookie() : byToken(() => fetchTicket(url));
  }
}

/** What a page set before the element was defined stands on the object itself. */
function takeUp(element: EmbeddedIndicator, property: "ticket"): void {
  if (!Object.hasOwn(element, property)) return;
  const given = element[property];
  Reflect.deleteProperty(element, property);
  element[property] = given;
}

/** From the page's own back end, which may pass on the hub's answer as it is. */
async function fetchTicket(url: string): Promise<string | null> {
  const answer = await fetch(url, { method: "POST", cache: "no-store" });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const text = (await answer.text()).trim();
  return text.startsWith("{") ? (JSON.parse(text) as { readonly ticket: string }).ticket : text;
}
