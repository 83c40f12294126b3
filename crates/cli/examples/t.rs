#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    let mut s = keyloom_syntax::Sources::new();
    let f = std::env::args().nth(1).unwrap();
    s.add(f.clone(), std::fs::read_to_string(&f).unwrap()).unwrap();
    let o = keyloom_models::read::load(
        &s,
        &keyloom_models::read::Options {
            environment: keyloom_models::read::Environment::All,
            ..Default::default()
        },
    );
    for d in &o.diagnostics {
        let l = d.primary.span.and_then(|p| s.locate(p));
        println!(
            "{:?}[{}] {} @{} {:?} fix={:?} why={:?} label={:?}",
            d.severity,
            d.code,
            d.message,
            d.primary.path,
            l.map(|l| (l.line, l.column)),
            d.fix,
            d.why,
            d.primary.text
        );
    }
    if let Some(c) = o.config {
        keyloom_codegen::kubernetes::render(&keyloom_resources::synthesize(&c), &mut std::io::stdout())
            .unwrap();
    }
}
