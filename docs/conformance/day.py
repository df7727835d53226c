"""Follows a board for some seconds while agents work, then holds the history to what the board was shown.

Usage: day.py SECONDS, with HUB and TOKEN (role supervisor) in the environment.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone

from websockets.sync.client import connect

HUB, TOKEN = os.environ["HUB"], os.environ["TOKEN"]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
SHOWN = ("presenceId", "origin", "hold", "seq")


def get(path, **query):
    url = f"{HUB}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS)) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(float(error.headers["Retry-After"]))


def millis(text):
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def board(seconds):
    """Every state that a watch of all agents was told, by agent and version; the newest of each agent at the end."""
    told, ends = {}, time.monotonic() + seconds
    url = f"{HUB.replace('http', 'ws', 1)}/ws?roles=supervisor"
    with connect(url, additional_headers=HEADERS, max_size=None) as socket:
        socket.recv()
        socket.send(json.dumps({"type": "watch", "id": 1, "filter": {}}))
        while (left := ends - time.monotonic()) > 0:
            try:
                frame = json.loads(socket.recv(timeout=left))
            except TimeoutError:
                break
            for agent in frame.get("agents", []):
                told.setdefault(agent["agentId"], {})[agent["version"]] = agent
    return told


def intervals(agent):
    items, cursor = [], {}
    while True:
        page = get(f"agents/{agent}/history", limit=1000, **cursor)
        items += page["items"]
        if "nextCursor" not in page:
            return items
        cursor = {"cursor": page["nextCursor"]}


def hold(told):
    """Holds the rows of each agent to each other, to the board, and to the report over them."""
    wrong, rows, states, sums = [], 0, 0, {}
    start, end = min(i["start"] for i in map(first, told)), datetime.now(timezone.utc).isoformat()
    report = get("reports/time-in-status", **{"from": start, "to": end})
    for agent in sorted(told):
        of = intervals(agent)
        rows += len(of)
        for one, other in zip(of, of[1:]):
            if (one["end"], one["version"] + 1) != (other["start"], other["version"]):
                wrong.append(f"{agent}: {other['version']} does not follow {one['version']}")
        by_version = {one["version"]: one for one in of}
        for version, shown in told[agent].items():
            states += 1
            row = by_version.get(version, {})
            if any(row.get(field) != shown.get(field) for field in SHOWN):
                wrong.append(f"{agent} {version}: shown {shown}, kept {row}")
        for one in of:
            began, over = millis(one["start"]), millis(one["end"] or report["to"])
            lasted = min(over, millis(report["to"])) - max(began, millis(report["from"]))
            if lasted > 0:
                key = (agent, one["presenceId"])
                sums[key] = sums.get(key, 0) + lasted
    reported = {}
    for line in report["items"]:
        key = (line["agentId"], line["presenceId"])
        reported[key] = reported.get(key, 0) + line["durationMs"]
    for key in sums.keys() | reported.keys():
        if sums.get(key) != reported.get(key):
            wrong.append(f"{key}: rows {sums.get(key)}, report {reported.get(key)}")
    print(f"{len(told)} agents, {states} states shown, {rows} rows, {len(reported)} sums: {len(wrong)} wrong")
    return wrong


def first(agent):
    return get(f"agents/{agent}/history", limit=1)["items"][0]


sys.exit("\n".join(hold(board(float(sys.argv[1])))[:20]) or None)
