//! Inputs as they will be kept: named, in a namespace, secret where they came in secret.

use keyloom_wire::Value;
use keyloom_wire::property::PropertyMap;

use super::annotate::annotate;
use super::kind::{Kind, name_in};
use super::prune::normalize;
use crate::object::{at, autoname, is_autonamed, is_named, name, namespace, plain_map, set_metadata, text};

/// Checks inputs. The text of a Secret is encoded here already, as the real provider does: it is never kept. A name that nobody wrote is made up of `seed`, and kept from then on; `default_namespace` is for
/// objects that live in one and say none.
///
/// # Errors
/// An object that leaves its name to the API server, and a URN of another package's type.
pub(super) fn check(
    urn: &str,
    news: &PropertyMap,
    olds: &PropertyMap,
    seed: &[u8],
    default_namespace: Option<&str>,
) -> Result<PropertyMap, String> {
    let mut inputs = normalize(plain_map(news), Kind::of(urn)?.is_secret());
    if !is_named(&inputs) {
        if !text(&inputs, &["metadata", "generateName"]).is_empty() {
            return Err(
                "metadata.generateName does not go with server-side apply; write metadata.name".to_owned()
            );
        }
        let made_up = match is_autonamed(olds) {
            true => name(olds).to_owned(),
            false => make_up(urn, seed),
        };
        autoname(&mut inputs, &made_up);
    }
    let unknown = at(&inputs, &["metadata", "namespace"]).is_some_and(|it| it.value == Value::Unknown);
    if namespace(&inputs).is_empty() && !unknown && default_namespace.is_some() {
        set_metadata(&mut inputs, "namespace", default_namespace);
    }
    annotate(&mut inputs, news);
    Ok(inputs)
}

fn make_up(urn: &str, seed: &[u8]) -> String {
    let byte = |index| seed.get(index).copied().unwrap_or_default();
    let letters: String = (0..4).map(|index| format!("{:02x}", byte(index))).collect();
    format!("{}-{letters}", name_in(urn))
}

#[cfg(test)]
mod tests {
    use keyloom_wire::Property;
    use serde_json::json;

    use super::*;
    use crate::object::from_json;

    const URN: &str = "urn:pulumi:d::p::kubernetes:g/v1:K::web";

    fn checked(news: &PropertyMap, olds: &PropertyMap, seed: &[u8]) -> Result<PropertyMap, String> {
        check(URN, news, olds, seed, Some("apps"))
    }

    #[test]
    fn a_named_object_stays_as_it_is() {
        let mut news = from_json(&json!({"metadata": {"name": "n", "namespace": "s"}}));
        let spec = PropertyMap::from([
            ("a".to_owned(), Property::from("x").secret()),
            ("b".to_owned(), Property::unknown()),
        ]);
        news.insert("spec".to_owned(), Property::from(spec));
        assert_eq!(checked(&news, &PropertyMap::new(), &[]).unwrap(), news);
    }

    #[test]
    fn an_unknown_name_and_namespace_are_waited_for() {
        let metadata = ["name", "namespace"].map(|name| (name.to_owned(), Property::unknown()));
        let news = PropertyMap::from([("metadata".to_owned(), Property::from(PropertyMap::from(metadata)))]);
        assert_eq!(checked(&news, &PropertyMap::new(), &[]).unwrap(), news);
    }

    #[test]
    fn names_are_made_up_once() {
        let news = from_json(&json!({"kind": "K"}));
        let first = checked(&news, &PropertyMap::new(), &[0, 0xab, 1, 2, 3]).unwrap();
        assert_eq!((name(&first), namespace(&first)), ("web-00ab0102", "apps"));
        let second = checked(&news, &first, &[9; 4]).unwrap();
        assert_eq!(first, second);
    }

    #[test]
    fn names_are_not_left_to_the_api_server() {
        let news = from_json(&json!({"metadata": {"generateName": "n-"}}));
        checked(&news, &PropertyMap::new(), &[]).unwrap_err();
    }
}
