//! The provider as Pulumi's engine sees it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use keyloom_wire::Property;
use keyloom_wire::message::Struct;
use keyloom_wire::message::engine::{LogRequest, LogSeverity};
use keyloom_wire::message::plugin::PluginInfo;
use keyloom_wire::message::provider::{
    ConfigureRequest, ConfigureResponse, GetSchemaRequest, GetSchemaResponse,
};
use keyloom_wire::message::resource::{
    CheckFailure, CheckRequest, CheckResponse, CreateRequest, CreateResponse, DeleteRequest, DiffChanges,
    DiffKind, DiffRequest, DiffResponse, PropertyDiff, ReadRequest, ReadResponse, UpdateRequest,
    UpdateResponse,
};
use keyloom_wire::property::{Form, PropertyMap, decode_map, encode_map};
use keyloom_wire::service::{EngineClient, ResourceProvider, connect};
use tonic::Status;

use super::diff::{Change, Difference};
use super::session::Session;
use super::settings;

/// The version whose ways these are.
const VERSION: &str = "4.32.0";
const SCHEMA: &str = include_str!("schema.json");
/// Before the names of settings, as the engine says them to a provider that knows no handshake.
const SETTING: &str = "kubernetes:config:";

/// The provider. It has no handshake, as the real one has none.
#[derive(Default)]
pub struct Provider {
    engine: Option<String>,
    session: OnceLock<Arc<Session>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl Provider {
    /// A provider that tells its warnings to the engine at `HOST:PORT`, if there is one.
    pub fn new(engine: Option<String>) -> Self {
        Self { engine, session: OnceLock::new() }
    }

    /// Runs what may block where it blocks nobody.
    async fn run<T, F>(&self, work: F) -> Result<T, Status>
    where
        T: Send + 'static,
        F: FnOnce(&Session) -> Result<T, String> + Send + 'static,
    {
        let session =
            self.session.get().cloned().ok_or_else(|| Status::failed_precondition("not configured"))?;
        let done = tokio::task::spawn_blocking(move || work(&session)).await;
        done.map_err(|error| Status::internal(error.to_string()))?.map_err(Status::unknown)
    }

    /// Files hold secrets in clear, which the real provider says too.
    async fn warn_of_secrets(&self, urn: &str, inputs: &PropertyMap) {
        let renders = self.session.get().is_some_and(|session| session.settings.render.is_some());
        let (true, Some(engine)) = (renders && inputs.values().any(Property::holds_secret), &self.engine)
        else {
            return;
        };
        let Ok(channel) = connect(engine).await else { return };
        let line = LogRequest {
            severity: LogSeverity::Warning.into(),
            message: "the rendered file holds a secret value in clear".to_owned(),
            urn: urn.to_owned(),
            ..LogRequest::default()
        };
        // An engine that does not listen has ended.
        let _ = EngineClient::new(channel).log(line).await;
    }
}

impl ResourceProvider for Provider {
    async fn get_plugin_info(&self, (): ()) -> Result<PluginInfo, Status> {
        Ok(PluginInfo { version: VERSION.to_owned() })
    }

    async fn get_schema(&self, _: GetSchemaRequest) -> Result<GetSchemaResponse, Status> {
        Ok(GetSchemaResponse { schema: SCHEMA.to_owned() })
    }

    async fn check_config(&self, request: CheckRequest) -> Result<CheckResponse, Status> {
        let failures = settings::failures(&decode(request.news.as_ref())?);
        let failure = |(name, reason): (&str, String)| CheckFailure { property: name.to_owned(), reason };
        Ok(CheckResponse { inputs: request.news, failures: failures.into_iter().map(failure).collect() })
    }

    async fn diff_config(&self, request: DiffRequest) -> Result<DiffResponse, Status> {
        let changes = settings::changes(&decode(request.olds.as_ref())?, &decode(request.news.as_ref())?);
        let replaces = changes.iter().filter(|(_, replaces)| *replaces).map(|(name, _)| name.clone());
        Ok(DiffResponse {
            changes: some(!changes.is_empty()).into(),
            replaces: replaces.collect(),
            diffs: changes.iter().map(|(name, _)| name.clone()).collect(),
            ..DiffResponse::default()
        })
    }

