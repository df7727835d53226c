//! The command line: what can be typed, and the commands that need no running hub.

mod annals;
mod cluster;
mod cluster_copy;
mod copies;
mod export;
mod rebuild;
mod sign;

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{self, Loaded, parse_duration};
use crate::domain::ids::{AgentId, is_fit_for_a_record};
use crate::edge::Tls;
use crate::floor;
use crate::identity::{Claims, Role, unguessable_id};
use crate::telemetry::WithCauses;
use crate::wire::shapes;
pub use annals::simulate_history;
pub use cluster::{ClusterArgs, ClusterCommand, cluster};
pub use cluster_copy::ClusterCopyArgs;
pub use copies::{BackupArgs, CheckArgs, RestoreArgs, backup, check, restore};
pub use export::{ExportArgs, export};
pub use rebuild::rebuild_history;
use sign::{Missing, Signing, signing};

/// How long a simulated agent may stay connected without a new token.
const FLOOR_TOKEN_LIFE: Duration = Duration::from_secs(12 * 3_600);

/// How many agents a floor has if nothing is said.
const FLOOR_AGENTS: u32 = 200;

/// A real-time WebSocket presence hub for contact centres.
#[derive(Debug, Parser)]
#[command(name = "presence-hub", version, about)]
pub struct Cli {
    /// Without one, the hub serves.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings file; without it, config.toml in the current folder if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the hub (the same as naming no command).
    Serve,
    /// Check the settings and say everything that is wrong with them.
    CheckConfig,
    /// Print a token signed with the configured secret.
    Token(TokenArgs),
    /// Make the history anew from the log, while no hub uses the data folder.
    RebuildHistory,
    /// Copy the database to a file, also while a hub serves from it.
    Backup(BackupArgs),
    /// Put a copy in the place of the data folder's database, while no hub uses it.
    Restore(RestoreArgs),
    /// Look over a database, also while a hub serves from it: whether it is whole and fits together.
    Check(CheckArgs),
    /// Look after the cluster that this hub is a node of.
    Cluster(ClusterArgs),
    /// Write the history to a file that others read, also while a hub serves.
    Export(ExportArgs),
    /// Play a floor of agents against a running hub, through its public API; or write a past that it never lived.
    Simulate(SimulateArgs),
}

/// `presence-hub token`
#[derive(Args, Debug)]
pub struct TokenArgs {
    /// Whose token it is; for an agent, the agent id.
    #[arg(long, value_parser = subject)]
    pub sub: String,
    /// agent, supervisor, observer, analyst, integration, auditor or admin; may be given several times.
    #[arg(long = "role", required = true, value_parser = role)]
    pub roles: Vec<Role>,
    /// A team that a supervisor, an observer or an analyst is limited to; may be given several times. Without it, every team.
    #[arg(long = "team")]
    pub teams: Vec<String>,
    /// The name that people see.
    #[arg(long)]
    pub name: Option<String>,
    /// How long it is valid.
    #[arg(long, default_value = "8h", value_parser = duration)]
    pub ttl: Duration,
    /// Make the secret if the data folder has none yet.
    #[arg(long)]
    pub init: bool,
}

/// `presence-hub simulate`
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// How many agents work on the floor: 200 if nothing is said, 1,000 of a past.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub agents: Option<u32>,
    /// The address of the hub; without it, the one that the settings listen on.
    #[arg(long, value_name = "URL")]
    pub hub: Option<String>,
    /// Stop after so long; without it, at Ctrl-C.
    #[arg(long)]
    pub seconds: Option<u64>,
    /// The same seed plays the same days.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How much faster than life; 10 makes a minute of work take six seconds.
    #[arg(long, default_value_t = 1.0, value_parser = pace)]
    pub pace: f64,
    /// The HS256 secret that the hub verifies tokens with; without it, that of the settings or of
    /// their data folder.
    #[arg(long)]
    pub secret: Option<String>,
    /// Write a past of this length, such as 90d or 1y, into the data folder of the settings, which must hold no
    /// database yet. No hub is needed for it.
    #[arg(long, value_name = "SPAN", value_parser = age, conflicts_with_all = ["hub", "seconds", "pace", "secret"])]
    pub history: Option<Duration>,
    /// The changes that each agent makes on a working day of that past.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(10..=2_000), requires = "history")]
    pub changes: u32,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Done,
    /// 1: it could not be done.
    Failed,
    /// 2: what was typed or set is wrong.
    Refused,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Failed => Self::from(1),
            Exit::Refused => Self::from(2),
        }
    }
}

/// Where a command says what it has to say.
pub struct Output<'a> {
    /// What was asked for.
    pub out: &'a mut dyn Write,
    /// What went wrong.
    pub err: &'a mut dyn Write,
}

/// `presence-hub check-config`
///
/// # Errors
/// The output cannot be written.
pub fn check_config(file: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, warnings, file }) = load(file, output)? else { return Ok(Exit::Refused) };
    if let Err(error) = Tls::open(&config.server) {
        writeln!(output.err, "TLS cannot be spoken: {}", WithCauses(&error))?;
        return Ok(Exit::Refused);
    }
    match file {
        Some(file) => writeln!(output.out, "ok: {} can be used", file.display())?,
        None => writeln!(output.out, "ok: there is no config.toml here, so the defaults are used")?,
    }
    for warning in warnings {
        writeln!(output.out, "warning: {warning}")?;
    }
    Ok(Exit::Done)
}

