//! A service with an image is rendered: what the API server, which would refuse the Deployment, asks of it. The pods of
//! one without are made elsewhere, perhaps of several containers, so it is let alone.

use std::collections::BTreeMap;
use std::fmt::Display;

use keyloom_syntax::Text;

use crate::code::{BAD_DEPLOYMENT, DUPLICATE_ITEM};
use crate::finding::{Findings, Place};
use crate::name::{LABEL_MAX, NAMESPACE, is_label_key, is_label_value};
use crate::service::{KeyToPath, SELECTOR_LABEL, ServiceConfig, Volume};

/// How a key of a label or an annotation is written.
const KEY: &str = "use letters, digits, `-`, `_` and `.`, with a domain and `/` before them if you like";

pub(super) fn check(service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    let Some(image) = &service.image else { return };
    if image.known().is_some_and(|image| image.trim() != image) {
        let message = "`image` begins or ends with white space";
        findings.error(BAD_DEPLOYMENT, place.at("image"), message).fix("write the image alone");
    }
    name(&service.name, place, findings);
    labels(service, place, findings);
    annotations(service, place, findings);
    each_once(service, place, findings);
    for (i, item) in service.volumes.iter().enumerate() {
        volume(item, &place.at("volumes").at(i), findings);
    }
}

/// It becomes the name of the container and the value of a label.
fn name(name: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = name.known() else { return };
    let why =
        "the container has the service's name, and so has the label by which the Deployment knows its pods";
    if known.len() > LABEL_MAX {
        let message = format!(
            "the name of a service with an image is at most {LABEL_MAX} characters long, this one is {}",
            known.len()
        );
        findings.error(BAD_DEPLOYMENT, place.at("name"), message).why(why).fix("give it a shorter name");
    } else if !NAMESPACE.is_match(known) {
        let message = format!("`{known}` is not the name of a container");
        findings
            .error(BAD_DEPLOYMENT, place.at("name"), message)
            .why(why)
            .fix("use lower-case letters, digits and `-`, beginning and ending with a letter or digit");
    }
}

fn labels(service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    for (key, value) in &service.labels {
        let at = || place.at("labels").at(key.clone());
        if !is_label_key(key) {
            findings.error(BAD_DEPLOYMENT, at(), format!("`{key}` is not the key of a label")).fix(KEY);
        }
        let Some(known) = value.known() else { continue };
        if known.len() > LABEL_MAX {
            let message = format!(
                "a label's value is at most {LABEL_MAX} characters long, this one is {}",
                known.len()
            );
            findings.error(BAD_DEPLOYMENT, at(), message).fix("say it in `annotations`, which may be longer");
        } else if !is_label_value(known) {
            findings
                .error(BAD_DEPLOYMENT, at(), format!("label `{key}` has a value that no label can have"))
                .fix("use letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit, or say it in `annotations`");
        }
        if key == SELECTOR_LABEL && service.name.known().is_some_and(|name| name != known) {
            findings
                .error(BAD_DEPLOYMENT, at(), format!("label `{SELECTOR_LABEL}` is not the service's name"))
                .why("the Deployment knows its pods by this label, and its value is the name")
                .fix("leave it out, or use another label, such as `app.kubernetes.io/part-of`");
        }
    }
}

/// Of annotations the key alone has a form, and the API server does not tell its capitals.
fn annotations(service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    for key in service.annotations.keys().filter(|key| !is_label_key(&key.to_ascii_lowercase())) {
        findings
            .error(
                BAD_DEPLOYMENT,
                place.at("annotations").at(key.clone()),
                format!("`{key}` is not the key of an annotation"),
            )
            .fix(KEY);
    }
}

/// What the API server keeps by name, or by number.
fn each_once(service: &ServiceConfig, place: &Place, findings: &mut Findings) {
    let (env, ports, volumes) = (&service.env, &service.ports, &service.volumes);
    once(env.iter().map(|it| it.name.known()), &place.at("env"), "name", findings);
    let pull_secrets = service.image_pull_secrets.iter().map(|it| it.name.known());
    once(pull_secrets, &place.at("imagePullSecrets"), "name", findings);
    once(ports.iter().map(|it| it.name.as_ref().and_then(Text::known)), &place.at("ports"), "name", findings);
    once(volumes.iter().map(|it| it.name.known()), &place.at("volumes"), "name", findings);
    once(
        volumes.iter().map(|it| it.mount_path.as_ref().and_then(Text::known)),
        &place.at("volumes"),
        "mountPath",
        findings,
    );
    once(ports.iter().map(|it| Some(it.container_port)), &place.at("ports"), "containerPort", findings);
}

/// No two of a list have the same; what is not known is not compared.
fn once<T: Ord + Display>(
    values: impl Iterator<Item = Option<T>>,
    list: &Place,
    field: &'static str,
    findings: &mut Findings,
) {
    let mut seen: BTreeMap<T, Place> = BTreeMap::new();
    for (i, value) in values.enumerate() {
        let Some(value) = value else { continue };
        let at = list.at(i).at(field);
        match seen.get(&value) {
            Some(first) => twice(&value, at, first.clone(), findings),
            None => drop(seen.insert(value, at)),
        }
    }
}

fn twice(what: &impl Display, at: Place, first: Place, findings: &mut Findings) {
    findings
        .error(DUPLICATE_ITEM, at, format!("`{what}` stands twice in one pod"))
        .fix("leave one out")
        .and(first, "and here");
}

fn volume(volume: &Volume, place: &Place, findings: &mut Findings) {
    match &volume.mount_path {
        None => {
            findings
                .error(BAD_DEPLOYMENT, place.clone(), "`mountPath` is missing, so that nobody sees the files")
                .fix("write `mountPath`, the folder of the container");
        }
        Some(path) if path.known().is_some_and(|path| path.contains(':')) => {
            findings
                .error(
                    BAD_DEPLOYMENT,
                    place.at("mountPath"),
                    "a folder with `:` in its name cannot be mounted",
                )
                .fix("mount another folder");
        }
        Some(_) => {}
    }
    let secret = volume.secret.iter().flat_map(|it| items(&it.items, place.path("secret.items")));
    let config_map = volume.config_map.iter().flat_map(|it| items(&it.items, place.path("configMap.items")));
    for (file, at) in secret.chain(config_map) {
        let leads_out =
            file.starts_with('/') || file.starts_with("..") || file.split('/').any(|part| part == "..");
        if leads_out {
            findings
                .error(BAD_DEPLOYMENT, at, format!("`{file}` leads out of the volume"))
                .fix("write a path below `mountPath`, without `/` before it and without `..`");
        }
    }
}

/// The files that keys become, as far as they are known.
fn items(items: &[KeyToPath], place: Place) -> impl Iterator<Item = (&str, Place)> {
    let each = items.iter().enumerate();
    each.filter_map(move |(i, item)| Some((item.path.known()?, place.at(i).at("path"))))
}
