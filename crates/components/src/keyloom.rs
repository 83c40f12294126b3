//! The component `Keyloom`: a whole declaration.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;

use keyloom_models::Config;
use keyloom_models::inputs::DeclarationInputs;
use keyloom_models::read::{Chosen, Environment, Options, load};
use keyloom_resources::terraform::Module;
use keyloom_resources::{Resource, Terraform, needs, synthesize};
use keyloom_syntax::{Diagnostic, Sources, Text};

use crate::children::{Child, sink};
use crate::plan::{Output, Plan};
use crate::problem::{self, InputErrors, InputProblem};
use crate::typed;

/// What a declaration amounts to.
pub(crate) fn plan(
    component: typed::Component<'_>,
    declaration: &DeclarationInputs,
) -> Result<Plan, InputErrors> {
    let resource = component.resource.clone();
    let errors = |problems| InputErrors { component: resource.clone(), problems };
    let (config, warnings) = config(declaration).map_err(errors)?;
    of_config(component, &config, warnings)
}

/// What a declaration amounts to that has been checked.
pub(crate) fn of_config(
    component: typed::Component<'_>,
    config: &Config,
    warnings: Vec<String>,
) -> Result<Plan, InputErrors> {
    let resource = component.resource.clone();
    let children =
        children(&component, config).map_err(|problems| InputErrors { component: resource, problems })?;
    let names = target_secret_names(&component, config, &children);
    Ok(component.plan(children, [("targetSecretNames", Output::Map(names))], warnings))
}

/// Reads the declaration; problems stand at their lines.
fn config(declaration: &DeclarationInputs) -> Result<(Config, Vec<String>), Vec<InputProblem>> {
    let (input, file, text) = match (&declaration.file, &declaration.content) {
        (Some(file), _) => ("file", file.as_str(), read(file)?),
        // That one of the two is there, the schema says.
        (None, content) => ("content", "content", content.clone().unwrap_or_default()),
    };
    let mut sources = Sources::new();
    if let Err(error) = sources.add(file, text) {
        return Err(vec![InputProblem::new(input, error.to_string()).quiet()]);
    }
    let environment = declaration.environment.clone().map_or(Environment::Base, Environment::Named);
    let options = Options {
        environment,
        eso: declaration.eso.clone(),
        namespace: declaration.namespace.clone(),
        ..Options::default()
    };
    let outcome = load(&sources, &options);
    let place = |finding: &Diagnostic| {
        let location = finding.primary.span.and_then(|span| sources.locate(span));
        location.map(|at| format!("{}:{}:{}", at.file, at.line, at.column)).unwrap_or_default()
    };
    let (own, of_text): (Vec<_>, Vec<_>) =
        outcome.diagnostics.into_iter().partition(|finding| options.blamed(finding).is_some());
    let own_input = |finding: &Diagnostic| {
        options.blamed(finding).map_or(input, |chosen| match chosen {
            Chosen::Environment => "environment",
            Chosen::Eso => "eso",
            Chosen::Namespace => "namespace",
        })
    };
    let (mut problems, mut warnings) = problem::sort(own, |finding| own_input(finding).to_owned());
    let (in_text, others) = problem::sort(of_text, place);
    warnings.extend(others);
    // What stands at the input is the whole declaration, which nobody wants to see once more.
    let at_input = |problem: InputProblem| {
        let place = if problem.path.is_empty() { String::new() } else { problem.path + ": " };
        InputProblem::new(input, place + &problem.reason).quiet()
    };
    problems.extend(in_text.into_iter().map(at_input));
    outcome.config.map(|config| (config, warnings)).ok_or(problems)
}

fn read(file: &str) -> Result<String, Vec<InputProblem>> {
    let wrong = |why: String| vec![InputProblem::new("file", why)];
    let bytes = fs::read(file).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::PermissionDenied => "this process may not read it".to_owned(),
            ErrorKind::IsADirectory => "it is a directory".to_owned(),
            kind => kind.to_string(),
        };
        wrong(format!("{file} cannot be read: {why}; the path is seen from the folder of the program"))
    })?;
    String::from_utf8(bytes).map_err(|_| wrong(format!("{file} is no text in UTF-8")))
}

