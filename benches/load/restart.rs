//! *Restart*: a hub that knows very many agents is killed and started again, and everyone comes back.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::admin::{grow_with, put};
use super::house::{House, start};
use super::report::Figures;
use super::server::{Kind, Server};

/// Those who come back at once: a page that finds its hub gone waits a moment, each another one.
const COME_TOGETHER: usize = 2_000;
/// As long as the grace of a restart, with room: whoever was held in it and did not come is shown
/// Offline by then.
const GRACE: Duration = Duration::from_secs(12);
/// A change of a profile has been followed by then.
const FOLLOWED: Duration = Duration::from_secs(5);

/// Measures the hub with so many known agents, of whom so many are connected.
pub fn run(folder: &Path, known: usize, connected: usize) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Hub, folder, &[])?;
    let profile = |most: u32| json!({ "name": "chats", "defaultMax": most }).to_string();
    put(&house, "/api/v1/capacity-profiles/chats", &profile(3))?;
    grow_with(&house, known, |_| json!({ "profiles": [{ "profileId": "chats" }] }))?;
    house.expect_members(connected);
    house.connect_members(connected)?;
    put(&house, "/api/v1/capacity-profiles/chats", &profile(5))?;
    house.pass(FOLLOWED)?;

    let killed = Instant::now();
    house.servers.all[0].kill();
    house.servers.all[0] = start(Kind::Hub, || Server::start(Kind::Hub, folder, &[]))?;
    let listening = killed.elapsed();
    house.forget_members();
    let watcher = house.connect_watcher(None)?;
    house.watch(watcher, &json!({}));
    house.wait("the board to be ready", |ears| ears.watchers[watcher].ready)?;
    for number in 0..connected {
        house.connect_member(number)?;
        house.wait("members to come back", |ears| ears.welcomed + COME_TOGETHER > number)?;
    }
    house.wait("members to come back", |ears| ears.welcomed == connected)?;
    let back = killed.elapsed();
    house.pass(GRACE)?;
    let absent = known - connected;
    let offline = house.ears.watchers[watcher].ever_shown_offline();
    anyhow::ensure!(house.ears.errors.is_empty(), "{:?}", house.ears.errors.first());
    Ok(Figures::default()
        .with("known", known as f64)
        .with("connected", connected as f64)
        .with("listening s", listening.as_secs_f64())
        .with("last one back s", back.as_secs_f64())
        .with("shown Offline", offline.saturating_sub(absent) as f64))
}
