//! Which names can be variables of a process.

/// Names by which the environment says which programs run, or what is loaded into them before they begin, and what each row of them
/// does. Whoever writes secrets could run a program of his own by one of these.
const STEERING: [(&[&str], &str); 12] = [
    (&["PATH", "HOME", "SHELL"], "says where programs, and what they read first, are found; rename it"),
    (
        &["BASH_ENV", "BASHOPTS", "ENV", "IFS", "PROMPT_COMMAND", "PS4", "SHELLOPTS", "ZDOTDIR"],
        "says how a shell begins, and what it runs; rename it",
    ),
    (
        &["GCONV_PATH", "GLIBC_TUNABLES", "LOCPATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"],
        "says what libraries load; rename it",
    ),
    (&["NODE_OPTIONS", "NODE_PATH", "NODE_REPL_EXTERNAL_MODULE"], "says what Node.js loads; rename it"),
    (
        &[
            "PYTHONBREAKPOINT",
            "PYTHONEXECUTABLE",
            "PYTHONHOME",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "PYTHONUSERBASE",
            "PYTHONWARNINGS",
        ],
        "says what Python loads; rename it",
    ),
    (&["PERL5DB", "PERL5LIB", "PERL5OPT", "PERLLIB"], "says what Perl loads; rename it"),
    (&["BUNDLE_GEMFILE", "GEM_HOME", "GEM_PATH", "RUBYLIB", "RUBYOPT"], "says what Ruby loads; rename it"),
    (
        &["CLASSPATH", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"],
        "says what Java loads; rename it",
    ),
    (
        &["COR_PROFILER_PATH", "CORECLR_PROFILER_PATH", "DOTNET_ADDITIONAL_DEPS", "DOTNET_STARTUP_HOOKS"],
        "says what .NET loads; rename it",
    ),
    (
        &[
            "ERL_AFLAGS",
            "ERL_FLAGS",
            "ERL_LIBS",
            "ERL_ZFLAGS",
            "LUA_CPATH",
            "LUA_INIT",
            "LUA_PATH",
            "PHPRC",
            "PHP_INI_SCAN_DIR",
        ],
        "says what an interpreter loads; rename it",
    ),
    (
        &[
            "GIT_ASKPASS",
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_GLOBAL",
            "GIT_CONFIG_PARAMETERS",
            "GIT_CONFIG_SYSTEM",
            "GIT_EDITOR",
            "GIT_EXEC_PATH",
            "GIT_EXTERNAL_DIFF",
            "GIT_PAGER",
            "GIT_PROXY_COMMAND",
            "GIT_SSH",
            "GIT_SSH_COMMAND",
            "GIT_TEMPLATE_DIR",
        ],
        "says what Git runs; rename it",
    ),
    (
        &[
            "BROWSER",
            "EDITOR",
            "LESSCLOSE",
            "LESSOPEN",
            "MANPAGER",
            "PAGER",
            "PSQL_EDITOR",
            "PSQL_PAGER",
            "SSH_ASKPASS",
            "SUDO_ASKPASS",
            "VISUAL",
        ],
        "names a program that others run; rename it",
    ),
];

/// What such names begin with that loaders read. Which ones differs from system to system and from year to year, so all are theirs.
const LOADERS: [&str; 2] = ["LD_", "DYLD_"];

/// Whether a variable of this name would let whoever writes secrets choose the program that runs, or run one of his own.
pub(crate) fn steers(key: &str) -> Option<&'static str> {
    if LOADERS.iter().any(|prefix| key.starts_with(prefix)) {
        return Some("says how programs are found and begun; rename it");
    }
    STEERING.iter().find(|(names, _)| names.contains(&key)).map(|(_, why)| *why)
}

/// Why a secret cannot be a variable of a process.
pub(crate) fn no_variable(key: &str, value: &str) -> Option<&'static str> {
    match key {
        "" => Some("is empty"),
        _ if key.contains('=') => Some("has an equals sign"),
        _ if key.contains('\0') => Some("has a zero byte"),
        _ if value.contains('\0') => Some("has a value with a zero byte"),
        _ => steers(key),
    }
}

/// Whether a shell takes it for the name of a variable.
pub(crate) fn is_identifier(key: &str) -> bool {
    let mut bytes = key.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_execve_cannot_take_is_no_variable() {
        for (key, value) in [("", ""), ("A=B", ""), ("A\0", ""), ("A", "\0")] {
            assert!(no_variable(key, value).is_some());
        }
        assert_eq!(no_variable("tls.crt", "="), None);
        assert!(is_identifier("_A1") && !is_identifier("1A") && !is_identifier("a.b") && !is_identifier(""));
    }

    #[test]
    fn what_steers_programs_is_no_variable() {
        let loaders = ["LD_PRELOAD", "DYLD_INSERT_LIBRARIES"];
        for key in STEERING.iter().flat_map(|(names, _)| names.iter()).chain(&loaders) {
            assert!(no_variable(key, "").is_some_and(|why| why.ends_with("; rename it")), "{key}");
        }
        for key in [
            "PATHS",
            "MY_PATH",
            "path",
            "LDAP_URL",
            "ENVIRONMENT",
            "MY_NODE_OPTIONS",
            "PYTHON_PATH",
            "JAVA_OPTS",
        ] {
            assert_eq!(no_variable(key, ""), None, "{key}");
        }
    }

    #[test]
    fn the_page_names_them_all() {
        let page = include_str!("../../../docs/connections.md");
        let names = STEERING.iter().flat_map(|(names, _)| names.iter());
        let missing: Vec<_> = names.filter(|name| !page.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
