//! Which scenario is run with what, round by round, and what it is compared with.

use std::time::Duration;

use clap::ValueEnum;

use super::attackers::Attack;
use super::events::{Door, Load};
use super::fan_out::{Filters, Offer};
use super::house::{Form, OPENING};
use super::ids::Ids;
use super::report::{Figures, Table};
use super::server::Kind;
use super::sign_ins::Who;
use super::slow::Plan;
use super::{
    attacked, commits, crowded, events, fan_out, herd, idle, restart, resumption, roll, sign_ins, slow, storm, usage,
};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Memory of connected agents, and what they cost at rest.
    Idle,
    /// How many agents a second come in, known ones and new ones.
    SignIns,
    /// Changes to many watchers: a full load, a million deliveries a second, and a few changes.
    FanOut,
    /// A few changes to 200 watchers with one filter, and with 200.
    Filters,
    /// All drop and return at once.
    Storm,
    /// Assignment events.
    Events,
    /// People beside work systems that send all they can.
    Crowded,
    /// People beside those who would bring the hub down.
    Attacked,
    /// Many boards at once.
    SnapshotHerd,
    /// Boards that come back after everyone changed.
    Resumption,
    /// Watchers that do not read.
    SlowReaders,
    /// A hub that knows 100,000 agents is killed, and 20,000 come back.
    Restart,
    /// Three hubs over three NATS servers beside one hub: events, changes to watchers, and a hub that is restarted as
    /// planned. Needs a NATS server.
    Cluster,
}

impl Scenario {
    pub const ALL: [Self; 13] = [
        Self::Idle,
        Self::SignIns,
        Self::FanOut,
        Self::Filters,
        Self::Storm,
        Self::Events,
        Self::Crowded,
        Self::Attacked,
        Self::SnapshotHerd,
        Self::Resumption,
        Self::SlowReaders,
        Self::Restart,
        Self::Cluster,
    ];
}

/// What of a scenario is measured.
pub struct Rounds {
    /// How often; the tables hold the medians.
    pub many: usize,
    /// Only rows whose name, or whose table's, has this in it.
    pub only: Option<String>,
}

impl Rounds {
    fn measures(&self, table: &str, row: &str) -> bool {
        self.only.as_ref().is_none_or(|part| table.contains(part) || row.contains(part))
    }
}

/// One run of one server.
type Run<'a> = Box<dyn Fn(&std::path::Path) -> anyhow::Result<Figures> + 'a>;

/// Measures, and prints the tables.
pub fn run(scenario: Scenario, rounds: &Rounds, servers: &[Kind]) -> anyhow::Result<()> {
    match scenario {
        Scenario::Idle => idle(rounds, servers),
        Scenario::SignIns => sign_ins(rounds, servers),
        Scenario::FanOut => fan_out(rounds, servers),
        Scenario::Filters => filters(rounds),
        Scenario::Storm => storm(rounds, servers),
        Scenario::Events => events(rounds),
        Scenario::Crowded => crowded(rounds),
        Scenario::Attacked => attacked(rounds),
        Scenario::SnapshotHerd => snapshot_herd(rounds),
        Scenario::Resumption => resumption(rounds),
        Scenario::SlowReaders => slow_readers(rounds),
        Scenario::Restart => restart(rounds),
        Scenario::Cluster => cluster(rounds),
    }
}

fn idle(rounds: &Rounds, servers: &[Kind]) -> anyhow::Result<()> {
    // Each side of a connection is a file of its process.
    let most = usage::most_files().saturating_sub(500).min(100_000);
    let mut runs = of_each(servers, &Kind::ALL, move |kind, folder| idle::run(kind, folder, 10_000, OPENING));
    for kind in [Kind::Hub, Kind::Floor].into_iter().filter(|kind| servers.contains(kind)) {
        runs.push((format!("{kind}, {most} agents"), Box::new(move |folder| idle::run(kind, folder, most, OPENING))));
    }
    let herd = |folder: &std::path::Path| idle::run(Kind::Hub, folder, 10_000, 10_000);
    runs.push(("hub, all in one instant".to_owned(), Box::new(herd)));
    measure("Idle: 10,000 connected agents", rounds, &runs, &["bytes/agent", "core idling"])
}

