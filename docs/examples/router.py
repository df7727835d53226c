"""A router: offers an item to the first agent who may get it.

TOKEN=$(presence-hub token --sub router --role integration) python router.py chat item-1
"""

import sys
from urllib.parse import quote

from events import ask, event, send

workstream, item = sys.argv[1:]
eligible = ask(f"/api/v1/workstreams/{quote(workstream, safe='')}/eligible-agents?limit=10")["items"]

for agent in (one["agentId"] for one in eligible):
    result = send(
        event(
            "workitem.offered",
            agentId=agent,
            workItemId=item,
            workstreamId=workstream,
            timeoutSeconds=30,
            ifEligible=True,
        )
    )
    if "code" not in result:
        print(f"offered to {agent}")
        break
    print(f"not {agent}: {result['code']}")
else:
    sys.exit("nobody is eligible")
