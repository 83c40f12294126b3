//! Why a webhook is not taken.

/// Why a webhook is not taken. Nothing of what was sent is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// No key is known yet; whoever sent it may be right.
    NoKey,
    /// It has no signature.
    Unsigned,
    /// The header of the signature is not `t=MILLISECONDS;HEX`, or is there twice.
    SignatureForm,
    /// No key makes this signature.
    Signature,
    /// What was signed is no event.
    Form,
    /// It does not say when it was sent.
    NoTime,
    /// The header and what was signed do not say the same time.
    Time,
    /// It was sent too long ago.
    TooOld,
    /// It says that it will be sent.
    TooNew,
    /// It was taken before.
    Replayed,
    /// Its body is too large.
    TooLarge,
    /// Its body is compressed.
    Encoded,
    /// Its body did not come in time, or the connection broke.
    TooSlow,
}

impl Refused {
    /// All, in the order in which metrics list them.
    pub const ALL: [Self; 13] = [
        Self::NoKey,
        Self::Unsigned,
        Self::SignatureForm,
        Self::Signature,
        Self::Form,
        Self::NoTime,
        Self::Time,
        Self::TooOld,
        Self::TooNew,
        Self::Replayed,
        Self::TooLarge,
        Self::Encoded,
        Self::TooSlow,
    ];

    /// What metrics and answers call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoKey => "no-key",
            Self::Unsigned => "unsigned",
            Self::SignatureForm => "signature-form",
            Self::Signature => "signature",
            Self::Form => "form",
            Self::NoTime => "no-time",
            Self::Time => "time",
            Self::TooOld => "too-old",
            Self::TooNew => "too-new",
            Self::Replayed => "replayed",
            Self::TooLarge => "too-large",
            Self::Encoded => "encoded",
            Self::TooSlow => "too-slow",
        }
    }

    /// What the sender is answered.
    pub fn status(self) -> u16 {
        match self {
            Self::NoKey => 503,
            Self::Unsigned | Self::SignatureForm | Self::Signature => 401,
            Self::Form | Self::NoTime | Self::Time | Self::TooOld | Self::TooNew => 400,
            Self::Replayed => 409,
            Self::TooLarge => 413,
            Self::Encoded => 415,
            Self::TooSlow => 408,
        }
    }
}
