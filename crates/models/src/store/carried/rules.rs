//! What is known of single carried providers beyond their structure.

use keyloom_syntax::{Block, Text};

use super::{CarriedConfig, table};
use crate::finding::{Findings, Place};

/// Rules of a carried block.
pub(super) fn check(config: &CarriedConfig, place: &Place, findings: &mut Findings) {
    if !table::row(config.provider()).maintained {
        findings
            .note(
                "unmaintained-provider",
                place.clone(),
                format!("nobody maintains the provider `{}` of the operator", config.provider().as_str()),
            )
            .why("the operator warns at every apply of such a store");
    }
}

/// Which values a `fake` block writes out, by their number in `data`.
pub(super) fn literal_values(block: &Block) -> Vec<usize> {
    let items = block.get("data").map(Block::items).unwrap_or_default();
    let known = |item: &Block| item.get("value").and_then(Block::text).and_then(Text::known).is_some();
    items.iter().enumerate().filter(|(_, item)| known(item)).map(|(index, _)| index).collect()
}
