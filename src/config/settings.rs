//! The settings and their defaults; `config.toml` documents each of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::reader::Reader;
use super::value;
use crate::domain::policy::{Policy, SignInPolicy};
use crate::identity::{AuthMode, AuthSettings, JwtSettings};
use crate::telemetry::{LogFormat, LogSettings};

/// Every setting, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `[server]`
    pub server: ServerSettings,
    /// `[auth]` and `[auth.jwt]`
    pub auth: AuthSettings,
    /// `[storage]`
    pub storage: StorageSettings,
    /// `[presence]`, before what an administrator stored is put over it.
    pub presence: Policy,
    /// `[sessions]`
    pub sessions: SessionSettings,
    /// `[feed]`
    pub feed: FeedSettings,
    /// `[log]`
    pub log: LogSettings,
}

/// Where the hub listens, and whom it lets in at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Origins besides the hub's own, as browsers write them.
    pub allowed_origins: Vec<String>,
    /// The hub's own origin when it is not loopback.
    pub public_url: Option<String>,
    /// Whether `POST /test/clock` moves the hub's time.
    pub test_clock: bool,
    /// More connections than this are told to come back later (1013).
    pub max_connections: u32,
    /// More sockets than this that are opening at once are told to come back (1013).
    pub max_opening: u32,
    /// Connections that may speak HTTP at once.
    pub max_http_connections: u32,
    /// How long a client may take for the head of a request.
    pub head_timeout: Duration,
    /// How long a client may take for a body, or take nothing of an answer.
    pub body_timeout: Duration,
    /// How long a connection is kept for the next request.
    pub idle_timeout: Duration,
    /// How long a planned stop waits for what is under way.
    pub drain_timeout: Duration,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7350)),
            allowed_origins: Vec::new(),
            public_url: None,
            test_clock: false,
            max_connections: 50_000,
            max_opening: 4_000,
            max_http_connections: 16_384,
            head_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(75),
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// Where the hub keeps what it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageSettings {
    /// The data folder.
    pub path: PathBuf,
}

impl Default for StorageSettings {
    fn default() -> Self {
        Self { path: PathBuf::from("data") }
    }
}

/// How sockets are kept, and when they are given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSettings {
    /// How often a quiet socket is pinged.
    pub ping_interval: Duration,
    /// Without a sign of life for so long, the session is lost (4411).
    pub ping_timeout: Duration,
    /// When nothing else was sent for so long, a `heartbeat` is; whole seconds.
    pub heartbeat_interval: Duration,
    /// A page that answers heartbeats and lets one go unanswered for so long is lost (4411); zero switches it off.
    pub page_timeout: Duration,
    /// More sockets of one subject than this are refused (4409), unless one of them is silent.
    pub max_sessions_per_subject: u32,
    /// A larger frame closes the socket (4413).
    pub max_frame_bytes: u32,
    /// While more events of one subject wait than this, further ones are refused.
    pub max_waiting_events: u32,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(4),
            ping_timeout: Duration::from_secs(8),
            heartbeat_interval: Duration::from_secs(10),
            page_timeout: Duration::from_secs(30),
            max_sessions_per_subject: 20,
            max_frame_bytes: 1_048_576,
            max_waiting_events: 20_000,
        }
    }
}

/// How the live feed writes to its watchers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSettings {
    /// Changes that come within this time of the last frame share the next one.
    pub gather: Duration,
    /// A client that takes nothing for so long is closed (4408).
    pub stall_timeout: Duration,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self { gather: Duration::from_millis(13), stall_timeout: Duration::from_secs(20) }
    }
}

/// Takes every setting there is.
pub fn take(reader: &mut Reader) -> Config {
    Config {
        server: server(reader),
        auth: auth(reader),
        storage: StorageSettings { path: reader.take("storage.path", StorageSettings::default().path, value::path) },
        presence: presence(reader),
        sessions: sessions(reader),
        feed: feed(reader),
        log: log(reader),
    }
}

fn server(reader: &mut Reader) -> ServerSettings {
    let default = ServerSettings::default();
    ServerSettings {
        listen: reader.take("server.listen", default.listen, value::listen),
        allowed_origins: reader.take("server.allowed_origins", default.allowed_origins, value::origins),
        public_url: reader.take("server.public_url", default.public_url, value::optional_origin),
        test_clock: reader.take("server.test_clock", default.test_clock, value::truth),
        max_connections: reader.take("server.max_connections", default.max_connections, value::whole(1..=10_000_000)),
        max_opening: reader.take("server.max_opening", default.max_opening, value::whole(1..=1_000_000)),
        max_http_connections: reader.take(
            "server.max_http_connections",
            default.max_http_connections,
            value::whole(1..=1_000_000),
        ),
        head_timeout: reader.take("server.head_timeout", default.head_timeout, value::duration("1s", "5m")),
        body_timeout: reader.take("server.body_timeout", default.body_timeout, value::duration("1s", "10m")),
        idle_timeout: reader.take("server.idle_timeout", default.idle_timeout, value::duration("1s", "1h")),
        drain_timeout: reader.take("server.drain_timeout", default.drain_timeout, value::duration("0s", "10m")),
    }
}

