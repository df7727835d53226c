/** AG Grid Community, with its own sorting, and texts in its cells. */

import { AllCommunityModule, createGrid, ModuleRegistry } from "ag-grid-community";
import "../../web/look/page.css";
import { cause } from "../../web/words/contract.ts";
import { clockTime, stopwatch } from "../../web/look/time.ts";
import type { WatchedAgent } from "../../web/wire.ts";
import { everyTenth, FLOOR, PRESENCES } from "./floor.ts";

ModuleRegistry.registerModules([AllCommunityModule]);
const presences = new Map(PRESENCES.map((presence) => [presence.presenceId, presence]));
const root = document.createElement("div");
root.style.height = "100vh";
document.body.append(root);

const data = (params: { data: WatchedAgent | undefined }): WatchedAgent => params.data as WatchedAgent;
const grid = createGrid<WatchedAgent>(root, {
  rowData: FLOOR,
  getRowId: ({ data: { agentId } }) => agentId,
  rowHeight: 40,
  rowSelection: { mode: "multiRow" },
  asyncTransactionWaitMillis: 250,
  animateRows: false,
  columnDefs: [
    { headerName: "Agent", valueGetter: (params) => `${data(params).name} ${data(params).agentId}` },
    { headerName: "Presence", valueGetter: (params) => presences.get(data(params).presenceId)?.presenceText },
    {
      colId: "since", headerName: "Time in status", sort: "asc",
      valueGetter: (params) => data(params).since,
      valueFormatter: ({ value }) => `${stopwatch(Date.now() - Date.parse(String(value)))} ${clockTime(String(value))}`,
    },
    { headerName: "Next", valueGetter: (params) => data(params).until ?? "" },
    { headerName: "Set by", valueGetter: (params) => cause(data(params).eventName, data(params).subEventName) },
    { headerName: "Reason", valueGetter: (params) => data(params).reason ?? "" },
    { headerName: "Hold", valueGetter: (params) => data(params).hold ?? "" },
    { headerName: "Capacity", valueGetter: (params) => data(params).capacity?.units?.used },
    { headerName: "Open work", valueGetter: (params) => data(params).openWorkItems },
    { headerName: "Teams", valueGetter: (params) => data(params).teams?.join(", ") },
  ],
});
everyTenth((changed) => grid.applyTransactionAsync({ update: [...changed] }));
setInterval(() => grid.refreshCells({ columns: ["since"] }), 1000);
Object.assign(window, { scrolled: () => root.querySelector(".ag-body-viewport, .ag-grid-viewport") });
