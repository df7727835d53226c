"""What JSON Schema cannot say of a request, for `schemathesis.toml`: which refusals of a request that fits the
document are no mismatch.

Whether a thing that a request names exists is a matter of state, as a conflict is: so are the refusals of the codes
in `STATE`. Of single fields, `UNSAYABLE` has what a schema cannot say, with the reason. Every other refusal with 422
of a request that fits the document is a mismatch.
"""

import re

import schemathesis

STATE = {
    "unknown_agent", "agent_disabled", "unknown_presence", "presence_not_settable", "presence_not_allowed",
    "unknown_work_item", "unknown_profile", "unknown_workstream", "unknown_activity",
}

# The operation, the field, and what the refusal says.
UNSAYABLE = [
    # An id has at most 256 bytes; a schema counts characters.
    (".*", ".*", "an id has 1 to 256 bytes"),
    # A list that is a set by one field of its items.
    ("PUT /api/v1/agents|PATCH /api/v1/agents", "agentId", "is there twice"),
    (".*", "profiles|items", "is named twice"),
    # These name presences that there are, but not to begin with.
    (".*agents.*", "defaultPresenceId|selectablePresenceIds", "no (enabled )?presence is called|set by the hub"),
    # A cursor is what a page before gave, and nothing else.
    ("GET .*(eligible-agents|history|audit|audit/export)", "cursor", "is not from a page before|is none of this list"),
    # Instants are judged by the clock and by each other, and the schema has the form of a zone's name.
    ("GET .*presence(/changes)?", "at|from|to", "is in the future"),
    ("GET .*(history|history/export|presence/changes|reports/.*|adherence|audit|audit/export)", "to", "is before `from`"),
    (".*(plan|plans|adherence-exceptions)", "to|(items.*[.])?end", "is not behind"),
    (".*(plan|plans)", "(items.*[.])?(start|end)", "is before `from`|is behind `to`|lies within another"),
    ("GET .*(time-in-status|adherence)", "from", "makes more than [0-9]+ parts"),
    ("GET .*(reports/.*|adherence)", "tz", "no time zone is called"),
    # The schema has the form of a duration and of a time of day; neither its bounds nor the zones that there are.
    ("PATCH /api/v1/settings", "restoreWindow|refreshGrace|restartGrace", "needs a duration from"),
    ("PATCH /api/v1/settings", "dailyReset", "is no time zone"),
    # What a patch leaves may contradict what it changes.
    ("PATCH /api/v1/workstreams/.*", "wrapUpSeconds", "is needed with|goes with"),
    ("PATCH /api/v1/activities/.*", "presenceIds", "names none, nor does"),
    # It stays what it was when the profile was created.
    ("(PUT|PATCH) /api/v1/capacity-profiles/.*", "resetDuration", "is fixed when the profile is created"),
    # One thing is revoked, and only a token has an end.
    ("POST /api/v1/revocations", "subject|tokenId|expiresAt", "is said of a token|is right"),
    # The schema has no form of an address that can be sent to.
    (".*webhooks.*", "url", "is no address|cannot be sent to"),
    # It has to be in the future.
    (".*", "until", "has passed"),
]


@schemathesis.check
def what_fits_the_document_is_invalid_only_where_no_schema_can_say_so(context, response, case):
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    problem = response.json()

    def is_it(operation, field, detail):
        named = re.fullmatch(operation, case.operation.label) and re.fullmatch(field, problem["field"])
        return named and re.search(detail, problem["detail"])

    if problem["code"] not in STATE and not any(is_it(*one) for one in UNSAYABLE):
        raise AssertionError(f"valid data was refused: {problem}")
