//! The tables of what is planned. `docs/history.md` describes them.

/// Makes them. Never edit it once it was released: it is a step of the database's version.
pub const CREATE: &str = "
-- `presence_ids` and `base_statuses` are JSON lists. `planned` counts the rows of `plans` that name it.
CREATE TABLE plan_activities (
    number INTEGER PRIMARY KEY,
    activity_id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    presence_ids TEXT NOT NULL,
    base_statuses TEXT NOT NULL,
    tolerance_seconds INTEGER NOT NULL,
    planned INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Agents who are planned to do something, and whoever excused them. Of who was erased it is the pseudonym.
CREATE TABLE plan_people (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
) STRICT;
-- What an agent is planned to do from `start` until before `end`. No two of an agent overlap.
CREATE TABLE plans (
    agent INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    activity INTEGER NOT NULL,
    PRIMARY KEY (agent, start)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER plans_more AFTER INSERT ON plans BEGIN
    UPDATE plan_activities SET planned = planned + 1 WHERE number = new.activity;
END;
CREATE TRIGGER plans_fewer AFTER DELETE ON plans BEGIN
    UPDATE plan_activities SET planned = planned - 1 WHERE number = old.activity;
END;
-- Times that are not held against an agent.
CREATE TABLE plan_exceptions (
    exception_id TEXT PRIMARY KEY,
    agent INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    reason TEXT NOT NULL,
    author INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_exceptions_agent ON plan_exceptions (agent, start, end);
";
