//! What a field may say: what is wrong with one, and what people may write for others to read.

/// What is wrong with a presence record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidField {
    /// The field, as the contract names it.
    pub field: &'static str,
    /// What would be right.
    pub problem: String,
}

impl InvalidField {
    /// `field` is wrong; `problem` says what would be right.
    pub fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, problem: problem.into() }
    }
}

/// Whether a character does not belong in a text of one line: control characters and the ends of lines cannot be seen,
/// and the embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX #9) turn what follows, so that
/// a name can look like another. The marks that right-to-left texts need are none of these.
#[must_use]
pub fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Refuses a text that says something else than what is seen of it.
///
/// # Errors
/// Names the field and the character.
pub fn plain(field: &'static str, text: &str) -> Result<(), InvalidField> {
    match text.chars().find(|character| misleads(*character)) {
        Some(character) => {
            let problem = format!(
                "has the character U+{:04X}; one line without control characters and without those that turn the \
                 direction of writing is right",
                u32::from(character)
            );
            Err(InvalidField::new(field, problem))
        }
        None => Ok(()),
    }
}

/// Refuses what is no [plain] text of at least and at most so many characters; blanks around it do not count for the
/// least.
///
/// # Errors
/// Names the field, and what would be right.
pub fn line(field: &'static str, text: &str, least: usize, most: usize) -> Result<(), InvalidField> {
    let characters = text.trim().chars().count();
    if characters < least || text.chars().count() > most {
        return Err(InvalidField::new(field, format!("has {characters} characters; {least} to {most} are right")));
    }
    plain(field, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_script_are_right_and_what_turns_or_hides_a_text_is_not() {
        for right in ["Ayşe Bauer", "עידו \u{200f}(תמיכה)", "李 小龍", "😀 Team", "O'Neill – 2nd"] {
            assert_eq!(line("name", right, 1, 100), Ok(()), "{right}");
        }
        for wrong in ["a\u{202e}nimda", "\u{2066}x\u{2069}", "two\nlines", "nul\0", "\u{85}", "\u{2028}"] {
            assert!(line("name", wrong, 1, 100).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_length_is_counted_in_characters_and_blanks_around_are_nothing() {
        assert_eq!(line("name", "éé", 1, 2), Ok(()));
        assert!(line("name", "ééé", 1, 2).is_err());
        let problem = line("name", "   ", 1, 100).unwrap_err().problem;
        assert_eq!(problem, "has 0 characters; 1 to 100 are right");
        assert_eq!(line("name", "", 0, 100), Ok(()));
    }
}
