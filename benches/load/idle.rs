//! *Idle*: agents are connected and nothing happens, but that each is asked for signs of life and sent heartbeats.

use std::path::Path;
use std::time::{Duration, Instant};

use super::house::House;
use super::report::Figures;
use super::server::Kind;
use super::tick::SIGNS;

/// Long enough for each connection to be pinged, and for what the opening needed to be let go.
const SETTLES: Duration = Duration::from_secs(6);
/// At rest the hub asks each for signs of life every 4 s and sends it a heartbeat every 10 s: this long, five and two.
const RESTS: Duration = Duration::from_secs(20);

/// Measures one server, to which so many connect `at_once`.
pub fn run(kind: Kind, folder: &Path, members: usize, at_once: usize) -> anyhow::Result<Figures> {
    // A hub asks more than some thousand that open at once to come back.
    let opening = members.to_string();
    let settings = [("PRESENCE_HUB__SERVER__MAX_OPENING", opening.as_str()), (SIGNS, "")];
    let mut house = House::open(kind, folder, &settings)?;
    house.expect_members(members);
    house.pass(Duration::from_millis(500))?;
    let (empty, own_empty, cpu) = (house.resident()?, house.own()?, house.cpu()?);
    let began = Instant::now();
    house.connect_members_by(members, at_once)?;
    let took = began.elapsed();
    let connecting = house.cpu()?.saturating_sub(cpu);
    house.pass(SETTLES)?;
    let cpu = house.cpu()?;
    let (full, own) = (house.resident()?, house.own()?);
    house.pass(RESTS)?;
    let idling = house.cpu()?.saturating_sub(cpu);
    anyhow::ensure!(house.ears.errors.is_empty(), "{kind:?}: {:?}", house.ears.errors.first());
    Ok(Figures::default()
        .with("agents", members as f64)
        .with("bytes/agent", (full.saturating_sub(empty)) as f64 / members as f64)
        .with("of them own", (own.saturating_sub(own_empty)) as f64 / members as f64)
        .with("connects/s", members as f64 / took.as_secs_f64())
        .with("µs/connect", connecting.as_secs_f64() * 1e6 / members as f64)
        .with("core idling", idling.as_secs_f64() / RESTS.as_secs_f64())
        .with("empty MB", empty as f64 / 1e6)
        .with("full MB", full as f64 / 1e6))
}
