//! kubeconform, which holds manifests against JSON Schemas: the peer of `keyloom validate`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use keyloom_upstream::eso::{EsoVersion, Kind, apis};

use crate::{Result, e2e, say};

/// The built program, and the schemas it is given.
#[derive(Debug)]
pub(super) struct Conform {
    program: PathBuf,
    schemas: PathBuf,
}

impl Conform {
    /// Builds the program, if it is not in the cache, and writes the schemas that Keyloom checks by into the directory.
    pub(super) fn install(schemas: &Path) -> Result<Self> {
        fs::create_dir_all(schemas)?;
        for kind in Kind::ALL {
            for api in apis(EsoVersion::newest(), kind).filter(|api| api.served()) {
                let name = format!("{}_{}.json", kind.name().to_lowercase(), api.name());
                fs::write(schemas.join(name), api.schema().to_string())?;
            }
        }
        Ok(Self { program: e2e::kubeconform()?, schemas: schemas.to_owned() })
    }

    /// The same, or nothing and a word about why it does not run here.
    pub(super) fn install_or_say(schemas: &Path) -> Result<Option<Self>> {
        match Self::install(schemas) {
            Ok(conform) => Ok(Some(conform)),
            Err(reason) => {
                say(&format!("KUBECONFORM DOES NOT RUN, and its lines stay empty: {reason}\n"))?;
                Ok(None)
            }
        }
    }

    /// The command that checks a file, or all files below a folder.
    pub(super) fn check(&self, path: &Path) -> Command {
        let mut command = Command::new(&self.program);
        let location = self.schemas.join("{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json");
        command.args(["-strict", "-summary", "-schema-location"]).arg(location).arg(path);
        command
    }
}
