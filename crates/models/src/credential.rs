//! A secret that a connection of Infisical logs in with: a variable of who renders it, never the value.

use std::borrow::Cow;
use std::fmt;

use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use crate::reference::TextOr;

/// A secret of an app connection: in a document the name of a sensitive variable, in a program a secret text.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A sensitive variable of Terraform, which whoever applies fills in.
    Variable(String),
    /// The value, which a program hands over as a secret. No document has it.
    Value(Text),
}

impl Credential {
    /// The variable of that name.
    pub fn variable(name: impl Into<String>) -> Self {
        Self::Variable(name.into())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.debug_tuple("Variable").field(name).finish(),
            Self::Value(_) => f.write_str("Value(<text>)"),
        }
    }
}

/// A credential as a document writes it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Variable {
    /// Name of the variable: letters, digits, `_` and `-`, not a digit first.
    // Where a value is pasted in place of the name, it is not shown.
    #[schemars(regex(pattern = "^[A-Za-z_][A-Za-z0-9_-]*$"), extend("x-secret" = true))]
    variable: String,
}

impl<'de> Deserialize<'de> for Credential {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOr::<Variable>::deserialize(deserializer)? {
            TextOr::Text(value) => Self::Value(value),
            TextOr::Other(Variable { variable }) => Self::Variable(variable),
        })
    }
}

impl JsonSchema for Credential {
    fn schema_name() -> Cow<'static, str> {
        "Credential".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Variable::json_schema(generator);
        let about = "A secret: the sensitive variable that holds it; never the value itself.";
        schema.insert("description".into(), about.into());
        schema.insert("x-noun".into(), "a credential".into());
        schema.insert(
            "x-on".into(),
            serde_json::json!({ "type": {
                "code": crate::code::LITERAL_SECRET,
                "message": "{field} wants the name of a variable, never the value",
                "why": "what is written here ends in git and in files of Terraform, for everybody to read",
                "fix": "write {variable: NAME} there, and hand the value over as TF_VAR_NAME; if a value has been committed, replace it where it is used",
            } }),
        );
        schema
    }
}
