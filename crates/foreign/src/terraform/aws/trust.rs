//! Whom a trust policy lets in with a token of GitHub Actions.

use keyloom_models::code;
use keyloom_syntax::Severity;

use super::super::{Place, Problems};
use super::blocks;

/// What keys of conditions about such a token begin with.
const GITHUB: &str = "token.actions.githubusercontent.com:";
/// Claims that tell repositories apart, as `sub` does.
const NARROW: [&str; 7] = [
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "environment",
];

/// One statement of an `aws_iam_policy_document`.
pub(super) fn check(statement: &Place<'_, '_>, problems: &mut Problems) {
    if statement.text_of("effect").is_some_and(|effect| effect != "Allow") || statement.has("dynamic") {
        return;
    }
    let Some(written) = statement.get("condition") else { return };
    let conditions = blocks(&written);
    let claims: Vec<Option<String>> = conditions
        .iter()
        .map(|condition| Some(condition.text_of("variable")?.strip_prefix(GITHUB)?.to_owned()))
        .collect();
    if claims.iter().flatten().next().is_none() {
        return;
    }
    let narrow = claims.iter().flatten().any(|claim| NARROW.contains(&claim.as_str()));
    let unknown = conditions.iter().any(|condition| condition.text_of("variable").is_none());
    if !narrow && !unknown {
        problems.push(
            written
                .error_at_key(code::TRUST_TOO_WIDE, "no condition on whose token it is")
                .why("every repository at GitHub gets tokens for this audience, so every one of them may be this role")
                .fix(format!("add a condition on `{GITHUB}sub`: `repo:OWNER/NAME:ref:refs/heads/BRANCH`")),
        );
    }
    for (condition, claim) in conditions.iter().zip(&claims) {
        if claim.as_deref() == Some("sub") {
            subjects(condition, problems);
        }
    }
}

fn subjects(condition: &Place<'_, '_>, problems: &mut Problems) {
    let like = condition.text_of("test").is_some_and(|test| test.ends_with("StringLike"));
    let Some(values) = condition.get("values") else { return };
    for value in blocks(&values) {
        let Some(text) = value.text() else { continue };
        let Some(words) = too_wide(text, like) else { continue };
        problems.push(
            value
                .error(code::TRUST_TOO_WIDE, words)
                .severity(Severity::Warning)
                .why("whoever may run such a workflow may be this role")
                .fix("name one branch or environment, with StringEquals: `repo:OWNER/NAME:ref:refs/heads/BRANCH`"),
        );
    }
}

/// What a subject lets in beside branches and environments that it names.
fn too_wide(subject: &str, like: bool) -> Option<&'static str> {
    let mut parts = subject.splitn(3, ':');
    let (_, repository, rest) = (parts.next()?, parts.next(), parts.next());
    let wild = |part: Option<&str>| like && part.is_some_and(|part| part.contains(['*', '?']));
    if wild(repository) {
        return Some("any repository with such a name");
    }
    match rest {
        Some("pull_request") => Some("every pull request of the repository"),
        Some(rest) if like && rest.starts_with(['*', '?']) => {
            Some("every branch, tag and pull request of the repository")
        }
        None if like && subject.contains('*') => Some("any repository"),
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::too_wide;

    #[test]
    fn what_names_a_branch_is_narrow() {
        for subject in [
            "repo:a/b:ref:refs/heads/main",
            "repo:a/b:ref:refs/heads/release/*",
            "repo:a/b:environment:production",
            "repo:a/b",
        ] {
            assert_eq!(too_wide(subject, true), None, "{subject}");
        }
        for subject in
            ["repo:a/b:*", "repo:a/*", "repo:a/*:ref:refs/heads/main", "*", "repo:a/b:pull_request"]
        {
            assert!(too_wide(subject, true).is_some(), "{subject}");
        }
        // To the letter, so nobody is let in.
        assert_eq!(too_wide("repo:a/b:*", false), None);
    }
}
