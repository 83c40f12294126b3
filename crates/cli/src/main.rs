//! The command `keyloom`.

use std::process::ExitCode;

fn main() -> ExitCode {
    keyloom_cli::main()
}