/// `presence-hub token`
///
/// # Errors
/// The output cannot be written.
pub fn token(args: &TokenArgs, file: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(file, output)? else { return Ok(Exit::Refused) };
    let missing = if args.init { Missing::Make } else { Missing::Refuse };
    let Signing { keys, source } = match signing(None, &config, missing) {
        Ok(signing) => signing,
        Err(problem) => {
            let hint = if missing == Missing::Refuse { "; --init makes a secret where there is none" } else { "" };
            return writeln!(output.err, "{problem}{hint}").map(|()| Exit::Refused);
        }
    };
    let now = Clock::system(None).now();
    let expires = now.plus(args.ttl);
    let claims = Claims {
        iat: Some(now.0.div_euclid(1_000)),
        teams: Some(args.teams.clone()).filter(|teams| !teams.is_empty()),
        name: args.name.clone(),
        iss: config.auth.jwt.issuer.clone(),
        aud: config.auth.jwt.audience.clone(),
        ..Claims::new(&args.sub, args.roles.iter().copied(), expires)
    };
    match keys.sign(&claims, &config.auth) {
        Ok(token) => {
            writeln!(output.err, "signed with {source}")?;
            writeln!(output.out, "{token}").map(|()| Exit::Done)
        }
        Err(error) => writeln!(output.err, "{error}").map(|()| Exit::Refused),
    }
}

/// `presence-hub simulate`, until `stop`.
///
/// # Errors
/// What happens cannot be written to `err`.
pub async fn simulate(
    args: &SimulateArgs,
    file: Option<&Path>,
    stop: impl Future<Output = ()>,
    err: &mut dyn Write,
) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(file, &mut Output { out: &mut io::sink(), err: &mut *err })? else {
        return Ok(Exit::Refused);
    };
    let keys = match signing(args.secret.as_deref(), &config, Missing::Refuse) {
        Ok(Signing { keys, .. }) => keys,
        Err(problem) => {
            return writeln!(err, "{problem}; or name its HS256 secret by --secret").map(|()| Exit::Refused);
        }
    };
    let hub = match args.hub.clone().map_or_else(|| own_address(config.server.listen), Ok) {
        Ok(hub) => hub,
        Err(problem) => return writeln!(err, "{problem}").map(|()| Exit::Refused),
    };
    let clock = Clock::system(None);
    let (issuing, auth) = (clock.clone(), config.auth);
    let tokens: floor::Tokens = Arc::new(move |subject, role| {
        let now = issuing.now();
        let expires = now.plus(FLOOR_TOKEN_LIFE);
        let role = Role::parse(role_name(role));
        let claims = Claims {
            iat: Some(now.0.div_euclid(1_000)),
            iss: auth.jwt.issuer.clone(),
            aud: auth.jwt.audience.clone(),
            ..Claims::new(subject, role, expires)
        };
        // Keys of a secret sign whatever they are given.
        keys.sign(&claims, &auth).unwrap_or_default()
    });
    let options = floor::Options {
        hub,
        agents: args.agents.unwrap_or(FLOOR_AGENTS),
        seed: args.seed,
        pace: args.pace,
        span: args.seconds.map(Duration::from_secs),
        run: unguessable_id().split_off(24),
    };
    match floor::run(&options, tokens, clock, stop, err).await {
        Ok(()) => Ok(Exit::Done),
        Err(error) => writeln!(err, "{}", WithCauses(&error)).map(|()| Exit::Failed),
    }
}

fn role_name(role: shapes::Role) -> &'static str {
    match role {
        shapes::Role::Agent => "agent",
        shapes::Role::Supervisor => "supervisor",
        shapes::Role::Observer => "observer",
        shapes::Role::Analyst => "analyst",
        shapes::Role::Integration => "integration",
        shapes::Role::Auditor => "auditor",
        shapes::Role::Admin => "admin",
    }
}

/// The settings; none after their mistakes were written.
fn load(file: Option<&Path>, output: &mut Output<'_>) -> io::Result<Option<Loaded>> {
    match config::load(file) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(errors) => writeln!(output.err, "{errors}").map(|()| None),
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("the roles are {}", Role::ALL.map(Role::as_str).join(", ")))
}

fn duration(text: &str) -> Result<Duration, String> {
    match parse_duration(text) {
        None => Err("a duration has a unit, such as 8h, 30m or 90s".to_owned()),
        Some(span) if span.is_zero() => Err("the token would end before it is used; 8h would be right".to_owned()),
        Some(span) => Ok(span),
    }
}

fn age(text: &str) -> Result<Duration, String> {
    config::parse_age(text)
        .filter(|age| !age.is_zero())
        .ok_or_else(|| "a time in days, weeks or years, such as 90d or 1y".to_owned())
}

/// The subject of a token: for an agent the hub makes a record of this id.
fn subject(text: &str) -> Result<String, String> {
    match AgentId::new(text) {
        Ok(_) if is_fit_for_a_record(text) => Ok(text.to_owned()),
        Ok(_) => Err("it cannot be blank, `.` or `..`".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The address of a hub of these settings, on this machine.
fn own_address(listen: SocketAddr) -> Result<String, String> {
    if listen.port() == 0 {
        return Err("the settings let the hub listen on any free port; name its address by --hub".to_owned());
    }
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    Ok(format!("http://{}", SocketAddr::new(ip, listen.port())))
}

fn pace(text: &str) -> Result<f64, String> {
    let right = || "a number above 0 and up to 1000".to_owned();
    text.parse().ok().filter(|pace| *pace > 0.0 && *pace <= 1_000.0).ok_or_else(right)
}

#[cfg(test)]
mod tests;
