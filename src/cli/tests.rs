use clap::CommandFactory as _;

use super::*;
use crate::domain::time::Timestamp;
use crate::identity::Identity;

/// What was written, in text: standard output and standard error.
fn run(command: impl FnOnce(&mut Output<'_>) -> io::Result<Exit>) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = command(&mut Output { out: &mut out, err: &mut err }).unwrap();
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn file(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_the_hub_serves_and_the_file_may_stand_on_either_side() {
    assert!(Cli::parse_from(["presence-hub"]).command.is_none());
    for typed in [["presence-hub", "--config", "a.toml", "serve"], ["presence-hub", "serve", "--config", "a.toml"]] {
        assert_eq!(Cli::parse_from(typed).config, Some(PathBuf::from("a.toml")));
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for typed in [
        &["presence-hub", "token", "--sub", "a17"][..],
        &["presence-hub", "token", "--sub", "a17", "--role", "boss"],
        &["presence-hub", "token", "--sub", "a17", "--role", "agent", "--ttl", "8"],
        &["presence-hub", "token", "--sub", "a17", "--role", "agent", "--ttl", "0s"],
        &["presence-hub", "token", "--sub", "", "--role", "agent"],
        &["presence-hub", "token", "--sub", " ", "--role", "agent"],
        &["presence-hub", "simulate", "--agents", "0"],
        &["presence-hub", "simulate", "--pace", "0"],
    ] {
        assert!(Cli::try_parse_from(typed).is_err(), "{typed:?}");
    }
}

#[test]
fn settings_that_can_be_used_are_ok_with_their_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[presence]\nrestart_grace = \"0s\"\n");
    let (exit, out, err) = run(|output| check_config(Some(&path), output));
    assert_eq!(exit, Exit::Done);
    assert!(out.starts_with("ok: ") && out.contains("warning: presence.restart_grace is zero"), "{out}");
    assert_eq!(err, "");
}

#[test]
fn settings_that_cannot_be_used_exit_with_every_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "[server]\nlisten = \"7350\"\nport = 1\n");
    let (exit, out, err) = run(|output| check_config(Some(&path), output));
    assert_eq!((exit, out.as_str()), (Exit::Refused, ""));
    assert!(err.contains("server.listen") && err.contains("server.port"), "{err}");
}

#[test]
fn a_printed_token_is_one_the_hub_believes() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        file(&folder, &format!("[storage]\npath = {:?}\n[auth.jwt]\naudience = \"hub\"\n", folder.path().join("data")));
    let typed = [
        "presence-hub",
        "token",
        "--sub",
        "sam",
        "--role",
        "agent",
        "--role",
        "supervisor",
        "--team",
        "billing",
        "--init",
    ];
    let Some(Command::Token(args)) = Cli::parse_from(typed).command else { panic!("another command") };
    let (exit, out, err) = run(|output| token(&args, Some(&path), output));
    assert_eq!(exit, Exit::Done, "{err}");
    assert!(err.starts_with("signed with the secret in the data folder ") && err.contains("data"), "{err}");

    let config = config::load(Some(&path)).unwrap().config;
    let identity = Identity::open(&config.auth, &config.storage.path).unwrap();
    let now = Clock::system(None).now();
    let caller = identity.verify(out.trim(), now).unwrap();
    assert_eq!(caller.subject, "sam");
    assert_eq!(caller.roles.each().collect::<Vec<_>>(), [Role::Agent, Role::Supervisor]);
    assert_eq!(caller.teams, Some(["billing".to_owned()].into()));
    assert!(caller.expires > now && caller.expires <= Timestamp(now.0 + 8 * 3_600_000));
}

#[test]
fn a_history_is_made_anew_where_there_is_a_database_that_no_hub_uses() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = file(&folder, &format!("[storage]\npath = {data:?}\n"));
    let (exit, out, err) = run(|output| rebuild_history(Some(&path), output));
    assert_eq!((exit, out.as_str()), (Exit::Refused, ""));
    assert!(err.starts_with("there is no database in the data folder "), "{err}");
    assert!(!data.exists(), "nothing was made");

    let hub = crate::engine::embedded::open(&data).unwrap();
    let (exit, out, err) = run(|output| rebuild_history(Some(&path), output));
    assert_eq!((exit, out.as_str()), (Exit::Failed, ""));
    assert!(err.starts_with("another hub is using the data folder "), "{err}");
    drop(hub);
    let (exit, out, err) = run(|output| rebuild_history(Some(&path), output));
    assert_eq!((exit, out.as_str(), err.as_str()), (Exit::Done, "ok: the history is as the log says\n", ""));
}

#[test]
fn public_keys_print_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/src/identity/testdata/es256.public.pem");
    let path = file(&folder, &format!("[auth]\nmode = \"jwt\"\njwt.public_key_file = {key:?}\n"));
    let Some(Command::Token(args)) =
        Cli::parse_from(["presence-hub", "token", "--sub", "a", "--role", "agent"]).command
    else {
        panic!("another command")
    };
    let (exit, out, err) = run(|output| token(&args, Some(&path), output));
    assert_eq!((exit, out.as_str()), (Exit::Refused, ""));
    assert!(err.contains("HS256 secret"), "{err}");
}

#[test]
fn a_token_is_not_signed_with_a_secret_that_no_hub_has() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = file(&folder, &format!("[storage]\npath = {data:?}\n"));
    let typed = ["presence-hub", "token", "--sub", "acd", "--role", "integration"];
    let Some(Command::Token(args)) = Cli::parse_from(typed).command else { panic!("another command") };
    let (exit, out, err) = run(|output| token(&args, Some(&path), output));
    assert_eq!((exit, out.as_str()), (Exit::Refused, ""));
    assert!(err.contains("there is no secret in the folder") && err.contains("--init"), "{err}");
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn the_floor_goes_to_the_hub_of_the_settings() {
    let at = |listen: &str| own_address(listen.parse().unwrap());
    assert_eq!(at("127.0.0.1:7351"), Ok("http://127.0.0.1:7351".to_owned()));
    assert_eq!(at("0.0.0.0:80"), Ok("http://127.0.0.1:80".to_owned()));
    assert_eq!(at("[::]:80"), Ok("http://[::1]:80".to_owned()));
    assert!(at("127.0.0.1:0").unwrap_err().contains("--hub"));
}
