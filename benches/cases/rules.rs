//! Decisions about an agent with open work.

use std::time::Duration;

use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::Actor;
use presence_hub::domain::command::{Ask, Choice, Command};
use presence_hub::domain::directory::Directory;

use super::Measure;
use super::floor::{self, NOW, UNITS};

/// Which agent.
const ADA: usize = 7;

/// Measures every decision.
pub fn all(measure: &mut impl Measure) {
    let directory = floor::directory();
    let at_work = floor::at_work(ADA, &directory);
    let signed_out = floor::after(&at_work, &Command::new(Ask::SignOut, Actor::System), &directory);

    decide(measure, "decide: a chosen presence", &at_work, &chooses(&at_work), &directory);
    decide(measure, "decide: the work that fills", &at_work, &floor::is_assigned(ADA, UNITS), &directory);
    decide(measure, "decide: a return", &signed_out, &floor::signs_in(ADA, NOW), &directory);
    decide(measure, "decide: the end of a session", &at_work, &floor::loses_its_network(ADA), &directory);

    let lapsed = NOW.plus(directory.policy.restore_window + Duration::from_secs(1));
    let lapsed = signed_out.settle(lapsed, &directory).pop().unwrap();
    decide(measure, "decide: a sign-in", &lapsed.after, &floor::signs_in(ADA, lapsed.at), &directory);
}

fn decide(measure: &mut impl Measure, name: &'static str, agent: &Agent, command: &Command, directory: &Directory) {
    let now = NOW.max(agent.changed_at);
    measure.path(
        name,
        || (agent, command, directory),
        |(agent, command, directory)| {
            let decision = agent.decide(command, now, directory).unwrap();
            assert_eq!(decision.changes.len(), 1);
            decision
        },
    );
}

/// Away for a quarter of an hour, then available.
fn chooses(agent: &Agent) -> Command {
    let choice = Choice {
        presence: "away".to_owned(),
        until: Some(NOW.plus(Duration::from_secs(900))),
        next: Some("available".to_owned()),
        reason: Some("at the dentist".to_owned()),
    };
    Command::new(Ask::Choose(choice), Actor::Agent(agent.record.agent.clone()))
}
