//! `*` and `?` in policies, which mean something else in each place.

/// A piece of a pattern.
enum Piece {
    /// This character.
    Exactly(char),
    /// One character, but no colon if `within`.
    One { within: bool },
    /// Any number of characters, but no colon if `within`.
    Any { within: bool },
}

/// An action: case does not matter.
pub(super) fn action(pattern: &str, action: &str) -> bool {
    like(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// `StringLike`: `*` is any number of characters, `?` is one.
pub(super) fn like(pattern: &str, text: &str) -> bool {
    let Some((pattern, text)) = after_literal(pattern, text) else { return false };
    let piece = |c| match c {
        '*' => Piece::Any { within: false },
        '?' => Piece::One { within: false },
        other => Piece::Exactly(other),
    };
    matches(&pattern.chars().map(piece).collect::<Vec<_>>(), text)
}

/// A resource: wildcards stay between two colons, but `*` at the end of such a segment goes on beyond.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
pub(super) fn resource(pattern: &str, arn: &str) -> bool {
    let Some((pattern, arn)) = after_literal(pattern, arn) else { return false };
    let mut pieces = Vec::new();
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        pieces.push(match c {
            '*' => Piece::Any { within: characters.peek().is_some_and(|next| *next != ':') },
            '?' => Piece::One { within: true },
            other => Piece::Exactly(other),
        });
    }
    matches(&pieces, arn)
}

/// `ArnLike`: each of the six parts by itself.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
pub(super) fn arn(pattern: &str, arn: &str) -> bool {
    let parts = |text: &str| text.splitn(6, ':').map(str::to_owned).collect::<Vec<_>>();
    let (pattern, arn) = (parts(pattern), parts(arn));
    pattern.len() == 6
        && arn.len() == 6
        && pattern.iter().zip(&arn).all(|(pattern, part)| like(pattern, part))
}

/// Both from the first wildcard on, if what stands before it is the same: most of a long policy is told apart by that.
fn after_literal<'t>(pattern: &'t str, text: &'t str) -> Option<(&'t str, &'t str)> {
    let (literal, pattern) = pattern.split_at(pattern.find(['*', '?']).unwrap_or(pattern.len()));
    Some((pattern, text.strip_prefix(literal)?))
}

/// Whether the pieces, one after the other, are the text.
fn matches(pieces: &[Piece], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // Which beginnings of the text, by their length, the pieces so far can be.
    let mut reached = vec![false; text.len() + 1];
    if let Some(nothing) = reached.first_mut() {
        *nothing = true;
    }
    for piece in pieces {
        let mut next = vec![false; reached.len()];
        for length in 0..reached.len() {
            let last = length.checked_sub(1).and_then(|at| Some((reached.get(at)?, text.get(at)?)));
            let one_more = |fits: &dyn Fn(char) -> bool| last.is_some_and(|(before, c)| *before && fits(*c));
            let here = match piece {
                Piece::Exactly(wanted) => one_more(&|c| c == *wanted),
                Piece::One { within } => one_more(&|c| !within || c != ':'),
                Piece::Any { within } => {
                    let goes_on = length > 0
                        && next.get(length - 1) == Some(&true)
                        && last.is_some_and(|(_, c)| !within || *c != ':');
                    reached.get(length) == Some(&true) || goes_on
                }
            };
            if let Some(at) = next.get_mut(length) {
                *at = here;
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_its_wildcards() {
        assert!(action("secretsmanager:get*", "SecretsManager:GetSecretValue"));
        assert!(!action("secretsmanager:Get?", "secretsmanager:GetSecretValue"));
        assert!(like("repo:octo-org/*", "repo:octo-org/octo-repo:pull_request"));
        assert!(!like("repo:octo-org/*", "repo:Octo-org/octo-repo:pull_request"));
        assert!(resource("*", "arn:aws:s3:::bucket"));
        assert!(resource(
            "arn:aws:secretsmanager:*:1:secret:a-??????",
            "arn:aws:secretsmanager:x:1:secret:a-abc123"
        ));
        assert!(!resource(
            "arn:aws:secretsmanager:x:1:secret:a-??????",
            "arn:aws:secretsmanager:x:1:secret:a-b-abc123"
        ));
    }

    #[test]
    fn a_star_crosses_colons_only_at_the_end_of_its_segment() {
        assert!(resource("arn:aws:sqs:*:q", "arn:aws:sqs:us-east-1:1:q"));
        assert!(!resource("arn:aws:sqs:us*1:q", "arn:aws:sqs:us-east-1:1:q"));
        assert!(!arn("arn:aws:sqs:*:q", "arn:aws:sqs:us-east-1:1:q"));
        assert!(arn("arn:aws:sqs:us-*:*:q", "arn:aws:sqs:us-east-1:1:q"));
    }
}
