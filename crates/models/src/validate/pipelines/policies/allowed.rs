//! What somebody else attaches to the operator's role, against the names of a pipeline.

use std::collections::{BTreeMap, BTreeSet};

use super::super::subject::Subject;
use super::pattern;
use crate::code::{POLICY_SCOPE, READER_NOT_ALLOWED};
use crate::config::pipeline::Aws;
use crate::finding::{Findings, Place};

/// Every name is covered, and no other if it can be helped.
pub(super) fn check(subject: &Subject<'_>, allows: &[String], place: &Place, findings: &mut Findings) {
    let aws = &subject.made.aws;
    let allowed = Allowed::of(aws, allows);
    let names: Vec<String> = subject.made.secrets.iter().map(|secret| arn(aws, &secret.aws_name)).collect();
    for (i, (secret, own)) in subject.made.secrets.iter().zip(&names).enumerate() {
        if allowed.covers(own) {
            continue;
        }
        let name = &secret.aws_name;
        let finding = findings.error(
            READER_NOT_ALLOWED,
            subject.secret(i).at("aws"),
            format!("no pattern of `eso.allows` covers `{name}`"),
        );
        finding.why("AWS puts `-` and six characters behind a name, and `*` and `?` alone stand for others");
        match allowed.nearly(own) {
            Some((at, near)) => finding.fix(format!(
                "did you mean `{near}` in place of `{at}`? Exactly this name is `{name}{BEHIND}`"
            )),
            None => finding.fix(format!("add `{name}{BEHIND}`, here and to the policy of the role")),
        };
        finding.and(place.clone(), "what is allowed");
    }
    if aws.policy_prefix.is_some() {
        return;
    }
    for (i, pattern) in &allowed.wild {
        if names.iter().any(|name| pattern::covers(pattern, name)) {
            let written = &allows[*i];
            findings
                .note(POLICY_SCOPE, place.at(*i), format!("`{written}` also covers names that are not declared"))
                .why("the operator could read secrets that are none of this pipeline's")
                .fix("allow each name with `-??????` behind it, or write `policyScope: prefix` if the whole prefix is meant");
        }
    }
}

/// What stands for the characters that AWS puts behind a name.
const BEHIND: &str = "-??????";
const WILD: [char; 2] = ['*', '?'];

/// Patterns by what they can cover, so that each name is looked for among thousands of others once.
struct Allowed<'a> {
    /// ARNs of names that a pattern covers and nothing else.
    exact: BTreeSet<String>,
    /// Patterns of ARNs that may cover several names, and where they stand.
    wild: Vec<(usize, String)>,
    /// Names that are written without what AWS puts behind them, by their ARNs.
    bare: BTreeMap<String, &'a str>,
    /// What may be meant in place of a pattern: as written, as one of ARNs, and as it would be written.
    meant: Vec<(&'a str, String, String)>,
}

impl<'a> Allowed<'a> {
    fn of(aws: &Aws, allows: &'a [String]) -> Self {
        let mut made =
            Self { exact: BTreeSet::new(), wild: Vec::new(), bare: BTreeMap::new(), meant: Vec::new() };
        for (i, written) in allows.iter().enumerate() {
            let pattern = arn(aws, written);
            match pattern.strip_suffix(BEHIND) {
                Some(name) if !name.contains(WILD) => {
                    made.exact.insert(name.to_owned());
                }
                _ if pattern.contains(WILD) => {
                    made.wild.push((i, pattern));
                    let one = |meant: String| (written.as_str(), arn(aws, &meant), meant);
                    made.meant.extend(meant(written).into_iter().map(one));
                }
                _ => {
                    made.bare.entry(pattern).or_insert(written);
                }
            }
        }
        made
    }

    /// Whether one of them covers the secret of that ARN, which is without what AWS puts behind it.
    fn covers(&self, own: &str) -> bool {
        self.exact.contains(own) || self.wild.iter().any(|(_, pattern)| pattern::covers(pattern, own))
    }

    /// What is written, and what was meant by it.
    fn nearly(&self, own: &str) -> Option<(&'a str, String)> {
        if let Some(written) = self.bare.get(own) {
            return Some((written, format!("{written}{BEHIND}")));
        }
        let (written, _, meant) = self.meant.iter().find(|(_, arn, _)| pattern::covers(arn, own))?;
        Some((written, meant.clone()))
    }
}

/// A pattern of names as one of ARNs.
fn arn(aws: &Aws, name: &str) -> String {
    if name.starts_with("arn:") || name == "*" {
        return name.to_owned();
    }
    let Aws { partition, account, region, .. } = aws;
    format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}")
}

/// A pattern with another sign where it ends, or with the end that AWS puts there.
fn meant(written: &str) -> Vec<String> {
    let start = written.trim_end_matches('*').trim_end_matches(['-', '/', '_', '.']);
    let mut meant = vec![format!("{written}{BEHIND}")];
    if written.ends_with('*') && !start.is_empty() {
        meant.extend(["/*", "-*", "_*", ".*"].map(|end| format!("{start}{end}")));
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::OnConflict;
    use proptest::prelude::*;

    fn aws() -> Aws {
        Aws {
            partition: "aws",
            account: "123456789012".to_owned(),
            region: "us-east-2".to_owned(),
            kms_key_arn: None,
            recovery_window_in_days: 7,
            writer_role: "writer".to_owned(),
            policy_prefix: None,
            on_conflict: OnConflict::Fail,
            shared_by_environments: false,
        }
    }

    proptest! {
        #[test]
        fn patterns_that_are_sorted_cover_what_each_of_them_does(
            allows in prop::collection::vec(prop_oneof!["[ab/]{1,2}-\\?{6}", "[ab/*?-]{0,4}", "[ab]{1,2}"], 0..6),
            name in "[ab/]{1,3}",
        ) {
            let (aws, own) = (aws(), arn(&aws(), &name));
            let plain = allows.iter().any(|allowed| pattern::covers(&arn(&aws, allowed), &own));
            prop_assert_eq!(Allowed::of(&aws, &allows).covers(&own), plain);
        }
    }

    #[test]
    fn exact_names_are_looked_up() {
        let allows: Vec<String> = (0..2_000).map(|number| format!("app/key-{number}{BEHIND}")).collect();
        let allowed = Allowed::of(&aws(), &allows);
        assert_eq!((allowed.exact.len(), allowed.wild.len(), allowed.meant.len()), (2_000, 0, 0));
    }
}
