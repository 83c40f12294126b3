//! Errors in lines for people, each with what to do about it.

use keyloom_runtime::connections::ConnectionError;

/// An error in lines: what is wrong and, behind a semicolon, what to do. No value is in them.
pub fn words(error: &ConnectionError) -> Vec<String> {
    match error {
        ConnectionError::Invalid { name, backend, problems } => problems
            .iter()
            .filter(|problem| !problem.is_warning())
            .map(|problem| {
                format!("connection '{name}' in secrets backend '{backend}': {problem}; {}", problem.remedy())
            })
            .collect(),
        other => other.to_string().lines().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use keyloom_connections::{Connection, Secret};

    use super::*;

    #[test]
    fn every_problem_has_a_line_with_a_remedy() {
        let text =
            r#"{"type": "postgres", "details": {"host": "canary", "port": "canary", "database": "canary"}}"#;
        let problems = Connection::parse("db", &Secret::new(text.to_owned())).unwrap_err();
        let error = ConnectionError::Invalid { name: "db".to_owned(), backend: "file", problems };
        assert_eq!(
            words(&error),
            [
                "connection 'db' in secrets backend 'file': `details.username` is missing, which `postgres` needs; add `username` to `details`",
                "connection 'db' in secrets backend 'file': `details.password` is missing, which `postgres` needs; add `password` to `details`",
                "connection 'db' in secrets backend 'file': `details.port` is a text, not a port (a number from 1 to 65535); write it without quotes",
            ]
        );
    }
}
