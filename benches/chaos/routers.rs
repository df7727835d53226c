//! A router, which asks one hub again and again who may get work.

use std::time::Duration;

use serde_json::Value;

use crate::client::{request, token};
use crate::record::{Listed, Record, now};

/// The workstream that is asked about.
pub const WORKSTREAM: &str = "calls";
const ASKS_EVERY: Duration = Duration::from_millis(200);

/// Asks for ever.
pub async fn asks(hub: usize, address: String, record: Record) -> anyhow::Result<()> {
    let token = token(&format!("router{hub}"), &["integration"])?;
    let path = format!("/api/v1/workstreams/{WORKSTREAM}/eligible-agents?limit=1000");
    loop {
        let sent = now();
        if let Ok((200, body)) = request(&address, &token, "GET", &path, None).await {
            let items = body["items"].as_array().into_iter().flatten();
            let eligible = items.filter(|item| item["eligible"] != false).filter_map(|item| item["agentId"].as_str());
            let agents = eligible.map(str::to_owned).collect();
            record.listed.lock().push(Listed { hub, sent, answered: now(), agents });
        }
        tokio::time::sleep(ASKS_EVERY).await;
    }
}

/// The workstream, as an administrator makes it.
pub fn workstream() -> Value {
    serde_json::json!({
        "name": "Calls", "units": 1, "allowedPresences": ["AVAILABLE", "BUSY", "AWAY", "BUSY_DO_NOT_DISTURB"],
    })
}
