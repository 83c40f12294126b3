//! Texts in connections and destinations that have a form of their own: regions, paths, names, URLs, ARNs.

use std::sync::LazyLock;

use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;
use keyloom_upstream::terraform::camel;
use regex::Regex;

use crate::attributes::Fields;
use crate::code;
use crate::finding::{Findings, Place};
use crate::name::UUID_PATTERN;
use crate::secret_sync::DestinationConfig;
use crate::store::aws::REGIONS;

/// Regions of AWS that Infisical has no word for.
const NOT_AT_INFISICAL: [&str; 9] = [
    "ap-east-2",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "il-central-1",
    "mx-central-1",
];

/// A form, by the words that say it.
struct Form {
    /// What it is.
    what: &'static str,
    /// How it looks.
    rule: &'static str,
    pattern: LazyLock<Regex>,
}

#[expect(clippy::expect_used, reason = "the patterns are constants of this file, compiled by its tests")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("constant pattern")
}

static ROLE_ARN: Form = Form {
    what: "the ARN of a role",
    rule: "write it as in arn:aws:iam::123456789012:role/infisical-sync",
    pattern: LazyLock::new(|| pattern(r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+$")),
};
static STS_ENDPOINT: Form = Form {
    what: "an address of AWS's STS",
    rule: "write it as in https://sts.eu-central-1.amazonaws.com",
    pattern: LazyLock::new(|| pattern(r"^https://([a-z0-9-]+\.)+amazonaws\.com(\.cn)?(:[0-9]+)?/?$")),
};
static HTTPS: Form = Form {
    what: "an address that begins with https://",
    rule: "write it as in https://example.com",
    pattern: LazyLock::new(|| pattern(r"^https://[^/\s?#]+(/\S*)?$")),
};
static HTTP: Form = Form {
    what: "an address that begins with https:// or http://",
    rule: "write it as in https://example.com",
    pattern: LazyLock::new(|| pattern(r"^https?://[^/\s?#]+(/\S*)?$")),
};
static UUID: Form = Form {
    what: "an id, which is a UUID",
    rule: "copy it from where the thing was made",
    pattern: LazyLock::new(|| pattern(UUID_PATTERN)),
};
static SERVICE_ACCOUNT: Form = Form {
    what: "the e-mail of a service account",
    rule: "write it as in name@project.iam.gserviceaccount.com",
    pattern: LazyLock::new(|| pattern(r"^[^@\s]+@[^@\s]+\.gserviceaccount\.com$")),
};
static SECRET_NAME: Form = Form {
    what: "a name of a secret of AWS Secrets Manager that Infisical takes",
    rule: "use letters, digits and /_+=.@-, at most 256 characters",
    pattern: LazyLock::new(|| pattern(r"^[0-9A-Za-z/_+=.@-]{1,256}$")),
};
static OWNER: Form = Form {
    what: "an owner at GitHub",
    rule: "write the name of the account or organization alone",
    pattern: LazyLock::new(|| pattern(r"^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$")),
};
static REPOSITORY: Form = Form {
    what: "a repository at GitHub",
    rule: "write its name without the owner",
    pattern: LazyLock::new(|| pattern(r"^[0-9A-Za-z._-]{1,100}$")),
};
static WORKER: Form = Form {
    what: "a worker of Cloudflare",
    rule: "use lower-case letters, digits and hyphens between them, at most 63 characters",
    pattern: LazyLock::new(|| pattern(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")),
};
static KMS_KEY: Form = Form {
    what: "a key of KMS",
    rule: "write its id, its ARN or alias/NAME: letters, digits and :/_-, at most 256 characters",
    pattern: LazyLock::new(|| pattern(r"^[0-9A-Za-z:/_-]{1,256}$")),
};

/// Says that a known text is not of its form.
fn form(form: &Form, text: Option<&Text>, place: &Place, findings: &mut Findings) {
    let known = text.and_then(Text::known).filter(|text| !text.is_empty());
    if let Some(known) = known.filter(|known| !form.pattern.is_match(known)) {
        findings.error("bad-format", place.clone(), format!("`{known}` is not {}", form.what)).fix(form.rule);
    }
}

/// The forms of what a connection says.
pub(super) fn connection(app: &str, fields: &Fields, place: &Place, findings: &mut Findings) {
    let azure = app.starts_with("azure-");
    for (field, argument) in &fields.0 {
        let wanted = match (app, field.as_str()) {
            ("aws", "role_arn") => &ROLE_ARN,
            ("aws", "sts_endpoint") => &STS_ENDPOINT,
            ("gcp", "service_account_email") => &SERVICE_ACCOUNT,
            (_, "tenant_id" | "client_id") if azure => &UUID,
            ("datadog", "url") => &HTTPS,
            (_, "instance_url" | "workspace_url") => &HTTP,
            _ => continue,
        };
        form(wanted, argument.text(), &place.at(camel(field)), findings);
    }
}

/// The form of the id of a connection.
pub(super) fn id(id: &Text, place: &Place, findings: &mut Findings) {
    form(&UUID, Some(id), place, findings);
}

/// The form of the address of Infisical itself.
pub(super) fn host(host: Option<&Text>, place: &Place, findings: &mut Findings) {
    form(&HTTP, host, place, findings);
}

/// The form of a key of KMS.
pub(super) fn kms_key(key: Option<&Text>, place: &Place, findings: &mut Findings) {
    form(&KMS_KEY, key, place, findings);
}

/// The forms of what a destination says.
pub(super) fn destination(item: &DestinationConfig, fields: &Fields, place: &Place, findings: &mut Findings) {
    let of = |name: &str| fields.get(name).and_then(|argument| argument.text());
    let at = |name: &str| place.at(camel(name));
    match item {
        DestinationConfig::AwsSecretsManager(it) => {
            region(&it.aws_region, place, findings);
            let name = "aws_secrets_manager_secret_name";
            form(&SECRET_NAME, of(name), &at(name), findings);
        }
        DestinationConfig::AwsParameterStore(it) => {
            region(&it.aws_region, place, findings);
            parameters(&it.path, &place.at("path"), findings);
        }
        DestinationConfig::Github(_) => {
            form(&OWNER, of("repository_owner"), &at("repository_owner"), findings);
            form(&REPOSITORY, of("repository_name"), &at("repository_name"), findings);
        }
        DestinationConfig::GcpSecretManager(_) => {}
        DestinationConfig::AzureKeyVault(_) => {
            form(&HTTPS, of("vault_base_url"), &at("vault_base_url"), findings);
        }
        DestinationConfig::Carried(..) => {
            form(&HTTPS, of("configuration_url"), &at("configuration_url"), findings);
            form(&WORKER, of("script_id"), &at("script_id"), findings);
        }
    }
}

fn region(region: &Text, place: &Place, findings: &mut Findings) {
    let Some(region) = region.known().filter(|region| !region.is_empty()) else { return };
    let at = place.at("awsRegion");
    if NOT_AT_INFISICAL.contains(&region) {
        findings
            .warning(code::AWS_REGION, at, format!("Infisical may not know the region `{region}` yet"))
            .why("its server takes the regions that it lists, and refuses others when Terraform applies");
    } else if !REGIONS.contains(&region) {
        let finding =
            findings.warning(code::AWS_REGION, at, format!("`{region}` is not a region that is known here"));
        if let Some(near) = suggest(region, REGIONS.iter().copied()) {
            finding.label(format!("did you mean `{near}`?"));
        }
    }
}

/// A path of parameters.
fn parameters(path: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = path.known().filter(|path| !path.is_empty()) else { return };
    let legal = known.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c));
    let first = known.trim_start_matches('/').to_ascii_lowercase();
    let complaint = if !known.starts_with('/') || !known.ends_with('/') {
        Some(("it must begin and end with `/`", format!("write `/{}/`", known.trim_matches('/'))))
    } else if !legal {
        Some(("it holds what no name of a parameter may", "use letters, digits and /_.-".to_owned()))
    } else if known.contains("//") {
        Some(("it has an empty part", "write a single `/`".to_owned()))
    } else if first.starts_with("aws") || first.starts_with("ssm") {
        Some(("names that begin with `aws` or `ssm` are AWS's own", "begin it with another word".to_owned()))
    } else if known.split('/').count() > 16 {
        Some(("it has more than 15 levels", "shorten it".to_owned()))
    } else {
        None
    };
    if let Some((what, fix)) = complaint.filter(|_| known != "/") {
        findings
            .error(code::BAD_PATH, place.clone(), format!("`{known}` is no path of parameters: {what}"))
            .fix(fix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_compiles_and_takes_what_its_rule_shows() {
        let shown = |form: &Form| form.rule.rsplit_once(" as in ").map(|(_, example)| example);
        for form in [&ROLE_ARN, &STS_ENDPOINT, &HTTPS, &HTTP, &SERVICE_ACCOUNT] {
            assert!(form.pattern.is_match(shown(form).unwrap()), "{}", form.rule);
        }
        for (form, good, bad) in [
            (&UUID, "7d0c6f3e-1a2b-4c3d-9e8f-001122334455", "7d0c6f3e"),
            (&SECRET_NAME, "myapp-secrets", "my app"),
            (&OWNER, "acme", "acme/my-app"),
            (&REPOSITORY, "my-app.io", "acme/my-app"),
            (&WORKER, "my-worker", "My_Worker"),
            (&KMS_KEY, "alias/aws/secretsmanager", "alias/ä"),
        ] {
            assert!(form.pattern.is_match(good) && !form.pattern.is_match(bad), "{}", form.what);
        }
    }

    #[test]
    fn regions_that_infisical_lacks_are_regions() {
        assert!(NOT_AT_INFISICAL.iter().all(|region| REGIONS.contains(region)));
        assert_eq!(REGIONS.len() - NOT_AT_INFISICAL.len(), 29);
    }
}
