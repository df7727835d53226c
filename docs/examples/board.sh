#!/bin/sh
# Who is what, now. curl holds no live socket, so this is one look and not a live board.
#   TOKEN=$(presence-hub token --sub sam --role supervisor) sh board.sh
set -eu
HUB=${HUB:-http://127.0.0.1:7350}

cursor=
while :; do
    page=$(curl --silent --show-error --fail-with-body --max-time 10 --retry 8 \
        --get "$HUB/api/v1/agents" -H "Authorization: Bearer $TOKEN" -d limit=100 ${cursor:+--data-urlencode "cursor=$cursor"})
    echo "$page" | jq -r '.items[] | "\(.agentId) \(.presence.presenceText)"'
    cursor=$(echo "$page" | jq -r '.nextCursor // empty')
    [ -n "$cursor" ] || break
done
