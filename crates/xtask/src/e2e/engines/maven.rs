//! Programs in Java, each from a `pom.xml` that pins it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{Result, cache as kept, say};

use super::output_of;

/// What `e2e/NAME/pom.xml` unpacks, unless the cache holds it.
pub(super) fn unpack(name: &str, pins: &Path, cache: &Path) -> Result<PathBuf> {
    let pom = pins.join(name).join("pom.xml");
    let key = kept::digest(&[&fs::read(&pom)?]);
    kept::keyed(cache, name, &key, |new| {
        say(&format!("fetching {name} ..."))?;
        let start = Instant::now();
        let mut maven = Command::new("mvn");
        maven.args(["--quiet", "--batch-mode", "--file"]).arg(&pom);
        output_of(maven.arg(format!("-Dout={}", new.display())).arg("generate-resources"))?;
        say(&format!("fetched {name} in {} s", start.elapsed().as_secs()))
    })
}
