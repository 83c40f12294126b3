//! Patterns of a policy that cover no secret of the configuration, though they nearly do.

use keyloom_models::{code, policy_covers};
use keyloom_syntax::{Severity, Span};

use super::super::module::Module;
use super::super::written::Sort;
use super::super::{Place, Problems};
use super::blocks;

/// What stands before the name in an ARN.
const NAME: &str = ":secret:";

/// The names of secrets that a configuration makes, as far as they are known, and where they stand.
pub(super) fn names(module: &Module<'_>) -> Vec<(String, Span)> {
    let secrets = module.of(Sort::Resource).filter(|block| block.label(0) == "aws_secretsmanager_secret");
    let name = |name: keyloom_syntax::Node<'_>| {
        let text = name.as_str().filter(|text| !text.contains("${"))?;
        Some((text.to_owned(), name.span()))
    };
    secrets.filter_map(|block| name(block.node.get("name")?)).collect()
}

/// One statement of an `aws_iam_policy_document`.
pub(super) fn check(statement: &Place<'_, '_>, names: &[(String, Span)], problems: &mut Problems) {
    if names.is_empty() || statement.text_of("effect").is_some_and(|effect| effect != "Allow") {
        return;
    }
    let Some(resources) = statement.get("resources") else { return };
    for resource in blocks(&resources) {
        // Region and account are often filled in; the name is what counts.
        let written = resource.view().node().as_str().unwrap_or_default();
        let Some((_, pattern)) = written.rsplit_once(NAME).filter(|(_, pattern)| !pattern.contains("${"))
        else {
            continue;
        };
        if names.iter().any(|(name, _)| policy_covers(pattern, name)) {
            continue;
        }
        let Some((name, place, meant)) =
            names.iter().find_map(|(name, place)| Some((name, *place, meant(pattern, name)?)))
        else {
            continue;
        };
        problems.push(
            resource
                .error(code::READER_NOT_ALLOWED, format!("`{pattern}` covers no secret of this configuration"))
                .severity(Severity::Warning)
                .and(place, format!("`{name}` is not covered"))
                .why("a character of a pattern stands for itself, and AWS puts `-` and six characters behind a name")
                .fix(format!("write `{meant}`")),
        );
    }
}

/// The pattern that would cover the name: with the signs that the name has, or with the end that AWS puts there.
fn meant(pattern: &str, name: &str) -> Option<String> {
    let signs = |text: &str| text.replace(['/', '_'], "-");
    let own = name.get(..pattern.trim_end_matches(['*', '?']).len().min(name.len())).unwrap_or(name);
    let wild = &pattern[pattern.trim_end_matches(['*', '?']).len()..];
    let candidates = [format!("{pattern}-??????"), format!("{own}{wild}"), format!("{own}-??????")];
    let near =
        |candidate: &String| signs(candidate).starts_with(&signs(pattern)) && policy_covers(candidate, name);
    candidates.into_iter().find(near)
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn near_misses_alone_are_told() {
        let name = "lornu-ai/resend-api-key";
        assert_eq!(meant("lornu-ai-*", name).as_deref(), Some("lornu-ai/*"));
        assert_eq!(meant("lornu-ai/resend-api-key", name).as_deref(), Some("lornu-ai/resend-api-key-??????"));
        assert_eq!(
            meant("lornu_ai/resend_api_key-??????", name).as_deref(),
            Some("lornu-ai/resend-api-key-??????")
        );
        assert_eq!(meant("rds-*", name), None);
        assert_eq!(meant("lornu-ai-production-aurora-??????", name), None);
    }
}
