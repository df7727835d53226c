// A page of another origin that shows an agent's presence and lets it be chosen, with the packed client alone.

import { AgentClient, byToken, type Presence } from "presence-hub-client";

const hub = new URLSearchParams(location.search).get("hub") ?? "";

async function ticket(): Promise<string | null> {
  const answer = await fetch("/ticket", { method: "POST" });
  return answer.ok ? answer.text() : null;
}

const presence = new AgentClient({ hub, credentials: byToken(ticket) });
const shown = document.querySelector("output");

function show(): void {
  if (shown !== null) shown.value = presence.agent?.presence.presenceText ?? "not connected";
}

function option({ presenceId, presenceText }: Presence): HTMLButtonElement {
  const button = document.createElement("button");
  button.textContent = presenceText;
  button.addEventListener("click", () => void presence.setPresence(presenceId, { reason: "chosen on a page" }));
  return button;
}

presence.onChange(show);
presence.onPresenceChange(({ presenceText }) => {
  const change = document.createElement("li");
  change.textContent = presenceText;
  document.querySelector("#changes")?.append(change);
});
document.querySelector("#options")?.append(...(await presence.getPresenceOptions()).map(option));
