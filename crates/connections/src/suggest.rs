//! Did you mean.

/// Longer words are pasted text, not typing errors.
const LONGEST: usize = 64;

/// The known word that was most likely meant: about one error in three characters is forgiven, the first of equally near words wins.
pub fn suggest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = fold(word);
    if word.is_empty() {
        return None;
    }
    let limit = word.chars().count().div_ceil(3).min(4);
    known
        .map(|known| (strsim::osa_distance(&word, &fold(known)), known))
        .filter(|(distance, _)| *distance < limit.max(1) || *distance == 0)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Lower case, without the characters that join words.
pub(crate) fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found_and_nothing_that_is_far() {
        let known = || ["postgres", "mysql", "mssql", "google_cloud_platform"].into_iter();
        assert_eq!(suggest("postgress", known()), Some("postgres"));
        assert_eq!(suggest("Google-Cloud-Platform", known()), Some("google_cloud_platform"));
        assert_eq!(suggest("mysq", known()), Some("mysql"));
        assert_eq!(suggest("banana", known()), None);
        assert_eq!(suggest("", known()), None);
        assert_eq!(suggest(&"x".repeat(1000), known()), None);
    }
}
