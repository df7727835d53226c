//! What an error repeats of what was sent.

/// What an error repeats of a text that is wrong, in characters.
const MOST: usize = 100;
/// What tokens begin with: `{"` in base 64, and the hub's own opaque ones.
const TOKENS: [&str; 4] = ["eyJ", "pht_", "phs_", "phk_"];

/// A text, as an error repeats it.
#[must_use]
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        _ if may_be_token(text) => "…".to_owned(),
        Some((end, _)) => format!("{}…", text[..end].escape_debug()),
        None => text.escape_debug().to_string(),
    }
}

/// Whether there may be a token in it: no token is repeated to anybody.
#[must_use]
pub fn may_be_token(text: &str) -> bool {
    TOKENS.iter().any(|token| text.contains(token))
}
