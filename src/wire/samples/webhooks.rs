//! Webhooks.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let settings = WebhookSettings {
        url: text("https://wfm.example.com/presence"),
        description: Some(text("Workforce management")),
        teams: Some(vec![text("billing")]),
        types: Some(vec![ChangeType::Presence, ChangeType::Deleted, ChangeType::Left]),
        enabled: true,
    };
    let webhook = Webhook {
        webhook_id: text("5d41402abc4b2a76b9719d91"),
        url: settings.url.clone(),
        description: settings.description.clone(),
        teams: settings.teams.clone(),
        types: settings.types.clone(),
        enabled: true,
        status: WebhookStatus::Active,
        problem: None,
        since: None,
        after: text("81251-6f1c2a"),
        secret: None,
        former_secret_until: None,
    };
    let off = Webhook {
        status: WebhookStatus::Off,
        problem: Some(text("the endpoint answered 410: it is gone")),
        since: Some(text(NOON)),
        former_secret_until: Some(text(LATER)),
        ..webhook.clone()
    };
    let created = Webhook { secret: Some(text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")), ..webhook.clone() };
    let delivery = WebhookDelivery {
        id: text("81251-6f1c2a"),
        at: text(NOON),
        attempt: 1,
        status: Some(503),
        error: Some(text("it answered 503")),
        duration_ms: 17,
    };
    vec![
        ("WebhookSettings", written(&settings)),
        ("Webhook", written(&webhook)),
        ("Webhook.off", written(&off)),
        ("Webhook.created", written(&created)),
        ("WebhookList", written(&List { items: vec![webhook], next_cursor: None })),
        ("WebhookDelivery", written(&delivery)),
        ("WebhookDeliveryList", written(&List { items: vec![delivery], next_cursor: None })),
        ("ResumeWebhook", written(&ResumeWebhook { after: Some(text("81251-6f1c2a")) })),
    ]
}
