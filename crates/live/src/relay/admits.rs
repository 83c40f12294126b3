//! From which namespaces a ClusterSecretStore may be used: its `conditions`, as the operator reads them.

use std::collections::BTreeMap;

use regex::Regex;

use super::objects::{Condition, Expression, Selector};

/// Labels of namespaces; nothing where nobody may read them.
pub(crate) type Labels = Option<BTreeMap<String, BTreeMap<String, String>>>;

/// Whether conditions let a namespace in: any of them, by any of its words. Without conditions all are let in; what cannot be
/// told counts as let in, for one sync too many does no harm.
pub(crate) fn admits(conditions: &[Condition], namespace: &str, labels: &Labels) -> bool {
    conditions.is_empty() || conditions.iter().any(|one| admitted(one, namespace, labels))
}

/// Whether labels of namespaces must be known for that.
pub(crate) fn asks_for_labels(conditions: &[Condition]) -> bool {
    conditions.iter().any(|one| one.namespace_selector.is_some())
}

fn admitted(condition: &Condition, namespace: &str, labels: &Labels) -> bool {
    let listed = condition.namespaces.iter().flatten().any(|name| name == namespace);
    // As in Go, a pattern may stand anywhere in the name.
    let fits = |pattern: &String| Regex::new(pattern).map_or(true, |regex| regex.is_match(namespace));
    let selected = || match (&condition.namespace_selector, labels) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(selector), Some(labels)) => {
            labels.get(namespace).is_some_and(|labels| selects(selector, labels))
        }
    };
    listed || condition.namespace_regexes.iter().flatten().any(fits) || selected()
}

fn selects(selector: &Selector, labels: &BTreeMap<String, String>) -> bool {
    let mut wanted = selector.match_labels.iter().flatten();
    wanted.all(|(key, value)| labels.get(key) == Some(value))
        && selector.match_expressions.iter().flatten().all(|one| holds(one, labels))
}

fn holds(expression: &Expression, labels: &BTreeMap<String, String>) -> bool {
    let value = labels.get(&expression.key);
    let among = || expression.values.iter().flatten().any(|one| Some(one) == value);
    match expression.operator.as_str() {
        "In" => among(),
        "NotIn" => !among(),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        // The operator refuses a store with any other, and everybody who uses it.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn conditions(value: Value) -> Vec<Condition> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn one_word_that_fits_is_enough() {
        let shop = BTreeMap::from([("team".to_owned(), "web".to_owned())]);
        let labels = Some(BTreeMap::from([("shop".to_owned(), shop), ("bare".to_owned(), BTreeMap::new())]));
        for (written, shop, bare) in [
            (json!([]), true, true),
            (json!([{}]), false, false),
            (json!([{"namespaces": ["shop"]}]), true, false),
            (json!([{"namespaces": ["other"]}, {"namespaces": ["bare"]}]), false, true),
            (json!([{"namespaceRegexes": ["ho"]}]), true, false),
            (json!([{"namespaceRegexes": ["^ho"]}]), false, false),
            (json!([{"namespaceRegexes": ["("]}]), true, true),
            (json!([{"namespaceSelector": {}}]), true, true),
            (json!([{"namespaceSelector": {"matchLabels": {"team": "web"}}}]), true, false),
            (json!([{"namespaceSelector": {"matchLabels": {"team": "db"}}}]), false, false),
            (
                json!([{"namespaceSelector": {"matchLabels": {"team": "db"}}, "namespaces": ["bare"]}]),
                false,
                true,
            ),
            (selector("In", &["web", "db"]), true, false),
            (selector("NotIn", &["web"]), false, true),
            (selector("Exists", &[]), true, false),
            (selector("DoesNotExist", &[]), false, true),
            (selector("Near", &["web"]), false, false),
        ] {
            let read = conditions(written.clone());
            assert_eq!(admits(&read, "shop", &labels), shop, "shop: {written}");
            assert_eq!(admits(&read, "bare", &labels), bare, "bare: {written}");
        }
    }

    #[test]
    fn labels_that_nobody_may_read_let_all_in() {
        let read = conditions(selector("In", &["web"]));
        assert!(asks_for_labels(&read) && admits(&read, "shop", &None));
        assert!(!asks_for_labels(&conditions(json!([{"namespaces": ["shop"]}]))));
    }

    fn selector(operator: &str, values: &[&str]) -> Value {
        json!([{"namespaceSelector": {"matchExpressions": [
            {"key": "team", "operator": operator, "values": values},
        ]}}])
    }
}
