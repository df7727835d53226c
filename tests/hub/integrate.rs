//! The examples of `docs/integrate.md`, in every language, against a hub and over a network that fails.

mod between;
mod examples;

use serde_json::json;

use crate::harness::{Hub, within};
use between::{Between, Mishap};
pub use examples::{Language, Running};

/// A hub with a workstream and these agents, each signed in.
async fn hub_with(agents: &[&str]) -> (Hub, Vec<crate::harness::Socket>) {
    let hub = Hub::start().await;
    let workstream = json!({ "allowedPresences": ["AVAILABLE"] });
    assert_eq!(hub.http().put("/api/v1/workstreams/chat", &workstream).await.0, 201);
    let mut sockets = Vec::new();
    for agent in agents {
        sockets.push(hub.signs_in(agent).await);
    }
    (hub, sockets)
}

#[tokio::test]
async fn a_work_system_reports_everything_once_although_an_answer_is_lost() {
    for language in Language::ready() {
        let (hub, _sockets) = hub_with(&["ada"]).await;
        let between = Between::before(&hub, Mishap::LosesTheFirstAnswer).await;
        let token = hub.token("acd", &["integration"]);
        let running = Running::start(language, "work-system", &["ada"], between.address(), &token);
        let (success, said, complaints) = running.ends().await;
        let expected = "workitem.offered duplicate available\n\
                        workitem.assigned applied busy\n\
                        workitem.closed applied available\n";
        assert_eq!((said.as_str(), success), (expected, true), "{language:?}: {complaints}");
    }
}

#[tokio::test]
async fn a_work_system_ends_with_what_is_rejected_for_good() {
    for language in Language::ready() {
        let (hub, _sockets) = hub_with(&[]).await;
        let token = hub.token("acd", &["integration"]);
        let running = Running::start(language, "work-system", &["nobody"], hub.address(), &token);
        let (success, said, _) = running.ends().await;
        assert_eq!((said.as_str(), success), ("workitem.offered rejected unknown_agent\n", false), "{language:?}");
        let running = Running::start(language, "work-system", &["nobody"], hub.address(), "no token");
        let (success, said, complaints) = running.ends().await;
        assert_eq!((said.as_str(), success), ("", false), "{language:?}: {complaints}");
        assert!(complaints.contains("a JSON Web Token is right"), "{language:?}: {complaints}");
    }
}

#[tokio::test]
async fn a_router_offers_to_the_next_when_the_first_went_away_meanwhile() {
    for language in Language::ready() {
        let (hub, mut sockets) = hub_with(&["ada", "ben"]).await;
        let (mishap, holding) = Mishap::holds_the_first_event();
        let between = Between::before(&hub, mishap).await;
        let token = hub.token("router", &["integration"]);
        let running = Running::start(language, "router", &["chat", "item-1"], between.address(), &token);
        let go_on = within(holding).await.unwrap();
        sockets[0].does(json!({ "type": "setPresence", "presenceId": "away" })).await;
        go_on.send(()).unwrap();
        let (success, said, complaints) = running.ends().await;
        assert_eq!(
            (said.as_str(), success),
            ("not ada: not_eligible\noffered to ben\n", true),
            "{language:?}: {complaints}"
        );
        sockets[1].does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
        let running = Running::start(language, "router", &["chat", "item-2"], hub.address(), &token);
        let (success, said, complaints) = running.ends().await;
        assert!(!success && complaints.contains("nobody is eligible"), "{language:?}: {said} {complaints}");
    }
}

#[tokio::test]
async fn a_board_goes_on_where_it_was_after_its_connection_was_lost() {
    for language in Language::ready().into_iter().filter(|language| *language != Language::Shell) {
        let (hub, _sockets) = hub_with(&["ada"]).await;
        let between = Between::before(&hub, Mishap::None).await;
        let token = hub.token("sam", &["supervisor"]);
        let mut running = Running::start(language, "board", &[], between.address(), &token);
        running.says("following: snapshot").await;
        running.says("ada Available").await;
        between.cuts_all_connections();
        running.says("not following").await;
        let item = json!({ "agentId": "ada", "workItemId": "chat-1" });
        hub.http().applies(&crate::harness::event("workitem.assigned", item)).await;
        running.says("following: resumed").await;
        running.says("ada Busy").await;
        // The end of the token ends its sockets, with a code that says not to come back.
        assert_eq!(hub.http_with(&token).delete("/session").await.0, 204);
        let (success, _, complaints) = running.ends().await;
        assert!(!success && complaints.contains("closed with 4410"), "{language:?}: {complaints}");
    }
}

