use super::*;
use crate::domain::ids::WorkItemId;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const THEN: Timestamp = Timestamp(1_600_000_000_000);

fn shapes_of(json: serde_json::Value) -> Vec<shapes::WorkItem> {
    serde_json::from_value(json).unwrap()
}

fn item(id: &str, stage: Stage) -> WorkItem {
    WorkItem {
        id: WorkItemId::new(id).unwrap(),
        stage,
        since: THEN,
        workstream: Some(WorkstreamId::new("chat").unwrap()),
        takes: Consumption { units: 7, profiles: vec![ProfileId::new("gone").unwrap()] },
        presence_effect: PresenceEffect::Ignored,
    }
}

/// Items of every stage, whose workstream and profile are gone.
fn of_every_stage() -> Vec<WorkItem> {
    let deadline = Some(NOW.plus(Duration::from_secs(60)));
    vec![
        item("rings", Stage::Offered { deadline }),
        item("talks", Stage::Active),
        item("wraps", Stage::WrapUp { deadline }),
        item("done", Stage::WrapUpReleased),
    ]
}

fn workstream(id: &str, wrap_up: WrapUpBlock) -> Workstream {
    Workstream {
        id: WorkstreamId::new(id).unwrap(),
        name: id.to_owned(),
        allowed: BTreeSet::new(),
        units: Some(3),
        profiles: Vec::new(),
        wrap_up,
        presence_effect: PresenceEffect::Moves,
    }
}

fn directory(workstreams: &[Workstream]) -> Directory {
    let mut directory = Directory::default();
    for workstream in workstreams {
        directory.workstreams.insert(workstream.id.clone(), workstream.clone());
    }
    directory
}

fn only_stage(json: serde_json::Value, known: &[WorkItem], directory: &Directory) -> Stage {
    work_items(&shapes_of(serde_json::json!([json])), known, directory, NOW).unwrap()[0].stage
}

#[test]
fn what_a_reconciliation_leaves_out_stays_as_it_is() {
    let known = of_every_stage();
    let bare = shapes_of(serde_json::json!([
        { "workItemId": "rings", "state": "OFFERED" },
        { "workItemId": "talks", "state": "ACTIVE" },
        { "workItemId": "wraps", "state": "WRAP_UP" },
        { "workItemId": "done", "state": "WRAP_UP" },
    ]));
    assert_eq!(work_items(&bare, &known, &Directory::default(), NOW).unwrap(), known);
    // The directory's own opinion has changed meanwhile; these items came before.
    let changed = directory(&[workstream("chat", WrapUpBlock::Dont)]);
    assert_eq!(work_items(&bare, &known, &changed, NOW).unwrap(), known);
}

#[test]
fn what_was_read_can_be_written_back() {
    let known = of_every_stage();
    let read: Vec<_> = known.iter().map(crate::wire::show::work_item).collect();
    let sent = shapes_of(serde_json::to_value(&read).unwrap());
    assert_eq!(work_items(&sent, &known, &Directory::default(), NOW).unwrap(), known);
}

#[test]
fn a_deadline_may_be_moved_and_taken_away_and_its_stage_goes_on() {
    let known = of_every_stage();
    for (id, state) in [("rings", "OFFERED"), ("wraps", "WRAP_UP")] {
        for deadline in [None, Some(NOW.plus(Duration::from_secs(90)))] {
            let text = deadline.map(crate::wire::show::time);
            let moved = serde_json::json!([{ "workItemId": id, "state": state, "deadline": text }]);
            let moved = work_items(&shapes_of(moved), &known, &Directory::default(), NOW).unwrap();
            assert_eq!((moved[0].deadline(), moved[0].since), (deadline, THEN));
        }
    }
}

#[test]
fn a_wrap_up_that_is_new_to_the_hub_is_what_its_workstream_says() {
    let lasts = Duration::from_secs(30);
    let streams =
        [("always", WrapUpBlock::Always), ("custom", WrapUpBlock::Custom(lasts)), ("dont", WrapUpBlock::Dont)];
    let directory = directory(&streams.map(|(id, wrap_up)| workstream(id, wrap_up)));
    let expected =
        [Stage::WrapUp { deadline: None }, Stage::WrapUp { deadline: Some(NOW.plus(lasts)) }, Stage::WrapUpReleased];
    for ((stream, _), expected) in streams.iter().zip(expected) {
        let talks = item("w", Stage::Active);
        for known in [&[][..], &[talks][..]] {
            let item = serde_json::json!({ "workItemId": "w", "state": "WRAP_UP", "workstreamId": stream });
            assert_eq!(only_stage(item.clone(), known, &directory), expected);
            let mut blocks = item;
            blocks["holdsCapacity"] = true.into();
            assert_eq!(only_stage(blocks, known, &directory), Stage::WrapUp { deadline: None });
        }
    }
}

#[test]
fn an_item_that_moves_to_another_workstream_takes_on_its_effect() {
    let known = of_every_stage();
    let directory = directory(&[workstream("mail", WrapUpBlock::Always)]);
    let moved = serde_json::json!([{ "workItemId": "talks", "state": "ACTIVE", "workstreamId": "mail" }]);
    let moved = work_items(&shapes_of(moved), &known, &directory, NOW).unwrap();
    assert_eq!((moved[0].presence_effect, moved[0].takes.units), (PresenceEffect::Moves, 7));
    let unknown = serde_json::json!([{ "workItemId": "talks", "state": "ACTIVE", "workstreamId": "nowhere" }]);
    let refused = work_items(&shapes_of(unknown), &known, &directory, NOW).unwrap_err();
    assert_eq!(refused, Rejection::UnknownWorkstream("nowhere".to_owned()));
}

#[test]
fn lists_that_are_too_long_are_not_looked_at() {
    let one = shapes_of(serde_json::json!([{ "workItemId": "w", "state": "ACTIVE" }])).remove(0);
    let many: Vec<_> = (0..100_000).map(|n| shapes::WorkItem { work_item_id: n.to_string(), ..one.clone() }).collect();
    assert!(
        matches!(work_items(&many, &[], &Directory::default(), NOW), Err(Rejection::Invalid(invalid)) if invalid.field == "items")
    );
    let profiles = (0..100_000).map(|number| format!("p{number}")).collect::<Vec<_>>();
    assert_eq!(profile_ids(&profiles).unwrap_err().field, "profiles");
}
