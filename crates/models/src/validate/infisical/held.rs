//! Blocks of attributes that have no type of their own: what an attribute cannot be made of.

use keyloom_syntax::Block;

use crate::attributes::argument;
use crate::code;
use crate::finding::{Findings, Place};

/// Refuses what would be lost on the way to Terraform. What is empty is not there, but an item of a list is.
pub(super) fn check(block: &Block, place: &Place, findings: &mut Findings) {
    for (key, value) in block.entries() {
        attribute(value, &place.at(key.to_string()), findings);
    }
}

fn attribute(value: &Block, place: &Place, findings: &mut Findings) {
    match value {
        Block::List(items) => {
            for (i, item) in items.iter().enumerate() {
                match argument(item) {
                    Some(_) => attribute(item, &place.at(i), findings),
                    None => refuse(item, &place.at(i), findings),
                }
            }
        }
        Block::Map(entries) if !entries.is_empty() && argument(value).is_none() => {
            refuse(value, place, findings);
        }
        Block::Map(_) | Block::Null | Block::Bool(_) | Block::Number(_) | Block::Text(_) => {}
    }
}

fn refuse(value: &Block, place: &Place, findings: &mut Findings) {
    let (what, fix) = match value {
        Block::Map(_) => (
            "a mapping cannot stand here, but for the name of a variable",
            "write text, a number, `true` or `false`, a list of them, or `{variable: NAME}`",
        ),
        Block::Null | Block::Bool(_) | Block::Number(_) | Block::Text(_) | Block::List(_) => {
            ("an item of a list says nothing", "write it, or leave it out")
        }
    };
    findings
        .error(code::WRONG_TYPE, place.clone(), what)
        .why("it would be missing in what is rendered")
        .fix(fix);
}
