//! What the client has to say while it runs, such as that a folder could not be read.

use log::{Level, LevelFilter, Log, Metadata, Record};

/// Where the words of the client begin; other crates' may hold addresses.
const OURS: &str = "keyloom_runtime";

struct Heard(&'static (dyn Fn(&str) + Sync));

impl Log for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn && metadata.target().starts_with(OURS)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            (self.0)(&format!("warning: {}", record.args()));
        }
    }

    fn flush(&self) {}
}

/// Has the client's words said from now on. Who does so in a process first is the one.
pub(crate) fn hear(say: &'static (dyn Fn(&str) + Sync)) {
    let heard: &'static Heard = Box::leak(Box::new(Heard(say)));
    if log::set_logger(heard).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[test]
    fn warnings_of_the_client_are_said_and_nothing_else() {
        let say: &'static (dyn Fn(&str) + Sync) = &|line| SAID.lock().unwrap().push(line.to_owned());
        let heard = Heard(say);
        for (level, target) in [
            (Level::Warn, "keyloom_runtime::subscriber"),
            (Level::Info, "keyloom_runtime::subscriber"),
            (Level::Error, "hyper"),
        ] {
            heard.log(&Record::builder().level(level).target(target).args(format_args!("{target}")).build());
        }
        assert_eq!(*SAID.lock().unwrap(), ["warning: keyloom_runtime::subscriber"]);
    }
}
