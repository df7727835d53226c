#!/bin/sh
# Every change of an agent as it comes, one JSON object a line, for as long as the hub serves.
#   TOKEN=$(presence-hub token --sub wfm --role integration) sh changes.sh
HUB=${HUB:-http://127.0.0.1:7350}
curl --silent --show-error --fail-with-body --no-buffer "$HUB/api/v1/changes" \
    -H "Accept: text/event-stream" -H "Authorization: Bearer $TOKEN" |
    sed -nu 's/^data: //p'
