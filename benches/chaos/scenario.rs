//! What can happen to a cluster.

use std::fmt;
use std::time::Duration;

use clap::ValueEnum;

use crate::network::Network;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Scenario {
    /// SIGKILL of the server that leads the stream.
    LeaderKilled,
    /// SIGKILL of another server.
    FollowerKilled,
    /// SIGKILL of a hub.
    HubKilled,
    /// SIGKILL of the leader's machine: server and hub.
    MachineKilled,
    /// SIGKILL of everything at once.
    AllKilled,
    /// SIGSTOP of a hub for eight seconds.
    HubStopped,
    /// A hub and all servers do not hear each other; clients and hubs still do.
    HubCut,
    /// The leader and the other servers do not hear each other; hubs hear all.
    ServerCut,
    /// A machine, hub and leader, and the other machines do not hear each other; clients reach all.
    MachineCut,
    /// What a hub sends to servers is lost.
    HubUnheard,
    /// What servers send to a hub is lost.
    HubDeaf,
    /// What the leader sends to other servers is lost.
    ServerUnheard,
    /// What other servers send to the leader is lost.
    ServerDeaf,
    /// The servers are 300 ms away from each other and from hubs.
    Delayed,
    /// SIGTERM of every hub and then of every server, one after the other.
    Roll,
    /// All servers are killed, in some runs all hubs too, and all servers or two start again with an older store.
    OldStore,
    /// One server is killed and starts again with an older store.
    OldStoreOfOne,
    /// All servers are killed and start again without the last moment, as after a power cut if they do not sync.
    LostMoment,
}

impl Scenario {
    /// All, in the order of the report.
    pub const ALL: [Self; 18] = [
        Self::LeaderKilled,
        Self::FollowerKilled,
        Self::HubKilled,
        Self::MachineKilled,
        Self::AllKilled,
        Self::HubStopped,
        Self::HubCut,
        Self::ServerCut,
        Self::MachineCut,
        Self::HubUnheard,
        Self::HubDeaf,
        Self::ServerUnheard,
        Self::ServerDeaf,
        Self::Delayed,
        Self::Roll,
        Self::OldStore,
        Self::OldStoreOfOne,
        Self::LostMoment,
    ];

    /// Why it cannot be done here.
    pub fn cannot(self, network: &Network) -> Option<&'static str> {
        (self.cuts() && !network.can_cut()).then_some("it needs network namespaces (root)")
    }

    fn cuts(self) -> bool {
        matches!(
            self,
            Self::HubCut
                | Self::ServerCut
                | Self::MachineCut
                | Self::HubUnheard
                | Self::HubDeaf
                | Self::ServerUnheard
                | Self::ServerDeaf
        )
    }

    /// Whether servers are reached on ways that can delay what they send.
    pub fn delays(self) -> bool {
        self == Self::Delayed
    }

    /// How long before it stores are copied; none if no older store is put back.
    pub fn copies_stores(self) -> Option<Duration> {
        if self == Self::LostMoment {
            Some(Duration::from_millis(200))
        } else {
            matches!(self, Self::OldStore | Self::OldStoreOfOne).then_some(Duration::from_secs(3))
        }
    }

    /// How long it lasts.
    pub fn lasts(self) -> Duration {
        if matches!(self, Self::AllKilled | Self::OldStore) {
            Duration::from_secs(2)
        } else if self == Self::LostMoment {
            Duration::from_secs(1)
        } else if self == Self::Roll {
            Duration::ZERO
        } else {
            Duration::from_secs(8)
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_possible_value() {
            Some(value) => f.pad(value.get_name()),
            None => Ok(()),
        }
    }
}
