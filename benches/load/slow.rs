//! *Slow readers*: watchers that never read, beside others that do, under full load.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::house::{Form, House};
use super::open_loop::{self, Rate};
use super::report::Figures;
use super::server::Kind;
use super::usage;

/// What the run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub members: usize,
    pub readers: usize,
    pub deaf: usize,
    pub rate: u32,
    pub span: Duration,
    pub form: Form,
}

/// They are closed within the run, but not at once: so long the hub bears them. Who does not read answers no ping
/// either, and deflated frames fill what the kernels keep only after ten seconds: until then only pings tell that there
/// is nobody.
const BORNE: [(&str, &str); 2] =
    [("PRESENCE_HUB__FEED__STALL_TIMEOUT", "40s"), ("PRESENCE_HUB__SESSIONS__PING_TIMEOUT", "120s")];
/// What the client's kernel keeps unread for those who do not read, so that it is the hub's side
/// that is measured.
const RECEIVE_BUFFER: usize = 16 * 1024;

/// Measures the hub.
pub fn run(folder: &Path, plan: Plan) -> anyhow::Result<Figures> {
    let mut house = House::open(Kind::Hub, folder, &BORNE)?;
    house.expect_members(plan.members);
    house.connect_members(plan.members)?;
    house.form = plan.form;
    for _ in 0..plan.deaf {
        let watcher = house.connect_watcher(Some(RECEIVE_BUFFER))?;
        house.watch(watcher, &json!({}));
    }
    house.wait("watchers to be ready", |ears| ears.ready == plan.deaf)?;
    house.ears.uncounted = plan.deaf;
    house.connect_watchers(plan.readers, |_| json!({}))?;
    house.warm_up(plan.members)?;
    for number in 0..plan.deaf {
        house.crowd.plug_ears(house.ears.watchers[number].link);
    }
    house.pass(Duration::from_millis(500))?;

    let (resident, kernel) = (house.resident()?, usage::tcp_bytes()?);
    let (mut most_resident, mut most_kernel) = (resident, kernel);
    let cpu = house.cpu()?;
    let began = Instant::now();
    let (mut look, mut after_5_s) = (began + Duration::from_secs(5), 0);
    let rate = Rate { members: plan.members, changes: plan.rate, span: plan.span };
    open_loop::offer(&mut house, rate, |house, now| {
        if now > look {
            after_5_s = if after_5_s == 0 { house.resident()? } else { after_5_s };
            most_resident = most_resident.max(house.resident()?);
            most_kernel = most_kernel.max(usage::tcp_bytes()?);
            look = now + Duration::from_secs(1);
        }
        Ok(())
    })?;
    let cpu = house.cpu()?.saturating_sub(cpu);
    let took = began.elapsed();
    for number in 0..plan.deaf {
        house.crowd.unplug_ears(house.ears.watchers[number].link, &mut house.ears);
    }
    if plan.deaf > 0 {
        house.wait("the deaf to hear that they are closed", |ears| {
            ears.watchers[..plan.deaf].iter().all(|watcher| watcher.closed.is_some())
        })?;
    }
    let ears = &house.ears;
    let told_4408 = ears.watchers[..plan.deaf].iter().filter(|watcher| watcher.closed == Some(Some(4408))).count();
    anyhow::ensure!(ears.errors.is_empty(), "{:?}", ears.errors.first());
    let latency = |quantile| ears.latency.value_at_quantile(quantile) as f64 / 1e6;
    let kernel = most_kernel.saturating_sub(kernel) as f64;
    Ok(Figures::default()
        .with("closed 4408", told_4408 as f64)
        .with("p50 ms", latency(0.5))
        .with("p99 ms", latency(0.99))
        .with("server core", cpu.as_secs_f64() / took.as_secs_f64())
        .with("hub MB after 5 s", after_5_s as f64 / 1e6)
        .with("hub MB at most", most_resident as f64 / 1e6)
        .with("kernel MB more", kernel / 1e6))
}
