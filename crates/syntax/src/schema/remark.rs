//! What a schema says about its own failures: codes and words per keyword.

/// A keyword that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Type,
    Enum,
    Const,
    Pattern,
    Length,
    Range,
    Items,
    Unique,
    Fields,
    Required,
    Unknown,
    PatternProperties,
    AnyOf,
    OneOf,
    OneOfNone,
    Not,
    If,
    Deprecated,
}

impl Keyword {
    /// By its name in `x-codes` and `x-on`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "type" => Self::Type,
            "enum" => Self::Enum,
            "const" => Self::Const,
            "pattern" => Self::Pattern,
            "minLength" | "maxLength" => Self::Length,
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => Self::Range,
            "minItems" | "maxItems" => Self::Items,
            "uniqueItems" => Self::Unique,
            "minProperties" | "maxProperties" => Self::Fields,
            "required" => Self::Required,
            "additionalProperties" | "unknown" => Self::Unknown,
            "patternProperties" => Self::PatternProperties,
            "anyOf" => Self::AnyOf,
            "oneOf" => Self::OneOf,
            "oneOf-none" => Self::OneOfNone,
            "not" => Self::Not,
            "if" => Self::If,
            "deprecated" => Self::Deprecated,
            _ => return None,
        })
    }

    fn is_choice(self) -> bool {
        matches!(self, Self::AnyOf | Self::OneOf | Self::Not | Self::If)
    }

    fn is_value(self) -> bool {
        matches!(
            self,
            Self::Enum
                | Self::Const
                | Self::Pattern
                | Self::Length
                | Self::Range
                | Self::Items
                | Self::Unique
                | Self::Fields
        )
    }
}

/// Replacements for what the checker would say; absent ones leave its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remark {
    pub(crate) code: Option<&'static str>,
    pub(crate) message: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) fix: Option<String>,
}

impl Remark {
    pub(crate) fn is_empty(&self) -> bool {
        self.code.is_none() && self.message.is_none() && self.why.is_none() && self.fix.is_none()
    }
}

/// All remarks of one schema.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    /// `x-code`, `x-message`, `x-why`, `x-fix`.
    pub(crate) general: Remark,
    pub(crate) by_keyword: Vec<(Keyword, Remark)>,
    /// Whether the schema has a choice, which is what the general remark is about then.
    pub(crate) has_choice: bool,
    /// Whether it says `required` without `properties`.
    pub(crate) bare_required: bool,
}

impl Remarks {
    /// The remark that a failure of `keyword` should carry.
    pub(crate) fn for_keyword(&self, keyword: Keyword) -> Option<&Remark> {
        if let Some((_, remark)) = self.by_keyword.iter().find(|(known, _)| *known == keyword) {
            return Some(remark);
        }
        let meant = if self.has_choice {
            keyword.is_choice()
        } else {
            keyword.is_value()
                || keyword == Keyword::Deprecated
                || (keyword == Keyword::Required && self.bare_required)
        };
        (meant && !self.general.is_empty()).then_some(&self.general)
    }
}
