//! Types whose values are the rows of a table of upstream's, known by their names.

/// Makes of `struct TYPE(&'static str)` what its names are: all of them, the one of a name, the words of the schema.
/// `TYPE of ROWS by FIELD, called TITLES, or "is not one"`.
macro_rules! named {
    ($Type:ident of $rows:ident by $name:ident, called $titles:ident, or $none:literal) => {
        impl $Type {
            /// Every one, by name.
            pub fn all() -> impl Iterator<Item = Self> {
                $rows.iter().map(|row| Self(row.$name))
            }

            /// The one of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::all().find(|one| one.0 == name)
            }

            /// Its name in Infisical's API.
            pub const fn as_str(self) -> &'static str {
                self.0
            }

            /// What it is called where people read it.
            pub fn title(self) -> &'static str {
                $titles.iter().find(|(name, _)| *name == self.0).map_or(self.0, |(_, title)| title)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $Type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                let none = || ::serde::de::Error::custom(format_args!(concat!("`{}` ", $none), word));
                Self::named(&word).ok_or_else(none)
            }
        }

        impl ::schemars::JsonSchema for $Type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($Type).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                let words: Vec<_> = Self::all().map(Self::as_str).collect();
                ::schemars::json_schema!({ "type": "string", "enum": words })
            }
        }
    };
}
pub(crate) use named;
