"""Sending assignment events, for the other scripts."""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid

HUB = os.environ.get("HUB", "http://127.0.0.1:7350")
HEADERS = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Content-Type": "application/json"}


def event(kind, **data):
    """An assignment event. Its id is made once, however often it is sent."""
    return {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/example", "type": kind, "data": data}


def ask(path, body=None):
    """One request; the answer's JSON. Asks again while the hub cannot answer."""
    data = None if body is None else json.dumps(body).encode()
    pause = 1
    while True:
        try:
            request = urllib.request.Request(HUB + path, data, HEADERS)
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (408, 429):
                sys.exit(f"{error.code}: {error.read().decode()}")
            problem = f"HTTP {error.code}"
        except OSError as error:
            problem = f"no answer: {error}"
        print(f"{problem}; trying again", file=sys.stderr)
        time.sleep(pause * random.uniform(1, 1.5))
        pause = min(pause * 2, 30)


def send(one):
    """Sends an event until it is answered. What was applied already is a `duplicate`: nothing happens twice."""
    return ask("/api/v1/events", one)["results"][0]
