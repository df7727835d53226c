//! Records that were changed at one hub and are removed at another one at once.

use serde_json::json;

use super::{Cluster, hires};

/// How often each is tried: a hub hears of another one's change some milliseconds later.
const TIMES: usize = 12;

#[tokio::test]
async fn nothing_is_refused_for_what_another_hub_has_just_made_possible() {
    let cluster = Cluster::small();
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    let (ones, twos) = (one.http(), two.http());
    hires(&two, "ada").await;
    let puts = async |path: &str, record| {
        let (status, body) = twos.put(path, &record).await;
        assert!(status < 300, "{path}: {body}");
    };
    let has = async |profiles| puts("/api/v1/agents/ada", json!({ "name": "ada", "profiles": profiles })).await;
    let profile = "/api/v1/capacity-profiles/chats";
    let record = json!({ "defaultMax": 2 });
    for _ in 0..TIMES {
        // What was just made there is removed here.
        puts(
            "/api/v1/presences/lunch",
            json!({ "presenceName": "Lunch", "basePresenceStatus": "AWAY", "presenceText": "At lunch" }),
        )
        .await;
        assert_eq!(ones.delete("/api/v1/presences/lunch").await.0, 204);
        puts("/api/v1/workstreams/calls", json!({ "allowedPresences": ["AVAILABLE"] })).await;
        assert_eq!(ones.delete("/api/v1/workstreams/calls").await.0, 204);
        puts(profile, record.clone()).await;
        assert_eq!(ones.delete(profile).await.0, 204);
        // The last agent gives it back there.
        puts(profile, record.clone()).await;
        has(json!([{ "profileId": "chats" }])).await;
        // Whatever becomes of a command, it is held against what is kept, and this hub knows it then.
        ones.put("/api/v1/agents/ada/presence", &json!({ "presenceId": "busy" })).await;
        let (status, body) = ones.delete(profile).await;
        assert_eq!((status, &body["code"]), (409, &json!("in_use")), "{body}");
        has(json!([])).await;
        let (status, body) = ones.delete(profile).await;
        assert_eq!(status, 204, "{body}");
        // The last workstream takes it no more there, and another one may take what was just made there.
        puts(profile, record.clone()).await;
        let takes = |profiles| json!({ "allowedPresences": ["AVAILABLE"], "profiles": profiles });
        let (status, body) = ones.put("/api/v1/workstreams/calls", &takes(json!(["chats"]))).await;
        assert_eq!(status, 201, "{body}");
        puts("/api/v1/workstreams/calls", takes(json!([]))).await;
        assert_eq!(ones.delete(profile).await.0, 204);
        assert_eq!(ones.delete("/api/v1/workstreams/calls").await.0, 204);
    }
}
