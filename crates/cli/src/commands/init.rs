//! `keyloom init`: a commented declaration to begin with.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};

use crate::args::{Init, Provider};
use crate::exit_code;
use crate::failure::Failure;
use crate::inputs;
use crate::io::Io;

/// Where editors find the schema of the document: the main branch of the repository, as raw text.
const SCHEMA_PATH: &str = "main/schemas/keyloom.schema.json";

const INFISICAL: &str = include_str!("init/infisical.yaml");
const INFISICAL_SYNCS: &str = include_str!("init/infisical-syncs.yaml");
const VAULT: &str = include_str!("init/vault.yaml");
const AWS: &str = include_str!("init/aws.yaml");
const KUBERNETES: &str = include_str!("init/kubernetes.yaml");
const ONEPASSWORD: &str = include_str!("init/onepassword.yaml");

pub(super) fn run(args: &Init, io: &mut Io) -> Result<u8, Failure> {
    let failed = |source| Failure::Write { path: args.file.clone(), source };
    if let Some(folder) = args.file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = match OpenOptions::new().write(true).create_new(true).open(&args.file) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let words =
                format!("{} is there already and is left alone; name another file", args.file.display());
            return Err(Failure::Usage(words));
        }
        Err(error) => return Err(failed(error)),
    };
    let text = match args.provider {
        Provider::Infisical => INFISICAL,
        Provider::InfisicalSyncs => INFISICAL_SYNCS,
        Provider::Vault => VAULT,
        Provider::Aws => AWS,
        Provider::OnePassword => ONEPASSWORD,
        Provider::Kubernetes => KUBERNETES,
    };
    write!(file, "# yaml-language-server: $schema={}\n{text}", schema_url()).map_err(failed)?;
    let name = args.file.display();
    let argument = if args.file.as_os_str() == inputs::DEFAULT { String::new() } else { format!(" {name}") };
    io.say(&format!("wrote {name}; change what is in it, then run `keyloom check{argument}`"));
    Ok(exit_code::CLEAN)
}

/// The address follows from the repository's.
pub(super) fn schema_url() -> String {
    let raw = crate::REPOSITORY.replacen("https://github.com/", "https://raw.githubusercontent.com/", 1);
    format!("{raw}/{SCHEMA_PATH}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Switched off, nothing is made; switched on, it is what the syncs of a first project usually are.
    #[test]
    fn syncs_are_written_with_the_usual_names_and_switched_off() {
        let config = |text: &str| {
            let mut sources = keyloom_syntax::Sources::new();
            sources.add("keyloom.yaml", text.to_owned()).unwrap();
            let options = keyloom_models::read::Options::default();
            keyloom_models::read::load(&sources, &options).config.unwrap()
        };
        let off = config(INFISICAL_SYNCS);
        assert!(off.secret_syncs().is_empty() && off.app_connections().is_empty());
        let on = config(&INFISICAL_SYNCS.replace("  enabled: false\n", ""));
        let names: Vec<_> = on.secret_syncs().iter().map(|sync| sync.name.shown()).collect();
        assert_eq!(names, ["aws-secrets-sync", "github-secrets-sync"]);
        let paths: Vec<_> = on.secret_syncs().iter().map(|sync| sync.secret_path.shown()).collect();
        assert_eq!(paths, ["/api", "/ci-cd"]);
        assert!(on.secret_syncs().iter().all(|sync| sync.auto_sync && sync.environment == "prod"));
        assert_eq!(on.infisical().host, None);
    }

    #[test]
    fn what_is_written_passes_the_check() {
        for text in [INFISICAL, INFISICAL_SYNCS, VAULT, AWS, ONEPASSWORD, KUBERNETES] {
            let mut sources = keyloom_syntax::Sources::new();
            sources.add("keyloom.yaml", text.to_owned()).unwrap();
            let outcome = keyloom_models::read::load(&sources, &keyloom_models::read::Options::default());
            assert_eq!(outcome.diagnostics, []);
        }
        assert!(schema_url().starts_with("https://raw.githubusercontent.com/"));
    }
}