fn sign_ins(rounds: &Rounds, servers: &[Kind]) -> anyhow::Result<()> {
    // Each side of a connection is a file of its process.
    let most = usage::most_files().saturating_sub(500).min(100_000);
    let mut runs: Vec<(String, Run<'_>)> = Vec::new();
    for members in [10_000, most] {
        for (kind, who, of) in [
            (Kind::Hub, Who::Known, "known"),
            (Kind::Hub, Who::New, "new"),
            (Kind::Floor, Who::New, "of whom nothing is kept"),
        ] {
            let run: Run<'_> = Box::new(move |folder| sign_ins::run(kind, folder, members, who));
            if servers.contains(&kind) {
                runs.push((format!("{kind}; {members}, {of}"), run));
            }
        }
    }
    measure("Sign-ins: agents connect, 256 at once, each with a token", rounds, &runs, &["sign-ins/s"])
}

fn fan_out(rounds: &Rounds, servers: &[Kind]) -> anyhow::Result<()> {
    let offer = |watchers, rate| Offer {
        agents: 1_000,
        members: 1_000,
        watchers,
        rate,
        span: Duration::from_secs(5),
        filters: Filters::One,
        form: Form::Text,
    };
    let deflated = |watchers, rate| -> (String, Run<'static>) {
        let offer = Offer { form: Form::Deflated, ..offer(watchers, rate) };
        ("hub, deflated".to_owned(), Box::new(move |folder| fan_out::run(Kind::Hub, folder, offer)))
    };
    // Peers are offered more than they deliver, so that what they deliver is what they can.
    let full = move |kind| offer(1_000, if matches!(kind, Kind::Hub | Kind::Floor) { 5_000 } else { 300 });
    let mut runs = of_each(servers, &Kind::ALL, move |kind, folder| fan_out::run(kind, folder, full(kind)));
    runs.push(deflated(1_000, 5_000));
    measure(
        "Fan-out, full load: 1,000 agents change before 1,000 watchers",
        rounds,
        &runs,
        &["deliveries/s", "µs/delivery"],
    )?;
    let kinds = [Kind::Hub, Kind::Floor];
    let mut runs = of_each(servers, &kinds, move |kind, folder| fan_out::run(kind, folder, offer(3_000, 5_000)));
    runs.push(deflated(3_000, 5_000));
    let title = "Fan-out, 15 million deliveries a second: 5,000 changes to 3,000 watchers";
    measure(title, rounds, &runs, &["deliveries/s", "µs/delivery"])?;
    let mut runs = of_each(servers, &kinds, move |kind, folder| fan_out::run(kind, folder, offer(1_000, 1_000)));
    runs.push(deflated(1_000, 1_000));
    measure("Fan-out, 1,000 changes a second to 1,000 watchers", rounds, &runs, &["p99 ms", "server core"])?;
    let kinds = [Kind::Hub, Kind::Floor, Kind::FloorAtOnce, Kind::Ws, Kind::SocketIo];
    let mut runs = of_each(servers, &kinds, move |kind, folder| fan_out::run(kind, folder, offer(200, 50)));
    runs.push(deflated(200, 50));
    measure("Fan-out, 50 changes a second to 200 watchers", rounds, &runs, &["p99 ms", "server core"])
}

fn filters(rounds: &Rounds) -> anyhow::Result<()> {
    let with = |filters, form| -> Run<'static> {
        let span = Duration::from_secs(10);
        let offer = Offer { agents: 10_000, members: 1_000, watchers: 200, rate: 50, span, filters, form };
        Box::new(move |folder| fan_out::run(Kind::Hub, folder, offer))
    };
    let runs = [
        ("one filter".to_owned(), with(Filters::One, Form::Text)),
        ("200 filters".to_owned(), with(Filters::Distinct, Form::Text)),
        ("one filter, deflated".to_owned(), with(Filters::One, Form::Deflated)),
        ("200 filters, deflated".to_owned(), with(Filters::Distinct, Form::Deflated)),
    ];
    measure("Filters: 50 changes a second among 10,000 agents to 200 watchers", rounds, &runs, &["server core"])
}

