//! The checker is checked: into copies of a clean case something is put that breaks a promise, and has to be found.

use super::{Case, Violation};
use crate::record::{End, Life, Listed, Shown};

/// Puts it in; none if the case has nothing to put it into.
type Spoil = fn(&mut Case) -> Option<()>;

const SPOILINGS: [(&str, Spoil); 10] = [
    ("an acknowledged event that no hub has", loses_an_event),
    ("an acknowledged event that one hub does not have", loses_an_event_at_one_hub),
    ("an operation that was kept twice", keeps_twice),
    ("an entry that differs", differs),
    ("a version that is missing", leaves_a_version_out),
    ("an acknowledgement that overtook another", overtakes),
    ("a board that shows something else", shows_something_else),
    ("a board that shows somebody Offline who answers", shows_offline),
    ("somebody Offline who answers", is_offline),
    ("an agent of a lost hub that is given out", gives_out),
];

/// What was put in and not found.
pub fn unseen(clean: &Case) -> Vec<Violation> {
    let is_unseen = |spoil: Spoil| {
        let mut case = clean.clone();
        spoil(&mut case).is_some() && case.broken().is_empty()
    };
    let unseen = SPOILINGS.into_iter().filter(|(_, spoil)| is_unseen(*spoil));
    unseen.map(|(what, _)| format!("the checker is blind: it did not find {what}")).collect()
}

/// What could not be put in.
pub fn untried(clean: &Case) -> Vec<String> {
    let untried = SPOILINGS.into_iter().filter(|(_, spoil)| spoil(&mut clean.clone()).is_none());
    untried.map(|(what, _)| format!("the checker was not tried with {what}")).collect()
}

/// The operation of an event that was acknowledged.
fn operation(case: &Case) -> Option<String> {
    case.seen.acks.iter().rev().find_map(|ack| ack.operation.clone())
}

fn loses_an_event(case: &mut Case) -> Option<()> {
    let lost = operation(case);
    lost.as_ref()?;
    case.logs
        .iter_mut()
        .for_each(|log| log.iter_mut().filter(|row| row.operation == lost).for_each(|row| row.operation = None));
    Some(())
}

fn loses_an_event_at_one_hub(case: &mut Case) -> Option<()> {
    let lost = operation(case);
    lost.as_ref()?;
    case.logs.get_mut(1)?.retain(|row| row.operation != lost);
    Some(())
}

fn keeps_twice(case: &mut Case) -> Option<()> {
    for log in &mut case.logs {
        let mut again = log.iter().find(|row| row.operation.is_some())?.clone();
        again.seq = log.last()?.seq + 1;
        log.push(again);
    }
    Some(())
}

fn differs(case: &mut Case) -> Option<()> {
    case.logs.get_mut(2)?.last_mut()?.entry.push(' ');
    Some(())
}

fn leaves_a_version_out(case: &mut Case) -> Option<()> {
    let left_out = case.logs.first()?.iter().find(|row| row.operation.is_none() && row.state().is_some())?.seq;
    case.logs.iter_mut().for_each(|log| log.retain(|row| row.seq != left_out));
    Some(())
}

fn overtakes(case: &mut Case) -> Option<()> {
    let mut acks = case.seen.acks.iter().filter(|ack| ack.operation.is_some());
    let first = acks.next()?.clone();
    let later =
        acks.find(|ack| ack.agent == first.agent && ack.version > first.version && ack.sent > first.answered)?;
    let answered = later.answered;
    let first = case.seen.acks.iter_mut().find(|ack| ack.operation == first.operation)?;
    (first.sent, first.answered) = (answered + 1, answered + 2);
    Some(())
}

fn shows_something_else(case: &mut Case) -> Option<()> {
    case.boards.get_mut(0)?.values_mut().next()?.presence = "elsewhere".to_owned();
    Some(())
}

/// The longest life of a socket.
fn longest(case: &Case) -> Option<Life> {
    case.seen.lives.iter().max_by_key(|life| life.heard - life.opened).cloned()
}

fn shows_offline(case: &mut Case) -> Option<()> {
    let life = longest(case)?;
    let (at, agent) = (life.heard - 100, life.agent);
    case.seen.shown.push(Shown { board: 0, hub: 0, at, agent, frame: String::new() });
    Some(())
}

fn is_offline(case: &mut Case) -> Option<()> {
    let life = longest(case)?;
    let subject = format!("agent/{}", life.agent);
    for log in &mut case.logs {
        let within = log.iter_mut().filter(|row| row.subject == subject && row.operation.is_none());
        let mut within = within.filter(|row| life.opened + 1_000 < row.at && row.at + 1_000 < life.heard);
        let row = within.find(|row| row.entry.contains("\"connected\":["))?;
        let begins = row.entry.find("\"connection\":{")?;
        let ends = begins + row.entry.get(begins..)?.find(']')? + 2;
        row.entry.replace_range(begins..ends, "\"connection\":\"signedOut\"");
    }
    Some(())
}

fn gives_out(case: &mut Case) -> Option<()> {
    let hub = (0..3).find(|hub| !case.lost.contains(hub))?;
    let lost = *case.lost.first()?;
    let (sent, agent) = (case.at + 5_000, "nobody".to_owned());
    let (opened, ended) = (case.at - 1_000, case.at + 10_000);
    case.seen.lives.push(Life { agent: agent.clone(), hub: lost, opened, heard: case.at, ended, end: End::Silent });
    case.seen.listed.push(Listed { hub, sent, answered: sent, agents: [agent].into() });
    Some(())
}
