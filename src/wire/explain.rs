//! From the domain to its reasons: why an agent's presence is what it is, and why it may not get work.

use super::{shapes, show, words};
use crate::domain::agent::{Agent, Connection};
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::directory::Directory;
use crate::domain::rules::eligibility::Reason;
use crate::domain::trace::Verdict;

/// Why the agent's presence is what it is.
#[must_use]
pub fn explanation(seq: u64, agent: &Agent, directory: &Directory) -> shapes::Explanation {
    let sums = Capacity::of(agent, directory, Counting::All);
    shapes::Explanation {
        presence: show::agent_presence(seq, agent, directory),
        at: show::time(agent.changed_at),
        rules: rules(agent),
        capacity: show::capacity(agent, &sums),
        holding_capacity: agent.items.iter().filter(|item| item.holds_capacity()).map(show::work_item).collect(),
        connection: connection(&agent.connection),
        hold: agent.standing.hold.map(words::hold),
    }
}

/// What the newest change looked at, in order, as the deciding code traced it.
fn rules(agent: &Agent) -> Vec<shapes::RuleConsidered> {
    let considered = agent.trace.considered().iter();
    considered
        .map(|one| shapes::RuleConsidered {
            rule: one.rule.id().to_owned(),
            says: one.rule.sentence().to_owned(),
            applied: match one.verdict {
                Verdict::Decided => true,
                Verdict::Passed => false,
            },
        })
        .collect()
}

fn connection(connection: &Connection) -> shapes::ConnectionState {
    match connection {
        Connection::SignedOut => shapes::ConnectionState::SignedOut,
        Connection::Connected { sessions } => {
            shapes::ConnectionState::Connected { sessions: sessions.iter().map(ToString::to_string).collect() }
        }
        Connection::Held { began, until, .. } => {
            shapes::ConnectionState::Held { since: show::time(*began), until: show::time(*until) }
        }
        Connection::Disconnected { until } => {
            shapes::ConnectionState::Disconnected { restore_until: show::time(*until) }
        }
    }
}

/// Whether the agent may get work, from its capacity and the reasons against it.
#[must_use]
pub fn eligible_agent(seq: u64, agent: &Agent, sums: &Capacity, reasons: &[Reason]) -> shapes::EligibleAgent {
    shapes::EligibleAgent {
        agent_id: agent.record.agent.as_str().to_owned(),
        eligible: reasons.is_empty(),
        reasons: reasons.iter().copied().map(words::ineligible).collect(),
        version: agent.version,
        seq,
        presence_id: agent.shown_presence().to_owned(),
        capacity: show::capacity(agent, sums),
    }
}