fn storm(rounds: &Rounds, servers: &[Kind]) -> anyhow::Result<()> {
    let runs = of_each(servers, &Kind::ALL, |kind, folder| storm::run(kind, folder, 2_000, 500));
    measure(
        "Storm: 2,000 agents drop and return before 500 watchers",
        rounds,
        &runs,
        &["all seen leaving s", "all seen back s"],
    )
}

fn events(rounds: &Rounds) -> anyhow::Result<()> {
    let of = |load| -> Run<'static> { Box::new(move |folder| events::run(Kind::Hub, folder, load)) };
    let load = |door, connections, batch| {
        let span = Duration::from_secs(5);
        Load { door, connections, batch, agents: 10_000, span, ids: Ids::ByTime, remembered: 0 }
    };
    let with = |door, connections, batch| of(load(door, connections, batch));
    let random = |door, remembered| of(Load { ids: Ids::Random, remembered, ..load(door, 64, 100) });
    let runs = [
        ("HTTP, 64 connections, batches of 100".to_owned(), with(Door::Http, 64, 100)),
        ("socket, 64 connections, batches of 100".to_owned(), with(Door::Socket, 64, 100)),
        ("HTTP, the same, random ids".to_owned(), random(Door::Http, 0)),
        ("HTTP, the same, random ids after 4,000,000".to_owned(), random(Door::Http, 4_000_000)),
        ("socket, the same, random ids after 4,000,000".to_owned(), random(Door::Socket, 4_000_000)),
        ("HTTP, 64 connections, single".to_owned(), with(Door::Http, 64, 1)),
        ("socket, 64 connections, single".to_owned(), with(Door::Socket, 64, 1)),
        ("HTTP, one that waits, single".to_owned(), with(Door::Http, 1, 1)),
        ("socket, one that waits, single".to_owned(), with(Door::Socket, 1, 1)),
    ];
    measure("Events: assignments and their ends, each durable before it is answered", rounds, &runs, &[])
}

fn crowded(rounds: &Rounds) -> anyhow::Result<()> {
    let beside = |events| -> Run<'static> {
        let load = crowded::Load { agents: 10_000, members: 3_000, boards: 4, events, span: Duration::from_secs(20) };
        Box::new(move |folder| crowded::run(folder, load))
    };
    let runs = [
        ("no events".to_owned(), beside(0)),
        ("5,000 events a second".to_owned(), beside(5_000)),
        ("20,000 events a second".to_owned(), beside(20_000)),
    ];
    measure("Crowded: clicks, sign-ins and drops beside four work systems, to 4 boards", rounds, &runs, &[])
}

fn attacked(rounds: &Rounds) -> anyhow::Result<()> {
    let beside = |attacks: Vec<Attack>| -> Run<'static> {
        let load = attacked::Load { agents: 500, boards: 20, span: Duration::from_secs(4) };
        Box::new(move |folder| attacked::run(folder, load, &attacks))
    };
    let all: Vec<Attack> = Attack::ALL.iter().map(|(attack, _)| *attack).collect();
    let each = Attack::ALL.iter().map(|(attack, name)| ((*name).to_owned(), beside(vec![*attack])));
    let mut runs: Vec<_> = each.collect();
    runs.push(("all of them together".to_owned(), beside(all)));
    measure("Attacked: 100 clicks a second of 500 agents to 20 boards", rounds, &runs, &[])
}

fn snapshot_herd(rounds: &Rounds) -> anyhow::Result<()> {
    let run = |form| -> Run<'static> { Box::new(move |folder| herd::run(folder, 10_000, 200, form)) };
    let runs = [("hub".to_owned(), run(Form::Text)), ("hub, deflated".to_owned(), run(Form::Deflated))];
    measure("Snapshot herd: 200 supervisors attach at once", rounds, &runs, &["all complete s"])
}

fn resumption(rounds: &Rounds) -> anyhow::Result<()> {
    let run = |form| -> Run<'static> { Box::new(move |folder| resumption::run(folder, 1_000, 500, form)) };
    let runs = [("hub".to_owned(), run(Form::Text)), ("hub, deflated".to_owned(), run(Form::Deflated))];
    measure("Resumption: 500 boards come back after 1,000 agents changed", rounds, &runs, &["all told s"])
}

