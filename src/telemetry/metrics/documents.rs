//! `docs/metrics.md`, and what is built on the names that stand in it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::{Exposition, Parts, Request};
use crate::golden_file::hold;

/// The tests that make documents.
const TESTS: &str = "--lib documents";

/// Labels whose words are not all known beforehand.
const OPEN: [(&str, &str); 4] = [
    ("method", "the request's method; `other` for one that no route has"),
    ("route", "the path of the route as `docs/openapi.json` writes it, `/ws`, that of a page, or `other`"),
    ("status", "the status of the answer"),
    ("version", "that of the hub"),
];
/// The metrics that have them.
const OPENLY_LABELLED: [&str; 2] = ["presence_hub_http_requests", "presence_hub_build"];

/// A metric, as the registry tells it.
struct Metric {
    name: String,
    kind: String,
    unit: String,
    help: String,
    /// Each label with its words.
    labels: Vec<(String, Vec<String>)>,
}

impl Metric {
    /// The name that its samples have, before what a histogram adds.
    fn sampled(&self) -> String {
        match self.kind.as_str() {
            "counter" => format!("{}_total", self.name),
            "info" => format!("{}_info", self.name),
            _ => self.name.clone(),
        }
    }
}

/// What the registry of a hub tells before anything has happened.
fn told() -> Vec<Metric> {
    let door = super::DoorMetrics::default();
    door.requests.get_or_create(&Request { method: "GET", route: "/metrics", status: 200 }).inc();
    let exposition = Exposition::of(Parts {
        agents: &Default::default(),
        sessions: &Default::default(),
        feed: &Default::default(),
        door: &door,
        keys: &Default::default(),
        webhooks: &Default::default(),
        engine: &Default::default(),
        cluster: &Default::default(),
        clock: &Default::default(),
        process: &Default::default(),
        start: &Default::default(),
    });
    let mut metrics: Vec<Metric> = Vec::new();
    for line in exposition.open_metrics().lines() {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        match words[..] {
            ["#", "HELP", name, help] => metrics.push(Metric {
                name: name.to_owned(),
                kind: String::new(),
                unit: String::new(),
                help: help.to_owned(),
                labels: Vec::new(),
            }),
            ["#", "TYPE", _, kind] => metrics.last_mut().unwrap().kind = kind.to_owned(),
            ["#", "UNIT", _, unit] => metrics.last_mut().unwrap().unit = unit.to_owned(),
            ["#", "EOF"] => {}
            _ => note_labels(&mut metrics.last_mut().unwrap().labels, line),
        }
    }
    metrics
}

fn note_labels(labels: &mut Vec<(String, Vec<String>)>, sample: &str) {
    let Some((_, rest)) = sample.split_once('{') else { return };
    for pair in rest.split_once('}').unwrap().0.split(',') {
        let (name, word) = pair.split_once('=').unwrap();
        let word = word.trim_matches('"').to_owned();
        match labels.iter_mut().find(|(known, _)| known == name) {
            _ if name == "le" => {}
            Some((_, words)) if words.contains(&word) => {}
            Some((_, words)) => words.push(word),
            None => labels.push((name.to_owned(), vec![word])),
        }
    }
}

const ABOUT: &str = "\
# Metrics

Made from the registry itself: `ACCEPT=1 cargo test --locked --lib documents`. What is written here is promised: a
metric keeps its name, its type, its unit and its labels. New ones may come.

`GET /metrics` answers in the format of OpenMetrics 1.0 if `Accept` names it, as a Prometheus does, else in the text
format of Prometheus 0.0.4. Everything is counted where it happens, so that an answer costs the same whatever the number
of agents, and labels are words of closed sets, most of them those of the [contract](contract.md): never who is concerned.

Who may read it says `[server] metrics`. By default programs on the hub's own machine need no token; from elsewhere it
takes one of a supervisor or an administrator. The token for a Prometheus is that of a supervisor of no team, who may
read the metrics and nothing about anybody:

```sh
presence-hub token --sub prometheus --role supervisor --team nobody --ttl 8760h
```

If a proxy on the same machine passes requests on to the hub, let it keep `/metrics` to itself, or set
`metrics = \"token\"`: the hub sees through a proxy only by the headers `Forwarded` and `X-Forwarded-For`.
[Monitoring](monitoring/README.md) has the configuration of a Prometheus, alerts and a dashboard.

A histogram has `_bucket`, `_sum` and `_count` behind its name.

| metric | type | unit | labels | what it is |
|---|---|---|---|---|
";

/// The page.
fn page() -> String {
    let mut page = ABOUT.to_owned();
    for metric in told() {
        let labels: Vec<String> = metric.labels.iter().map(|label| described(&metric, label)).collect();
        let (name, kind, unit, labels) = (metric.sampled(), &metric.kind, &metric.unit, labels.join("<br>"));
        writeln!(page, "| `{name}` | {kind} | {unit} | {labels} | {} |", metric.help).unwrap();
    }
    page
}

fn described(metric: &Metric, (name, words): &(String, Vec<String>)) -> String {
    let open = OPEN.iter().find(|(open, _)| open == name && OPENLY_LABELLED.contains(&metric.name.as_str()));
    match open {
        Some((_, meaning)) => format!("`{name}`: {meaning}"),
        None => format!("`{name}`: `{}`", words.join("`, `")),
    }
}

#[test]
fn every_metric_stands_in_the_page_as_the_registry_tells_it() {
    hold("docs/metrics.md", &page(), TESTS);
}

#[test]
fn names_are_in_the_style_of_prometheus() {
    let metrics = told();
    assert!(metrics.len() > 30);
    let mut names = BTreeSet::new();
    for metric in &metrics {
        let Metric { name, unit, .. } = metric;
        assert!(names.insert(name), "{name} is there twice");
        assert!(name.starts_with("presence_hub_") || name.starts_with("process_"), "{name}");
        assert!(unit.is_empty() || name.ends_with(&format!("_{unit}")), "{name} does not end with its unit");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        assert!(metric.help.ends_with('.') && !metric.help.contains("  "), "{name}: {}", metric.help);
    }
}

/// Names in a query that begin like metrics of the hub.
fn named(query: &str) -> impl Iterator<Item = &str> {
    let words = query.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("presence_hub_") || word.starts_with("process_"))
}

#[test]
fn alerts_and_dashboard_ask_for_metrics_that_there_are() {
    let mut known = BTreeSet::new();
    for metric in told() {
        let name = metric.sampled();
        match metric.kind.as_str() {
            "histogram" => known.extend(["bucket", "sum", "count"].map(|suffix| format!("{name}_{suffix}"))),
            _ => drop(known.insert(name)),
        }
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/monitoring");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let dashboard: Value = serde_json::from_str(&read("dashboard.json")).unwrap();
    let mut queries = Vec::new();
    expressions(&dashboard, &mut queries);
    assert!(queries.len() > 15, "the dashboard was not understood");
    let alerts = read("alerts.yml");
    let mut asked = 0;
    for name in queries.iter().flat_map(|query| named(query)).chain(named(&alerts)) {
        assert!(known.contains(name), "no metric is called {name}");
        asked += 1;
    }
    assert!(asked > 25);
}

/// Every query of a dashboard.
fn expressions(part: &Value, queries: &mut Vec<String>) {
    match part {
        Value::Object(fields) => {
            if let Some(Value::String(query)) = fields.get("expr") {
                queries.push(query.clone());
            }
            fields.values().for_each(|field| expressions(field, queries));
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, queries)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
