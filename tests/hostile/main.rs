//! A hub in a process of its own, with 200 agents and 20 boards who do ordinary things, while everybody who would
//! bring it down does so at the same time.
//!
//! Each attacker has an address of this machine, as attackers have. Asserted is of each of them that it is told or
//! closed as it should be; of the ordinary ones that none of them is refused or dropped, and that each board sees each
//! change; and of the hub that it takes no more memory than before once they are gone. All attacks pass once before
//! memory is measured: what an allocator, a table or a thread takes for the first crowd it keeps for the next, and
//! that is no leak. What a second crowd adds to it would be.

#![allow(
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    reason = "a test that meets the unexpected fails; what it uses of others is some"
)]

mod bytes;
mod credentials;
mod frames;
#[path = "../hub/harness/mod.rs"]
mod harness;
mod house;
mod http;
mod stalled;

use std::net::Ipv4Addr;

use futures::FutureExt;
use futures::future::BoxFuture;

use harness::{Http, Hub};
use house::House;
use stalled::Stalled;

/// How the hub is set: less patience and smaller numbers, so that the test meets them with few clients and soon.
const SETTINGS: [(&str, &str); 8] = [
    ("SERVER__HEAD_TIMEOUT", "8s"),
    ("SERVER__BODY_TIMEOUT", "8s"),
    ("FEED__STALL_TIMEOUT", "2s"),
    ("LIMITS__HTTP_CONNECTIONS_PER_ADDRESS", "250"),
    ("LIMITS__NEW_CONNECTIONS_PER_ADDRESS", "20"),
    ("LIMITS__BAD_TOKENS_PER_ADDRESS", "5"),
    ("LIMITS__SOCKETS_PER_ADDRESS", "300"),
    ("LOG__LEVEL", "info,presence_hub::sessions::sweep=debug"),
];
/// Rounds of the ordinary ones after the attackers are gone, before memory is looked at: an allocator gives back what is
/// free while it is used.
const QUIET_ROUNDS: usize = 50;

/// All at once; each from an address of its own, and at another time from another.
async fn all_attack(hub: &Hub, stalled: &Stalled, time: u8) {
    let from = |number| Ipv4Addr::new(127, 0, time, number);
    let attacks: Vec<BoxFuture<'_, ()>> = vec![
        bytes::silent(hub, from(1)).boxed(),
        bytes::slow_heads(hub, from(2)).boxed(),
        bytes::slow_bodies(hub, from(3)).boxed(),
        bytes::storm(hub, from(4)).boxed(),
        http::shapes(hub, from(5)).boxed(),
        http::pipelines(hub, from(6)).boxed(),
        http::answers_that_nobody_reads(hub, from(7)).boxed(),
        http::garbage(hub, from(8)).boxed(),
        credentials::forged(hub, from(9)).boxed(),
        credentials::expired(hub, from(10)).boxed(),
        frames::of_every_type(hub, from(11)).boxed(),
        frames::no_protocol(hub, from(12)).boxed(),
        frames::batches(hub, from(13)).boxed(),
        frames::watches(hub, from(14)).boxed(),
        frames::readers_that_never_read(hub, from(15), stalled).boxed(),
    ];
    futures::future::join_all(attacks).await;
}

/// Memory of the hub that is resident, in kB.
fn resident(hub: &Hub) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", hub.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// What attackers have met, by the label of the metric. Whether they meet how many requests of a socket may be under way
/// depends on the disk; `tests/hub/disk.rs` has that.
const MET: [&str; 7] = [
    "new_connections_of_address",
    "bad_tokens_of_address",
    "head_time",
    "body_time",
    "frames",
    "requests",
    "watched_names",
];

#[tokio::test]
async fn ordinary_people_notice_nothing_of_all_attacks_together() {
    presence_hub::server::raise_file_limit();
    let (hub, log) = Hub::start_heard(&SETTINGS).await;
    let stalled = Stalled::heard_in(log);
    let mut house = House::open(&hub).await;
    house.rounds(QUIET_ROUNDS).await;
    house.rounds_during(all_attack(&hub, &stalled, 1)).await;
    house.rounds(QUIET_ROUNDS).await;
    let before = resident(&hub);
    let rounds = house.rounds_during(all_attack(&hub, &stalled, 2)).await;
    house.rounds(QUIET_ROUNDS).await;
    let after = resident(&hub);
    assert!(after <= before + before / 10, "{before} kB before the attack, {after} kB after it");
    assert!(rounds > QUIET_ROUNDS, "{rounds} rounds of ordinary people are no floor at work");
    house.is_well().await;
    let (_, _, counted) = Http::anonymous(&hub).raw("GET", "/metrics", "", None).await;
    for limit in MET {
        let sample = format!("presence_hub_limited_total{{limit=\"{limit}\"}} ");
        let times = counted.lines().find_map(|line| line.strip_prefix(&sample)).unwrap();
        assert_ne!(times, "0", "nobody met {limit}");
    }
}
