/** The grid of the board alone. */

import "../../web/look/page.css";
import { emptyRoster } from "../../web/client/roster.ts";
import { EVERYBODY } from "../../web/board/filters.ts";
import { AgentGrid } from "../../web/board/grid.ts";
import { Surveyor } from "../../web/board/survey.ts";
import { everyTenth, FLOOR, PRESENCES } from "./floor.ts";

const grid = new AgentGrid();
const roster = { ...emptyRoster(), presences: new Map(PRESENCES.map((presence) => [presence.presenceId, presence])) };
const surveyor = new Surveyor();
for (const agent of FLOOR) roster.agents.set(agent.agentId, agent);
Object.assign(grid, { roster, order: { by: "since", direction: "ascending" } });
grid.style.height = "100vh";

function list(): void {
  grid.ids = surveyor.survey(roster.agents, roster.presences, EVERYBODY, grid.order).ids;
  grid.now = Date.now();
}
list();
document.body.append(grid);
everyTenth((changed) => {
  for (const agent of changed) roster.agents.set(agent.agentId, agent);
  if (changed.some(({ agentId }) => grid.shows(agentId))) grid.requestUpdate();
});
setInterval(list, 250);
Object.assign(window, { scrolled: () => grid });
