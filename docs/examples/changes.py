"""A copy of every agent's presence, kept current by the feed of changes.

TOKEN=$(presence-hub token --sub wfm --role integration) python changes.py
"""

import time
from urllib.parse import quote

from events import ask

agents = {}  # the version and the presence of each


def keep(agent, version, presence):
    """The list and the feed may both tell of a change: the newer version counts."""
    if version > agents.get(agent, (0, None))[0]:
        agents[agent] = (version, presence)
        print(agent, presence, flush=True)


def begin():
    """The present. The position comes first, so that nothing falls in between."""
    agents.clear()
    after = ask("/api/v1/changes")["nextAfter"]
    cursor = ""
    while True:
        page = ask(f"/api/v1/agents?limit=1000{cursor}")
        for agent in page["items"]:
            keep(agent["agentId"], agent["version"], agent["presence"]["presenceId"])
        if "nextCursor" not in page:
            return after
        cursor = "&cursor=" + quote(page["nextCursor"])


after = begin()
print("following", flush=True)
while True:
    try:
        page = ask(f"/api/v1/changes?limit=1000&wait=5&after={after}")
    except SystemExit as refused:
        if not str(refused).startswith("410"):
            raise
        after = begin()  # the position is older than what is kept, or of a log that was replaced
        continue
    for change in page["items"]:
        data = change["data"]
        if change["type"] in ("agent.deleted", "agent.left"):
            agents.pop(data["agentId"], None)
            print(data["agentId"], "gone", flush=True)
        else:
            keep(data["agentId"], data["version"], data["presenceId"])
    after = page["nextAfter"]  # keep it with the copy, and a restart goes on from there
    time.sleep(0.2)  # changes gather meanwhile: on a lively floor every single one would be a page
