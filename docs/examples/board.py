"""A board: every agent's presence, live.

pip install websockets
TOKEN=$(presence-hub token --sub sam --role supervisor) python board.py
"""

import json
import os
import random
import sys
import time
import zlib

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

URL = os.environ.get("HUB", "http://127.0.0.1:7350").replace("http", "ws", 1) + "/ws?roles=supervisor"
HEADERS = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
STAY_AWAY = {4400, 4401, 4403, 4404, 4409, 4410, 4413}  # 4401: with a new token one may come back
COME_BACK_LATER = {1013, 4408, 4429, 4500}
SPOKEN = ["presence.v1.json.deflate", "presence.v1.json"]  # the second alone would do
SHORT, LONG = 0.5, 30

agents = {}  # what the board shows
names = {}  # the presences' texts
position = None  # from where a watch can go on
pause = SHORT


def name(presences):
    """The catalog comes before the agents that need it."""
    names.update((one["presenceId"], one["presenceText"]) for one in presences)


def take_in(frame):
    """Snapshots and changes bring the newest state of agents: replace, never merge."""
    name(frame.get("presences", []))
    for agent in frame["agents"]:
        agents[agent["agentId"]] = agent
        print(agent["agentId"], names[agent["presenceId"]], flush=True)


def frame_of(message, inflaters):
    """A text is a frame. A binary message is one that was deflated, by itself or as the next piece of a history."""
    if isinstance(message, str):
        return json.loads(message)
    kind, history = message[0], message[1:5]
    if kind == 0:
        return json.loads(zlib.decompress(message[1:], wbits=-15))
    if kind == 1:
        inflaters[history] = zlib.decompressobj(wbits=-15)
    if kind > 2 or history not in inflaters:
        raise zlib.error(f"a message of kind {kind} for a history that has not begun")
    return json.loads(inflaters[history].decompress(message[5:]))


def follow(socket):
    """Follows until the connection ends."""
    global position, pause
    inflaters = {}
    welcome = json.loads(socket.recv(timeout=10))
    if welcome["type"] == "error":  # the close code that follows says what to do
        print(welcome["error"]["message"], file=sys.stderr)
        socket.recv(timeout=10)
    pause = SHORT
    watch = {"type": "watch", "id": 1, "filter": {}}
    socket.send(json.dumps(watch | ({"since": position} if position else {})))
    while True:
        # A hub that has nothing to say sends heartbeats. One that does not is gone.
        frame = frame_of(socket.recv(timeout=2.5 * welcome["heartbeatSeconds"]), inflaters)
        match frame["type"]:
            case "result":
                print("following:", frame["result"]["mode"], flush=True)
            case "snapshot":
                if frame["part"] == 1:
                    agents.clear()
                    position = None
                take_in(frame)
                if frame["part"] == frame["parts"]:
                    position = {"epoch": welcome["epoch"], "watchId": frame["watchId"], "seq": frame["seq"]}
            case "changes":
                take_in(frame)
                for agent in frame["left"]:
                    agents.pop(agent, None)
                position = {"epoch": welcome["epoch"], "watchId": frame["watchId"], "seq": frame["seq"]}
            case "presences":
                name(frame["presences"])
            case "heartbeat" if position and "seq" in frame:
                position["seq"] = frame["seq"]
            case "restarting":
                least, most = frame["reconnectAfterMs"]
                pause = random.uniform(least, most) / 1000
            case "error":
                sys.exit(frame["error"]["message"])


while True:
    code = None
    try:
        with connect(URL, additional_headers=HEADERS, subprotocols=SPOKEN, close_timeout=1) as socket:
            follow(socket)
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else None
    except (OSError, InvalidHandshake, TimeoutError, zlib.error, json.JSONDecodeError) as error:
        print(error, file=sys.stderr)
    if code in STAY_AWAY:
        sys.exit(f"closed with {code}")
    if code in COME_BACK_LATER:
        pause = max(pause, 5)
    print("not following", code or "", flush=True)
    time.sleep(pause * random.uniform(0.5, 1))
    pause = min(pause * 2, LONG)
