//! One run: start, load, fault, heal, quiet, judgement.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::agents::{Agent, Kind, Phase};
use crate::boards::{Board, Sight};
use crate::check::{Case, least_grace, unroutable_after, untried};
use crate::cluster::Cluster;
use crate::faults::Fault;
use crate::logs;
use crate::network::{MACHINES, Network};
use crate::record::{Random, Record, now};
use crate::report::{Figures, Outcome};
use crate::routers;
use crate::scenario::Scenario;
use crate::stores;
use crate::work::Worker;

const AGENTS: usize = 60;
const WORK_SYSTEMS: usize = 6;
const SUPERVISORS: usize = 2;
/// How long there is load before the fault, and after it is undone and all hubs serve.
const BEFORE: Duration = Duration::from_secs(3);
const AFTER: Duration = Duration::from_secs(5);
/// How long everyone may take to be connected, everything to be answered, boards to catch up, logs to be equal.
const PATIENCE: Duration = Duration::from_secs(60);
/// For so long nothing changes when it is quiet.
const QUIET: i64 = 2_000;

/// Runs it. An error says that the bench itself could not go on.
pub async fn run(network: &Network, scenario: Scenario, seed: u64, keep: bool) -> anyhow::Result<Outcome> {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chaos");
    let folder = base.join(format!("{}-{scenario}-{seed}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut outcome = match play(network, scenario, seed, &folder).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome { violations: vec![format!("the run ended early: {error:#}")], ..Outcome::default() },
    };
    let told = [outcome.violations.as_slice(), outcome.notes.as_slice()].concat().join("\n");
    std::fs::write(folder.join("told.txt"), told)?;
    if outcome.violations.is_empty() && !keep {
        std::fs::remove_dir_all(&folder)?;
    } else {
        outcome.folder = Some(folder);
    }
    Ok(outcome)
}

struct Load {
    phase: watch::Sender<Phase>,
    connected: watch::Sender<usize>,
    agents: JoinSet<anyhow::Result<()>>,
    workers: JoinSet<anyhow::Result<()>>,
    watchers: JoinSet<anyhow::Result<()>>,
    sights: Vec<Sight>,
}

async fn play(network: &Network, scenario: Scenario, seed: u64, folder: &Path) -> anyhow::Result<Outcome> {
    let cluster = Cluster::start(network, folder, scenario).await.context("the cluster does not start")?;
    let outcome = perform(network, &cluster, scenario, seed, folder).await;
    cluster.end().await?;
    outcome
}

async fn perform(
    network: &Network,
    cluster: &Cluster,
    scenario: Scenario,
    seed: u64,
    folder: &Path,
) -> anyhow::Result<Outcome> {
    let record = Record::default();
    let mut random = Random(seed);
    let names: Vec<String> = (0..AGENTS).map(|number| format!("a{number}")).collect();
    cluster.hires(&names).await?;
    let mut load = begin(cluster, &record, &names, seed);
    load.are_connected().await?;
    load.work(cluster, &record, &names, seed);
    tokio::time::sleep(BEFORE).await;
    if let Some(before) = scenario.copies_stores() {
        stores::copy(cluster).await?;
        tokio::time::sleep(before).await;
    }

    let fault = Fault::strike(scenario, network, cluster, &mut random).await?;
    let passed = Duration::from_millis(u64::try_from(now() - fault.at)?);
    tokio::time::sleep(scenario.lasts().saturating_sub(passed)).await;
    let found = fault.found(now());
    let healing = fault.heal(network, cluster).await?;
    let healed = now();
    let is_ready = cluster.hubs_are_ready().await;
    let ready = now() - healed;
    tokio::time::sleep(AFTER).await;

    let mut violations = Vec::new();
    violations.extend(is_ready.err().map(|error| error.to_string()));
    violations.extend(load.ends(cluster).await.err().map(|error| format!("{error:#}")));
    let files: Vec<PathBuf> = (0..MACHINES).map(|hub| cluster.database(hub)).collect();
    let kept = even_logs(&files).await?;
    let boards = load.sights.iter().map(Sight::rows).collect();
    load.finish().await?;
    let case = Case { seen: record.seen(), at: fault.at, lost: fault.lost.clone(), found, logs: kept, boards };
    violations.extend(case.judge());
    let mut outcome = Outcome { violations, entries: case.logs[0].len(), ready: Some(ready), ..Outcome::default() };
    measure(&mut outcome, &record, &case);
    outcome.notes.extend(healing);
    outcome.notes.extend(untried(&case));
    outcome.notes.extend(happenings(cluster, &load.sights, &fault));
    std::fs::write(folder.join("lives.txt"), lines(&case.seen.lives))?;
    std::fs::write(folder.join("acks.txt"), lines(&case.seen.acks))?;
    Ok(outcome)
}

fn lines<T: std::fmt::Debug>(what: &[T]) -> String {
    what.iter().map(|one| format!("{one:?}\n")).collect()
}

fn begin(cluster: &Cluster, record: &Record, names: &[String], seed: u64) -> Load {
    let (phase, connected) = (watch::Sender::new(Phase::Load), watch::Sender::new(0));
    let (mut agents, mut watchers) = (JoinSet::new(), JoinSet::new());
    for (number, name) in names.iter().enumerate() {
        let kind = match number % 10 {
            7 => Kind::Restless,
            8 => Kind::Late,
            9 => Kind::Away,
            _ => Kind::Steady,
        };
        let agent = Agent {
            name: name.clone(),
            kind,
            // Each hub has agents of each kind.
            hub: (number / 10 + number) % MACHINES,
            addresses: cluster.addresses.clone(),
            record: record.clone(),
            random: Random(seed * 1_000 + number as u64),
            phase: phase.subscribe(),
            connected: connected.clone(),
        };
        agents.spawn(agent.live());
    }
    let sights: Vec<Sight> = (0..MACHINES).map(|_| Sight::default()).collect();
    for (number, sight) in sights.iter().enumerate() {
        let (addresses, record, sight) = (cluster.addresses.clone(), record.clone(), sight.clone());
        watchers.spawn(routers::asks(number, addresses[number].clone(), record.clone()));
        watchers.spawn(Board { number, addresses, record, sight }.watch());
    }
    Load { phase, connected, agents, workers: JoinSet::new(), watchers, sights }
}

impl Load {
    fn work(&mut self, cluster: &Cluster, record: &Record, names: &[String], seed: u64) {
        for number in 0..WORK_SYSTEMS + SUPERVISORS {
            let worker = Worker {
                number,
                agents: names.to_vec(),
                addresses: cluster.addresses.clone(),
                record: record.clone(),
                random: Random(seed * 7_777 + number as u64),
                phase: self.phase.subscribe(),
            };
            if number < WORK_SYSTEMS {
                self.workers.spawn(worker.assigns());
            } else {
                self.workers.spawn(worker.supervises());
            }
        }
    }

    async fn are_connected(&self) -> anyhow::Result<()> {
        let mut connected = self.connected.subscribe();
        let all = tokio::time::timeout(PATIENCE, connected.wait_for(|connected| *connected == AGENTS)).await;
        let count = *self.connected.borrow();
        all.with_context(|| format!("{count} of {AGENTS} agents are connected after {PATIENCE:?}"))??;
        Ok(())
    }

    /// Ends the load, and returns once everything is answered, everyone is connected, and all boards are quiet.
    async fn ends(&mut self, cluster: &Cluster) -> anyhow::Result<()> {
        self.phase.send_replace(Phase::Quiet);
        let answered = async {
            while let Some(worker) = self.workers.join_next().await {
                worker??;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(PATIENCE, answered).await.context("events are not answered")??;
        self.are_connected().await?;
        cluster.hubs_are_ready().await?;
        let until = Instant::now() + PATIENCE;
        loop {
            let times: Vec<(i64, i64)> = self.sights.iter().map(Sight::times).collect();
            let is_quiet = |(changed, heard): &(i64, i64)| now() - changed > QUIET && now() - heard < QUIET;
            if times.iter().all(is_quiet) {
                return Ok(());
            }
            anyhow::ensure!(Instant::now() < until, "boards are not quiet: {times:?} at {}", now());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn finish(&mut self) -> anyhow::Result<()> {
        self.phase.send_replace(Phase::Over);
        self.watchers.shutdown().await;
        while let Some(agent) = self.agents.join_next().await {
            agent??;
        }
        Ok(())
    }
}

/// The logs, once they end at the same entry; as they are if they never do.
async fn even_logs(files: &[PathBuf]) -> anyhow::Result<Vec<Vec<logs::Row>>> {
    let until = Instant::now() + PATIENCE / 6;
    loop {
        let kept = files.iter().map(|file| logs::read(file)).collect::<anyhow::Result<Vec<_>>>()?;
        let ends: Vec<Option<u64>> = kept.iter().map(|log| log.last().map(|row| row.seq)).collect();
        if ends.windows(2).all(|pair| pair[0] == pair[1]) || Instant::now() > until {
            return Ok(kept);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn measure(outcome: &mut Outcome, record: &Record, case: &Case) {
    let acks = &case.seen.acks;
    outcome.acks = acks.len();
    outcome.unroutable = unroutable_after(case);
    let after = acks.iter().filter(|ack| ack.sent >= case.at);
    outcome.appended = after.map(|ack| ack.answered - case.at).min();
    let mut answered: Vec<i64> = acks.iter().map(|ack| ack.answered).filter(|at| *at >= case.at).collect();
    answered.push(case.at);
    answered.sort_unstable();
    outcome.pause = answered.windows(2).map(|pair| pair[1] - pair[0]).max();
    outcome.grace = least_grace(case);
    outcome.counts = Figures::from(&record.counts);
    outcome.notes.extend(record.notes.lock().iter().cloned());
}

/// Ends of processes, and where boards were.
fn happenings(cluster: &Cluster, sights: &[Sight], fault: &Fault) -> Vec<String> {
    let mut notes = vec![format!("the fault was at {} to machine {}", fault.at, fault.machine + 1)];
    for (kind, processes) in [("hub", &cluster.hubs), ("server", &cluster.servers)] {
        for (number, process) in processes.iter().enumerate() {
            let ends = process.ends();
            notes.extend(
                ends.iter().map(|(at, how)| {
                    format!("{kind} {} ended {} ms after the fault: {how}", number + 1, at - fault.at)
                }),
            );
        }
    }
    for (number, sight) in sights.iter().enumerate() {
        let (hub, resumed, snapshots) = sight.place();
        notes.push(format!(
            "board {number} ends at hub {}, resumed {resumed} times, began anew {snapshots} times",
            hub + 1
        ));
    }
    notes
}
