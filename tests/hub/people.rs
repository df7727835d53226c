//! What people and machines are called who acted.

use serde_json::json;

use crate::harness::Hub;

#[tokio::test]
async fn whoever_is_told_who_acted_may_ask_for_the_name() {
    let hub = Hub::start().await;
    let machine = json!({ "subject": "acd", "name": "Voice platform", "roles": ["integration"] });
    let (status, made) = hub.http().post("/api/v1/tokens", &machine).await;
    assert_eq!(status, 201, "{made}");
    let asked = "/api/v1/people?ids=acd&ids=nobody";
    assert_eq!(hub.http().get(asked).await.1["items"], json!([]), "it has not been here");
    assert_eq!(hub.http_with(made["token"].as_str().unwrap()).get(asked).await.0, 200);
    let (_, answer) = hub.http_as("ada", &["agent"]).get(asked).await;
    assert_eq!(answer["items"], json!([{ "id": "acd", "name": "Voice platform" }]));
    assert_eq!(hub.http().get("/api/v1/people").await.0, 422);

    // Who is erased has no name any more, even if the name is all that was known.
    let (status, erased) = hub.http().post("/api/v1/erasures", &json!({ "id": "acd" })).await;
    assert_eq!(status, 200, "{erased}");
    assert_eq!(hub.http().get(asked).await.1["items"], json!([]));
}
