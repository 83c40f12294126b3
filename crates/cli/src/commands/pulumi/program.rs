//! The program that the declaration is, and the Pulumi CLI that drives it.

use keyloom_components::Keyloom;
use keyloom_components::program::{Invocation, Language, Verb, run_inline};
use keyloom_models::{Config, code};
use keyloom_resources::resources;

use crate::args::{Color, Operation, Pulumi};
use crate::commands::load::valid;
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;

/// What the Pulumi.yaml of a declaration says. Its runtime is nothing that `pulumi up` could start, so that it does not
/// take the stack for empty.
const LANGUAGE: Language<'_> =
    Language { runtime: "keyloom", description: "run by `keyloom pulumi up`, not by `pulumi up`" };

/// With this argument Pulumi runs the program where it would not.
const RUN_PROGRAM: &str = "--run-program";

/// Why `up` stops before a declaration without anything in it.
const ALL_GONE: &str = "the declaration makes nothing, and all that the stack has would be deleted; name the right \
                        documents, or use `keyloom pulumi destroy` or --force";

pub(super) fn run(args: &Pulumi, io: &mut Io) -> Result<u8, Failure> {
    let config = match needs_program(args) {
        true => match valid(&args.documents, &args.findings, io)? {
            Ok((_, config)) if args.operation == Operation::Up && !args.force && makes_nothing(&config) => {
                io.say(&format!("error[{}]: {ALL_GONE}", code::OUTPUT_ALL_GONE));
                return Ok(exit_code::FINDINGS);
            }
            Ok((_, config)) => Some(config),
            Err(code) => return Ok(code),
        },
        false => None,
    };
    let ran = run_inline(&invocation(args, io.color()), LANGUAGE, async |ctx| {
        if let Some(config) = &config {
            // The project is in the URN of everything, so its name changes nothing that the project's own would not.
            let name = ctx.project().to_owned();
            Keyloom::from_config(&ctx, &name, config)?;
        }
        Ok(())
    });
    ran.map_err(|error| Failure::Usage(error.to_string()))
}

/// Whether the declaration matters.
fn needs_program(args: &Pulumi) -> bool {
    match args.operation {
        Operation::Preview | Operation::Up => true,
        Operation::Refresh | Operation::Destroy => {
            args.arguments.iter().any(|argument| argument == RUN_PROGRAM)
        }
    }
}

fn makes_nothing(config: &Config) -> bool {
    resources(config).next().is_none()
}

fn invocation(args: &Pulumi, color: Color) -> Invocation {
    let verb = match args.operation {
        Operation::Preview => Verb::Preview,
        Operation::Up => Verb::Up,
        Operation::Refresh => Verb::Refresh,
        Operation::Destroy => Verb::Destroy,
    };
    let yes = args.yes.then_some("--yes");
    let color = match color {
        Color::Auto => None,
        Color::Always => Some("--color=always"),
        Color::Never => Some("--color=never"),
    };
    let ours = yes.into_iter().chain(color).map(str::to_owned);
    Invocation {
        verb,
        stack: args.stack.clone(),
        directory: args.cwd.clone(),
        arguments: ours.chain(args.arguments.iter().cloned()).collect(),
    }
}
