"""Copies, kills, restores and checks a data folder under load, and says how long each took.

Usage: years.py PROGRAM CONFIG, where the settings name a folder that `PROGRAM simulate --history 3y` filled and that
is changed by this, and `[server] listen`; the copy becomes copy.db in the current folder.
"""

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time

PROGRAM, CONFIG = sys.argv[1:]
LISTEN = re.search(r'listen\s*=\s*"(.+?)"', open(CONFIG).read())[1]
CONNECTIONS, BATCH, RATE = 2, 25, 500


def run(*command):
    began = time.monotonic()
    ran = subprocess.run([PROGRAM, *command, "--config", CONFIG], capture_output=True, text=True)
    print(f"{command[0]}: {ran.returncode}, {(ran.stdout + ran.stderr).strip()}, {time.monotonic() - began:.1f} s")


def token(role):
    command = [PROGRAM, "token", "--sub", "years", "--role", role, "--config", CONFIG]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def start():
    began = time.monotonic()
    hub = subprocess.Popen([PROGRAM, "--config", CONFIG], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    hub.stdout.readline()
    print(f"listens after {time.monotonic() - began:.2f} s")
    return hub


class Work(threading.Thread):
    """Assigns items and closes them, at an even pace, until the hub is gone."""

    def __init__(self, number, headers):
        super().__init__()
        self.number, self.headers, self.took, self.kept = number, headers, [], {}
        self.start()

    def event(self, place):
        item, kind = divmod(place, 2)
        agent = f"floor-{1 + (item + self.number * 500) % 1000:04}"
        data = {"agentId": agent, "workItemId": f"y{self.number}-{item}"}
        kind = ("workitem.assigned", "workitem.closed")[kind]
        return {"specversion": "1.0", "id": f"{self.number}-{place}", "source": "/years", "type": kind, "data": data}

    def run(self):
        hub, began, sent = http.client.HTTPConnection(LISTEN), time.monotonic(), 0
        try:
            while True:
                time.sleep(max(0, began + sent / RATE - time.monotonic()))
                batch = json.dumps([self.event(sent + place) for place in range(BATCH)])
                asked = time.monotonic()
                hub.request("POST", "/api/v1/events", batch, self.headers)
                answer = json.load(hub.getresponse())
                self.took.append(time.monotonic() - asked)
                for result in answer["results"]:
                    if result["status"] == "applied":
                        self.kept[result["agentId"]] = result["version"]
                sent += BATCH
        except (OSError, http.client.HTTPException):
            print(f"connection {self.number}: {sent} events were answered")


def say(what, works):
    took = sorted(took for work in works for took in work.took)
    for work in works:
        work.took = []
    p50, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.99))
    print(f"{what}: {len(took)} batches, p50 {p50:.1f}, p99 {p99:.1f}, slowest {took[-1] * 1000:.0f} ms")


def versions(headers):
    hub, cursor, found = http.client.HTTPConnection(LISTEN), "", {}
    while True:
        hub.request("GET", f"/api/v1/agents?limit=1000{cursor}", headers=headers)
        page = json.load(hub.getresponse())
        found.update((agent["agentId"], agent["version"]) for agent in page["items"])
        if "nextCursor" not in page:
            return found
        cursor = f"&cursor={page['nextCursor']}"


hub = start()
headers = {"Authorization": f"Bearer {token('integration')}", "Content-Type": "application/json"}
works = [Work(number, headers) for number in range(CONNECTIONS)]
time.sleep(15)
say("before the copy", works)
run("backup", "copy.db")
say("beside the copy", works)
hub.send_signal(signal.SIGKILL)
hub.wait()
for work in works:
    work.join()
hub = start()
found = versions({"Authorization": f"Bearer {token('supervisor')}"})
kept = {}
for work in works:
    for agent, version in work.kept.items():
        kept[agent] = max(version, kept.get(agent, 0))
lost = sum(found.get(agent, 0) < version for agent, version in kept.items())
print(f"of {len(kept)} agents whose changes were acknowledged {lost} lost one")
hub.terminate()
hub.wait()
run("check")
run("check", "copy.db")
run("restore", "copy.db", "--replace")
hub = start()
hub.terminate()
hub.wait()
run("check")
