//! *Events*: work systems push assignment events, and wait for each answer: durable, then answered.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::admin::{grow, token};
use super::crowd::{Hears, LinkId};
use super::ears::latencies;
use super::house::{House, socket_request};
use super::ids::{Ids, remember};
use super::link::{Dialect, Invitation, Said};
use super::report::Figures;
use super::server::Kind;

/// What is spoken to the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Http,
    Socket,
}

/// What work systems do.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub door: Door,
    pub connections: usize,
    /// Events in one request, each of another agent.
    pub batch: usize,
    pub agents: usize,
    pub span: Duration,
    pub ids: Ids,
    /// Operations with random ids that the hub remembers of before: they are written into its log before it starts.
    pub remembered: u64,
}

struct Client {
    link: LinkId,
    agents: std::ops::Range<usize>,
    requests: usize,
    asked: Option<Instant>,
}

struct Answers {
    batch: usize,
    open: usize,
    answered: Vec<LinkId>,
    applied: u64,
    wrong: Option<String>,
}

/// Measures the hub, or a cluster with the work systems spread over its hubs.
pub fn run(kind: Kind, folder: &Path, load: Load) -> anyhow::Result<Figures> {
    if load.remembered > 0 {
        remember(folder, load.remembered);
    }
    let mut house = House::open(kind, folder, &[])?;
    grow(&house, load.agents, |_| vec!["floor".to_owned()])?;
    let mut answers = Answers { batch: load.batch, open: 0, answered: Vec::new(), applied: 0, wrong: None };
    let each = load.agents / load.connections;
    let mut clients = Vec::new();
    for number in 0..load.connections {
        let link = house.crowd.open(invitation(&house, load.door, number))?;
        clients.push(Client { link, agents: number * each..(number + 1) * each, requests: 0, asked: None });
    }
    let patience = Instant::now() + Duration::from_secs(10);
    while answers.open < clients.len() {
        anyhow::ensure!(Instant::now() < patience, "only {} of {} connected", answers.open, clients.len());
        house.crowd.turn(Instant::now() + Duration::from_millis(5), &mut answers)?;
    }

    let mut latency: Histogram<u64> = latencies()?;
    let (cpu, beside) = (house.cpu()?, house.cpu_beside()?);
    let began = Instant::now();
    for client in &mut clients {
        ask(&mut house, client, load);
    }
    let mut under_way = clients.len();
    let mut last = began;
    while under_way > 0 {
        house.crowd.turn(Instant::now() + Duration::from_millis(5), &mut answers)?;
        anyhow::ensure!(answers.wrong.is_none(), "an event was not applied: {:?}", answers.wrong);
        anyhow::ensure!(last.elapsed() < Duration::from_secs(10), "no answer for 10 s");
        for link in std::mem::take(&mut answers.answered) {
            // Links are numbered in the order they were opened; nobody else is here.
            let client = &mut clients[link.0];
            last = Instant::now();
            if let Some(asked) = client.asked.take() {
                latency.saturating_record((last - asked).as_nanos() as u64);
            }
            if last - began < load.span {
                ask(&mut house, client, load);
            } else {
                under_way -= 1;
            }
        }
    }
    let took = last - began;
    let cpu = house.cpu()?.saturating_sub(cpu);
    let beside = house.cpu_beside()?.saturating_sub(beside);
    let milliseconds = |quantile| latency.value_at_quantile(quantile) as f64 / 1e6;
    Ok(Figures::default()
        .with("events/s", answers.applied as f64 / took.as_secs_f64())
        .with("answer p50 ms", milliseconds(0.5))
        .with("p99 ms", milliseconds(0.99))
        .with("server core", cpu.as_secs_f64() / took.as_secs_f64())
        .with("µs/event", cpu.as_secs_f64() * 1e6 / answers.applied.max(1) as f64)
        .with("NATS core", beside.as_secs_f64() / took.as_secs_f64())
        .with("server MB", house.resident()? as f64 / 1e6))
}

fn invitation(house: &House, door: Door, number: usize) -> Invitation {
    let address = house.address(number);
    match door {
        Door::Http => Invitation { address, request: String::new(), dialect: Dialect::Http, receive_buffer: None },
        Door::Socket => {
            let request = socket_request(address, &token(&format!("w{number}"), "integration"));
            Invitation { address, request, dialect: Dialect::Plain, receive_buffer: None }
        }
    }
}

/// So many events about these agents: work for each in turn, and in the next lap its end.
pub fn batch(agents: &std::ops::Range<usize>, first: usize, events: usize, ids: Ids) -> String {
    let events: Vec<_> = (first..first + events)
        .map(|number| {
            let agent = agents.start + number % agents.len();
            let lap = number / agents.len();
            let kind = if lap.is_multiple_of(2) { "workitem.assigned" } else { "workitem.closed" };
            let sub = if lap.is_multiple_of(2) { r#","subEvent":"ASSIGNMENT_ACCEPT""# } else { "" };
            format!(
                r#"{{"specversion":"1.0","id":"{}","source":"/bench","type":"{kind}","data":{{"agentId":"a{agent}","workItemId":"w{agent}-{}"{sub}}}}}"#,
                ids.id(agent as u64, lap as u64),
                lap / 2,
            )
        })
        .collect();
    format!("[{}]", events.join(","))
}

/// Sends the next request of a client: work for its next agents, and in the next lap its end.
fn ask(house: &mut House, client: &mut Client, load: Load) {
    let events = batch(&client.agents, client.requests * load.batch, load.batch, load.ids);
    let request = match load.door {
        Door::Http => format!(
            "POST /api/v1/events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/cloudevents-batch+json\r\nContent-Length: {}\r\n\r\n{events}",
            house.server().address(),
            token_of_work(),
            events.len(),
        ),
        Door::Socket => format!(r#"{{"type":"events","id":{},"events":{events}}}"#, client.requests),
    };
    client.requests += 1;
    client.asked = Some(Instant::now());
    house.crowd.send(client.link, request.as_bytes());
}

/// One token for all requests of HTTP; making one for each would be the client's cost.
fn token_of_work() -> &'static str {
    static TOKEN: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TOKEN.get_or_init(|| token("work", "integration"))
}

impl Answers {
    fn take(&mut self, link: LinkId, body: &[u8]) {
        let applied = memchr::memmem::find_iter(body, br#""status":"applied""#).count();
        if applied == self.batch {
            self.applied += applied as u64;
            self.answered.push(link);
        } else {
            self.wrong = Some(String::from_utf8_lossy(&body[..body.len().min(400)]).into_owned());
        }
    }
}

impl Hears for Answers {
    fn hear(&mut self, link: LinkId, said: Said<'_>, _: Instant) {
        match said {
            Said::Opened => self.open += 1,
            Said::Answer(200, body) => self.take(link, body),
            Said::Answer(status, body) => self.wrong = Some(format!("{status}: {}", String::from_utf8_lossy(body))),
            Said::Frame(frame) => {
                if frame.starts_with(br#"{"type":"result""#) || frame.starts_with(br#"{"type":"error""#) {
                    self.take(link, frame);
                }
            }
            Said::Closed(code) => self.wrong = Some(format!("closed with {code:?}")),
            // Work systems take texts.
            Said::Deflated(_) => {}
        }
    }
}
