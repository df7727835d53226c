//! What the tables of the history hold, to be compared.

use std::path::Path;

use rusqlite::Connection;

/// Everything that stands in the tables of the history of this data folder.
pub fn everything(folder: &Path) -> Vec<String> {
    let connection = Connection::open(folder.join("hub.db")).unwrap();
    let mut all = Vec::new();
    let of_history = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'history%' ORDER BY name";
    let mut names = connection.prepare(of_history).unwrap();
    for table in names.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap) {
        let mut select = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
            all.push(format!("{table}: {}", values.collect::<Vec<_>>().join(" ")));
        }
    }
    all
}
