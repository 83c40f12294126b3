//! Values as Terraform's JSON syntax reads them: every text is a template there.

use keyloom_resources::terraform::{Argument, Block, Reference};
use keyloom_syntax::Number;
use serde_json::Value;
use thiserror::Error;

/// A text is secret or not known yet, so that it cannot be written. Says where, never what.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{address}: the text at {path} is secret, or not known yet, and is not written")]
pub(super) struct NotWritten {
    address: String,
    path: String,
}

/// The argument at `path` of the resource at `address`.
pub(super) fn value(argument: &Argument, address: &str, path: &str) -> Result<Value, NotWritten> {
    Ok(match argument {
        Argument::Text(text) => {
            let refused = || NotWritten { address: address.to_owned(), path: path.to_owned() };
            literal(text.written().ok_or_else(refused)?).into()
        }
        Argument::Bool(value) => (*value).into(),
        Argument::Number(Number::Signed(value)) => (*value).into(),
        Argument::Number(Number::Unsigned(value)) => (*value).into(),
        Argument::Number(Number::Float(value)) => (*value).into(),
        Argument::List(items) => {
            let item = |(at, item)| value(item, address, &format!("{path}[{at}]"));
            items.iter().enumerate().map(item).collect::<Result<Vec<_>, _>>()?.into()
        }
        Argument::Object(members) => {
            let member = |(name, member): &(String, Argument)| {
                // Keys of maps are templates too.
                Ok((literal(name), value(member, address, &format!("{path}.{name}"))?))
            };
            Value::Object(members.iter().map(member).collect::<Result<_, _>>()?)
        }
        Argument::Variable(name) => format!("${{var.{name}}}").into(),
        Argument::Reference(Reference { block, resource_type, label, attribute }) => {
            let data = match block {
                Block::Resource => "",
                Block::Data => "data.",
            };
            format!("${{{data}{resource_type}.{label}.{attribute}}}").into()
        }
        Argument::Encoded(members) => {
            let member = |(key, variable): &(String, String)| format!("{} = var.{variable}", quoted(key));
            let members: Vec<_> = members.iter().map(member).collect();
            format!("${{jsonencode({{{}}})}}", members.join(", ")).into()
        }
    })
}

/// A text that Terraform takes as it is.
pub(super) fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// A literal inside an expression.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in literal(text).chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use keyloom_syntax::{Origins, Text};
    use proptest::prelude::*;

    use super::*;

    /// What Terraform makes of a template without expressions; none if there is one.
    fn evaluated(template: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['$', '%']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let sign = from.get(..1)?;
            let (taken, text) = if from.starts_with(&format!("{sign}{sign}{{")) {
                (3, format!("{sign}{{"))
            } else if from.starts_with(&format!("{sign}{{")) {
                return None;
            } else {
                (1, sign.to_owned())
            };
            out.push_str(&text);
            rest = from.get(taken..)?;
        }
        out.push_str(rest);
        Some(out)
    }

    proptest! {
        #[test]
        fn a_literal_is_no_template(text in "[a$%{}\\\\\"é ]{0,12}") {
            prop_assert_eq!(evaluated(&literal(&text)), Some(text));
        }
    }

    /// What HCL makes of a quoted text without expressions.
    fn unquoted(text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text.strip_prefix('"')?.strip_suffix('"')?.chars();
        while let Some(c) = rest.next() {
            out.push(match c {
                '"' => return None,
                '\\' => match rest.next()? {
                    'u' => char::from_u32(
                        u32::from_str_radix(&rest.by_ref().take(4).collect::<String>(), 16).ok()?,
                    )?,
                    sign @ ('"' | '\\') => sign,
                    _ => return None,
                },
                other => other,
            });
        }
        evaluated(&out)
    }

    proptest! {
        #[test]
        fn a_key_inside_an_expression_is_no_template(key in "[a$%{}\\\\\"é \n]{0,12}") {
            prop_assert_eq!(unquoted(&quoted(&key)), Some(key));
        }
    }

    #[test]
    fn keys_of_maps_are_literals_too() {
        let tags = Argument::Object(vec![("${a}".to_owned(), Argument::word("%{b}"))]);
        let written = value(&tags, "aws_secretsmanager_secret.a", "tags").unwrap();
        assert_eq!(written, serde_json::json!({ "$${a}": "%%{b}" }));
    }

    #[test]
    fn what_may_not_be_written_is_refused_at_its_place() {
        let unknown = Argument::Text(Text::unknown(true, Origins::NONE));
        let list = Argument::List(vec![Argument::Object(vec![("value".to_owned(), unknown)])]);
        let error = value(&list, "infisical_x.y", "tags").unwrap_err();
        assert_eq!(
            error.to_string(),
            "infisical_x.y: the text at tags[0].value is secret, or not known yet, and is not written"
        );
    }
}
