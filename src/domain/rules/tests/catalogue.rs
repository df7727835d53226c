//! The presence catalogue (rule book, *Presences*).

use super::desk::{Answer, custom, on_duty, workstream};
use crate::domain::catalog::Catalog;
use crate::domain::ids::PresenceId;
use crate::domain::presence::{BaseStatus, BuiltIn, Presence};
use crate::domain::rules::eligibility::Reason;

fn presence(name: &str, text: &str, base: BaseStatus) -> Presence {
    Presence { name: name.to_owned(), text: text.to_owned(), ..custom("p", base) }
}

#[test]
fn r_1_there_are_five_base_statuses() {
    let names = BaseStatus::ALL.map(BaseStatus::as_str);
    assert_eq!(names, ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"]);
    assert!(BaseStatus::ALL.into_iter().all(|base| BaseStatus::parse(base.as_str()) == Some(base)));
}

#[test]
fn r_2_six_presences_ship_and_nobody_changes_or_deletes_them() {
    let mut catalog = Catalog::default();
    for kind in BuiltIn::ALL {
        catalog.put(Presence { text: "Mine".to_owned(), ..custom(kind.as_str(), BaseStatus::Available) });
        catalog.remove(&kind.id());
    }
    assert_eq!(catalog, Catalog::default());
    assert_eq!(catalog.iter().count(), 6);
}

#[test]
fn r_3_nobody_can_choose_inactive() {
    let mut agent = on_duty(3);
    assert_eq!(agent.chooses("inactive"), Answer::Refused("presence_not_settable"));
    assert_eq!(agent.is_set_by_its_supervisor("inactive"), Answer::Refused("presence_not_settable"));
    assert_eq!(agent.chooses_for("away", 1_000, Some("inactive")), Answer::Refused("presence_not_settable"));
    assert!(agent.directory.presence_options(&agent.agent.record).iter().all(|one| one.id != BuiltIn::Inactive.id()));
}

#[test]
fn r_4_inactive_counts_as_away_for_routing() {
    let mut agent = on_duty(3).with_workstream(workstream("chat"));
    agent.misses("w1");
    assert_eq!(agent.agent.shown_base(), BaseStatus::Away);
    assert_eq!(agent.obstacles("chat"), [Reason::PresenceNotAllowed, Reason::Hold]);
}

#[test]
fn r_5_the_base_of_a_custom_presence_decides_and_its_text_does_not() {
    let mut agent = on_duty(3)
        .with_presence(presence("Night", "Available (night)", BaseStatus::Offline))
        .with_workstream(workstream("chat"));
    agent.chooses("p");
    assert_eq!((agent.shown(), agent.agent.shown_base()), ("p", BaseStatus::Offline));
    assert_eq!(agent.obstacles("chat"), [Reason::PresenceNotAllowed]);
}

#[test]
fn r_5_a_text_that_contradicts_its_base_is_warned_about() {
    let warned = [
        ("Available (night)", BaseStatus::Offline, "available"),
        ("Do Not Disturb", BaseStatus::Away, "do not disturb"),
        ("Don't disturb", BaseStatus::Available, "do not disturb"),
        ("Busy - DND", BaseStatus::Busy, "dnd"),
        ("Appear offline", BaseStatus::Available, "offline"),
        ("Not available", BaseStatus::Available, "unavailable"),
        ("Lunch", BaseStatus::Available, "lunch"),
        ("Coffee break", BaseStatus::Busy, "break"),
    ];
    for (text, base, word) in warned {
        let warning = presence("Custom", text, base).contradiction().unwrap_or_default();
        assert!(warning.contains(&format!("\"{word}\"")), "{text} over {base:?}: {warning:?}");
    }
}

#[test]
fn r_5_a_text_that_fits_its_base_is_not_warned_about() {
    let fine = [
        ("Away - In Training", BaseStatus::Away),
        ("Available for VIPs", BaseStatus::Available),
        ("Unavailable", BaseStatus::Offline),
        ("Not available", BaseStatus::Away),
        ("Busy with a case", BaseStatus::BusyDoNotDisturb),
        ("Breakdown desk", BaseStatus::Available),
        ("Takeaway orders", BaseStatus::Available),
        ("Lunch", BaseStatus::Offline),
        ("Schulung", BaseStatus::Away),
    ];
    for (text, base) in fine {
        assert_eq!(presence("Custom", text, base).contradiction(), None, "{text} over {base:?}");
    }
}

#[test]
fn r_6_names_have_100_characters_and_texts_and_descriptions_500() {
    let field = |presence: Presence| presence.validate().err().map(|wrong| wrong.field);
    let good = presence(&"ü".repeat(100), &"t".repeat(500), BaseStatus::Away);
    assert_eq!(field(Presence { description: "d".repeat(500), ..good.clone() }), None);
    assert_eq!(field(Presence { name: "n".repeat(101), ..good.clone() }), Some("presenceName"));
    assert_eq!(field(Presence { name: " ".to_owned(), ..good.clone() }), Some("presenceName"));
    assert_eq!(field(Presence { text: "t".repeat(501), ..good.clone() }), Some("presenceText"));
    assert_eq!(field(Presence { text: String::new(), ..good.clone() }), Some("presenceText"));
    assert_eq!(field(Presence { description: "d".repeat(501), ..good.clone() }), Some("description"));
    assert_eq!(field(Presence { color: "red".to_owned(), ..good.clone() }), Some("presenceColor"));
    assert_eq!(field(Presence { labels: [("de".to_owned(), String::new())].into(), ..good }), Some("labels"));
}

#[test]
fn r_7_appear_away_is_away_and_do_not_disturb_is_busy_dnd() {
    let catalog = Catalog::default();
    assert_eq!(catalog.named("Appear away").map(|one| one.base), Some(BaseStatus::Away));
    assert_eq!(catalog.named("Do not disturb").map(|one| one.base), Some(BaseStatus::BusyDoNotDisturb));
}

#[test]
fn a_33_a_presence_is_named_by_id_by_well_known_id_or_by_a_text_only_it_has() {
    let mut catalog = Catalog::default();
    catalog.put(presence("Focus", "Focus time", BaseStatus::BusyDoNotDisturb));
    catalog.put(Presence { text: "Busy".to_owned(), ..custom("mine", BaseStatus::Busy) });
    let id = |name: &str| catalog.named(name).map(|one| one.id.to_string());
    assert_eq!(id("busy").as_deref(), Some("busy"));
    assert_eq!(id("EFDEB843-c07a-e811-8162-000d3aa11f50").as_deref(), Some("busy"));
    assert_eq!(id("Focus time").as_deref(), Some("p"));
    assert_eq!(id("focus time"), None, "texts match exactly");
    assert_eq!(id("Busy"), None, "two presences have this text");
}

#[test]
fn a_33_a_retired_presence_has_no_name_and_gives_its_text_up() {
    let mut catalog = Catalog::default();
    catalog.put(Presence { text: "Busy".to_owned(), enabled: false, ..custom("old", BaseStatus::Busy) });
    assert_eq!(catalog.named("old"), None);
    assert_eq!(catalog.named("Busy").map(|one| one.id.as_str()), Some("busy"));
    assert!(catalog.find(&PresenceId::new("old").unwrap()).is_some());
}

#[test]
fn a_33_no_custom_presence_takes_a_well_known_id() {
    let thief = custom(BuiltIn::Busy.well_known_id(), BaseStatus::Away);
    assert_eq!(thief.validate().err().map(|wrong| wrong.field), Some("presenceId"));
}

#[test]
fn r_3_an_agent_chooses_only_from_its_own_list_and_a_supervisor_from_all() {
    let mut agent = on_duty(3);
    agent.is_configured(|record| record.selectable = Some([BuiltIn::Available.id(), BuiltIn::Away.id()].into()));
    assert_eq!(agent.chooses("busy"), Answer::Refused("presence_not_allowed"));
    assert_eq!(agent.chooses("away"), Answer::Applied);
    assert_eq!(agent.is_set_by_its_supervisor("busy"), Answer::Applied);
    assert_eq!(agent.chooses("lunch"), Answer::Refused("unknown_presence"));
}
