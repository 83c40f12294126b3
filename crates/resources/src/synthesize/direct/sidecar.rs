//! `keyloom listen` beside an application: the client is there, and the application reads what both share in memory.

use keyloom_models::service::direct::{
    DIRECTORY_VARIABLE, HTTP_PORT, HTTP_VARIABLES, SECRETS_FOLDER, SHARED_FOLDER, SHARED_VOLUME, SIDECAR,
    TOKEN_FILE,
};
use keyloom_models::service::{EnvVar, Sidecar, SidecarMode};
use keyloom_syntax::Text;

use super::probe;
use crate::deployment::{Container, PodSpec, Probe, Role, Volume, VolumeMount, VolumeSource};

/// The application waits so many seconds for secrets, asked about once a second, before the sidecar is begun again.
const PATIENCE: u32 = 60;

/// Adds the container, with what the client needs in it. The application gets no token: it has nothing to log in with.
pub(super) fn add(pod: &mut PodSpec, sidecar: &Sidecar, client: impl FnOnce(&mut Container)) {
    let mut beside = Container {
        name: SIDECAR.into(),
        image: sidecar.image.clone(),
        role: Role::Sidecar,
        args: arguments(sidecar),
        ports: Vec::new(),
        env_from: Vec::new(),
        env: Vec::new(),
        startup_probe: Some(Probe {
            period_seconds: Some(1),
            failure_threshold: Some(PATIENCE),
            ..probe("/ready")
        }),
        liveness_probe: None,
        readiness_probe: None,
        volume_mounts: vec![shared(false)],
    };
    client(&mut beside);
    pod.sidecar = Some(beside);
    pod.automount_token = false;
    pod.run_as = sidecar.run_as_user;
    pod.container.env.splice(0..0, variables(sidecar));
    pod.container.volume_mounts.push(shared(true));
    pod.volumes.push(Volume { name: SHARED_VOLUME.into(), source: VolumeSource::Memory });
}

fn shared(read_only: bool) -> VolumeMount {
    VolumeMount { name: SHARED_VOLUME.into(), mount_path: SHARED_FOLDER.into(), read_only }
}

fn arguments(sidecar: &Sidecar) -> Vec<Text> {
    let all: &[(&str, String)] = &match sidecar.mode() {
        SidecarMode::Files => [("--dir", SECRETS_FOLDER.to_owned()), ("--mode", "0440".to_owned())],
        SidecarMode::Http => [("--serve", address()), ("--token-file", TOKEN_FILE.to_owned())],
    };
    let flags = all.iter().map(|(flag, value)| format!("{flag}={value}").into());
    std::iter::once("listen".into()).chain(flags).collect()
}

/// In the order of [`Sidecar::variables`], which no service may set itself.
fn variables(sidecar: &Sidecar) -> Vec<EnvVar> {
    let set =
        |name: &str, value: String| EnvVar { name: name.into(), value: Some(value.into()), value_from: None };
    match sidecar.mode() {
        SidecarMode::Files => vec![set(DIRECTORY_VARIABLE, SECRETS_FOLDER.to_owned())],
        SidecarMode::Http => {
            let [url, token] = HTTP_VARIABLES;
            vec![set(url, format!("http://{}", address())), set(token, TOKEN_FILE.to_owned())]
        }
    }
}

fn address() -> String {
    format!("127.0.0.1:{HTTP_PORT}")
}
