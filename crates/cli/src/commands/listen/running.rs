//! What `keyloom listen` is told, what it shows of that, and what it answers.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use keyloom_live::listen::{
    self, CommandError, Failed, FileOptions, Format, OnChange, Options, Program, Said, ServeOptions, Settings,
};
use tokio::runtime::Builder;

use crate::args::{FileForm, Listen, OnListenChange, Signal};
use crate::exit_code;
use crate::failure::Failure;
use crate::io::Io;
use crate::report::text::one_line;

pub(super) fn run(args: &Listen, io: &mut Io) -> Result<u8, Failure> {
    let flags = flags(args);
    let settings = Settings::from_env(listen::with_flags(flags.clone(), variable)).map_err(Failed::Load);
    if args.check {
        io.write(|out| table(&listen::said(&flags, variable), out))?;
    } else if args.dir.is_none() && args.file.is_none() && args.serve.is_none() && args.command.is_empty() {
        return Err(Failure::Usage(
            "say where the secrets go: --dir DIR, --file FILE, --serve ADDRESS:PORT or -- COMMAND".to_owned(),
        ));
    }
    let ended =
        settings.and_then(|settings| if args.check { Ok(exit_code::CLEAN) } else { begin(settings, args) });
    Ok(ended.unwrap_or_else(|failed| {
        failed.to_string().lines().for_each(|line| io.say(&format!("error: {line}")));
        if args.command.is_empty() || args.check { exit_code::USAGE } else { code(&failed) }
    }))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn begin(settings: Settings, args: &Listen) -> Result<u8, Failed> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(Failed::System)?;
    let ended = runtime.block_on(listen::listen(settings, options(args), &say));
    // A question that is on its way, or a callback, keeps nobody waiting.
    runtime.shutdown_background();
    ended
}

/// Says a line on standard error at once; where nobody can hear it, it is dropped.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", one_line(line));
}

fn code(failed: &Failed) -> u8 {
    match failed {
        Failed::Command(CommandError::Missing(_)) => exit_code::NOT_FOUND,
        Failed::Command(CommandError::Refused(..) | CommandError::TooLarge(_)) => exit_code::NOT_RUN,
        Failed::Places(_) | Failed::Load(_) | Failed::Files(_) | Failed::System(_) | Failed::Ended => {
            exit_code::OURS
        }
    }
}

/// Flags that were given, by the variable that means the same.
fn flags(args: &Listen) -> BTreeMap<&'static str, String> {
    let it = &args.settings;
    let all = [
        ("INFISICAL_API_URL", &it.api_url),
        ("INFISICAL_IDENTITY_ID", &it.identity_id),
        ("INFISICAL_PROJECT_ID", &it.project_id),
        ("INFISICAL_ENVIRONMENT", &it.environment),
        ("INFISICAL_SECRET_PATH", &it.secret_path),
        ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH", &it.service_account_token),
        ("WEBHOOK_PORT", &it.webhook_port),
        ("KEYLOOM_WEBHOOK_SECRET_NAMES", &it.webhook_secret_names),
        ("KEYLOOM_PEERS", &it.peers),
        ("KEYLOOM_RECONCILE_INTERVAL", &it.reconcile_interval),
        ("KEYLOOM_LEGACY_EVENTS", &it.legacy_events),
        ("KEYLOOM_ANNOTATIONS", &it.annotations),
    ];
    all.into_iter().filter_map(|(name, flag)| Some((name, flag.clone()?))).collect()
}

fn options(args: &Listen) -> Options {
    let format = match args.format {
        FileForm::Dotenv => Format::Dotenv,
        FileForm::Json => Format::Json,
    };
    let seconds = |count: u32| Duration::from_secs(count.into());
    let on_change = match args.on_change {
        OnListenChange::Signal => OnChange::Signal(signal(args.signal)),
        OnListenChange::Restart => OnChange::Restart,
        OnListenChange::Ignore => OnChange::Ignore,
    };
    let program = || Program {
        arguments: args.command.clone(),
        on_change,
        quiet: seconds(args.debounce),
        grace: seconds(args.grace),
    };
    let serve = args.serve.zip(args.token_file.clone());
    Options {
        directory: args.dir.clone(),
        file: args.file.clone().map(|path| FileOptions { path, format }),
        mode: args.mode,
        serve: serve.map(|(address, token_file)| ServeOptions { address, token_file }),
        program: (!args.command.is_empty()).then(program),
    }
}

fn signal(signal: Signal) -> listen::Signal {
    match signal {
        Signal::Hup => listen::Signal::Hup,
        Signal::Int => listen::Signal::Int,
        Signal::Quit => listen::Signal::Quit,
        Signal::Term => listen::Signal::Term,
        Signal::Usr1 => listen::Signal::Usr1,
        Signal::Usr2 => listen::Signal::Usr2,
        Signal::Winch => listen::Signal::Winch,
    }
}

/// Each setting, its value and who said it, in columns.
fn table(all: &[Said], out: &mut dyn Write) -> io::Result<()> {
    let values: Vec<_> = all.iter().map(|it| one_line(&it.value)).collect();
    let name = all.iter().map(|it| it.setting.len()).max().unwrap_or_default();
    let width = values.iter().map(|it| it.chars().count()).max().unwrap_or_default();
    for (said, value) in all.iter().zip(&values) {
        writeln!(out, "{:name$}  {value:width$}  {}", said.setting, said.origin)?;
    }
    Ok(())
}
