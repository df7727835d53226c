//! *Resumption*: boards lose their connections, everyone changes, and the boards come back to be told of it.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::house::{Form, House};
use super::report::Figures;
use super::server::Kind;
use super::usage;

/// Measures the hub.
pub fn run(folder: &Path, members: usize, watchers: usize, form: Form) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Hub, folder, &[])?;
    house.expect_members(members);
    house.connect_members(members)?;
    house.form = form;
    house.connect_watchers(watchers, |_| json!({}))?;
    house.warm_up(members)?;
    house.pass(Duration::from_millis(300))?;

    for number in 0..watchers {
        house.crowd.hang_up(house.ears.watchers[number].link);
    }
    for number in 0..members {
        house.choose(number, "available", Instant::now())?;
    }
    house.wait("all changes to be kept", |ears| ears.members.iter().all(|member| member.version > member.base))?;
    house.pass(Duration::from_millis(500))?;

    let (cpu, wire) = (house.cpu()?, usage::loopback_bytes()?);
    let began = Instant::now();
    for number in 0..watchers {
        house.return_watcher(number)?;
    }
    let expected = (members * watchers) as u64;
    house.wait("all to be told", |ears| ears.deliveries >= expected)?;
    let took = began.elapsed();
    let (cpu, wire) = (house.cpu()?.saturating_sub(cpu), usage::loopback_bytes()?.saturating_sub(wire));
    let ears = &house.ears;
    anyhow::ensure!(ears.errors.is_empty(), "{:?}", ears.errors.first());
    // A snapshot would have named everyone again.
    let resumed = ears.watchers.iter().filter(|watcher| watcher.held == members).count();
    anyhow::ensure!(resumed == watchers && ears.deliveries == expected, "{resumed} of {watchers} resumed");
    Ok(Figures::default()
        .with("resumed", resumed as f64)
        .with("all told s", took.as_secs_f64())
        .with("server CPU s", cpu.as_secs_f64())
        .with("wire kB/board", wire as f64 / 1e3 / watchers as f64))
}
