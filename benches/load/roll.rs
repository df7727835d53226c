//! *Roll*: a hub of a cluster is restarted as planned, and its agents go on at the others.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::house::{House, start};
use super::report::Figures;
use super::server::Kind;

/// The hub that is restarted: not the one whose board is looked at.
const ROLLED: usize = 2;
/// Longer than the grace of a restart: whoever was held in it and did not come is shown Offline by then.
const GRACE: Duration = Duration::from_secs(12);
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures a cluster with so many agents, all at the hub that is restarted.
pub fn run(folder: &Path, members: usize) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Cluster, folder, &[])?;
    house.expect_members(members);
    for member in &mut house.ears.members {
        member.hub = ROLLED;
    }
    house.connect_members(members)?;
    house.connect_watchers(1, |_| json!({}))?;
    house.wait("everyone to be shown", |ears| ears.watchers[0].shown_offline == 0)?;
    let before = house.ears.watchers[0].ever_shown_offline();

    let began = Instant::now();
    house.ears.come_again = true;
    house.servers.all[ROLLED].ask_to_end()?;
    let (mut moved, mut ended) = (0, None);
    while ended.is_none() || house.ears.welcomed < members {
        anyhow::ensure!(began.elapsed() < PATIENCE, "{moved} were sent away, {} are in", house.ears.welcomed);
        house.crowd.turn(Instant::now() + Duration::from_millis(5), &mut house.ears)?;
        for number in std::mem::take(&mut house.ears.moving) {
            house.ears.members[number].hub = moved % ROLLED;
            moved += 1;
            house.connect_member(number)?;
        }
        if ended.is_none() && house.servers.all[ROLLED].has_ended()? {
            ended = Some(began.elapsed());
        }
    }
    let back = began.elapsed();
    let hub = start(Kind::Cluster, || house.servers.hub(Kind::Cluster, ROLLED, folder, &[]))?;
    house.servers.all[ROLLED] = hub;
    let rolled = began.elapsed();
    house.pass(GRACE)?;
    let ears = &house.ears;
    anyhow::ensure!(ears.errors.is_empty(), "{:?}", ears.errors.first());
    Ok(Figures::default()
        .with("agents", members as f64)
        .with("attempts", moved as f64)
        .with("hub ended s", ended.unwrap_or_default().as_secs_f64())
        .with("last one back s", back.as_secs_f64())
        .with("hub listens again s", rolled.as_secs_f64())
        .with("shown Offline", (ears.watchers[0].ever_shown_offline() - before) as f64))
}
