//! *Sign-ins*: agents connect as fast as they are let in, each with a token that is verified, and each sign-in is kept.

use std::path::Path;
use std::time::{Duration, Instant};

use super::house::{House, OPENING};
use super::report::Figures;
use super::server::Kind;
use super::usage;

/// How long an agent who is gone may still come back without signing in anew.
const RESTORE_WINDOW: &str = "1s";
/// So long after it everyone has been signed out.
const SIGNED_OUT: Duration = Duration::from_secs(5);

/// Whom the hub signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Agents whom it knows.
    Known,
    /// Agents who come for the first time: a record of each is made and kept, too.
    New,
}

/// Measures one server.
pub fn run(kind: Kind, folder: &Path, members: usize, who: Who) -> anyhow::Result<Figures> {
    let opening = members.to_string();
    let mut house = House::open(
        kind,
        folder,
        &[
            // A hub asks more than some thousand that open at once to come back.
            ("PRESENCE_HUB__SERVER__MAX_OPENING", opening.as_str()),
            ("PRESENCE_HUB__PRESENCE__RESTORE_WINDOW", RESTORE_WINDOW),
            ("PRESENCE_HUB__PRESENCE__REFRESH_GRACE", RESTORE_WINDOW),
        ],
    )?;
    house.expect_members(members);
    house.write_invitations();
    match who {
        Who::New => {}
        Who::Known => {
            house.connect_members(members)?;
            house.forget_members();
            house.pass(SIGNED_OUT)?;
        }
    }
    house.pass(Duration::from_millis(500))?;
    let own = std::process::id();
    let (cpu, client) = (house.cpu()?, usage::cpu_nanos(own)?);
    let began = Instant::now();
    house.connect_members_by(members, OPENING)?;
    let took = began.elapsed();
    let cpu = house.cpu()?.saturating_sub(cpu);
    let client = Duration::from_nanos(usage::cpu_nanos(own)?.saturating_sub(client));
    anyhow::ensure!(house.ears.errors.is_empty(), "{kind:?}: {:?}", house.ears.errors.first());
    let each = |time: Duration| time.as_secs_f64() * 1e6 / members as f64;
    Ok(Figures::default()
        .with("agents", members as f64)
        .with("sign-ins/s", members as f64 / took.as_secs_f64())
        .with("server µs", each(cpu))
        .with("server core", cpu.as_secs_f64() / took.as_secs_f64())
        .with("client µs", each(client))
        .with("client core", client.as_secs_f64() / took.as_secs_f64()))
}
