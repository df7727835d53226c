//! The documents that the declarations are: `config.toml`, and `docs/settings.md`.

use super::section::{Declared, Section as _, Setting, prose};
use super::settings::Config;
use super::source::variable_of;

const FILE_HEAD: &str = "\
# The settings of the presence hub, each at its default and with its reason.
#
# The hub reads the file given by --config, else config.toml in the current folder, else it uses
# these defaults. Each setting can be overridden by the environment: [sessions] ping_interval is
# PRESENCE_HUB__SESSIONS__PING_INTERVAL, [auth.jwt] issuer is PRESENCE_HUB__AUTH__JWT__ISSUER; lists
# are parted by commas. Durations are a number with its unit: \"250ms\", \"150s\", \"2m30s\", \"8h\".
# Relative paths start in the folder where the hub is started.
# `presence-hub check-config` tells everything that is wrong with a file, and what would be right.
";

const PAGE_HEAD: &str = "\
# Settings

Every setting of the hub, as [config.toml](../config.toml) has them: what it may be, its default, and what it
is for. The hub reads the file given by `--config`, else `config.toml` in the current folder; a variable in
the environment beats the file. `presence-hub check-config` says everything that is wrong, and what would be
right.

This page and `config.toml` are written from the declarations in `src/config`:
`ACCEPT=1 cargo test --locked --lib config`.
";

/// `config.toml`: every setting at its default, with its reason.
#[must_use]
pub fn file() -> String {
    let mut text = FILE_HEAD.to_owned();
    for section in sections() {
        text.push('\n');
        comment(&mut text, section.about);
        text += &format!("[{}]\n", section.name);
        for setting in &section.settings {
            text.push('\n');
            comment(&mut text, setting.why);
            text += &format!("# May be {}.\n", setting.right);
            text += &format!("{} = {}\n", setting.name, setting.default.shown());
        }
    }
    text
}

/// `docs/settings.md`: a table for each section.
#[must_use]
pub fn page() -> String {
    let mut text = PAGE_HEAD.to_owned();
    for section in sections() {
        text += &format!("\n## `[{}]`\n\n{}\n\n", section.name, prose(section.about));
        text.push_str("| setting and variable | may be | default | what for |\n|---|---|---|---|\n");
        for setting in &section.settings {
            row(&mut text, setting);
        }
    }
    text
}

/// The sections that have settings of their own.
fn sections() -> impl Iterator<Item = Declared> {
    let mut sections = Vec::new();
    Config::declared(&mut sections);
    sections.into_iter().filter(|section| !section.settings.is_empty())
}

/// Without marks for code, which only stand out where Markdown is shown.
fn comment(text: &mut String, lines: &[&str]) {
    for line in lines {
        *text += &format!("#{}\n", line.replace('`', ""));
    }
}

fn row(text: &mut String, setting: &Setting) {
    let (name, variable) = (setting.name, variable_of(setting.key.0));
    let (right, default, why) = (&setting.right, setting.default.shown(), prose(setting.why));
    *text += &format!("| `{name}`<br>`{variable}` | {right} | `{default}` | {why} |\n");
}

/// The default of the setting of this key, as it is written.
///
/// # Panics
/// No setting has that key.
#[cfg(test)]
pub fn default_of(key: &str) -> String {
    let setting = sections().flat_map(|section| section.settings).find(|setting| setting.key.0 == key);
    let setting = setting.unwrap_or_else(|| panic!("no setting is called {key}"));
    setting.default.shown().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden_file::hold;

    /// The tests that write both.
    const TESTS: &str = "--lib config";

    #[test]
    fn the_file_is_as_the_settings_are_declared() {
        hold("config.toml", &file(), TESTS);
    }

    #[test]
    fn the_page_is_as_the_settings_are_declared() {
        hold("docs/settings.md", &page(), TESTS);
    }
}
