# Sending assignment events, for the other scripts. Needs curl and jq.
HUB=${HUB:-http://127.0.0.1:7350}

# event TYPE DATA: prints an assignment event. Its id is made once, however often it is sent.
event() {
    id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    jq -nc --arg id "$id" --arg type "$1" --argjson data "$2" \
        '{specversion: "1.0", id: $id, source: "/example", type: $type, data: $data}'
}

# send EVENT: sends it until the hub answers, and prints what became of it. curl tries again when no
# answer came, at 408, 429 and 5xx, and waits as long as the answer says.
send() {
    curl --silent --show-error --max-time 10 --retry 8 --retry-all-errors "$HUB/api/v1/events" \
        -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/cloudevents+json" -d "$1" |
        jq -cs 'last | if .results then .results[0] else error(.detail // "no answer") end'
}
