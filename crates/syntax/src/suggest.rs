//! Did you mean: the known word nearest to an unknown one.

/// Longer words are not compared: they are pasted text, not typing errors.
const LONGEST: usize = 64;
/// A suggestion is a courtesy: it is looked for among this many words at most, so that many unknown words among many known
/// ones do not take long.
const MOST: usize = 500;

/// The known word that was most likely meant, if one is near enough.
///
/// Case and the way words are joined do not count (`refresh_interval`, `refresh-interval` and `refreshInterval` are
/// equal). Otherwise about one error in three characters is forgiven. The first of equally near words wins.
///
/// ```
/// use keyloom_syntax::suggest::suggest;
/// assert_eq!(suggest("propertey", ["path", "property"].into_iter()), Some("property"));
/// assert_eq!(suggest("banana", ["path", "property"].into_iter()), None);
/// ```
pub fn suggest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest(word, known).into_iter().next()
}

/// All near enough known words, the nearest first.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if word.len() > LONGEST {
        return Vec::new();
    }
    let plain = fold(word);
    let mut near: Vec<(usize, &str)> = known
        .take(MOST)
        .filter(|candidate| candidate.len() <= LONGEST)
        .filter_map(|candidate| Some((distance(&plain, &fold(candidate))?, candidate)))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The number of typing errors between two folded words, if few enough for their length.
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a_length, b_length) = (a.chars().count(), b.chars().count());
    let length = a_length.max(b_length);
    let limit = if length <= 2 { 0 } else { (length / 3).clamp(1, 4) };
    if a_length.abs_diff(b_length) > limit {
        return None;
    }
    let distance = strsim::osa_distance(a, b);
    (distance <= limit).then_some(distance)
}

/// Lower case, without the characters that join words.
fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known =
            ["path", "property", "refreshInterval", "kind", "key", "auth", "universalAuth", "infisical"];
        for (word, meant) in [
            ("propertey", Some("property")),
            ("refresh_interval", Some("refreshInterval")),
            ("REFRESH-INTERVAL", Some("refreshInterval")),
            ("universal_auth", Some("universalAuth")),
            ("infisicall", Some("infisical")),
            ("ptah", Some("path")),
            ("knd", Some("kind")),
            ("kye", Some("key")),
            ("k", None),
            ("", None),
            ("hunter2hunter2", None),
            ("dataFrom", None),
        ] {
            assert_eq!(suggest(word, known.into_iter()), meant, "{word}");
        }
    }

    #[test]
    fn the_first_of_equally_near_words_wins() {
        assert_eq!(suggest("caat", ["chat", "coat"].into_iter()), Some("chat"));
        assert_eq!(suggest("caat", ["coat", "chat"].into_iter()), Some("coat"));
        assert_eq!(
            nearest("name1", ["game1", "name1x", "name-1"].into_iter()),
            ["name-1", "game1", "name1x"]
        );
    }
}
