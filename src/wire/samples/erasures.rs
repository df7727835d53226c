//! Erasing a person.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let erasure = Erasure {
        pseudonym: text("erased-5d41402abc4b"),
        erased_by: text("root"),
        at: text(NOON),
        state: ErasureState::UnderWay,
    };
    vec![
        ("ErasePerson", written(&ErasePerson { id: text("ada@example.com") })),
        ("Erasure", written(&erasure)),
        ("ErasureList", written(&List { items: vec![erasure], next_cursor: None })),
    ]
}
