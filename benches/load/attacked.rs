//! *Attacked*: people who click beside those who would bring the hub down. Boards must hear of the clicks as soon as
//! when it is quiet.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::json;

use super::admin::grow;
use super::attackers::{Attack, Attackers};
use super::house::House;
use super::report::Figures;
use super::server::Kind;
use super::unshared;

/// Choices a second.
const CLICKS: u32 = 100;
/// The quiet and the attack are measured in turn, so often, so that what else the machine does hits both.
const TURNS: usize = 4;
/// For so long an attack goes on, or is over, before it is measured.
const FIRST: Duration = Duration::from_secs(1);

/// What the run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Agents, all connected.
    pub agents: usize,
    pub boards: usize,
    /// How long a turn is measured.
    pub span: Duration,
}

/// What was measured on one side.
struct Side {
    latency: Histogram<u64>,
    cpu: Duration,
    took: Duration,
    latest: Duration,
}

impl Side {
    fn new() -> anyhow::Result<Self> {
        let (cpu, took, latest) = Default::default();
        Ok(Self { latency: Histogram::new(3)?, cpu, took, latest })
    }

    fn at(&self, quantile: f64) -> f64 {
        self.latency.value_at_quantile(quantile) as f64 / 1e6
    }

    fn core(&self) -> f64 {
        self.cpu.as_secs_f64() / self.took.as_secs_f64()
    }
}

/// Measures the hub quiet, and beside these attacks.
pub fn run(folder: &Path, load: Load, attacks: &[Attack]) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Hub, folder, &[])?;
    let more = if attacks.contains(&Attack::Unshared) { unshared::AGENTS } else { 0..0 };
    let team = |agent| if more.contains(&agent) { unshared::TEAM } else { "floor" };
    grow(&house, load.agents.max(more.end), |agent| vec![team(agent).to_owned()])?;
    house.expect_members(load.agents);
    house.connect_members(load.agents)?;
    house.connect_watchers(load.boards, |_| json!({}))?;
    house.warm_up(load.agents)?;
    let (mut quiet, mut attacked, mut clicks) = (Side::new()?, Side::new()?, 0);
    let (mut attempts, mut resident) = (0, 0);
    for _ in 0..TURNS {
        house.pass(FIRST)?;
        measure(&mut house, load, &mut clicks, &mut quiet)?;
        let attackers = Attackers::begin(house.server().address(), attacks);
        house.pass(FIRST)?;
        measure(&mut house, load, &mut clicks, &mut attacked)?;
        attempts += attackers.done();
        resident = resident.max(house.resident()?);
        attackers.stop();
        while !attackers.are_gone() {
            house.pass(Duration::from_millis(10))?;
        }
    }
    let ears = &house.ears;
    anyhow::ensure!(ears.errors.is_empty(), "somebody ordinary was refused: {:?}", ears.errors.first());
    let dropped = ears.watchers.iter().filter(|watcher| watcher.closed.is_some()).count();
    anyhow::ensure!(dropped == 0 && ears.welcomed == load.agents, "somebody ordinary was dropped");
    Ok(Figures::default()
        .with("quiet p50 ms", quiet.at(0.5))
        .with("attacked p50 ms", attacked.at(0.5))
        .with("quiet p99 ms", quiet.at(0.99))
        .with("attacked p99 ms", attacked.at(0.99))
        .with("times", attacked.at(0.99) / quiet.at(0.99))
        .with("attempts", attempts as f64)
        .with("quiet core", quiet.core())
        .with("attacked core", attacked.core())
        .with("resident MB", resident as f64 / 1e6)
        .with("quiet late ms", quiet.latest.as_secs_f64() * 1e3)
        .with("attacked late ms", attacked.latest.as_secs_f64() * 1e3))
}

/// Lets agents click for a turn, and waits until each click is shown.
fn measure(house: &mut House, load: Load, clicks: &mut u32, side: &mut Side) -> anyhow::Result<()> {
    house.ears.latency.reset();
    let (cpu, before) = (house.cpu()?, *clicks);
    let began = Instant::now();
    while began.elapsed() < load.span {
        let now = Instant::now();
        // What is due is asked for, whether or not the hub keeps up.
        while let Some(due) =
            Some(began + Duration::from_secs((*clicks - before).into()) / CLICKS).filter(|due| *due <= now)
        {
            let presence = if (*clicks as usize / load.agents).is_multiple_of(2) { "away" } else { "busy" };
            house.choose(*clicks as usize % load.agents, presence, due)?;
            side.latest = side.latest.max(now - due);
            *clicks += 1;
        }
        house.crowd.turn(now + Duration::from_millis(1), &mut house.ears)?;
    }
    side.took += began.elapsed();
    side.cpu += house.cpu()?.saturating_sub(cpu);
    let shown = u64::from(*clicks - before) * load.boards as u64;
    house.wait("all clicks to be shown", |ears| ears.latency.len() >= shown)?;
    side.latency.add(&house.ears.latency)?;
    Ok(())
}
