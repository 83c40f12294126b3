//! Random documents made from the published schema: the checker and an independent validator agree on each, and what
//! is good is read without an error of shape.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::shown;
use keyloom_models::code::codes;
use keyloom_models::document_schema;
use keyloom_models::read::{Options, load};
use keyloom_syntax::check::{CODES, fits};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Budget, Sources, TreeView, parse};
use serde_json::{Map, Value, json};

const DOCUMENTS: u64 = 2_000;

/// Text for every pattern of the schema.
const WORDS: [&str; 22] = [
    "7d0c6f3e-1a2b-4c3d-9e8f-001122334455",
    "web",
    "a.b",
    "KEY",
    "10m",
    "0",
    "2.9",
    "/etc/x",
    "0 5 * * *",
    "@daily",
    "postgresql",
    "1h30m",
    "x-y",
    "metadata.name",
    "Zm9v",
    "a@b.iam.gserviceaccount.com",
    "",
    "é",
    "us-east-2",
    "123456789012",
    "acme/web",
    "arn:aws:kms:us-east-2:123456789012:key/1",
];

/// Deterministic numbers (splitmix64), so that a failure comes back.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

struct Maker {
    dice: Dice,
    /// How often something is made wrong: once in so many values.
    wrong: usize,
}

impl Maker {
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        if self.dice.one_in(self.wrong) {
            return self
                .dice
                .pick(&[json!(null), json!(true), json!(7), json!("text"), json!([]), json!({"odd": 1})])
                .clone();
        }
        if let Some(target) = schema["$ref"].as_str() {
            return self.value(&document_schema()["definitions"][target.rsplit('/').next().unwrap()], depth);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(words) = schema["enum"].as_array() {
            return self.dice.pick(words).clone();
        }
        if schema.get("type").is_none() {
            for choice in ["anyOf", "allOf", "oneOf"] {
                if let Some(branches) = schema[choice].as_array() {
                    let branch = self.dice.pick(branches).clone();
                    return self.value(&branch, depth);
                }
            }
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, depth),
            Some("array") => {
                let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
                let many = least + self.dice.below(if depth < 3 { 3 } else { 2 });
                (0..many).map(|_| self.value(&schema["items"], depth + 1)).collect()
            }
            Some("boolean") => json!(self.dice.one_in(2)),
            Some("integer" | "number") => self.number(schema),
            Some("null") => Value::Null,
            Some("string") => self.text(schema),
            _ => json!({ "any": 1 }),
        }
    }

    fn number(&mut self, schema: &Value) -> Value {
        let least = schema["minimum"].as_i64().unwrap_or(0);
        let most = schema["maximum"].as_i64().unwrap_or(i64::from(i32::MAX));
        match self.dice.below(8) {
            0 => json!(least),
            1 => json!(most),
            2 => json!(most.saturating_add(1)),
            3 => json!(least - 1),
            4 => json!(3.0),
            5 => json!(3.5),
            _ => json!(least.midpoint(most)),
        }
    }

    fn text(&mut self, schema: &Value) -> Value {
        let pattern = schema["pattern"].as_str().map(|pattern| regex::Regex::new(pattern).unwrap());
        let least = schema["minLength"].as_u64().unwrap_or(0);
        let legal: Vec<_> = WORDS
            .into_iter()
            .filter(|word| pattern.as_ref().is_none_or(|pattern| pattern.is_match(word)))
            .filter(|word| word.chars().count() as u64 >= least)
            .collect();
        assert!(!legal.is_empty(), "no word for {schema}");
        json!(self.dice.pick(&legal))
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut wanted: Vec<String> = names(&schema["required"]);
        for choice in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[choice].as_array().filter(|branches| !branches.is_empty()) {
                let mut branch = self.dice.pick(branches).clone();
                if let Some(inner) = branch["anyOf"].as_array() {
                    branch = self.dice.pick(inner).clone();
                }
                wanted.extend(names(&branch["required"]));
            }
        }
        let choices: Vec<String> = ["oneOf", "anyOf"]
            .iter()
            .flat_map(|choice| schema[*choice].as_array().cloned().unwrap_or_default())
            .flat_map(|branch| {
                let mut all = names(&branch["required"]);
                all.extend(
                    branch["anyOf"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .flat_map(|inner| names(&inner["required"])),
                );
                all
            })
            .collect();
        let mut map = Map::new();
        let empty = Map::new();
        for (name, property) in schema["properties"].as_object().unwrap_or(&empty) {
            let optional = !choices.contains(name) && self.dice.one_in(if depth < 2 { 2 } else { 5 });
            if wanted.contains(name) || optional || self.dice.one_in(self.wrong) {
                map.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() {
            for name in ["one", "two"].iter().take(self.dice.below(3)) {
                map.insert((*name).to_owned(), self.value(&schema["additionalProperties"], depth + 1));
            }
        }
        self.provider(schema, &mut map, depth);
        if self.dice.one_in(self.wrong) {
            map.insert("unknown".to_owned(), json!("x"));
        }
        Value::Object(map)
    }

    /// A store has the block of its provider and no other, most of the time.
    fn provider(&mut self, schema: &Value, map: &mut Map<String, Value>, depth: usize) {
        let Some(known) = schema["properties"]["provider"]["enum"].as_array() else { return };
        let provider = map.get("provider").and_then(Value::as_str).unwrap_or_default().to_owned();
        for other in names(&json!(known)).into_iter().filter(|other| *other != provider) {
            if schema["properties"].get(&other).is_some() && !self.dice.one_in(self.wrong) {
                map.remove(&other);
            }
        }
        if let Some(block) = schema["properties"].get(&provider) {
            let block = self.value(block, depth + 1);
            map.insert(provider, block);
        }
    }
}

fn names(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn whatever_the_schema_accepts_is_read() {
    let names: Vec<_> = codes().iter().map(|code| code.name).collect();
    let ours = Schema::compile_with_codes(document_schema(), &names).unwrap();
    let theirs = jsonschema::draft7::new(document_schema()).unwrap();
    let sections = ["stores", "externalSecrets", "services", "defaults", "versions", "environments"];
    let (mut good, mut wrong) = (0, Vec::new());
    for seed in 0..DOCUMENTS {
        let section = sections[usize::try_from(seed).unwrap() % sections.len()];
        let mut maker = Maker { dice: Dice(seed), wrong: if seed % 2 == 0 { usize::MAX } else { 60 } };
        let value = maker.value(&document_schema()["properties"][section], 1);
        let document = json!({ section: value });
        let mut sources = Sources::new();
        sources.add("random.yaml", serde_json::to_string_pretty(&document).unwrap()).unwrap();
        let (tree, problems) = parse(&sources, &Budget::default());
        assert_eq!(problems, [], "{document}");
        let root = tree.documents().next().unwrap();
        let (accepted, valid) = (fits(TreeView::new(root, false), &ours), theirs.is_valid(&document));
        if accepted != valid {
            wrong.push(format!("seed {seed}: ours {accepted}, theirs {valid}\n{document}"));
        }
        if !valid {
            continue;
        }
        good += 1;
        let found = load(&sources, &Options::default()).diagnostics;
        let shape: Vec<_> = found
            .into_iter()
            .filter(|diagnostic| CODES.contains(&diagnostic.code) && diagnostic.code != "duplicate-item")
            .collect();
        if !shape.is_empty() {
            wrong.push(format!("seed {seed}: {document}\n{}", shown(&sources, &shape)));
        }
    }
    wrong.truncate(8);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(good > DOCUMENTS / 4, "only {good} of {DOCUMENTS} documents are good");
}
