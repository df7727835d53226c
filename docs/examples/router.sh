#!/bin/sh
# A router: offers an item to the first agent who may get it.
#   TOKEN=$(presence-hub token --sub router --role integration) sh router.sh chat item-1
set -eu
. "$(dirname "$0")/events.sh"
workstream=$1
item=$2

agents=$(curl --silent --show-error --fail-with-body --max-time 10 --retry 8 \
    "$HUB/api/v1/workstreams/$workstream/eligible-agents?limit=10" -H "Authorization: Bearer $TOKEN" |
    jq -r '.items[].agentId')

for agent in $agents; do
    data=$(jq -nc --arg agent "$agent" --arg item "$item" --arg workstream "$workstream" \
        '{agentId: $agent, workItemId: $item, workstreamId: $workstream, timeoutSeconds: 30, ifEligible: true}')
    result=$(send "$(event workitem.offered "$data")")
    code=$(echo "$result" | jq -r '.code // empty') # also of an offer that was applied and not kept
    if [ -z "$code" ]; then
        echo "offered to $agent"
        exit
    fi
    echo "not $agent: $code"
done
echo "nobody is eligible" >&2
exit 1
