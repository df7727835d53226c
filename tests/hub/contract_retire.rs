//! The catalog: built-in presences, custom ones, and what becomes of those that are retired.

use serde_json::{Value, json};

use crate::harness::{Board, Hub};

#[tokio::test]
async fn the_six_built_in_presences_cannot_be_changed() {
    let hub = Hub::start().await;
    let http = hub.http();
    let (_, list) = http.get("/api/v1/presences").await;
    let built_in: Vec<&Value> = list["items"].as_array().unwrap().iter().filter(|one| one["builtIn"] == true).collect();
    assert_eq!(built_in.len(), 6);
    for presence in built_in {
        let path = format!("/api/v1/presences/{}", presence["presenceId"].as_str().unwrap());
        let record = json!({ "presenceName": "Mine", "basePresenceStatus": presence["basePresenceStatus"] });
        for (status, body) in [
            http.put(&path, &record).await,
            http.patch(&path, &json!({ "presenceName": "Mine" })).await,
            http.delete(&path).await,
        ] {
            assert_eq!((status, &body["code"]), (409, &json!("built_in_presence")), "{path}");
        }
        assert_eq!(http.get(&path).await.1, *presence);
    }
    let (_, inactive) = http.get("/api/v1/presences/inactive").await;
    assert_eq!((&inactive["basePresenceStatus"], &inactive["canUserSet"]), (&json!("AWAY"), &json!(false)));
}

#[tokio::test]
async fn a_custom_presence_is_created_read_changed_and_deleted() {
    let hub = Hub::start().await;
    let http = hub.http();
    let path = "/api/v1/presences/training";
    let record = json!({
        "presenceId": "training", "presenceName": "Training", "presenceText": "In training",
        "basePresenceStatus": "AWAY", "description": "learns", "builtIn": false, "canUserSet": true,
        "presenceColor": "#123456", "labels": { "de": "Schulung" }, "enabled": true,
    });
    assert_eq!(http.post("/api/v1/presences", &record).await, (201, record.clone()));
    assert_eq!(http.get(path).await, (200, record.clone()));
    assert_eq!(http.post("/api/v1/presences", &record).await.1["code"], "in_use");
    let (status, patched) = http.patch(path, &json!({ "presenceText": "Learning", "labels": { "de": null } })).await;
    assert_eq!((status, &patched["presenceText"], &patched["labels"]), (200, &json!("Learning"), &json!({})));
    let (status, contradicts) = http
        .put(
            "/api/v1/presences/night",
            &json!({ "presenceName": "Available (night)", "basePresenceStatus": "OFFLINE" }),
        )
        .await;
    assert_eq!(status, 201);
    assert!(contradicts["warnings"].is_array(), "{contradicts}");
    for (wrong, field) in [
        (json!({ "presenceName": "", "basePresenceStatus": "AWAY" }), "presenceName"),
        (json!({ "presenceName": "x".repeat(101), "basePresenceStatus": "AWAY" }), "presenceName"),
        (json!({ "presenceName": "x", "presenceText": "x".repeat(501), "basePresenceStatus": "AWAY" }), "presenceText"),
        (json!({ "presenceName": "x", "description": "x".repeat(501), "basePresenceStatus": "AWAY" }), "description"),
        (json!({ "presenceName": "x", "builtIn": true, "basePresenceStatus": "AWAY" }), "builtIn"),
    ] {
        let (status, body) = http.put("/api/v1/presences/wrong", &wrong).await;
        assert_eq!((status, &body["code"], &body["field"]), (422, &json!("invalid"), &json!(field)), "{wrong}");
    }
    for wrong in [json!({ "presenceName": "x" }), json!({ "presenceName": "x", "basePresenceStatus": "ASLEEP" })] {
        assert_eq!(http.put("/api/v1/presences/wrong", &wrong).await.1["code"], "invalid");
    }
    assert_eq!(http.delete(path).await.0, 204);
    assert_eq!(http.get(path).await.0, 404);
}

#[tokio::test]
async fn a_presence_in_use_is_retired_and_its_holders_move_and_are_told() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut board = Board::open(&hub, json!({})).await;
    let focus = json!({ "presenceName": "Focus", "basePresenceStatus": "BUSY_DO_NOT_DISTURB" });
    for how in ["deleted", "disabled"] {
        assert_eq!(http.put("/api/v1/presences/focus", &focus).await.0 / 100, 2);
        let mut ada = hub.signs_in("ada").await;
        ada.does(json!({ "type": "setPresence", "presenceId": "focus" })).await;
        board.sees_presence("ada", "focus").await;
        let status = match how {
            "deleted" => http.delete("/api/v1/presences/focus").await.0,
            _ => http.patch("/api/v1/presences/focus", &json!({ "enabled": false })).await.0,
        };
        assert_eq!(status / 100, 2);
        let moved = board.sees_presence("ada", "do-not-disturb").await;
        assert_eq!((&moved["origin"], &moved["eventName"]), (&json!("AGENT"), &json!("PRESENCE_RETIRED")), "{how}");
        ada.find(|frame| frame["type"] == "notice" && frame["code"] == "presenceRetired").await;
        assert_eq!(http.get("/api/v1/presences/focus").await.1["enabled"], false);
        assert_eq!(ada.refused(json!({ "type": "setPresence", "presenceId": "focus" })).await, "unknown_presence");
        let (_, body) = http.put("/api/v1/agents/ben", &json!({ "defaultPresenceId": "focus" })).await;
        assert_eq!((&body["code"], &body["field"]), (&json!("invalid"), &json!("defaultPresenceId")));
    }
}

#[tokio::test]
async fn who_is_disconnected_moves_too() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut board = Board::open(&hub, json!({})).await;
    let focus = json!({ "presenceName": "Focus", "basePresenceStatus": "BUSY_DO_NOT_DISTURB" });
    assert_eq!(http.put("/api/v1/presences/focus", &focus).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "focus" })).await;
    ada.loses_its_network();
    board.sees("ada", |shown| shown["restore"]["presenceId"] == "focus").await;
    assert_eq!(http.delete("/api/v1/presences/focus").await.0, 204);
    board.sees("ada", |shown| shown["restore"]["presenceId"] == "do-not-disturb").await;
    assert_eq!(hub.signs_in("ada").await.welcome["agent"]["presence"]["presenceId"], "do-not-disturb");
}
