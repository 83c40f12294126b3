//! Whom a trust policy lets in with a token of GitHub Actions.

use keyloom_models::code;
use keyloom_syntax::Severity;

use super::super::{Place, Problems};
use super::blocks;

/// What keys of conditions about such a token begin with.
const GITHUB: &str = "token.actions.githubusercontent.com:";
/// Claims that tell repositories apart, as `sub` does. An environment of some name may be in every one.
const NARROW: [&str; 6] =
    ["sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref"];

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
    let tests: Vec<Test> = conditions.iter().map(Test::of).collect();
    let narrow = claims.iter().zip(&tests).any(|(claim, test)| {
        claim.as_deref().is_some_and(|claim| NARROW.contains(&claim)) && *test != Test::Other
    });
    let unknown = conditions.iter().any(|condition| condition.text_of("variable").is_none())
        || tests.contains(&Test::Unknown);
    if !narrow && !unknown {
        problems.push(
            written
                .error_at_key(code::TRUST_TOO_WIDE, "no condition on whose token it is")
                .why("every repository at GitHub gets tokens for this audience, so every one of them may be this role")
                .fix(format!("add a condition on `{GITHUB}sub`: `repo:OWNER/NAME:ref:refs/heads/BRANCH`")),
        );
    }
    for ((condition, claim), test) in conditions.iter().zip(&claims).zip(&tests) {
        if claim.as_deref() == Some("sub") && *test != Test::Other {
            subjects(condition, *test == Test::Like, problems);
        }
    }
}

/// What the operator of a condition asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    /// One of the values, to the letter.
    Equals,
    /// What one of the values is a pattern of.
    Like,
    /// Anything else, such as none of the values.
    Other,
    /// Terraform finds out.
    Unknown,
}

impl Test {
    fn of(condition: &Place<'_, '_>) -> Self {
        match condition.text_of("test") {
            Some(test) if !test.contains("${") => Self::named(&test),
            Some(_) | None => Self::Unknown,
        }
    }

    /// Every token has the claims that matter here, so what holds without one holds for none more.
    fn named(operator: &str) -> Self {
        let each = ["ForAnyValue:", "ForAllValues:"].into_iter().find_map(|set| operator.strip_prefix(set));
        let name = each.unwrap_or(operator);
        match name.strip_suffix("IfExists").unwrap_or(name) {
            "StringEquals" | "StringEqualsIgnoreCase" => Self::Equals,
            "StringLike" | "ArnLike" | "ArnEquals" => Self::Like,
            _ => Self::Other,
        }
    }
}

fn subjects(condition: &Place<'_, '_>, like: bool, problems: &mut Problems) {
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
        Some(rest) if like => wild_rest(rest),
        None if like && subject.contains('*') => Some("any repository"),
        Some(_) | None => None,
    }
}

/// A pattern that stands where the branch, the tag or the environment has its name, or before that.
fn wild_rest(rest: &str) -> Option<&'static str> {
    let known = &rest[..rest.find(['*', '?'])?];
    let stands_in = |kind: &str| kind.starts_with(known);
    if known.is_empty() {
        Some("every branch, tag and pull request of the repository")
    } else if stands_in("environment:") {
        Some("every environment of the repository with such a name")
    } else if stands_in("ref:refs/heads/") || stands_in("ref:refs/tags/") {
        Some("every branch or tag of the repository with such a name")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Test, too_wide};

    #[test]
    fn what_an_operator_asks_for() {
        for (operator, test) in [
            ("StringEquals", Test::Equals),
            ("ForAnyValue:StringEquals", Test::Equals),
            ("StringEqualsIfExists", Test::Equals),
            ("StringLike", Test::Like),
            ("ForAllValues:StringLike", Test::Like),
            ("StringLikeIfExists", Test::Like),
            ("StringNotEquals", Test::Other),
            ("StringNotLikeIfExists", Test::Other),
            ("Null", Test::Other),
        ] {
            assert!(Test::named(operator) == test, "{operator}");
        }
    }

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
        for subject in [
            "repo:a/b:*",
            "repo:a/*",
            "repo:a/*:ref:refs/heads/main",
            "*",
            "repo:a/b:pull_request",
            "repo:a/b:ref:refs/heads/*",
            "repo:a/b:ref:refs/heads/?*",
            "repo:a/b:ref:refs/heads/*-main",
            "repo:a/b:ref:refs/tags/*",
            "repo:a/b:ref:*",
            "repo:a/b:environment:*",
            "repo:a/b:env*",
        ] {
            assert!(too_wide(subject, true).is_some(), "{subject}");
        }
        // To the letter, so nobody is let in.
        assert_eq!(too_wide("repo:a/b:*", false), None);
    }
}
