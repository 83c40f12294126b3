//! The plugin that Pulumi's engine starts.

fn main() -> std::process::ExitCode {
    keyloom_components::plugin::main()
}