fn auth(reader: &mut Reader) -> AuthSettings {
    let default = AuthSettings::default();
    let modes = &[("demo", AuthMode::Demo), ("jwt", AuthMode::Jwt)];
    AuthSettings {
        mode: reader.take("auth.mode", default.mode, value::choice(modes)),
        jwt: JwtSettings {
            hs256_secret: reader.take("auth.jwt.hs256_secret", None, value::optional).map(Into::into),
            public_key_file: reader.take("auth.jwt.public_key_file", None, value::optional_path),
            jwks_file: reader.take("auth.jwt.jwks_file", None, value::optional_path),
            issuer: reader.take("auth.jwt.issuer", None, value::optional),
            audience: reader.take("auth.jwt.audience", None, value::optional),
            leeway: reader.take("auth.jwt.leeway", default.jwt.leeway, value::duration("0s", "5m")),
        },
    }
}

fn presence(reader: &mut Reader) -> Policy {
    let default = Policy::default();
    let policies = &[("capacity_first", SignInPolicy::CapacityFirst), ("default_first", SignInPolicy::DefaultFirst)];
    Policy {
        restore_window: reader.take("presence.restore_window", default.restore_window, value::duration("0s", "24h")),
        restore_after_sign_out: reader.take(
            "presence.restore_after_sign_out",
            default.restore_after_sign_out,
            value::truth,
        ),
        refresh_grace: reader.take("presence.refresh_grace", default.refresh_grace, value::duration("0s", "5m")),
        restart_grace: reader.take("presence.restart_grace", default.restart_grace, value::duration("0s", "1h")),
        sign_in_policy: reader.take("presence.sign_in_policy", default.sign_in_policy, value::choice(policies)),
        missed_notifications: reader.take("presence.missed_notifications", default.missed_notifications, value::truth),
        reject_notifications: reader.take("presence.reject_notifications", default.reject_notifications, value::truth),
        max_open_work_items: reader.take(
            "presence.max_open_work_items",
            default.max_open_work_items,
            value::whole(1..=10_000),
        ),
        work_item_limit_auto_clear: reader.take(
            "presence.work_item_limit_auto_clear",
            default.work_item_limit_auto_clear,
            value::truth,
        ),
        daily_reset: reader.take("presence.daily_reset", default.daily_reset, value::daily_reset),
        auto_provision_agents: reader.take(
            "presence.auto_provision_agents",
            default.auto_provision_agents,
            value::truth,
        ),
    }
}

fn sessions(reader: &mut Reader) -> SessionSettings {
    let default = SessionSettings::default();
    SessionSettings {
        ping_interval: reader.take("sessions.ping_interval", default.ping_interval, value::duration("100ms", "5m")),
        ping_timeout: reader.take("sessions.ping_timeout", default.ping_timeout, value::duration("200ms", "10m")),
        heartbeat_interval: reader.take(
            "sessions.heartbeat_interval",
            default.heartbeat_interval,
            value::duration("1s", "5m"),
        ),
        page_timeout: reader.take("sessions.page_timeout", default.page_timeout, value::duration("0s", "1h")),
        max_sessions_per_subject: reader.take(
            "sessions.max_sessions_per_subject",
            default.max_sessions_per_subject,
            value::whole(1..=10_000),
        ),
        max_frame_bytes: reader.take(
            "sessions.max_frame_bytes",
            default.max_frame_bytes,
            value::whole(4_096..=16_777_216),
        ),
        max_waiting_events: reader.take(
            "sessions.max_waiting_events",
            default.max_waiting_events,
            value::whole(1..=1_000_000),
        ),
    }
}

fn feed(reader: &mut Reader) -> FeedSettings {
    let default = FeedSettings::default();
    FeedSettings {
        gather: reader.take("feed.gather", default.gather, value::duration("0ms", "1s")),
        stall_timeout: reader.take("feed.stall_timeout", default.stall_timeout, value::duration("1s", "10m")),
    }
}

fn log(reader: &mut Reader) -> LogSettings {
    let default = LogSettings::default();
    let formats = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
    LogSettings {
        level: reader.take("log.level", default.level, value::log_level),
        format: reader.take("log.format", default.format, value::choice(formats)),
    }
}
