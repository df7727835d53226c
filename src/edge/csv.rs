//! Tables of comma-separated values (RFC 4180), as they are opened in a spreadsheet and saved by one.

use std::borrow::Cow;

/// What a spreadsheet takes for a formula if a cell begins with it, quoted or not, perhaps behind blanks. The last four
/// are the wide forms of the first, which some take for the same.
const BEGINS_A_FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Adds a text. One that a spreadsheet would take for a formula has an apostrophe before it, so that it is shown and
/// not computed: names and reasons are what people typed.
pub fn push_text(table: &mut String, text: &str) {
    let is_guarded = text.starts_with(['\t', '\r']) || text.trim_start().starts_with(BEGINS_A_FORMULA);
    let guard = if is_guarded { "'" } else { "" };
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

/// The most cells of a record that is read, and the longest of them in bytes.
const MAX_CELLS: usize = 16;
const MAX_CELL_BYTES: usize = 4 * 1024;

/// The records of a table, one after the other. Empty lines are none.
pub struct Records<'a> {
    rest: &'a str,
    /// The number of the line that the rest begins with.
    line: usize,
}

/// A record of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The number of the line that it begins in, counted from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<Cow<'a, str>>,
}

/// A text that is no record of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct NoRecord {
    /// The number of the line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

impl<'a> Records<'a> {
    /// Those of this text.
    pub fn of(text: &'a str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 }
    }

    /// The next record; none behind the last.
    ///
    /// # Errors
    /// [`NoRecord`]
    pub fn next(&mut self) -> Result<Option<Record<'a>>, NoRecord> {
        while self.ends_line() {}
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (line, mut cells) = (self.line, Vec::new());
        loop {
            if cells.len() == MAX_CELLS {
                return Err(self.wrong("there are too many cells"));
            }
            cells.push(self.cell()?);
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None if self.rest.is_empty() || self.ends_line() => return Ok(Some(Record { line, cells })),
                None => return Err(self.wrong("something follows a closing quote")),
            }
        }
    }

    fn wrong(&self, problem: &'static str) -> NoRecord {
        NoRecord { line: self.line, problem }
    }

    /// Goes on behind the end of a line, if the rest begins with one.
    fn ends_line(&mut self) -> bool {
        let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) else { return false };
        (self.rest, self.line) = (rest, self.line + 1);
        true
    }

    fn cell(&mut self) -> Result<Cow<'a, str>, NoRecord> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted().map(Cow::Owned);
        }
        let within = &self.rest.as_bytes()[..self.rest.len().min(MAX_CELL_BYTES)];
        let end = within.iter().position(|byte| matches!(byte, b',' | b'\n'));
        let end = match end {
            Some(end) => end,
            None if within.len() == self.rest.len() => within.len(),
            None => return Err(self.wrong("a cell is too long")),
        };
        let cell = &self.rest[..end];
        let cell = cell.strip_suffix('\r').filter(|_| self.rest[end..].starts_with('\n')).unwrap_or(cell);
        self.rest = &self.rest[cell.len()..];
        Ok(Cow::Borrowed(cell))
    }

    /// What stands up to the closing quote.
    fn quoted(&mut self) -> Result<String, NoRecord> {
        let mut cell = String::new();
        loop {
            let within = &self.rest.as_bytes()[..self.rest.len().min(MAX_CELL_BYTES)];
            let Some(end) = within.iter().position(|byte| *byte == b'"') else {
                return Err(self.wrong("a quote is not closed, or a cell is too long"));
            };
            cell.push_str(&self.rest[..end]);
            if cell.len() > MAX_CELL_BYTES {
                return Err(self.wrong("a cell is too long"));
            }
            self.line += within[..end].iter().filter(|byte| **byte == b'\n').count();
            self.rest = &self.rest[end + 1..];
            match self.rest.strip_prefix('"') {
                Some(rest) => self.rest = rest,
                None => return Ok(cell),
            }
            cell.push('"');
        }
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
            (" \u{a0}=1", "' \u{a0}=1"),
            ("\u{ff1d}1+1", "'\u{ff1d}1+1"),
            ("\r=1", "\"'\r=1\""),
            ("1-1", "1-1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), shown, "{text:?}");
        }
    }

    fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, NoRecord> {
        let (mut records, mut found) = (Records::of(text), Vec::new());
        while let Some(Record { line, cells }) = records.next()? {
            found.push((line, cells.into_iter().map(Cow::into_owned).collect()));
        }
        Ok(found)
    }

    #[test]
    fn a_table_is_read_as_it_was_meant() {
        let row = |line, cells: &[&str]| (line, cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        for (text, found) in [
            ("a,b\r\n1,2\r\n", vec![row(1, &["a", "b"]), row(2, &["1", "2"])]),
            ("\u{feff}a,b\n\n\r\n1,2", vec![row(1, &["a", "b"]), row(4, &["1", "2"])]),
            ("\"a,\nb\",\"\"\n,x\n", vec![row(1, &["a,\nb", ""]), row(3, &["", "x"])]),
            ("\"say \"\"no\"\"\",5\" wide,", vec![row(1, &["say \"no\"", "5\" wide", ""])]),
            ("a\r,b\r\n", vec![row(1, &["a\r", "b"])]),
            ("a\r", vec![row(1, &["a\r"])]),
            ("", vec![]),
        ] {
            assert_eq!(records(text), Ok(found), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_record_is_named_by_its_line() {
        let long = "x".repeat(MAX_CELL_BYTES + 1);
        let many = ",".repeat(MAX_CELLS);
        for (text, line) in [
            ("a\n\"b\"c\n".to_owned(), 2),
            ("a\n\"b\nc".to_owned(), 2),
            (format!("a\n{long}"), 2),
            (format!("a\n\"{long}\""), 2),
            (format!("\n\n{many}"), 3),
        ] {
            assert_eq!(records(&text).map_err(|wrong| wrong.line), Err(line), "{text:?}");
        }
    }

    #[test]
    fn what_was_written_is_read() {
        for text in ["Ada", "Lindqvist, \"Ada\"", "Lunch\r\nbreak", "é", ""] {
            let mut table = String::new();
            push_text(&mut table, text);
            table.push_str(",end\r\n");
            assert_eq!(records(&table), Ok(vec![(1, vec![text.to_owned(), "end".to_owned()])]), "{table:?}");
        }
    }
}
