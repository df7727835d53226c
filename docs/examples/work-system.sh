#!/bin/sh
# A work system: one conversation, from the offer to its end.
#   TOKEN=$(presence-hub token --sub acd --role integration) sh work-system.sh ada
set -eu
. "$(dirname "$0")/events.sh"
agent=$1
item=chat-$(date +%s)-$$

report() {
    data=$(jq -nc --arg agent "$agent" --arg item "$item" --argjson more "$2" \
        '{agentId: $agent, workItemId: $item} + $more')
    result=$(send "$(event "$1" "$data")")
    echo "$result" | jq -r --arg type "$1" '[$type, .status, .code // .presenceId] | join(" ")'
    echo "$result" | jq -e '.status != "rejected"' >/dev/null # what was rejected will be rejected again
}

report workitem.offered '{"timeoutSeconds": 30}'
report workitem.assigned '{"subEvent": "ASSIGNMENT_ACCEPT"}'
report workitem.closed '{}'
