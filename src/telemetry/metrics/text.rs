//! The older text format of Prometheus, which `promtool` and others still read.

/// What is written in the format of OpenMetrics, in that of Prometheus 0.0.4: there, a metric is described by
/// the name that its samples have, and knows neither units nor an end.
pub(super) fn of_open_metrics(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut help = "";
    for line in text.lines() {
        match line.strip_prefix("# ").and_then(|comment| comment.split_once(' ')) {
            Some(("HELP", about)) => help = about.split_once(' ').map_or("", |(_, help)| help),
            Some(("TYPE", about)) => {
                let (name, kind) = about.split_once(' ').unwrap_or((about, "untyped"));
                let (suffix, kind) = match kind {
                    "counter" => ("_total", kind),
                    "info" => ("_info", "gauge"),
                    kind => ("", kind),
                };
                written.push_str(&format!("# HELP {name}{suffix} {help}\n# TYPE {name}{suffix} {kind}\n"));
            }
            Some(_) => {}
            None if line.starts_with('#') => {}
            None => {
                written.push_str(line);
                written.push('\n');
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_described_by_the_name_of_its_samples() {
        let open = "# HELP a What.\n# TYPE a counter\na_total{b=\"c\"} 1\n# HELP b_seconds How long.\n\
                    # TYPE b_seconds gauge\n# UNIT b_seconds seconds\nb_seconds 0.5\n# HELP c Which.\n\
                    # TYPE c info\nc_info{d=\"e\"} 1\n# EOF\n";
        let older = "# HELP a_total What.\n# TYPE a_total counter\na_total{b=\"c\"} 1\n# HELP b_seconds How long.\n\
                     # TYPE b_seconds gauge\nb_seconds 0.5\n# HELP c_info Which.\n# TYPE c_info gauge\nc_info{d=\"e\"} 1\n";
        assert_eq!(of_open_metrics(open), older);
    }
}
