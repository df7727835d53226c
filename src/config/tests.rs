use std::time::Duration;

use super::*;
use crate::domain::policy::DailyReset;

fn of(text: &str) -> Result<(Config, Vec<String>), ConfigErrors> {
    read("config.toml", text, [])
}

fn with(variables: &[(&str, &str)]) -> Result<(Config, Vec<String>), ConfigErrors> {
    read("config.toml", "", variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// The mistakes, each as it is printed.
fn mistakes(result: Result<(Config, Vec<String>), ConfigErrors>) -> Vec<String> {
    result.expect_err("has mistakes").0.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn says(result: Result<(Config, Vec<String>), ConfigErrors>, parts: &[&str]) {
    let said = mistakes(result);
    assert!(said.iter().any(|mistake| parts.iter().all(|part| mistake.contains(part))), "{said:#?}");
}

#[test]
fn the_documented_file_holds_every_setting_at_its_default() {
    assert_eq!(of(&documents::file()).unwrap(), (Config::default(), Vec::new()));
    assert_eq!(of("").unwrap(), (Config::default(), Vec::new()));
}

#[test]
fn every_mistake_is_told_at_once_with_its_line_and_what_would_be_right() {
    let text = "[server]\nlisten = \"7350\"\ntest_clock = \"yes\"\n\n[sessions]\nping_interval = 4\n";
    let said = mistakes(of(text));
    assert_eq!(
        said,
        [
            "server.listen = \"7350\" (config.toml, line 2): needs an address and a port, such as \"127.0.0.1:7350\", \"[::1]:7350\" or \"0.0.0.0:7350\"",
            "server.test_clock = \"yes\" (config.toml, line 3): needs true or false",
            "sessions.ping_interval = 4 (config.toml, line 6): needs a duration in quotes with its unit, such as \"150s\", \"2m30s\" or \"250ms\"",
        ]
    );
}

#[test]
fn an_unknown_setting_is_refused_with_the_one_that_was_probably_meant() {
    says(
        of("[presence]\nrestore_windw = \"1s\""),
        &["presence.restore_windw", "line 2", "did you mean presence.restore_window?"],
    );
    says(of("[server]\nping_interval = \"4s\""), &["did you mean sessions.ping_interval?"]);
    says(of("zebra = 1"), &["zebra", "there is no such setting", "config.toml of the source"]);
    says(of("[serve]\n"), &["[serve]", "line 1"]);
    says(
        with(&[("PRESENCE_HUB__SERVER__LISTN", "x")]),
        &["environment variable PRESENCE_HUB__SERVER__LISTN", "did you mean PRESENCE_HUB__SERVER__LISTEN?"],
    );
}

#[test]
fn a_file_that_is_no_toml_shows_the_place() {
    says(of("[server]\nlisten = \n"), &["config.toml, line 2, column 10: "]);
}

#[test]
fn the_environment_is_over_the_file_and_named_in_its_mistakes() {
    let variables = [("PRESENCE_HUB__SERVER__LISTEN".to_owned(), "127.0.0.1:0".to_owned())];
    let (config, _) = read("config.toml", "[server]\nlisten = \"127.0.0.1:1\"", variables).unwrap();
    assert_eq!(config.server.listen.port(), 0);
    says(
        with(&[("PRESENCE_HUB__SESSIONS__PING_INTERVAL", "4")]),
        &["sessions.ping_interval = \"4\" (environment variable PRESENCE_HUB__SESSIONS__PING_INTERVAL)"],
    );
}

#[test]
fn variables_are_read_as_what_their_setting_is() {
    let (config, _) = with(&[
        ("PRESENCE_HUB__PRESENCE__MAX_OPEN_WORK_ITEMS", "3"),
        ("PRESENCE_HUB__PRESENCE__MISSED_NOTIFICATIONS", "false"),
        ("PRESENCE_HUB__AUTH__JWT__HS256_SECRET", "0123456789abcdef0123456789abcdef"),
        ("PRESENCE_HUB__SERVER__ALLOWED_ORIGINS", "https://a.example, https://b.example"),
        ("PRESENCE_HUB__AUTH__JWT__ISSUER", ""),
        ("SOMEBODY_ELSES__SERVER__LISTEN", "x"),
    ])
    .unwrap();
    assert_eq!(config.presence.max_open_work_items, 3);
    assert!(!config.presence.missed_notifications);
    assert!(config.auth.jwt.hs256_secret.is_some());
    assert_eq!(config.server.allowed_origins, ["https://a.example", "https://b.example"]);
    assert_eq!(config.auth.jwt.issuer, None);

    let (config, _) = with(&[("PRESENCE_HUB__SERVER__ALLOWED_ORIGINS", "[\"https://a.example\"]")]).unwrap();
    assert_eq!(config.server.allowed_origins, ["https://a.example"]);
    let (config, _) = with(&[("PRESENCE_HUB__SERVER__ALLOWED_ORIGINS", "")]).unwrap();
    assert!(config.server.allowed_origins.is_empty());
}

#[test]
fn durations_carry_units() {
    let millis = |text| parse_duration(text).map(|span| span.as_millis());
    assert_eq!(millis("150s"), Some(150_000));
    assert_eq!(millis("2m30s"), Some(150_000));
    assert_eq!(millis("250ms"), Some(250));
    assert_eq!(millis("1h"), Some(3_600_000));
    assert_eq!(millis("0s"), Some(0));
    assert_eq!(millis("1.5s"), Some(1_500));
    assert_eq!(millis("1d"), Some(86_400_000));
    for wrong in
        ["", "150", "s", "-1s", "5s ago", "0.5ms", "5x", "1mo", "99999999999999999999s", "18446744073709551615d"]
    {
        assert_eq!(millis(wrong), None, "{wrong}");
    }
}

#[test]
fn numbers_and_durations_have_ranges() {
    says(of("[presence]\nrestore_window = \"25h\""), &["presence.restore_window", "\"0s\" to \"24h\""]);
    says(of("[presence]\nmax_open_work_items = 0"), &["presence.max_open_work_items = 0", "work items from 1 to 100"]);
    says(of("[sessions]\nmax_frame_bytes = 99999999999"), &["max_frame_bytes", "bytes from 4096 to 16777216"]);
    says(of("[sessions]\nheartbeat_interval = \"1500ms\""), &["heartbeat_interval", "whole seconds"]);
    says(of("[sessions]\nping_timeout = \"4s\""), &["ping_timeout = \"4s\"", "longer than sessions.ping_interval"]);
    says(of("[sessions]\nping_interval = \"9s\""), &["ping_timeout = … (by default)", "longer"]);
    says(of("[history]\nkeep = \"30d\""), &["history.log = … (by default)", "at most history.keep"]);
    says(of("[history]\nlog = \"forever\""), &["history.log = \"forever\"", "at most history.keep"]);
    assert!(of("[history]\nkeep = \"30d\"\nlog = \"30d\"").is_ok());
    assert!(of("[history]\nkeep = \"forever\"\nlog = \"forever\"").is_ok());
}

#[test]
fn what_is_open_to_anyone_stays_on_this_machine() {
    says(of("[server]\nlisten = \"0.0.0.0:7350\""), &["auth.mode", "loopback", "0.0.0.0:7350", "\"jwt\""]);
    let secret = "0123456789abcdef0123456789abcdef";
    let jwt = format!("[auth]\nmode = \"jwt\"\njwt.hs256_secret = \"{secret}\"\n[server]\nlisten = \"0.0.0.0:7350\"\n");
    says(of(&format!("{jwt}test_clock = true")), &["server.test_clock", "loopback"]);
    let (_, warnings) = of(&jwt).unwrap();
    assert!(warnings[0].contains("server.public_url is not set"), "{warnings:?}");
    let (_, warnings) = of(&format!("{jwt}public_url = \"http://hub.example\"")).unwrap();
    assert!(warnings[0].contains("readable by anyone"), "{warnings:?}");
    assert_eq!(of(&format!("{jwt}public_url = \"https://hub.example\"")).unwrap().1, Vec::<String>::new());
    assert!(of("[server]\nlisten = \"[::1]:0\"\ntest_clock = true").unwrap().1[0].contains("test_clock"));
}

#[test]
fn a_role_that_was_left_out_and_a_secret_that_everybody_can_read_are_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "0123456789abcdef0123456789abcdef").unwrap();
    let may = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    let jwt = format!("[auth]\nmode = \"jwt\"\njwt.hs256_secret_file = {file:?}\n[auth.roles]\n");
    may(0o640);
    assert_eq!(of(&jwt).unwrap().1, Vec::<String>::new());
    let (_, warnings) = of(&format!("{jwt}agent = [\"a\"]\nobserver = []")).unwrap();
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(warning.starts_with("auth.roles.supervisor, auth.roles.analyst,"), "{warning}");
    assert!(warning.contains("auth.roles.admin are not set"), "{warning}");
    may(0o604);
    let (_, warnings) = of(&jwt).unwrap();
    assert!(warnings[0].contains("everybody on this machine can read"), "{warnings:?}");
}

#[test]
fn tls_takes_a_certificate_its_key_and_the_name_that_it_is_for() {
    let tls = |more: &str| of(&format!("[server]\ntls_certificate_file = \"c.pem\"\n{more}"));
    says(tls(""), &["server.tls_key_file", "is needed beside server.tls_certificate_file"]);
    let both = "tls_key_file = \"k.pem\"\n";
    says(tls(both), &["server.public_url", "over https"]);
    says(tls(&format!("{both}public_url = \"http://hub.example\"")), &["server.public_url", "over https"]);
    assert!(tls(&format!("{both}public_url = \"https://hub.example\"")).is_ok());
}

#[test]
fn tokens_that_nobody_could_have_are_asked_for_by_nobody() {
    let roles = ["agent", "supervisor", "observer", "analyst", "integration", "auditor", "admin"];
    let none: String = roles.iter().map(|role| format!("{role} = []\n")).collect();
    says(of(&format!("[auth.roles]\n{none}")), &["auth.roles.admin", "no role has a value"]);
    says(of("[auth.jwt]\nissuer = \" https://idp.example\""), &["auth.jwt.issuer", "begins or ends with a blank"]);
}

#[test]
fn one_source_of_keys_and_not_two() {
    says(of("[auth]\nmode = \"jwt\""), &["auth.mode", "hs256_secret", "public_key_file", "jwks_file"]);
    says(
        of("[auth]\nmode = \"jwt\"\njwt.hs256_secret = \"0123456789abcdef0123456789abcdef\"\njwt.jwks_file = \"x\""),
        &["auth.jwt.jwks_file", "only one"],
    );
    says(of("[auth.jwt]\npublic_key_file = \"x.pem\""), &["auth.jwt.public_key_file", "demo signs tokens itself"]);
    let by_address = |address: &str| of(&format!("[auth]\nmode = \"jwt\"\njwt.jwks_url = \"{address}\""));
    let (_, warnings) = by_address("https://idp.example/keys").unwrap();
    assert!(warnings[0].contains("auth.jwt.issuer or auth.jwt.audience is not set"), "{warnings:?}");
    assert!(by_address("http://127.0.0.1:8080/keys").is_ok() && by_address("http://localhost/keys").is_ok());
    for address in
        ["http://idp.example/keys", "idp.example/keys", "https://", "/keys", "https://u:p@idp.example/", "ftp://idp"]
    {
        says(by_address(address), &["auth.jwt.jwks_url", "an address over https"]);
    }
    says(of("[auth.jwt]\njwks_url = \"https://idp.example\""), &["auth.jwt.jwks_url", "demo signs tokens itself"]);
    says(
        of("[auth]\nmode = \"jwt\"\njwt.public_key_file = \"nowhere.pem\""),
        &["public_key_file = \"nowhere.pem\"", "cannot be read"],
    );
    says(of("[auth]\nmode = \"open\""), &["auth.mode = \"open\"", "\"demo\", \"jwt\""]);
}

#[test]
fn a_mistake_of_syntax_is_told_by_its_place_and_not_by_its_line() {
    for line in [
        "hs256_secret = \"hunter2hunter2",
        "hs256_secret = hunter2hunter2",
        "hs256_secret = 'hunter2hunter2\"",
        "hs256_secret = \"hunter2\\qhunter2\"",
        "hs256_secret \"hunter2hunter2\"",
        "hs256_secret = \"x\" hunter2hunter2",
        "\"hunter2hunter2",
    ] {
        let said = mistakes(of(&format!("[auth.jwt]\n{line}\n"))).join("\n");
        assert!(!said.contains("hunter2"), "{line} → {said}");
        assert!(said.contains("config.toml") && said.contains("line 2"), "{line} → {said}");
    }
}

#[test]
fn a_secret_is_never_printed() {
    let said = mistakes(of("[auth.jwt]\nhs256_secret = \"hunter2\"")).join("\n");
    assert!(said.contains("(7 characters, not shown)") && said.contains("at least 32"), "{said}");
    assert!(!said.contains("hunter2"));
    let (config, _) = of("[auth.jwt]\nhs256_secret = \"0123456789abcdef0123456789abcdef\"").unwrap();
    assert!(!format!("{config:?}").contains("0123456789abcdef"));
}

#[test]
fn a_daily_reset_is_a_time_in_a_known_zone() {
    let (config, _) = of("[presence]\ndaily_reset = \"03:05 Europe/Berlin\"").unwrap();
    assert_eq!(config.presence.daily_reset, Some(DailyReset { hour: 3, minute: 5, zone: "Europe/Berlin".to_owned() }));
    for (wrong, right) in [
        ("03:00", "\"03:00 Europe/Berlin\""),
        ("3 Europe/Berlin", "no time of day"),
        ("03:00:00 Europe/Berlin", "no time of day"),
        ("24:00 Europe/Berlin", "no time of day"),
        ("-1:00 Europe/Berlin", "no time of day"),
        ("03:00 Europe/Atlantis", "`Europe/Atlantis` is no time zone"),
    ] {
        says(of(&format!("[presence]\ndaily_reset = \"{wrong}\"")), &["presence.daily_reset", right]);
    }
}

#[test]
fn origins_are_written_as_browsers_write_them() {
    let (config, _) =
        of("[server]\nallowed_origins = [\"HTTPS://CRM.Example.com:443/\", \"http://[::1]:5173\"]").unwrap();
    assert_eq!(config.server.allowed_origins, ["https://crm.example.com", "http://[::1]:5173"]);
    for wrong in [
        "crm.example.com",
        "https://",
        "https://a/path",
        "*",
        "https://*.example.com",
        "ftp://a",
        "https://u@a",
        "null",
    ] {
        says(of(&format!("[server]\nallowed_origins = [\"{wrong}\"]")), &["server.allowed_origins", "is no origin"]);
    }
    says(of("[server]\nallowed_origins = \"https://a\""), &["needs a list"]);
}

#[test]
fn the_public_address_may_have_a_path_that_every_proxy_reads_alike() {
    let read = |url: &str| of(&format!("[server]\npublic_url = \"{url}\""));
    for (written, read_as) in [
        ("https://Hub.example:443/", "https://hub.example"),
        ("https://example.com/presence", "https://example.com/presence"),
        ("http://[::1]:8080/Tools/presence-2.0", "http://[::1]:8080/Tools/presence-2.0"),
    ] {
        assert_eq!(read(written).unwrap().0.server.public_url.unwrap().to_string(), read_as);
    }
    for (wrong, why) in [
        ("example.com/presence", "\"https://example.com/presence\" would"),
        ("https://example.com/presence?x=1", "query"),
        ("https://example.com#top", "fragment"),
        ("https://example.com/presence/", "`/presence` would be right"),
        ("https://example.com//", "ends with a slash"),
        ("https://example.com/a/../presence", "`/../`"),
        ("https://example.com//presence", "`//`"),
        ("https://example.com/pr%C3%A4senz", "`%`"),
        ("https://example.com/präsenz", "`ä`"),
        ("https://example.com/pre sence", "` `"),
        ("https://example.com/api", "`/api` is an address of the hub"),
        ("https://example.com/ws/presence", "`/ws` is an address of the hub"),
        ("ftp://example.com/presence", "is no origin"),
        ("https://user@example.com", "is no origin"),
        ("https://example.com:99999", "is no origin"),
        ("https:///presence", "is no origin"),
    ] {
        says(read(wrong), &["server.public_url", why]);
    }
}

#[test]
fn log_levels_are_words_that_exist() {
    assert_eq!(
        of("[log]\nlevel = \"warn,presence_hub::feed=debug\"\nformat = \"json\"").unwrap().0.log.level,
        "warn,presence_hub::feed=debug"
    );
    says(of("[log]\nlevel = \"verbose\""), &["log.level = \"verbose\"", "info"]);
    says(of("[log]\nformat = \"xml\""), &["log.format", "\"text\", \"json\""]);
}

#[test]
fn a_named_file_must_be_there() {
    let error = load(Some(Path::new("/nowhere/config.toml"))).unwrap_err();
    assert!(error.to_string().contains("/nowhere/config.toml: cannot be read"), "{error}");
}

#[test]
fn a_file_is_read_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.toml");
    std::fs::write(&path, "[presence]\nrestore_window = \"1m\"").unwrap();
    let loaded = load(Some(&path)).unwrap();
    assert_eq!(loaded.config.presence.restore_window, Duration::from_secs(60));
    assert_eq!(loaded.file, Some(path));
}

