"""A work system: one conversation, from the offer to its end.

TOKEN=$(presence-hub token --sub acd --role integration) python work-system.py ada
"""

import sys
import uuid

from events import event, send

agent = sys.argv[1]
item = f"chat-{uuid.uuid4()}"


def report(kind, **more):
    result = send(event(kind, agentId=agent, workItemId=item, **more))
    print(kind, result["status"], result.get("code") or result["presenceId"], flush=True)
    if result["status"] == "rejected":  # it will be rejected again
        sys.exit(1)


report("workitem.offered", timeoutSeconds=30)
report("workitem.assigned", subEvent="ASSIGNMENT_ACCEPT")
report("workitem.closed")
