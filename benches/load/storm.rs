//! *Storm*: all members drop at once before the watchers, and return at once.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::house::House;
use super::report::Figures;
use super::server::Kind;

/// Measures one server.
pub fn run(kind: Kind, folder: &Path, members: usize, watchers: usize) -> anyhow::Result<Figures> {
    let mut house = House::open(kind, folder, &[])?;
    house.expect_members(members);
    house.connect_members(members)?;
    house.connect_watchers(watchers, |_| json!({}))?;
    house.warm_up(members)?;
    house.pass(Duration::from_millis(300))?;

    let cpu = house.cpu()?;
    let began = Instant::now();
    for number in 0..members {
        if let Some(link) = house.ears.members[number].link {
            house.crowd.hang_up(link);
            house.ears.gone(number);
        }
    }
    let hung_up = began.elapsed();
    house.wait("everyone to be shown offline", |ears| {
        ears.watchers.iter().all(|watcher| watcher.shown_offline == members)
    })?;
    let left = house.ears.last_heard.saturating_duration_since(began);
    let leaving = house.cpu()?.saturating_sub(cpu);

    house.pass(Duration::from_millis(500))?;
    let cpu = house.cpu()?;
    let began = Instant::now();
    for number in 0..members {
        house.connect_member(number)?;
    }
    let called = began.elapsed();
    house.wait("everyone to be welcomed again", |ears| ears.welcomed == members)?;
    let welcomed = began.elapsed();
    house.wait("everyone to be shown again", |ears| ears.watchers.iter().all(|watcher| watcher.shown_offline == 0))?;
    let returned = house.ears.last_heard.saturating_duration_since(began).max(welcomed);
    let returning = house.cpu()?.saturating_sub(cpu);
    anyhow::ensure!(house.ears.errors.is_empty(), "{kind:?}: {:?}", house.ears.errors.first());
    Ok(Figures::default()
        .with("all seen leaving s", left.as_secs_f64())
        .with("all seen back s", returned.as_secs_f64())
        .with("all welcomed s", welcomed.as_secs_f64())
        .with("hanging up s", hung_up.as_secs_f64())
        .with("calling s", called.as_secs_f64())
        .with("cpu leaving s", leaving.as_secs_f64())
        .with("cpu returning s", returning.as_secs_f64()))
}