fn slow_readers(rounds: &Rounds) -> anyhow::Result<()> {
    let with = |deaf, seconds, form| -> Run<'static> {
        let plan = Plan { members: 1_000, readers: 500, deaf, rate: 1_000, span: Duration::from_secs(seconds), form };
        Box::new(move |folder| slow::run(folder, plan))
    };
    let runs = [
        ("200 that never read".to_owned(), with(200, 60, Form::Text)),
        ("without them".to_owned(), with(0, 30, Form::Text)),
        ("200 that never read, deflated".to_owned(), with(200, 60, Form::Deflated)),
        ("without them, deflated".to_owned(), with(0, 30, Form::Deflated)),
    ];
    measure("Slow readers: 1,000 changes a second to 500 that read, and 200 that do not", rounds, &runs, &["p99 ms"])
}

fn restart(rounds: &Rounds) -> anyhow::Result<()> {
    // Each side of a connection is a file of its process.
    let connected = usage::most_files().saturating_sub(600).min(20_000);
    let run: Run<'_> = Box::new(move |folder| restart::run(folder, 100_000, connected));
    measure("Restart: the hub is killed, and everyone comes back", rounds, &[("hub".to_owned(), run)], &[])
}

fn cluster(rounds: &Rounds) -> anyhow::Result<()> {
    let kinds = [Kind::Hub, Kind::Cluster, Kind::ClusterOneSecond];
    for (batch, title) in [
        (100, "Cluster, events: HTTP, 64 connections, batches of 100"),
        (1, "Cluster, events: HTTP, 64 connections, single"),
    ] {
        let (door, span, ids) = (Door::Http, Duration::from_secs(10), Ids::ByTime);
        let load = Load { door, connections: 64, batch, agents: 10_000, span, ids, remembered: 0 };
        measure(title, rounds, &of_each(&kinds, &kinds, move |kind, folder| events::run(kind, folder, load)), &[])?;
    }
    for (rate, watchers, title) in [
        (1_000, 1_000, "Cluster, 1,000 changes a second to 1,000 watchers"),
        (300, 300, "Cluster, 300 changes a second to 300 watchers"),
        (50, 200, "Cluster, 50 changes a second to 200 watchers"),
    ] {
        let span = Duration::from_secs(10);
        let offer =
            Offer { agents: 1_000, members: 1_000, watchers, rate, span, filters: Filters::One, form: Form::Text };
        measure(title, rounds, &of_each(&kinds, &kinds, move |kind, folder| fan_out::run(kind, folder, offer)), &[])?;
    }
    let members = usage::most_files().saturating_sub(600).min(10_000);
    let run: Run<'_> = Box::new(move |folder| roll::run(folder, members));
    measure(
        "Cluster, roll: a hub with all agents is restarted as planned",
        rounds,
        &[("three hubs, of which one restarts".to_owned(), run)],
        &[],
    )
}

fn of_each<'a>(
    servers: &[Kind],
    kinds: &[Kind],
    run: impl Fn(Kind, &std::path::Path) -> anyhow::Result<Figures> + Copy + 'a,
) -> Vec<(String, Run<'a>)> {
    let of = |kind: &Kind| -> (String, Run<'a>) {
        let kind = *kind;
        (kind.to_string(), Box::new(move |folder| run(kind, folder)))
    };
    kinds.iter().filter(|kind| servers.contains(kind)).map(of).collect()
}

/// Runs each in turn, round after round, so that what else the machine does hits all alike.
fn measure(title: &str, rounds: &Rounds, runs: &[(String, Run<'_>)], compared: &[&str]) -> anyhow::Result<()> {
    let mut table = Table::default();
    for round in 1..=rounds.many {
        for (name, run) in runs.iter().filter(|(name, _)| rounds.measures(title, name)) {
            let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
            let (commit, slowest) = commits::measure(folder.path())?;
            eprintln!("{title}: {name}, round {round} of {}", rounds.many);
            let figures = run(folder.path())?;
            table.add(name, figures.with("commit p50 ms", commit).with("commit p99 ms", slowest));
        }
    }
    if table.is_empty() {
        return Ok(());
    }
    table.print(title);
    println!();
    for figure in compared {
        table.print_ratios(figure);
    }
    Ok(())
}
