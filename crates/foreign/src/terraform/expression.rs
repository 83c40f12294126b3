//! What a template (`"${...}"`) refers to. Expressions are not evaluated: only references are found in them.

/// A way from a name to what is meant: `var.region`, `infisical_secret.a.id`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    pub(super) steps: Vec<Step<'t>>,
}

/// One step of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'t> {
    /// `.name` or `["name"]`
    Name(&'t str),
    /// `[0]` or any other expression
    Index,
    /// `[*]` or `.*`
    Splat,
}

impl<'t> Reference<'t> {
    /// The name at that step.
    pub(super) fn name(&self, step: usize) -> Option<&'t str> {
        match self.steps.get(step) {
            Some(Step::Name(name)) => Some(name),
            Some(Step::Index | Step::Splat) | None => None,
        }
    }
}

/// Whether a text has parts that Terraform fills in.
pub(super) fn is_template(text: &str) -> bool {
    begin(text, 0).is_some()
}

/// Whether a text is one expression and nothing else, so that it may become anything.
pub(super) fn is_whole(text: &str) -> bool {
    text.starts_with("${") && begin(text, 0) == Some(2) && Scanner::new(text).expression(2) == text.len()
}

/// All references in a template, in their order.
pub(super) fn of_template(text: &str) -> Vec<Reference<'_>> {
    let mut scanner = Scanner::new(text);
    scanner.template(0, None);
    scanner.found
}

/// Whether an expression in a text is not closed.
pub(super) fn is_unclosed(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.template(0, None);
    scanner.unclosed
}

/// The reference that a text is, where Terraform wants one without `${`: in `depends_on`, in `provider`.
pub(super) fn of_address(text: &str) -> Vec<Reference<'_>> {
    if is_template(text) {
        return of_template(text);
    }
    let mut scanner = Scanner::new(text);
    scanner.expression(0);
    scanner.found
}

/// Where the first expression from there on begins, after its `${` or `%{`. Doubled marks stand for themselves.
fn begin(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at + 1 < bytes.len() {
        match bytes[at] {
            mark @ (b'$' | b'%') if bytes[at + 1] == mark && bytes.get(at + 2) == Some(&b'{') => at += 3,
            b'$' | b'%' if bytes[at + 1] == b'{' => return Some(at + 2),
            _ => at += 1,
        }
    }
    None
}

/// How deep templates in templates are followed; deeper ones are passed over.
const DEEPEST: usize = 32;

struct Scanner<'t> {
    text: &'t str,
    depth: usize,
    unclosed: bool,
    found: Vec<Reference<'t>>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, depth: 0, unclosed: false, found: Vec::new() }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Goes through a template up to its end: that of the text, or the quote that closes a string. Gives the place after it.
    fn template(&mut self, from: usize, quote: Option<u8>) -> usize {
        let mut at = from;
        while let Some(byte) = self.byte(at) {
            let next = self.byte(at + 1);
            match byte {
                b'\\' if quote.is_some() => {
                    at += if next.is_some_and(|next| next.is_ascii()) { 2 } else { 1 }
                }
                _ if Some(byte) == quote => return at + 1,
                b'$' | b'%' if next == Some(byte) && self.byte(at + 2) == Some(b'{') => at += 3,
                b'$' | b'%' if next == Some(b'{') => at = self.expression(at + 2),
                _ => at += 1,
            }
        }
        at
    }

    /// Goes through an expression up to the bracket that closes it, and gives the place after that.
    fn expression(&mut self, from: usize) -> usize {
        self.depth += 1;
        let (mut at, mut open) = (from, 0usize);
        while let Some(byte) = self.byte(at).filter(|_| self.depth < DEEPEST) {
            match byte {
                b'"' => at = self.template(at + 1, Some(b'"')),
                b'{' | b'[' | b'(' => {
                    open += 1;
                    at += 1;
                }
                b'}' | b']' | b')' if open == 0 => {
                    self.depth -= 1;
                    return at + 1;
                }
                b'}' | b']' | b')' => {
                    open -= 1;
                    at += 1;
                }
                _ if is_start(byte) => at = self.reference(at),
                b'0'..=b'9' => at = self.while_part(at),
                _ => at += 1,
            }
        }
        self.depth -= 1;
        self.unclosed |= self.byte(at).is_none();
        // What is nested too deep is not looked at.
        self.byte(at).map_or(at, |_| self.text.len())
    }

    /// Reads a name and the steps after it.
    fn reference(&mut self, from: usize) -> usize {
        let mut at = self.while_part(from);
        let mut found = Reference { steps: vec![Step::Name(&self.text[from..at])] };
        loop {
            match (self.byte(at), self.byte(at + 1)) {
                (Some(b'.'), Some(b'*')) => {
                    found.steps.push(Step::Splat);
                    at += 2;
                }
                (Some(b'.'), Some(byte)) if byte.is_ascii_digit() => {
                    found.steps.push(Step::Index);
                    at = self.while_part(at + 1);
                }
                (Some(b'.'), Some(byte)) if is_start(byte) => {
                    let end = self.while_part(at + 1);
                    found.steps.push(Step::Name(&self.text[at + 1..end]));
                    at = end;
                }
                (Some(b'['), _) => {
                    let (step, end) = self.index(at + 1);
                    found.steps.push(step);
                    at = end;
                }
                _ => break,
            }
        }
        let rest = self.text[at..].trim_start();
        let is_call = rest.starts_with('(') || rest.starts_with("::");
        if !is_call {
            self.found.push(found);
        }
        at
    }

    fn index(&mut self, from: usize) -> (Step<'t>, usize) {
        let rest = &self.text[from..];
        if rest.starts_with("*]") {
            return (Step::Splat, from + 2);
        }
        let key = rest.strip_prefix('"').and_then(|rest| rest.split_once("\"]")).map(|(key, _)| key);
        match key.filter(|key| !key.contains(['"', '\\', '$', '%'])) {
            Some(key) => (Step::Name(key), from + key.len() + 3),
            None => (Step::Index, self.expression(from)),
        }
    }

    fn while_part(&self, from: usize) -> usize {
        let rest = &self.text.as_bytes()[from..];
        from + rest
            .iter()
            .take_while(|byte| is_start(**byte) || byte.is_ascii_digit() || **byte == b'-')
            .count()
    }
}

