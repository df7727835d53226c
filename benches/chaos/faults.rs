//! How it is done, and undone.

use crate::cluster::Cluster;
use crate::network::{MACHINES, Network, Node};
use crate::process::Order;
use crate::record::{Random, now};
use crate::scenario::Scenario;

/// What was done.
pub struct Fault {
    scenario: Scenario,
    /// When it began; what was planned takes its time and begins when it does.
    pub at: i64,
    /// The hubs whose agents are to get no work.
    pub lost: Vec<usize>,
    /// The machine that it was done to.
    pub machine: usize,
    cuts: Vec<(Node, Node)>,
}

impl Fault {
    /// Does it.
    pub async fn strike(
        scenario: Scenario,
        network: &Network,
        cluster: &Cluster,
        random: &mut Random,
    ) -> anyhow::Result<Self> {
        let leader = cluster.leader().await?;
        let any = random.below(MACHINES);
        let (machine, lost) = match scenario {
            Scenario::LeaderKilled
            | Scenario::ServerCut
            | Scenario::ServerUnheard
            | Scenario::ServerDeaf
            | Scenario::Delayed => (leader, Vec::new()),
            Scenario::FollowerKilled => ((leader + 1 + random.below(MACHINES - 1)) % MACHINES, Vec::new()),
            Scenario::MachineKilled | Scenario::MachineCut => (leader, vec![leader]),
            Scenario::HubKilled
            | Scenario::HubStopped
            | Scenario::HubCut
            | Scenario::HubUnheard
            | Scenario::HubDeaf => (any, vec![any]),
            Scenario::AllKilled => (any, (0..MACHINES).collect()),
            Scenario::Roll => (any, Vec::new()),
        };
        let cuts = cuts(scenario, machine);
        let fault = Self { scenario, at: now(), lost, machine, cuts };
        fault.begin(network, cluster).await?;
        Ok(fault)
    }

    async fn begin(&self, network: &Network, cluster: &Cluster) -> anyhow::Result<()> {
        for (from, to) in &self.cuts {
            network.cut(*from, *to)?;
        }
        let (hub, server) = (&cluster.hubs[self.machine], &cluster.servers[self.machine]);
        match self.scenario {
            Scenario::LeaderKilled | Scenario::FollowerKilled => server.tell(Order::Kill).await?,
            Scenario::HubKilled => hub.tell(Order::Kill).await?,
            Scenario::MachineKilled => {
                tokio::try_join!(hub.tell(Order::Kill), server.tell(Order::Kill))?;
            }
            Scenario::AllKilled => {
                let all = cluster.hubs.iter().chain(&cluster.servers).map(|process| process.tell(Order::Kill));
                futures::future::try_join_all(all).await?;
            }
            Scenario::HubStopped => hub.tell(Order::Stop).await?,
            Scenario::Delayed => {
                for server in 0..MACHINES {
                    network.delay(Node::Server(server), "300ms")?;
                }
            }
            Scenario::Roll => {
                for hub in &cluster.hubs {
                    hub.tell(Order::Restart).await?;
                    cluster.hubs_are_ready().await?;
                }
                for server in &cluster.servers {
                    server.tell(Order::Restart).await?;
                    cluster.servers_are_ready().await?;
                    cluster.replicas_are_even().await?;
                    cluster.hubs_are_ready().await?;
                }
            }
            Scenario::HubCut
            | Scenario::ServerCut
            | Scenario::MachineCut
            | Scenario::HubUnheard
            | Scenario::HubDeaf
            | Scenario::ServerUnheard
            | Scenario::ServerDeaf => {}
        }
        Ok(())
    }

    /// Until when hubs are lost by it that is undone at `healed`: whoever was killed, or stood still, does not come back.
    pub fn found(&self, healed: i64) -> i64 {
        if self.cuts.is_empty() { i64::MAX } else { healed }
    }

    /// Undoes it.
    pub async fn heal(&self, network: &Network, cluster: &Cluster) -> anyhow::Result<()> {
        for (from, to) in &self.cuts {
            network.heal(*from, *to)?;
        }
        let (hub, server) = (&cluster.hubs[self.machine], &cluster.servers[self.machine]);
        match self.scenario {
            Scenario::LeaderKilled | Scenario::FollowerKilled => server.tell(Order::Start).await?,
            Scenario::HubKilled => hub.tell(Order::Start).await?,
            Scenario::MachineKilled => {
                tokio::try_join!(server.tell(Order::Start), hub.tell(Order::Start))?;
            }
            Scenario::AllKilled => {
                let all = cluster.servers.iter().chain(&cluster.hubs).map(|process| process.tell(Order::Start));
                futures::future::try_join_all(all).await?;
            }
            Scenario::HubStopped => hub.tell(Order::Continue).await?,
            Scenario::Delayed => {
                for server in 0..MACHINES {
                    network.hurry(Node::Server(server))?;
                }
            }
            Scenario::HubCut
            | Scenario::ServerCut
            | Scenario::MachineCut
            | Scenario::HubUnheard
            | Scenario::HubDeaf
            | Scenario::ServerUnheard
            | Scenario::ServerDeaf
            | Scenario::Roll => {}
        }
        Ok(())
    }
}

/// Which directions are lost.
fn cuts(scenario: Scenario, machine: usize) -> Vec<(Node, Node)> {
    let (hub, server) = (Node::Hub(machine), Node::Server(machine));
    let others = || (0..MACHINES).filter(move |other| *other != machine);
    let from_hub = || pairs(hub, (0..MACHINES).map(Node::Server));
    let from_server = || pairs(server, others().map(Node::Server));
    match scenario {
        Scenario::HubCut => both(from_hub()),
        Scenario::HubUnheard => from_hub(),
        Scenario::HubDeaf => turned(&from_hub()),
        Scenario::ServerCut => both(from_server()),
        Scenario::ServerUnheard => from_server(),
        Scenario::ServerDeaf => turned(&from_server()),
        Scenario::MachineCut => {
            let all = || others().flat_map(|other| [Node::Hub(other), Node::Server(other)]);
            both([pairs(hub, all()), pairs(server, all())].concat())
        }
        Scenario::LeaderKilled
        | Scenario::FollowerKilled
        | Scenario::HubKilled
        | Scenario::MachineKilled
        | Scenario::AllKilled
        | Scenario::HubStopped
        | Scenario::Delayed
        | Scenario::Roll => Vec::new(),
    }
}

fn pairs(from: Node, to: impl Iterator<Item = Node>) -> Vec<(Node, Node)> {
    to.map(|to| (from, to)).collect()
}

fn turned(cuts: &[(Node, Node)]) -> Vec<(Node, Node)> {
    cuts.iter().map(|(from, to)| (*to, *from)).collect()
}

fn both(cuts: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
    [turned(&cuts), cuts].concat()
}
