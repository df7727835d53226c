//! Figures of several rounds, and their medians as a table.

/// What one run of one scenario gave, by name, in the order of the columns.
#[derive(Clone, Debug, Default)]
pub struct Figures(Vec<(&'static str, f64)>);

impl Figures {
    pub fn with(mut self, name: &'static str, value: f64) -> Self {
        self.0.push((name, value));
        self
    }

    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(of, _)| *of == name).map(|(_, value)| *value)
    }

    /// The median of each figure.
    fn medians(rounds: &[Self]) -> Self {
        let Some(first) = rounds.first() else { return Self::default() };
        let median = |name: &'static str| {
            let mut values: Vec<f64> = rounds.iter().filter_map(|round| round.get(name)).collect();
            values.sort_unstable_by(f64::total_cmp);
            (name, values[values.len() / 2])
        };
        Self(first.0.iter().map(|(name, _)| median(name)).collect())
    }
}

/// A table: a row for each server, from its rounds.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<(String, Vec<Figures>)>,
}

impl Table {
    /// Notes a round.
    pub fn add(&mut self, server: &str, figures: Figures) {
        match self.rows.iter_mut().find(|(name, _)| name == server) {
            Some((_, rounds)) => rounds.push(figures),
            None => self.rows.push((server.to_owned(), vec![figures])),
        }
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints how many times that of each other row the first row's figure is.
    pub fn print_ratios(&self, figure: &str) {
        let median = |rounds: &[Figures]| Figures::medians(rounds).get(figure);
        let Some(((first, rounds), others)) = self.rows.split_first() else { return };
        for (other, other_rounds) in others {
            if let (Some(own), Some(its)) = (median(rounds), median(other_rounds)) {
                println!("{figure}: {first} is {} times {other}", readable(own / its));
            }
        }
    }

    /// Prints it as Markdown.
    pub fn print(&self, title: &str) {
        println!("\n### {title}\n");
        let Some((_, first)) = self.rows.first() else { return };
        let names: Vec<_> = first[0].0.iter().map(|(name, _)| *name).collect();
        println!("| | {} |", names.join(" | "));
        println!("|---|{}", "---:|".repeat(names.len()));
        for (server, rounds) in &self.rows {
            let medians = Figures::medians(rounds);
            let cells: Vec<_> =
                names.iter().map(|name| medians.get(name).map_or_else(|| "–".to_owned(), readable)).collect();
            println!("| {server} | {} |", cells.join(" | "));
        }
    }
}

/// Three digits that count.
fn readable(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 1e6 => format!("{:.2} M", value / 1e6),
        size if size >= 1e4 => format!("{:.1} k", value / 1e3),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
