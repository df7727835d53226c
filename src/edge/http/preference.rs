//! What a client would rather have, by the lists of its headers `Accept` and `Accept-Encoding` (RFC 9110, 12.5).

use axum::http::{HeaderMap, HeaderName};

/// Which of these the client would rather have. The first of them is usual: it is also given to whoever says nothing,
/// or wants none of them.
///
/// A range with a star weighs what no other range names. Of equals the one that is named wins, then the one that is
/// named first.
pub fn preferred<'a>(headers: &HeaderMap, header: HeaderName, offers: &[&'a str]) -> &'a str {
    let lists: Vec<&str> = headers.get_all(header).iter().filter_map(|list| list.to_str().ok()).collect();
    let ranges: Vec<Range<'_>> = lists.iter().flat_map(|list| list.split(',')).map(Range::of).collect();
    let mut preferred = (offers[0], 0.0, usize::MAX);
    for offer in offers {
        let named = || ranges.iter().enumerate().filter(|(_, range)| range.name.eq_ignore_ascii_case(offer));
        let starred = || ranges.iter().enumerate().filter(|(_, range)| range.is_star_of(offer));
        let heaviest = |one: (usize, f32), other: (usize, f32)| if other.1 > one.1 { other } else { one };
        let found = named()
            .map(|(place, range)| (place, range.weight))
            .reduce(heaviest)
            .or_else(|| starred().map(|(_, range)| (usize::MAX, range.weight)).reduce(heaviest));
        if let Some((place, weight)) = found
            && (weight > preferred.1 || weight > 0.0 && weight >= preferred.1 && place < preferred.2)
        {
            preferred = (offer, weight, place);
        }
    }
    preferred.0
}

/// One of a list, such as `text/csv;q=0.5`.
struct Range<'a> {
    name: &'a str,
    /// 0 if it is not wanted at all, 1 if nothing is said.
    weight: f32,
}

impl<'a> Range<'a> {
    fn of(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Self { name, weight: weight.and_then(|weight| weight.parse().ok()).unwrap_or(1.0) }
    }

    fn is_star_of(&self, offer: &str) -> bool {
        match self.name.split_once('/') {
            Some(("*", "*")) => true,
            Some((kind, "*")) => offer.split_once('/').is_some_and(|(of, _)| of.eq_ignore_ascii_case(kind)),
            Some(_) => false,
            None => self.name == "*",
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT;

    use super::*;

    fn given(accept: &'static str) -> &'static str {
        let headers = HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
        preferred(&headers, ACCEPT, &["application/json", "text/csv", "text/plain"])
    }

    #[test]
    fn what_is_usual_is_given_to_whoever_says_nothing_or_wants_something_else() {
        assert_eq!(preferred(&HeaderMap::new(), ACCEPT, &["text/plain", "text/csv"]), "text/plain");
        for accept in ["*/*", "text/html", "application/*", "text/csv;q=0", "", ";;,q=", "*/*;q=0"] {
            assert_eq!(given(accept), "application/json", "{accept}");
        }
    }

    #[test]
    fn what_weighs_most_is_given_and_of_equals_what_is_named_first() {
        assert_eq!(given("text/plain, text/csv"), "text/plain");
        assert_eq!(given("text/plain;q=0.5, Text/CSV; Q=0.8, application/json;q=0.1"), "text/csv");
        assert_eq!(given("text/csv;version=2;q=0.2, text/csv;version=1;q=0.9, application/json;q=0.5"), "text/csv");
    }

    #[test]
    fn a_star_stands_for_what_is_not_named() {
        assert_eq!(given("text/csv;q=0.5, */*"), "application/json");
        assert_eq!(given("text/csv, */*"), "text/csv");
        assert_eq!(given("application/json;q=0.1, text/*;q=0.5"), "text/csv");
        assert_eq!(given("text/csv;q=0, text/*, application/json;q=0.1"), "text/plain");
    }
}
