//! What every hub under simulation has: its settings, the way in, and who signs its tokens.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presence_hub::clock::Clock;
use presence_hub::config::{self, Config};
use presence_hub::domain::time::Timestamp;
use presence_hub::edge::accept::Reception;
use presence_hub::engine::{Engine, Opened};
use presence_hub::identity::{Claims, Identity, Role};
use presence_hub::outbound::Post;
use presence_hub::server::hub::Hub;
use presence_hub::sessions::stream::memory::End as Wire;
use presence_hub::sessions::{Stream, stream};

use super::book::Broken;

/// Every hub has the same address and secret.
const ADDRESS: &str = "127.0.0.1:7350";
const SETTINGS: &str = r#"
[server]
test_clock = true
[auth]
mode = "jwt"
[auth.jwt]
hs256_secret = "a secret of the simulation, which is long enough"
[presence]
daily_reset = "13:35 UTC"
"#;
/// What the network holds for a client that does not read, each way.
const NETWORK_BYTES: usize = 64 * 1024;
/// How long tokens are good for.
const TEN_YEARS: Duration = Duration::from_hours(24 * 3_650);

/// The settings.
pub fn settings() -> Config {
    config::read("the simulation", SETTINGS, []).expect("settings that are right").0
}

/// Whom a hub believes. Each has it of its own: what was revoked is known from the disk, not from the life before.
pub fn identity(config: &Config) -> Identity {
    Identity::open(&config.auth, Path::new("")).expect("a secret that can sign")
}

/// What a token says of its bearer, who got it at `now`.
pub fn claims(subject: &str, roles: &[Role], now: Timestamp) -> Claims {
    Claims::new(subject, roles.iter().copied(), now.plus(TEN_YEARS))
}

/// A hub that serves.
pub struct Serving {
    pub hub: Hub,
    reception: Reception,
    _stop: tokio::sync::watch::Sender<()>,
}

impl Serving {
    /// Begins over what an engine holds.
    pub async fn begin(
        config: &Config,
        clock: Clock,
        opened: Opened<Arc<dyn Engine>>,
        post: Post,
    ) -> Result<Self, Broken> {
        let address: SocketAddr = ADDRESS.parse().expect("an address");
        let hub = Hub::begin_with(config, clock, opened, identity(config), (address, None), post).await;
        let hub = hub.map_err(|lost| lost.to_string())?;
        let (stop, stopped) = tokio::sync::watch::channel(());
        let reception = Reception::new(hub.door().clone(), stopped);
        Ok(Self { hub, reception, _stop: stop })
    }

    /// A connection to it.
    pub fn connects(&self) -> Wire {
        let (client, hub) = stream::memory::connection(NETWORK_BYTES);
        self.reception.receive(Stream::Memory(hub));
        client
    }
}
