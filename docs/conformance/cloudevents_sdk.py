"""Assignment events as the SDK `cloudevents` for Python sends them, in each of its modes and both of its interfaces."""

import datetime
import json
import os
import sys
import urllib.request

from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1.conversion import to_json
from cloudevents.v1.http import CloudEvent as OlderCloudEvent
from cloudevents.v1.http import to_binary, to_structured

HUB, TOKEN = os.environ.get("HUB", "http://127.0.0.1:7350"), os.environ["TOKEN"]
run = datetime.datetime.now(datetime.UTC)


def send(headers, body):
    body = body.encode() if isinstance(body, str) else body
    headers = {**headers, "Authorization": f"Bearer {TOKEN}"}
    if os.environ.get("SHOW"):
        print(json.dumps(headers), body)
    request = urllib.request.Request(f"{HUB}/api/v1/events", body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["results"]


def about(number, mode):
    kind = ["workitem.assigned", "workitem.closed"][number]
    attributes = {
        "id": f"{mode} %é {number} {run}", "source": "/sdk/python", "type": kind, "time": run, "subject": "für Ada",
        "datacontenttype": "application/json", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
    return attributes, {"agentId": "ada", "workItemId": mode, "reason": "ein Gespräch"}


def older(attributes, data):
    # This interface takes times as texts alone.
    return OlderCloudEvent({**attributes, "time": attributes["time"].isoformat()}, data)


def of(message):
    return dict(message.headers), message.body


modes = {
    "core, binary": lambda one: send(*of(to_binary_event(CloudEvent(*one)))),
    "core, structured": lambda one: send(*of(to_structured_event(CloudEvent(*one)))),
    "v1, binary": lambda one: send(*to_binary(older(*one))),
    "v1, structured": lambda one: send(*to_structured(older(*one))),
    "v1, data in base 64": lambda one: send(*to_structured(older(one[0], json.dumps(one[1]).encode()))),
}
wrong = 0
for mode, sends in modes.items():
    for number in (0, 1):
        results = sends(about(number, mode))
        is_right = [result["status"] for result in results] == ["applied"]
        wrong += not is_right
        print("ok   " if is_right else "WRONG", "python", mode, json.dumps(results[0], ensure_ascii=False))
batch = [older(*about(number, "v1, batch")) for number in (0, 1)]
body = "[" + ",".join(to_json(one).decode() for one in batch) + "]"
results = send({"content-type": "application/cloudevents-batch+json; charset=utf-8"}, body)
is_right = [result["status"] for result in results] == ["applied", "applied"]
wrong += not is_right
print("ok   " if is_right else "WRONG", "python v1, batch", json.dumps(results, ensure_ascii=False))
sys.exit(wrong)