#[test]
fn sign_in_at_a_provider_needs_what_the_provider_knows_and_an_address_to_come_back_to() {
    let oidc = |more: &str| {
        let all = "issuer = \"https://login.example.com\"\nclient_id = \"hub\"\n";
        of(&format!("[auth]\nmode = \"oidc\"\n[auth.oidc]\n{all}{more}"))
    };
    assert_eq!(oidc("").unwrap().1, Vec::<String>::new());
    says(of("[auth]\nmode = \"oidc\"\n"), &["auth.oidc.issuer", "is needed"]);
    says(of("[auth]\nmode = \"oidc\"\n"), &["auth.oidc.client_id", "is needed"]);
    let out = "[server]\nlisten = \"0.0.0.0:7350\"\n";
    says(oidc(out), &["server.public_url", "/sign-in/callback"]);
    let said = oidc(&format!("{out}public_url = \"https://presence.example.com\"\n"));
    assert_eq!(said.unwrap().1, Vec::<String>::new());
    says(oidc("scopes = [\"profile\"]\n"), &["auth.oidc.scopes", "openid"]);
    says(oidc("session_idle = \"2h\"\nsession_max = \"1h\"\n"), &["auth.oidc.session_idle", "session_max"]);
    says(oidc("after_sign_out = \"http://example.com\"\n"), &["auth.oidc.after_sign_out", "over https"]);
    says(oidc("client_secret_file = \"/nowhere/secret\"\n"), &["auth.oidc.client_secret_file", "cannot be read"]);
    says(oidc("[auth.jwt]\njwks_url = \"https://login.example.com/keys\"\n"), &["auth.jwt.jwks_url", "leave this out"]);
    let both = oidc("client_secret = \"horse-battery\"\nclient_secret_file = \"x\"\n");
    let mistakes = mistakes(both);
    assert!(mistakes.iter().any(|mistake| mistake.contains("one of two")), "{mistakes:?}");
    assert!(!mistakes.concat().contains("horse-battery"), "{mistakes:?}");
    for issuer in ["http://login.example.com", "login.example.com", "https://a:b@login.example.com"] {
        let text = format!("[auth]\nmode = \"oidc\"\n[auth.oidc]\nclient_id = \"hub\"\nissuer = \"{issuer}\"\n");
        says(of(&text), &["auth.oidc.issuer", "over https"]);
    }
}
