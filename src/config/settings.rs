//! Every setting: the sections, each declared in its own file.

use super::cluster::ClusterSettings;
use super::feed::FeedSettings;
use super::limits::LimitSettings;
use super::section::section;
use super::server::ServerSettings;
use super::sessions::SessionSettings;
use super::storage::StorageSettings;
use crate::domain::policy::Policy;
use crate::engine::embedded::Retention;
use crate::identity::AuthSettings;
use crate::outbound::Limits;
use crate::telemetry::LogSettings;

section! {
    /// Every setting, checked.
    pub struct Config in "" {
        with server: ServerSettings;
        with auth: AuthSettings;
        with storage: StorageSettings;
        with cluster: ClusterSettings;
        with history: Retention;
        with presence: Policy;
        with sessions: SessionSettings;
        with limits: LimitSettings;
        with feed: FeedSettings;
        with webhooks: Limits;
        with log: LogSettings;
    }
}

/// The key of a setting, which has to be there: `key!(auth.jwt.issuer)`.
macro_rules! key {
    ($first:ident $(. $rest:ident)*) => {{
        let _ = |config: &$crate::config::settings::Config| { let _ = &config.$first $(. $rest)*; };
        $crate::config::reader::Key(concat!(stringify!($first) $(, ".", stringify!($rest))*))
    }};
}

pub(super) use key;
