"""Sends one event and a batch with the client that `openapi-python-client` made of the hub's document."""

import os
import sys
import uuid

from presence_hub_client import AuthenticatedClient
from presence_hub_client.api.agents import list_agents, put_agent
from presence_hub_client.api.events import send_events
from presence_hub_client.models import (
    AgentRecordInput,
    CloudEventWorkitemAssigned,
    CloudEventWorkitemClosed,
    CloudEventWorkitemOffered,
    SpecVersion,
    WorkItemAssigned,
    WorkItemOffered,
    WorkItemReleased,
)

hub = os.environ.get("HUB", "http://127.0.0.1:7350")


def named(kind, name, data):
    return kind(specversion=SpecVersion("1.0"), id=str(uuid.uuid4()), source="/generated", type_=name, data=data)


with AuthenticatedClient(base_url=hub, token=os.environ["TOKEN"], raise_on_unexpected_status=True) as client:
    record = put_agent.sync("ada", client=client, body=AgentRecordInput(name="Ada", units=100))
    print("record", record.agent_id, record.name, record.units)
    about = {"agent_id": "ada", "work_item_id": "generated"}
    one = named(CloudEventWorkitemOffered, "workitem.offered", WorkItemOffered(**about, units=10))
    results = send_events.sync(client=client, body=one).results
    print("one event", [result.status.value for result in results])
    batch = [
        named(CloudEventWorkitemAssigned, "workitem.assigned", WorkItemAssigned(**about)),
        named(CloudEventWorkitemClosed, "workitem.closed", WorkItemReleased(**about)),
    ]
    results += send_events.sync(client=client, body=batch).results
    print("a batch", [result.status.value for result in results[1:]])
    agents = list_agents.sync(client=client, agent_ids=["ada"]).items
    print("agents", [(agent.agent_id, agent.presence.presence_id) for agent in agents])
    sys.exit([result.status.value for result in results] != ["applied"] * 3 or len(agents) != 1)
