//! What a hub says in its log.

use std::process::ChildStderr;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};

use super::within;

/// The log of a hub, line by line.
pub struct Log {
    lines: Lines<BufReader<tokio::process::ChildStderr>>,
}

impl Log {
    pub fn of(stderr: ChildStderr) -> Self {
        Self { lines: BufReader::new(tokio::process::ChildStderr::from_std(stderr).unwrap()).lines() }
    }

    /// The next line, whenever it comes; none once the hub has ended.
    pub async fn next(&mut self) -> Option<String> {
        self.lines.next_line().await.unwrap()
    }

    /// The next line that has this in it; those before it are forgotten.
    pub async fn says(&mut self, part: &str) -> String {
        loop {
            let line = within(self.next()).await;
            let line = line.unwrap_or_else(|| panic!("the hub ended and did not say {part:?}"));
            if line.contains(part) {
                return line;
            }
        }
    }

    /// All that it says from now on, until it has ended.
    pub async fn rest(mut self) -> String {
        let mut said = String::new();
        while let Some(line) = within(self.next()).await {
            said = said + &line + "\n";
        }
        said
    }
}
