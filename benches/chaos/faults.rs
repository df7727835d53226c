//! What is done to a cluster, and how it is undone.

use std::time::Duration;

use anyhow::{Context, ensure};

use crate::cluster::Cluster;
use crate::network::{MACHINES, Network, Node};
use crate::process::Order;
use crate::record::{Random, now};
use crate::scenario::Scenario;
use crate::stores;
use crate::way_back::{self, Became};

/// How much later everything arrives that a server sends that is far away.
const FAR: Duration = Duration::from_millis(300);

/// What was done.
pub struct Fault {
    /// When it began; what was planned takes its time and begins when it does.
    pub at: i64,
    /// The hubs whose agents are to get no work.
    pub lost: Vec<usize>,
    /// The machine that it was done to.
    pub machine: usize,
    deed: Deed,
    /// How much each hub had written to its log before.
    said: Vec<usize>,
}

/// What is done, whatever it is called: the same says how it is undone.
enum Deed {
    /// These are told so; what each order is undone by, it says itself.
    Tell(Order, Vec<Node>),
    /// What is sent in these directions is lost.
    Cut(Vec<(Node, Node)>),
    /// Servers are far from everybody.
    Delay,
    /// All are told to end and start again, one after the other.
    Roll,
    /// These are killed, and an older store is put in the place of that of some servers.
    PutBack { killed: Vec<Node>, servers: Vec<usize> },
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
        let (machine, lost, deed) = plan(scenario, leader, random);
        let said = (0..MACHINES).map(|hub| cluster.has_said(hub)).collect();
        let fault = Self { at: now(), lost, machine, deed, said };
        fault.deed.is_done(network, cluster).await?;
        Ok(fault)
    }

    /// Until when hubs are lost by it that is undone at `healed`: whoever was killed, or stood still, does not come back.
    pub fn found(&self, healed: i64) -> i64 {
        match self.deed {
            Deed::Cut(_) => healed,
            Deed::Tell(..) | Deed::Delay | Deed::Roll | Deed::PutBack { .. } => i64::MAX,
        }
    }

    /// Undoes it. Returns what is worth a line.
    pub async fn heal(&self, network: &Network, cluster: &Cluster) -> anyhow::Result<Option<String>> {
        match &self.deed {
            Deed::Tell(order, nodes) => tell(cluster, order.undone(), nodes).await?,
            Deed::Cut(cuts) => cuts.iter().try_for_each(|(from, to)| network.heal(*from, *to))?,
            Deed::Delay => cluster.ways()?.are_late(Duration::ZERO),
            Deed::Roll => {}
            Deed::PutBack { killed, servers } => {
                servers.iter().try_for_each(|server| stores::put_back(cluster, *server))?;
                tell(cluster, Order::Start, killed).await?;
                return self.finds_a_way_back(network, cluster, servers).await.map(Some);
            }
        }
        Ok(None)
    }

    /// One server catches up by itself. Two with an older store may, if the third one leads them; three never.
    async fn finds_a_way_back(
        &self,
        network: &Network,
        cluster: &Cluster,
        servers: &[usize],
    ) -> anyhow::Result<String> {
        if let [server] = servers {
            cluster.replicas_are_even().await?;
            return Ok(format!("server {} had an older store and has caught up", server + 1));
        }
        let old: Vec<usize> = servers.iter().map(|server| server + 1).collect();
        match way_back::what_hubs_say(cluster, &self.said).await? {
            Became::Healed => {
                ensure!(servers.len() < MACHINES, "all servers have an older store, and hubs serve from it");
                Ok(format!("servers {old:?} had an older store, and the third one has healed them"))
            }
            Became::Refused => {
                let took = now() - self.at;
                let first = way_back::walk(network, cluster).await.context("there is no way back")?;
                Ok(format!(
                    "servers {old:?} had an older store, which all hubs had refused after {took} ms; hub {} began a new log",
                    first + 1
                ))
            }
        }
    }
}

