//! What verbs that read a declaration do first.

use keyloom_models::read::{self, Environment, Options, Outcome};

use crate::args::Documents;
use crate::failure::Failure;
use crate::inputs::{self, Inputs};

/// What is read without `--env`.
pub(super) enum Without {
    /// The base alone.
    Base,
    /// The base and every environment.
    All,
}

/// Reads and checks the documents. Files that are no text are findings as well, and then there is no config.
pub(super) fn load(documents: &Documents, without: Without) -> Result<(Inputs, Outcome), Failure> {
    let mut inputs = inputs::read(documents)?;
    let environment = match (&documents.env, without) {
        (Some(name), _) => Environment::Named(name.clone()),
        (None, Without::Base) => Environment::Base,
        (None, Without::All) => Environment::All,
    };
    let options = Options {
        budget: inputs::budget(documents),
        environment,
        eso: documents.eso.clone(),
        namespace: documents.namespace.clone(),
    };
    let mut outcome = read::load(&inputs.sources, &options);
    if !inputs.refused.is_empty() {
        outcome.config = None;
        outcome.diagnostics.splice(0..0, inputs.refused.drain(..));
    }
    Ok((inputs, outcome))
}
