//! The verbs, one a file.

use crate::args::Verb;
use crate::failure::Failure;
use crate::io::Io;

mod check;
mod completions;
mod connection;
mod explain;
mod import;
mod init;
mod listen;
mod load;
mod man;
mod plan;
mod pulumi;
mod relay;
mod render;
mod run;
mod schema;
mod trace;
mod validate;

/// Runs a verb; answers with the exit code.
///
/// # Errors
/// When the verb could not do its work at all.
pub(crate) fn run(verb: Verb, io: &mut Io) -> Result<u8, Failure> {
    match verb {
        Verb::Init(args) => init::run(&args, io),
        Verb::Check(args) => check::run(&args, io),
        Verb::Render(args) => render::run(&args, io),
        Verb::Validate(args) => validate::run(&args, io),
        Verb::Import(args) => import::run(&args, io),
        Verb::Schema(args) => schema::run(args.of, io),
        Verb::Explain(args) => explain::run(&args, io),
        Verb::Trace(args) => trace::run(&args, io),
        Verb::Plan(args) => plan::run(&args, io),
        Verb::Listen(args) => listen::run(&args, io),
        Verb::Pulumi(args) => pulumi::run(&args, io),
        Verb::Relay(args) => relay::run(&args, io),
        Verb::Run(args) => run::run(&args, io),
        Verb::Connection(args) => connection::run(&args, io),
        Verb::Completions(args) => completions::run(&args, io),
        Verb::Man(args) => man::run(&args, io),
    }
}
