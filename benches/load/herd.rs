//! *Snapshot herd*: many supervisors attach at once to a floor of many agents.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::admin::grow;
use super::house::{Form, House};
use super::report::Figures;
use super::server::Kind;
use super::usage;

/// Measures the hub.
pub fn run(folder: &Path, agents: usize, watchers: usize, form: Form) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Hub, folder, &[])?;
    house.form = form;
    house.expect_members(agents);
    grow(&house, agents, |_| vec!["floor".to_owned()])?;
    house.pass(Duration::from_secs(1))?;
    let before = house.resident()?;
    usage::reset_peak(house.server().pid())?;
    let wire = usage::loopback_bytes()?;
    let began = Instant::now();
    for _ in 0..watchers {
        let watcher = house.connect_watcher(None)?;
        house.watch(watcher, &json!({}));
    }
    house.wait("all snapshots", |ears| ears.ready == watchers)?;
    let took = began.elapsed();
    let wire = usage::loopback_bytes()?.saturating_sub(wire);
    let peak = usage::peak_bytes(house.server().pid())?;
    let complete = house.ears.watchers.iter().filter(|watcher| watcher.held == agents).count();
    anyhow::ensure!(complete == watchers, "{complete} of {watchers} hold all {agents} agents");
    Ok(Figures::default()
        .with("agents", agents as f64)
        .with("complete", complete as f64)
        .with("all complete s", took.as_secs_f64())
        .with("wire MB", wire as f64 / 1e6)
        .with("before MB", before as f64 / 1e6)
        .with("peak growth MB", peak.saturating_sub(before) as f64 / 1e6))
}
