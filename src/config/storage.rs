//! `[storage]`

use std::path::PathBuf;

use super::kind::text::PathTo;
use super::section::section;

section! {
    /// Where the hub keeps what it knows.
    pub struct StorageSettings in "storage" {
        /// The folder of the hub's data, made if it is missing. It also holds the secret of mode `"demo"`.
        path: PathBuf as PathTo("a folder"), by default PathBuf::from("data");
    }
}
