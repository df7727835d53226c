use std::collections::BTreeSet;

use super::super::*;
use crate::domain::role::Roles;
use crate::domain::time::Timestamp;

fn caller(roles: &[Role], teams: Option<&[&str]>) -> Caller {
    let roles: Roles = roles.iter().copied().collect();
    let teams = teams.map(|teams| teams.iter().map(|team| (*team).to_owned()).collect());
    Caller {
        subject: "a17".to_owned(),
        limited: is_limited(roles),
        roles,
        teams,
        name: None,
        expires: Timestamp(0),
        valid_until: Timestamp(0),
        issued: None,
        token_id: String::new(),
        opaque: false,
        key: None,
    }
}

fn teams(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn may(caller: &Caller, action: Action) -> bool {
    super::super::may(caller, action).is_ok()
}

fn may_concerning(caller: &Caller, action: Action, agent: &str, of: &BTreeSet<String>) -> bool {
    super::super::may_concerning(caller, action, agent, of).is_ok()
}

/// The contract's table: A agent, S supervisor, O observer, R analyst (reports), I integration, U auditor, M admin; `*` the
/// agent itself; `!` not for who is limited to teams, whatever the role.
#[test]
fn each_role_may_what_the_contract_says() {
    let table = [
        (Action::AskOpenly, "ASORIUM"),
        (Action::OpenSocket, "ASORIUM"),
        (Action::ActAsAgent, "A"),
        (Action::Watch, "SOI"),
        (Action::Supervise, "S"),
        (Action::SendEvents, "I!"),
        (Action::HearOffers, "I!"),
        (Action::RenewCredentials, "ASORIUM"),
        (Action::SignOut, "ASORIUM"),
        (Action::ListAgents, "*SORIM"),
        (Action::ReadPresence, "*SOI"),
        (Action::SetPresence, "*S"),
        (Action::ResetPresence, "*S"),
        (Action::ExplainPresence, "*SOR"),
        (Action::ReadHistory, "*SOR"),
        (Action::Dispute, "*"),
        (Action::ReadReports, "SOR"),
        (Action::ReadPlan, "*SORIM"),
        (Action::Plan, "IM"),
        (Action::Excuse, "SM"),
        (Action::FollowChanges, "SOI"),
        (Action::ReadWorkItems, "*SOI"),
        (Action::ReconcileWorkItems, "I"),
        (Action::FindEligible, "SOI"),
        (Action::ReadRecord, "*SORIM"),
        (Action::ReadNames, "ASORIUM"),
        (Action::ReadDirectory, "ASORIUM"),
        (Action::Administer, "M"),
        (Action::Settings, "M"),
        (Action::Webhooks, "M!"),
        (Action::Erase, "M!"),
        (Action::ReadAudit, "UM!"),
        (Action::Revoke, "M!"),
        (Action::ApiTokens, "M!"),
        (Action::ReadMetrics, "SOM"),
        (Action::CopyDatabase, "M!"),
    ];
    assert_eq!(table.map(|(action, _)| action).as_slice(), Action::ALL);
    for (action, letters) in table {
        let everybody = caller(&Role::ALL, Some(&["billing"]));
        assert_eq!(may(&everybody, action), !letters.contains('!'), "{action:?}");
        assert!(!may_concerning(&everybody, action, "another", &teams(&["sales"])), "{action:?}");
        for (role, letter) in Role::ALL.into_iter().zip("ASORIUM".chars()) {
            let one = caller(&[role], None);
            let itself = role == Role::Agent && letters.contains('*');
            assert_eq!(may(&one, action), letters.contains(letter) || itself, "{role:?} {action:?}");
            assert_eq!(
                may_concerning(&one, action, "another", &teams(&[])),
                letters.contains(letter),
                "{role:?} {action:?}"
            );
            assert_eq!(
                may_concerning(&one, action, "a17", &teams(&[])),
                letters.contains(letter) || itself,
                "{role:?} {action:?}"
            );
        }
        assert!(!may(&caller(&[], None), action));
    }
}

#[test]
fn only_with_the_role_of_agent_is_the_subject_an_agent() {
    let supervisor = caller(&[Role::Integration], None);
    assert!(!may_concerning(&supervisor, Action::SetPresence, "a17", &teams(&[])));
    assert_eq!(supervisor.agent(), None);
    assert_eq!(caller(&[Role::Agent], None).agent().unwrap().as_str(), "a17");
}

#[test]
fn a_supervisor_of_some_teams_reaches_only_those() {
    let limited = caller(&[Role::Supervisor], Some(&["billing"]));
    assert!(may_concerning(&limited, Action::SetPresence, "b1", &teams(&["sales", "billing"])));
    assert!(!may_concerning(&limited, Action::SetPresence, "b1", &teams(&["sales"])));
    assert!(!may_concerning(&limited, Action::ReadPresence, "b1", &teams(&[])));
    assert!(!may_concerning(&caller(&[Role::Supervisor], Some(&[])), Action::ReadPresence, "b1", &teams(&["sales"])));
    let all = caller(&[Role::Supervisor, Role::Integration, Role::Admin], Some(&["billing"]));
    for all in [all.clone().narrowed("integration").unwrap(), all] {
        assert!(!may_concerning(&all, Action::ReadPresence, "b1", &teams(&["sales"])));
        assert!(may_concerning(&all, Action::ReadPresence, "b1", &teams(&["billing"])));
        assert_eq!(super::super::may(&all, Action::SendEvents), Err(Forbidden::Limited));
    }
}

#[test]
fn a_socket_may_ask_for_fewer_roles_and_never_for_more() {
    let both = || caller(&[Role::Agent, Role::Supervisor], None);
    let narrowed = both().narrowed("supervisor").unwrap();
    assert_eq!(narrowed.roles, [Role::Supervisor].into());
    assert_eq!(narrowed.agent(), None);
    assert_eq!(both().narrowed("supervisor, agent").unwrap().roles, [Role::Agent, Role::Supervisor].into());
    assert_eq!(both().narrowed("admin"), Err(NarrowError::NotHeld(Role::Admin)));
    assert_eq!(both().narrowed("boss"), Err(NarrowError::Unknown("boss".to_owned())));
    assert_eq!(both().narrowed(""), Err(NarrowError::None));
}

#[test]
fn demo_people_are_distinct_and_cover_every_role() {
    let people = demo::people();
    let ids: std::collections::BTreeSet<&str> = people.iter().map(|person| person.id).collect();
    assert_eq!(ids.len(), people.len());
    for role in Role::ALL {
        assert!(people.iter().any(|person| person.roles.contains(&role)), "{role:?}");
    }
    assert!(demo::person("nobody").is_none());
}

#[test]
fn a_refusal_names_the_roles_that_may_and_those_that_the_caller_has() {
    let said = |caller: &Caller, action| super::super::may(caller, action).unwrap_err().to_string();
    assert_eq!(
        said(&caller(&[Role::Agent], None), Action::Watch),
        "this is for supervisor, observer or integration; the caller is agent"
    );
    assert_eq!(
        said(&caller(&[], None), Action::ReadPresence),
        "this is for the agent itself, supervisor, observer or integration; the caller is of no role"
    );
}

#[test]
fn an_agent_may_not_even_name_another() {
    let ada = caller(&[Role::Agent], None);
    assert!(may_name(&ada, Action::ReadPresence, "a17").is_ok());
    assert_eq!(may_name(&ada, Action::ReadPresence, "b1"), Err(NotConcerning::AnotherAgent));
    assert!(may_name(&caller(&[Role::Supervisor], Some(&[])), Action::ReadPresence, "b1").is_ok());
}

#[test]
fn a_caller_sees_everyone_or_its_teams_or_itself() {
    assert_eq!(sees(&caller(&[Role::Agent], Some(&["billing"]))), Sees::Itself);
    assert_eq!(sees(&caller(&[Role::Supervisor], None)), Sees::Everyone);
    assert_eq!(sees(&caller(&[Role::Supervisor, Role::Agent], Some(&["billing"]))), Sees::Teams(teams(&["billing"])));
    assert_eq!(
        sees(&caller(&[Role::Integration, Role::Supervisor], Some(&["billing"]))),
        Sees::Teams(teams(&["billing"]))
    );
    assert_eq!(sees(&caller(&[Role::Integration], Some(&["billing"]))), Sees::Everyone);
    assert_eq!(sees(&caller(&[Role::Admin], None)), Sees::Everyone);
}
