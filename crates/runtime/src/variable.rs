//! Variables of the environment, as all that read them mean them.

/// What a variable says, without the space around it. One that is empty is as good as not set.
///
/// ```
/// use keyloom_runtime::trimmed;
/// assert_eq!(trimmed(Some(" shop\n".to_owned())).as_deref(), Some("shop"));
/// assert_eq!(trimmed(Some(" ".to_owned())), None);
/// ```
pub fn trimmed(value: Option<String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}
