//! Did you mean.

/// Longer words are pasted text, not typing errors.
const LONGEST: usize = 64;
/// So many words are compared at most.
const MOST: usize = 500;

/// The known word that was most likely meant: about one error in three characters is forgiven, the first of equally near words wins.
/// It forgives what the rest of Keyloom forgives.
pub fn suggest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = fold(word);
    known
        .take(MOST)
        .filter(|known| known.len() <= LONGEST)
        .filter_map(|known| Some((distance(&word, &fold(known))?, known)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
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