impl Deed {
    async fn is_done(&self, network: &Network, cluster: &Cluster) -> anyhow::Result<()> {
        match self {
            Self::Tell(order, nodes) => tell(cluster, *order, nodes).await,
            Self::Cut(cuts) => cuts.iter().try_for_each(|(from, to)| network.cut(*from, *to)),
            Self::Delay => {
                cluster.nobody_goes_past_the_ways().await?;
                cluster.ways()?.are_late(FAR);
                Ok(())
            }
            Self::Roll => roll(cluster).await,
            Self::PutBack { killed, .. } => tell(cluster, Order::Kill, killed).await,
        }
    }
}

/// To which machine it is done, which hubs are lost by it, and what it is.
fn plan(scenario: Scenario, leader: usize, random: &mut Random) -> (usize, Vec<usize>, Deed) {
    let any = random.below(MACHINES);
    let (hub, server) = (Node::Hub(any), Node::Server(leader));
    let other_servers = || others(leader).map(Node::Server);
    let kills = |nodes: Vec<Node>| Deed::Tell(Order::Kill, nodes);
    let (of_hub, of_leader) = (pairs(hub, (0..MACHINES).map(Node::Server)), pairs(server, other_servers()));
    let all = || (0..MACHINES).collect();
    match scenario {
        Scenario::LeaderKilled => (leader, Vec::new(), kills(vec![server])),
        Scenario::FollowerKilled => {
            let follower = (leader + 1 + random.below(MACHINES - 1)) % MACHINES;
            (follower, Vec::new(), kills(vec![Node::Server(follower)]))
        }
        Scenario::HubKilled => (any, vec![any], kills(vec![hub])),
        Scenario::MachineKilled => (leader, vec![leader], kills(vec![Node::Hub(leader), server])),
        Scenario::AllKilled => (any, all(), kills(Node::all().collect())),
        Scenario::HubStopped => (any, vec![any], Deed::Tell(Order::Stop, vec![hub])),
        Scenario::HubCut => (any, vec![any], Deed::Cut(both(of_hub))),
        Scenario::HubUnheard => (any, vec![any], Deed::Cut(of_hub)),
        Scenario::HubDeaf => (any, vec![any], Deed::Cut(turned(&of_hub))),
        Scenario::ServerCut => (leader, Vec::new(), Deed::Cut(both(of_leader))),
        Scenario::ServerUnheard => (leader, Vec::new(), Deed::Cut(of_leader)),
        Scenario::ServerDeaf => (leader, Vec::new(), Deed::Cut(turned(&of_leader))),
        Scenario::MachineCut => {
            let there = || others(leader).flat_map(|other| [Node::Hub(other), Node::Server(other)]);
            let cuts = both([pairs(Node::Hub(leader), there()), pairs(server, there())].concat());
            (leader, vec![leader], Deed::Cut(cuts))
        }
        Scenario::Delayed => (leader, Vec::new(), Deed::Delay),
        Scenario::Roll => (any, Vec::new(), Deed::Roll),
        Scenario::OldStore => {
            // Hubs find it while they run, or when they start; and all servers have it, or all but one.
            let killed = Node::all().filter(|node| matches!(node, Node::Server(_)) || any == 0).collect();
            let spared = random.below(2 * MACHINES);
            let servers = (0..MACHINES).filter(|server| *server != spared).collect();
            (any, all(), Deed::PutBack { killed, servers })
        }
        Scenario::LostMoment => {
            let killed = (0..MACHINES).map(Node::Server).collect();
            (any, all(), Deed::PutBack { killed, servers: all() })
        }
        Scenario::OldStoreOfOne => {
            (any, Vec::new(), Deed::PutBack { killed: vec![Node::Server(any)], servers: vec![any] })
        }
    }
}

async fn tell(cluster: &Cluster, order: Order, nodes: &[Node]) -> anyhow::Result<()> {
    futures::future::try_join_all(nodes.iter().map(|node| cluster.process(*node).tell(order))).await?;
    Ok(())
}

async fn roll(cluster: &Cluster) -> anyhow::Result<()> {
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
    Ok(())
}

fn others(machine: usize) -> impl Iterator<Item = usize> {
    (0..MACHINES).filter(move |other| *other != machine)
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