#[cfg(feature = "pages")]
#[tokio::test]
async fn a_board_inflates_a_history_with_what_was_said_before() {
    Language::ready();
    let (hub, mut sockets) = hub_with(&["ada"]).await;
    let token = hub.token("sam", &["supervisor"]);
    let mut running = Running::start(Language::TypeScript, "deflated", &[], hub.address(), &token);
    running.says("whole").await;
    running.says("ada Available").await;
    let mut bytes = Vec::new();
    for (presence, kind, shown) in [
        ("away", "begins", "ada Appear away"),
        ("busy", "continues", "ada Busy"),
        ("available", "continues", "ada Available"),
    ] {
        sockets[0].does(json!({ "type": "setPresence", "presenceId": presence })).await;
        let said = running.says(kind).await;
        bytes.push(said.split(' ').nth(1).unwrap().parse::<usize>().unwrap());
        running.says(shown).await;
    }
    assert!(2 * bytes[1] < bytes[0] && 2 * bytes[2] < bytes[0], "what was said before shortens it: {bytes:?}");
    assert_eq!(hub.http_with(&token).delete("/session").await.0, 204);
    let (success, _, complaints) = running.ends().await;
    assert!(!success && complaints.contains("closed with 4410"), "{complaints}");
}

#[tokio::test]
async fn a_board_in_shell_is_one_look() {
    let agents: Vec<String> = (0..150).map(|number| format!("a{number:03}")).collect();
    let (hub, _sockets) = hub_with(&["ada"]).await;
    let records: Vec<_> = agents.iter().map(|agent| json!({ "agentId": agent })).collect();
    assert_eq!(hub.http().put("/api/v1/agents", &json!({ "items": records })).await.0, 200);
    let token = hub.token("sam", &["supervisor"]);
    let running = Running::start(Language::Shell, "board", &[], hub.address(), &token);
    let (success, said, complaints) = running.ends().await;
    let offline = agents.iter().map(|agent| format!("{agent} Offline\n")).collect::<String>();
    assert_eq!((said, success), (format!("{offline}ada Available\n"), true), "{complaints}");
}

#[tokio::test]
async fn a_copy_follows_the_changes_and_begins_again_when_its_position_is_gone() {
    Language::ready();
    let (hub, _sockets) = hub_with(&["ada"]).await;
    let between = Between::before(&hub, Mishap::None).await;
    let token = hub.token("wfm", &["integration"]);
    let mut running = Running::start(Language::Python, "changes", &[], between.address(), &token);
    running.says("ada available").await;
    running.says("following").await;
    let mut stream = Running::start(Language::Shell, "changes", &[], hub.address(), &token);
    stream.says("{\"type\":\"heartbeat\"").await;
    between.cuts_all_connections();
    let item = json!({ "agentId": "ada", "workItemId": "chat-1" });
    hub.http().applies(&crate::harness::event("workitem.assigned", item)).await;
    running.says("ada busy").await;
    stream.says("{\"specversion\":\"1.0\"").await;
    let database = rusqlite::Connection::open(hub.folder().join("data/hub.db")).unwrap();
    database.execute("UPDATE hub SET epoch = 'restored'", []).unwrap();
    let hub = hub.killed_and_started_again().await;
    between.leads_to(&hub);
    running.says("ada").await;
    assert_eq!(hub.http().delete("/api/v1/agents/ada").await.0, 204);
    running.says("ada gone").await;
}

#[test]
fn the_page_quotes_the_examples() {
    examples::quoted();
}