fn is_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(text: &str) -> Vec<String> {
        let spell = |reference: &Reference<'_>| {
            let steps = reference.steps.iter().map(|step| match step {
                Step::Name(name) => format!(".{name}"),
                Step::Index => "[]".to_owned(),
                Step::Splat => "*".to_owned(),
            });
            steps.collect::<String>()[1..].to_owned()
        };
        of_template(text).iter().map(spell).collect()
    }

    #[test]
    fn references_are_found_in_expressions() {
        for (text, expected) in [
            ("plain", &[][..]),
            ("$${var.a} %%{if}", &[]),
            ("${var.a}", &["var.a"]),
            ("a${var.a}b${local.b}", &["var.a", "local.b"]),
            ("${infisical_secret.a[0].id}", &["infisical_secret.a[].id"]),
            ("${infisical_secret.a[var.n].id}", &["var.n", "infisical_secret.a[].id"]),
            ("${infisical_secret.a[\"x\"].id}", &["infisical_secret.a.x.id"]),
            ("${infisical_secret.a[*].id} ${infisical_secret.a.*.id}", &["infisical_secret.a*.id"; 2]),
            ("${join(\",\", [var.a, \"${local.b}}\"])}", &["var.a", "local.b"]),
            ("${provider::x::y(var.a)}", &["var.a"]),
            ("%{ if var.a }x%{ endif }", &["if", "var.a", "endif"]),
            ("${ { a = var.b } }", &["a", "var.b"]),
            ("${data.aws_region.now.name == \"}\" ? 1.5e3 : var.x}", &["data.aws_region.now.name", "var.x"]),
            ("${var.a", &["var.a"]),
        ] {
            assert_eq!(spelled(text), expected, "{text}");
        }
    }

    #[test]
    fn whole_expressions_may_become_anything() {
        assert!(is_whole("${var.a}") && is_whole("${ {a = \"}\"} }"));
        assert!(
            !is_whole("${var.a}b") && !is_whole("a${var.a}") && !is_whole("${a}${b}") && !is_whole("$${a}")
        );
        assert!(
            is_template("%{if x}")
                && !is_template("$${a}")
                && !is_template("$")
                && !is_template("{{secretKey}}")
        );
    }

    #[test]
    fn what_is_not_closed_is_told() {
        for text in ["${var.a", "a ${join(var.a}", "${\"${var.a\"}", "%{ if x"] {
            assert!(is_unclosed(text), "{text}");
        }
        for text in ["${var.a}", "$${var.a", "{", "${\"}\"}", "${ {a = 1} }", "%{ if x }a%{ endif }"] {
            assert!(!is_unclosed(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in "[${}%\"\\\\.\\[\\]a-z0*é( :-]{0,60}") {
            let _ = (of_template(&text), of_address(&text), is_whole(&text), is_unclosed(&text));
        }

        #[test]
        fn deep_templates_end(depth in 0usize..2000) {
            let _ = of_template(&"${\"".repeat(depth));
        }
    }
}
