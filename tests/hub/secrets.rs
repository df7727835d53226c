//! Secrets are told to nobody by commands, whatever is wrong with the settings.

#[test]
fn commands_tell_no_secret_of_settings_that_are_wrong() {
    const SECRET: &str = "correct-horse-battery-staple-0123456789";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.toml");
    for settings in [
        format!("[auth.jwt]\nhs256_secret = \"{SECRET}\n"),
        format!("[auth.jwt]\nhs256_secret = {SECRET}\n"),
        format!("[auth.jwt]\nhs256_secret = [\"{SECRET}\"]\n"),
        format!("[auth.jwt]\nhs256_secret = {{ text = \"{SECRET}\" }}\n"),
        format!("[auth.jwt]\nhs256_secret = \"{SECRET}\"\nhs256_secret = \"{SECRET}\"\n"),
        format!("[auth.jwt]\nhs256_secrets = \"{SECRET}\"\n"),
        format!("[auth]\nmode = \"jwt\"\njwt.hs256_secret = \"{SECRET}\"\njwt.jwks_file = \"x\"\n"),
        format!("[auth]\nmode = \"jwt\"\njwt.hs256_secret = \"{}\"\n", &SECRET[..30]),
    ] {
        std::fs::write(&file, &settings).unwrap();
        for command in ["check-config", "serve", "token"] {
            let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_presence-hub"));
            program.current_dir(folder.path()).args(["--config", file.to_str().unwrap(), command]);
            if command == "token" {
                program.args(["--sub", "ada", "--role", "agent"]);
            }
            let output = program.output().unwrap();
            assert!(!output.status.success(), "{settings}");
            let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
            assert!(said.contains("hub.toml"), "{command}: {said}");
            assert!(!said.contains("horse-battery"), "{command} of\n{settings}says\n{said}");
        }
    }
}
