//! References in values: `${KEY}` of the same folder, `${env.KEY}` and `${env.folder.folder.KEY}` of others.

use crate::store::Project;

/// How deep a reference may lead through others.
const DEPTH: usize = 10;

/// A value with what it refers to in its place. What refers to nothing becomes nothing.
///
/// Imports are looked into, as for a secret that is asked for by its name.
pub(crate) fn expand(project: &Project, environment: &str, path: &str, value: &str) -> String {
    deep(project, (environment, path), value, DEPTH)
}

fn deep(project: &Project, here: (&str, &str), value: &str, depth: usize) -> String {
    let mut expanded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        expanded.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) if is_name(name) => {
                if depth > 0 {
                    expanded.push_str(&referred(project, here, name, depth - 1));
                }
                rest = behind;
            }
            _ => {
                expanded.push_str("${");
                rest = after;
            }
        }
    }
    expanded.push_str(rest);
    expanded
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn referred(project: &Project, (environment, path): (&str, &str), name: &str, depth: usize) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    let (there, key) = match parts.as_slice() {
        [key] => ((environment, path.to_owned()), *key),
        [environment, folders @ .., key] => ((*environment, format!("/{}", folders.join("/"))), *key),
        [] => return String::new(),
    };
    let found = super::imports::find(project, there.0, &there.1, key);
    found.map_or_else(String::new, |(place, secret)| {
        deep(project, (place.environment, place.path), secret.value.expose(), depth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    #[test]
    fn references_are_followed_and_end() {
        let environment = |slug: &str| {
            seed::Environment::new(slug).folder("/", &[("A", "a"), ("LOOP", "x${LOOP}")]).folder(
                "/db/main",
                &[("URL", "pg://${HOST}:${dev.PORT}"), ("HOST", "h-${dev.db.main.NAME}"), ("NAME", "n")],
            )
        };
        let dev = environment("dev").folder("/", &[("PORT", "5432")]);
        let project =
            Project::new(seed::Project::new("p").environment(dev).environment(environment("prod")), 0);
        let expand = |value: &str| expand(&project, "prod", "/", value);
        assert_eq!(expand("${prod.db.main.URL}"), "pg://h-n:5432");
        assert_eq!(expand("${A}${NONE}!"), "a!");
        assert_eq!(expand("${not a name} ${A"), "${not a name} ${A");
        assert_eq!(expand("${LOOP}"), "x".repeat(DEPTH));
    }
}
