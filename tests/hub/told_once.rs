//! What keeps the hub from starting is told with its cause, and the cause once.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// What the command says when it cannot be done, in a folder of its own.
fn complaint(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_presence-hub"));
    command.current_dir(folder).args(arguments).env("PRESENCE_HUB__SERVER__LISTEN", "127.0.0.1:0");
    for (key, value) in settings {
        command.env(format!("PRESENCE_HUB__{key}"), value);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(!status.success(), "{arguments:?} {settings:?}");
    String::from_utf8([stdout, stderr].concat()).unwrap()
}

#[test]
fn every_cause_is_told_once() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, content: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        name.to_owned()
    };
    let (taken, no_keys, garbled) = (file("taken", ""), file("keys.json", "{"), file("hub.toml", "listen ="));
    let (no_secret, no_database) = (folder.path().join("no-secret"), folder.path().join("no-database"));
    fs::create_dir_all(no_secret.join("secret")).unwrap();
    fs::create_dir(&no_database).unwrap();
    fs::write(no_database.join("hub.db"), "no database".repeat(100)).unwrap();
    let (no_secret, no_database) = (no_secret.to_str().unwrap(), no_database.to_str().unwrap());
    let holds_the_port = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holds_the_port.local_addr().unwrap().to_string();
    let jwt = ("AUTH__MODE", "jwt");
    for (arguments, settings, cause) in [
        (&["--config", "nowhere.toml"][..], &[][..], "No such file or directory"),
        (&["check-config", "--config", &garbled], &[], "hub.toml"),
        (&[], &[("STORAGE__PATH", &*taken)], "File exists"),
        (&[], &[("STORAGE__PATH", "taken/data")], "Not a directory"),
        (&[], &[("STORAGE__PATH", no_database)], "file is not a database"),
        (&[], &[("STORAGE__PATH", no_secret)], "Is a directory"),
        (&[], &[("SERVER__LISTEN", &*port)], "Address already in use"),
        (&["check-config"], &[jwt, ("AUTH__JWT__PUBLIC_KEY_FILE", "nowhere.pem")], "No such file or directory"),
        (&["check-config"], &[jwt, ("AUTH__JWT__JWKS_FILE", &*no_keys)], "what stands at line 1, column 1"),
        (&["token", "--sub", "a", "--role", "agent"], &[("STORAGE__PATH", no_secret)], "Is a directory"),
        (&["simulate", "--agents", "1", "--secret", SECRET, "--hub", "http://127.0.0.1:1"], &[], "Connection refused"),
    ] {
        let said = complaint(folder.path(), arguments, settings);
        assert_eq!(said.matches(cause).count(), 1, "{arguments:?} {settings:?}: {said}");
        assert!(said.matches("(os error ").count() <= 1, "{said}");
    }
}

const SECRET: &str = "a secret that is long enough for HS256";
