//! What the tables of the history hold, to be compared.

use rusqlite::Connection;

/// Where rows wait, and how far they have moved, is a matter of when they came. `history_rows` has each once.
const IN_ANY_PLACE: [&str; 3] = ["history", "history_recent", "history_state"];

/// Everything that the history of a database says.
pub fn everything_of(connection: &Connection) -> Vec<String> {
    let mut all = Vec::new();
    let of_history = "SELECT name FROM sqlite_schema WHERE name LIKE 'history%' AND type = 'table'
                      UNION ALL SELECT 'history_rows'";
    let mut names = connection.prepare(of_history).unwrap();
    for table in names.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap) {
        if IN_ANY_PLACE.contains(&table.as_str()) {
            continue;
        }
        let mut select = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
            all.push(format!("{table}: {}", values.collect::<Vec<_>>().join(" ")));
        }
    }
    all.sort_unstable();
    all
}