/// Every object as a child, each after those that it refers to.
fn children(component: &typed::Component<'_>, config: &Config) -> Result<Vec<Child>, Vec<InputProblem>> {
    let mut taken = BTreeMap::new();
    let mut problems = Vec::new();
    let mut children: Vec<Child> = Vec::new();
    let set = synthesize(config);
    for pipeline in config.pipelines() {
        let reason = format!(
            "pipeline `{}`: a workflow of GitHub and Terraform carry it out, and neither is made here; write it with `keyloom render --out`, from a declaration of its own",
            pipeline.name
        );
        problems.push(InputProblem::new("", reason));
    }
    for (resource, needs) in set.resources.iter().zip(needs(&set)).filter(|(it, _)| !of_a_pipeline(it)) {
        let name = name(&component.resource.name, resource);
        let shown = shown(resource);
        let object = resource.kubernetes();
        if object.is_some_and(|object| sink::holds_placeholder(object, component.origins)) {
            let reason = format!(
                "{shown}: it holds a placeholder such as `${{NAME}}`, and nothing fills it in here; leave `substitution` out, and use an environment"
            );
            problems.push(InputProblem::new("", reason));
        }
        if let Resource::Terraform(resource) = resource
            && holds_variable(resource)
        {
            let reason = format!(
                "{shown}: its credentials are variables of Terraform, and there are none here; give it a component `AppConnection` with secrets of the program, or the `id` of a connection that is there"
            );
            problems.push(InputProblem::new("", reason));
        }
        if let Some(other) = taken.insert((kind(resource), name.clone()), shown.clone()) {
            let reason = format!(
                "{other} and {shown} would both be called `{name}` in the stack; rename one of them, or give each a component of its own"
            );
            problems.push(InputProblem::new("", reason));
        }
        children.extend(Child::of(resource, &set, needs, name, component.origins));
    }
    if problems.is_empty() { Ok(children) } else { Err(problems) }
}

/// Name of a child: `COMPONENT-KIND[-NAMESPACE]-NAME`. It begins with that of the component, so that the engine renames it
/// along with the component.
fn name(component: &str, resource: &Resource) -> String {
    let namespace = namespace(resource).map(|it| format!("{}-", it.shown())).unwrap_or_default();
    format!("{component}-{}-{namespace}{}", kind(resource).to_lowercase(), own_name(resource))
}

fn shown(resource: &Resource) -> String {
    let namespace = namespace(resource).map(|it| format!("{}/", it.shown())).unwrap_or_default();
    format!("{} `{namespace}{}`", kind(resource), own_name(resource))
}

/// Whether it is one of those that no component makes.
fn of_a_pipeline(resource: &Resource) -> bool {
    match resource {
        Resource::Kubernetes(_) => false,
        Resource::Terraform(resource) => resource.module() != Module::Infisical,
        Resource::Workflow(_) => true,
    }
}

fn holds_variable(resource: &Terraform) -> bool {
    let arguments = resource.arguments();
    let mut variables = BTreeSet::new();
    arguments.iter().for_each(|(_, argument)| argument.variables(&mut variables));
    !variables.is_empty()
}

fn kind(resource: &Resource) -> &'static str {
    match resource {
        Resource::Kubernetes(object) => object.kind(),
        Resource::Terraform(resource) => match resource {
            Terraform::AppConnection(_) => "AppConnection",
            Terraform::SecretSync(_) => "SecretSync",
            Terraform::Secret(_)
            | Terraform::SecretVersion(_)
            | Terraform::PolicyDocument(_)
            | Terraform::Role(_)
            | Terraform::Policy(_)
            | Terraform::RolePolicyAttachment(_) => resource.resource_type(),
        },
        Resource::Workflow(_) => "Workflow",
    }
}

fn namespace(resource: &Resource) -> Option<&Text> {
    resource.kubernetes()?.metadata().namespace.as_ref()
}

fn own_name(resource: &Resource) -> &str {
    match resource {
        Resource::Kubernetes(object) => object.metadata().name.shown(),
        Resource::Terraform(resource) => match resource {
            Terraform::AppConnection(connection) => connection.name.shown(),
            Terraform::SecretSync(sync) => sync.name.shown(),
            Terraform::Secret(_)
            | Terraform::SecretVersion(_)
            | Terraform::PolicyDocument(_)
            | Terraform::Role(_)
            | Terraform::Policy(_)
            | Terraform::RolePolicyAttachment(_) => resource.label(),
        },
        Resource::Workflow(workflow) => &workflow.pipeline,
    }
}

/// Names of the Secrets that the operator writes, each true once its external secret is there.
fn target_secret_names(
    component: &typed::Component<'_>,
    config: &Config,
    children: &[Child],
) -> BTreeMap<String, Output> {
    let token = crate::children::token("external-secrets.io/v1", "ExternalSecret");
    let of_kind = children.iter().filter(|child| child.token == token);
    let items = config.external_secrets().iter().zip(of_kind);
    let named = items.filter(|(item, _)| item.target.writes_a_secret()).map(|(item, child)| {
        let namespace = item.namespace.as_ref().map(|it| format!("{}/", it.shown())).unwrap_or_default();
        let key = format!("{namespace}{}", item.name.shown());
        (key, component.after(&item.target.name, Some(child.origin)).into())
    });
    named.collect()
}
