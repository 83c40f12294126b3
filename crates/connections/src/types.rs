//! The types, in groups; each is described once, as a Rust type.

use crate::kind::Kind;

/// Rust types of connections. A field has the words of the glossary, or its own before the colon; one with a default says it behind
/// `=`, in the words of [`crate::Literal`]. Rules between fields stand behind the fields.
macro_rules! connections {
    ($(
        #[doc = $doc:literal]
        $name:ident = $word:literal {
            $( $field:ident $($own:literal)? : $type:ty $(= $literal:ident($($default:tt)*))? ),* $(,)?
        }
        $([ $($rule:expr),+ $(,)? ])?
    )*) => {
        /// The kinds of this group.
        pub(crate) const KINDS: &[&$crate::Kind] = &[$( &<$name as $crate::Typed>::KIND ),*];

        $(
            #[doc = $doc]
            #[doc = concat!("\n\nThe connection type `", $word, "`.")]
            $(
                #[doc = "\n\nWhat goes together, as a [`Rule`](crate::Rule):"]
                #[doc = concat!($( "\n- `", stringify!($rule), "`" ),+)]
            )?
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub struct $name {
                /// Name of the connection, which is that of its secret.
                pub name: String,
                $(
                    #[doc = $crate::types::words!($field $($own)?)]
                    $( #[doc = concat!("Default: `", stringify!($($default)*), "`.")] )?
                    pub $field: $type,
                )*
            }

            impl $crate::Typed for $name {
                const KIND: $crate::Kind = $crate::Kind {
                    word: $word,
                    about: $doc.trim_ascii(),
                    fields: &[$(
                        $crate::Field::of::<$type>(
                            $crate::types::bare(stringify!($field)),
                            $crate::types::words!($field $($own)?),
                            $crate::types::default!($($literal($($default)*))?),
                        )
                    ),*],
                    rules: &[$( $( $rule ),+ )?],
                };

                fn read(connection: &$crate::Connection) -> Option<Self> {
                    Some(Self {
                        name: connection.name().to_owned(),
                        $( $field: connection.field($crate::types::bare(stringify!($field)))?, )*
                    })
                }
            }
        )*
    };
}

macro_rules! words {
    ($field:ident) => {
        $crate::glossary::about!($field)
    };
    ($field:ident $own:literal) => {
        $own
    };
}

macro_rules! default {
    () => {
        None
    };
    ($default:expr) => {
        Some($default)
    };
}

use {default, words};

/// The name of a field that Rust wants marked, such as `r#type`.
const fn bare(name: &str) -> &str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

mod ads;
mod analytics;
mod commerce;
mod crm;
mod databases;
mod documents;
mod files;
mod general;
mod lakes;
mod messaging;
mod open_data;
mod streams;
mod warehouses;
mod work;

pub use ads::*;
pub use analytics::*;
pub use commerce::*;
pub use crm::*;
pub use databases::*;
pub use documents::*;
pub use files::*;
pub use general::*;
pub use lakes::*;
pub use messaging::*;
pub use open_data::*;
pub use streams::*;
pub use warehouses::*;
pub use work::*;

/// The kinds of all groups.
pub(crate) const KINDS: [&[&Kind]; 14] = [
    ads::KINDS,
    analytics::KINDS,
    commerce::KINDS,
    crm::KINDS,
    databases::KINDS,
    documents::KINDS,
    files::KINDS,
    general::KINDS,
    lakes::KINDS,
    messaging::KINDS,
    open_data::KINDS,
    streams::KINDS,
    warehouses::KINDS,
    work::KINDS,
];