    async fn configure(&self, request: ConfigureRequest) -> Result<ConfigureResponse, Status> {
        let setting = |(name, text): (&String, &String)| {
            Some((name.strip_prefix(SETTING)?.to_owned(), Property::from(text.as_str())))
        };
        let inputs: PropertyMap = request.variables.iter().filter_map(setting).collect();
        self.session.get_or_init(|| Arc::new(Session::new(&inputs)));
        Ok(ConfigureResponse { accept_secrets: true, supports_preview: true, ..ConfigureResponse::default() })
    }

    async fn check(&self, request: CheckRequest) -> Result<CheckResponse, Status> {
        let (news, olds) = (decode(request.news.as_ref())?, decode(request.olds.as_ref())?);
        let (urn, seed) = (request.urn.clone(), request.random_seed);
        let inputs = self.run(move |session| session.check(&urn, &news, &olds, &seed)).await?;
        self.warn_of_secrets(&request.urn, &inputs).await;
        Ok(CheckResponse { inputs: encode(&inputs), failures: Vec::new() })
    }

    async fn diff(&self, request: DiffRequest) -> Result<DiffResponse, Status> {
        let (olds, news) = (decode(request.olds.as_ref())?, decode(request.news.as_ref())?);
        let found = self.run(move |session| session.diff(&request.urn, &olds, &news)).await?;
        let replacing = found.all.iter().filter(|it| it.replace);
        let told: BTreeMap<_, _> = found.all.iter().map(|it| (it.path.to_string(), told(it))).collect();
        Ok(DiffResponse {
            changes: some(!found.all.is_empty()).into(),
            replaces: replacing.map(|it| it.path.to_string()).collect(),
            delete_before_replace: found.delete_before_replace,
            diffs: told.keys().cloned().collect(),
            detailed_diff: told,
            has_detailed_diff: true,
            ..DiffResponse::default()
        })
    }

    async fn create(&self, request: CreateRequest) -> Result<CreateResponse, Status> {
        let inputs = decode(request.properties.as_ref())?;
        let create = move |session: &Session| session.create(&request.urn, &inputs, request.preview);
        let (id, state) = self.run(create).await?;
        Ok(CreateResponse { id, properties: encode(&state) })
    }

    async fn read(&self, request: ReadRequest) -> Result<ReadResponse, Status> {
        let (olds, inputs) = (decode(request.properties.as_ref())?, decode(request.inputs.as_ref())?);
        let read = move |session: &Session| session.read(&request.urn, &request.id, &olds, &inputs);
        Ok(match self.run(read).await? {
            None => ReadResponse::default(),
            Some(found) => {
                ReadResponse { id: found.id, properties: encode(&found.state), inputs: encode(&found.inputs) }
            }
        })
    }

    async fn update(&self, request: UpdateRequest) -> Result<UpdateResponse, Status> {
        let (olds, news) = (decode(request.olds.as_ref())?, decode(request.news.as_ref())?);
        let update = move |session: &Session| session.update(&request.urn, &olds, &news, request.preview);
        Ok(UpdateResponse { properties: encode(&self.run(update).await?) })
    }

    async fn delete(&self, request: DeleteRequest) -> Result<(), Status> {
        let olds = decode(request.properties.as_ref())?;
        self.run(move |session| session.delete(&request.urn, &request.id, &olds)).await
    }

    async fn cancel(&self, (): ()) -> Result<(), Status> {
        // Requests are short, and the engine ends the process afterwards.
        Ok(())
    }
}

fn some(changed: bool) -> DiffChanges {
    if changed { DiffChanges::Some } else { DiffChanges::None }
}

fn told(difference: &Difference) -> PropertyDiff {
    let kind = match (difference.change, difference.replace) {
        (Change::Add, false) => DiffKind::Add,
        (Change::Add, true) => DiffKind::AddReplace,
        (Change::Delete, false) => DiffKind::Delete,
        (Change::Delete, true) => DiffKind::DeleteReplace,
        (Change::Update, false) => DiffKind::Update,
        (Change::Update, true) => DiffKind::UpdateReplace,
    };
    PropertyDiff { kind: kind.into(), input_diff: false }
}

fn decode(fields: Option<&Struct>) -> Result<PropertyMap, Status> {
    let Some(fields) = fields else { return Ok(PropertyMap::new()) };
    decode_map(fields).map_err(|error| Status::invalid_argument(error.to_string()))
}

fn encode(properties: &PropertyMap) -> Option<Struct> {
    Some(encode_map(properties, Form::Plain))
}
