//! Tables of comma-separated values (RFC 4180), as they are opened in a spreadsheet.

/// What a spreadsheet takes for a formula if a cell begins with it, quoted or not.
const BEGINS_A_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Adds a text. One that a spreadsheet would take for a formula has an apostrophe before it, so that it is shown and
/// not computed: names and reasons are what people typed.
pub fn push_text(table: &mut String, text: &str) {
    let guard = if text.starts_with(BEGINS_A_FORMULA) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        table.push('"');
        table.push_str(guard);
        table.push_str(&text.replace('"', "\"\""));
        table.push('"');
    } else {
        table.push_str(guard);
        table.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut table = String::new();
        push_text(&mut table, text);
        table
    }

    #[test]
    fn what_could_be_taken_for_several_cells_is_quoted() {
        assert_eq!(cell("Lindqvist, \"Ada\""), "\"Lindqvist, \"\"Ada\"\"\"");
        assert_eq!(cell("Lunch\nbreak"), "\"Lunch\nbreak\"");
        assert_eq!(cell("Ada"), "Ada");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_shown() {
        for (text, shown) in [
            ("=HYPERLINK(\"https://evil\")", "\"'=HYPERLINK(\"\"https://evil\"\")\""),
            ("+49 30 1234", "'+49 30 1234"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("1-1", "1-1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), shown, "{text:?}");
        }
    }
}
