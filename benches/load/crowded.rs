//! *Crowded*: people beside work systems that send all they can. Of those who click, sign in and drop, the
//! boards must hear soon; the events may wait.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::json;

use super::admin::grow;
use super::crowd::LinkId;
use super::events::batch;
use super::house::House;
use super::ids::Ids;
use super::report::Figures;
use super::server::Kind;

/// Members who choose, in turn; the first of all.
const CLICKERS: usize = 200;
/// Members who drop and come back; the next.
const DROPPERS: usize = 100;
/// Choices a second.
const CLICKS: u32 = 100;
/// Drops and returns a second, both together.
const STEPS: u32 = 50;
/// Work systems, each about agents of its own.
const SYSTEMS: usize = 4;
/// Events of one batch.
const BATCH: usize = 100;

/// What the run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub agents: usize,
    /// Agents who are connected.
    pub members: usize,
    pub boards: usize,
    /// Events offered a second, by all systems together.
    pub events: u32,
    pub span: Duration,
}

struct System {
    link: LinkId,
    agents: std::ops::Range<usize>,
    sent: usize,
}

/// Measures the hub.
pub fn run(folder: &Path, load: Load) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Hub, folder, &[])?;
    grow(&house, load.agents, |_| vec!["floor".to_owned()])?;
    house.expect_members(load.members);
    house.connect_members(load.members)?;
    house.connect_watchers(load.boards, |_| json!({}))?;
    house.warm_up(CLICKERS + DROPPERS)?;
    let each = (load.agents - CLICKERS - DROPPERS) / SYSTEMS;
    let mut systems = Vec::new();
    for number in 0..SYSTEMS {
        let first = CLICKERS + DROPPERS + number * each;
        let link = house.connect_system(&format!("w{number}"))?;
        systems.push(System { link, agents: first..first + each, sent: 0 });
    }
    house.pass(Duration::from_millis(300))?;

    let cpu = house.cpu()?;
    let began = Instant::now();
    let (mut clicks, mut steps, mut batches) = (0, 0, 0);
    let mut latest = Duration::ZERO;
    while began.elapsed() < load.span {
        let now = Instant::now();
        // What is due is asked for, whether or not the hub keeps up.
        while let Some(due) = due(began, clicks, CLICKS, now) {
            let presence = if (clicks as usize / CLICKERS).is_multiple_of(2) { "away" } else { "busy" };
            house.choose(clicks as usize % CLICKERS, presence, due)?;
            latest = latest.max(now - due);
            clicks += 1;
        }
        while let Some(due) = due(began, steps, STEPS, now) {
            let number = CLICKERS + steps as usize % DROPPERS;
            if (steps as usize / DROPPERS).is_multiple_of(2) {
                house.drop_member(number, due);
            } else {
                house.return_member(number, due)?;
            }
            steps += 1;
        }
        while due(began, batches, load.events / BATCH as u32, now).is_some() {
            send(&mut house, &mut systems[batches as usize % SYSTEMS]);
            batches += 1;
        }
        house.crowd.turn(now + Duration::from_millis(1), &mut house.ears)?;
    }
    let took = began.elapsed();
    let cpu = house.cpu()?.saturating_sub(cpu);
    let applied = house.ears.applied;
    let shown = u64::from(clicks) * load.boards as u64;
    house.wait("all clicks to be shown", |ears| ears.latency.len() >= shown)?;
    house.wait("all drops and returns to be shown", |ears| {
        ears.drops.len() + ears.returns.len() >= u64::from(steps) * load.boards as u64
    })?;
    let ears = &house.ears;
    anyhow::ensure!(ears.errors.is_empty(), "{:?}", ears.errors.first());
    let at = |latency: &Histogram<u64>, quantile| latency.value_at_quantile(quantile) as f64 / 1e6;
    Ok(Figures::default()
        .with("click p50 ms", at(&ears.latency, 0.5))
        .with("p99 ms", at(&ears.latency, 0.99))
        .with("answer p99 ms", at(&ears.answers, 0.99))
        .with("sign-in p50 ms", at(&ears.returns, 0.5))
        .with("sign-in p99 ms", at(&ears.returns, 0.99))
        .with("drop p50 ms", at(&ears.drops, 0.5))
        .with("drop p99 ms", at(&ears.drops, 0.99))
        .with("events applied/s", applied as f64 / took.as_secs_f64())
        .with("batches refused", ears.refused as f64)
        .with("server core", cpu.as_secs_f64() / took.as_secs_f64())
        .with("asked late by ms", latest.as_secs_f64() * 1e3))
}

/// When the next of `rate` a second is due, if it is.
fn due(began: Instant, asked: u32, rate: u32, now: Instant) -> Option<Instant> {
    let after = Duration::from_secs(u64::from(asked)).checked_div(rate)?;
    Some(began + after).filter(|due| *due <= now)
}

fn send(house: &mut House, system: &mut System) {
    let events = batch(&system.agents, system.sent, BATCH, Ids::ByTime);
    let frame = format!(r#"{{"type":"events","id":{},"events":{events}}}"#, system.sent);
    system.sent += BATCH;
    house.crowd.send(system.link, frame.as_bytes());
}
