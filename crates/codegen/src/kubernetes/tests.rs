//! What is carried through comes out as it went in.

use keyloom_resources::walk::to_json;
use keyloom_syntax::{Block, Budget, De, Number, Sources, Text, parse};
use proptest::prelude::*;

use super::document;

fn blocks() -> impl Strategy<Value = Block> {
    let finite = any::<f64>().prop_filter("JSON has no other", |number| number.is_finite());
    let leaf = prop_oneof![
        Just(Block::Null),
        any::<bool>().prop_map(Block::Bool),
        any::<i64>().prop_map(|number| Block::Number(Number::Signed(number))),
        (1_u64 << 63..).prop_map(|number| Block::Number(Number::Unsigned(number))),
        finite.prop_map(|number| Block::Number(Number::Float(number))),
        any::<String>().prop_map(|text| Block::Text(Text::from(text))),
        "[-+.0-9e_:yn~ #]{0,8}".prop_map(|text| Block::Text(Text::from(text))),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Block::List),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| Block::Map(
                map.into_iter().map(|(key, value)| (key.into(), value)).collect()
            )),
        ]
    })
}

fn read(yaml: &str) -> Block {
    let mut sources = Sources::new();
    sources.add("block.yaml", yaml.to_owned()).unwrap();
    let (tree, problems) = parse(&sources, &Budget::default());
    assert_eq!(problems, [], "{yaml}");
    // A document that only says null is no document.
    tree.documents().next().map_or(Block::Null, |root| De::new(root).read().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_block_reads_back_as_it_was(block in blocks()) {
        let yaml = String::from_utf8(document(&block).unwrap()).unwrap();
        prop_assert!(read(&yaml) == block, "{}", yaml);
        // kubectl's family of readers sees the same value.
        let libyaml: serde_json::Value = yaml_serde::from_str(&yaml).unwrap();
        prop_assert!(libyaml == to_json(&block).unwrap(), "{}", yaml);
    }
}

#[test]
fn numbers_are_never_quoted_and_texts_like_them_are() {
    let yaml = "ttl: 600\nratio: 0.5\nbig: 1.0e+21\nversion: \"2.10\"\noff: \"no\"\nnothing: null\nlist: []\nmap: {}\n";
    let block = read(yaml);
    assert_eq!(String::from_utf8(document(&block).unwrap()).unwrap(), yaml.replace("off:", "\"off\":"));
}
