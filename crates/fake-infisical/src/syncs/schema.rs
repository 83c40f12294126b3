//! Names at the destination: a key in a schema such as `{{environment}}_{{secretKey}}`.

const KEY: &str = "{{secretKey}}";
const ENVIRONMENT: &str = "{{environment}}";

/// Whether a schema is legal.
pub(crate) fn is_legal(schema: &str) -> bool {
    let rest = schema.replacen(KEY, "", 1).replace(ENVIRONMENT, "");
    let legal = |letter: char| letter.is_ascii_alphanumeric() || "_-/".contains(letter);
    schema.len() <= 255 && schema.contains(KEY) && rest.chars().all(legal)
}

/// The name of a key.
pub(crate) fn name(schema: Option<&str>, environment: &str, key: &str) -> String {
    schema.map_or_else(|| key.to_owned(), |it| it.replace(ENVIRONMENT, environment).replace(KEY, key))
}

/// The key of a name; none of a name that the schema does not make.
pub(crate) fn key(schema: Option<&str>, environment: &str, name: &str) -> Option<String> {
    let Some(schema) = schema else { return Some(name.to_owned()) };
    let schema = schema.replace(ENVIRONMENT, environment);
    let (before, behind) = schema.split_once(KEY)?;
    let key = name.strip_prefix(before)?.strip_suffix(behind)?;
    // What lies in a folder further down is not the schema's.
    let deeper = (before.contains('/') || behind.contains('/')) && key.contains('/');
    (!key.is_empty() && !deeper).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_made_and_read_back() {
        let schema = Some("KL_{{environment}}_{{secretKey}}-x");
        assert_eq!(name(schema, "dev", "A"), "KL_dev_A-x");
        assert_eq!(key(schema, "dev", "KL_dev_A-x").as_deref(), Some("A"));
        for foreign in ["KL_dev_-x", "KL_prod_A-x", "A"] {
            assert_eq!(key(schema, "dev", foreign), None, "{foreign}");
        }
        assert_eq!(key(None, "dev", "A").as_deref(), Some("A"));
        let folders = Some("{{environment}}/{{secretKey}}");
        assert_eq!(key(folders, "dev", "dev/A").as_deref(), Some("A"));
        assert_eq!(key(folders, "dev", "dev/team/A"), None);
        assert_eq!(key(schema, "dev", "KL_dev_a/b-x").as_deref(), Some("a/b"));
    }

    proptest! {
        #[test]
        fn every_key_comes_back(before in "[A-Za-z/_-]{0,8}", behind in "[A-Za-z/_-]{0,8}", key_ in "[^/\n]{1,12}") {
            let schema = format!("{before}{{{{environment}}}}-{{{{secretKey}}}}{behind}");
            prop_assert!(is_legal(&schema));
            let name = name(Some(&schema), "dev", &key_);
            prop_assert_eq!(key(Some(&schema), "dev", &name), Some(key_));
        }
    }

    #[test]
    fn schemas_hold_the_key_and_little_else() {
        for (schema, expected) in [
            ("{{secretKey}}", true),
            ("a/{{environment}}-{{secretKey}}_b", true),
            ("KEY", false),
            ("{{secretKey}}.x", false),
            ("{{key}}", false),
        ] {
            assert_eq!(is_legal(schema), expected, "{schema}");
        }
    }
}
