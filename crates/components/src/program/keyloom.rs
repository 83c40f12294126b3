//! [`Keyloom`]: a whole declaration as one component.

use keyloom_models::Config;
use keyloom_models::inputs::DeclarationInputs;
use keyloom_resources::component::Component as Kind;
use keyloom_syntax::Text;

use super::component::Declared;
use super::context::Context;
use super::handle::Handle;
use super::options::Options;
use crate::keyloom;
use crate::problem::InputErrors;
use crate::typed;

/// A whole declaration, such as a `keyloom.yaml`: every object that it makes is a child.
///
/// ```no_run
/// use keyloom_components::Keyloom;
/// use keyloom_components::program::{BoxError, Context};
/// # fn declare(ctx: &Context) -> Result<(), BoxError> {
/// let declared = Keyloom::from_file(ctx, "secrets", "keyloom.yaml")?;
/// if let Some(postgres) = declared.target_secret_name("my-app/postgres") {
///     ctx.export("postgres", postgres);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Keyloom(Declared);

impl Keyloom {
    /// A declaration in a file, seen from the folder of the process.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its line.
    pub fn from_file(context: &Context, name: &str, file: impl Into<String>) -> Result<Self, InputErrors> {
        let inputs = DeclarationInputs { file: Some(file.into()), ..DeclarationInputs::default() };
        Self::with(context, name, &inputs, Options::new())
    }

    /// A declaration in YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its line.
    pub fn from_text(context: &Context, name: &str, text: impl Into<String>) -> Result<Self, InputErrors> {
        let inputs = DeclarationInputs { content: Some(text.into()), ..DeclarationInputs::default() };
        Self::with(context, name, &inputs, Options::new())
    }

    /// A declaration that is checked already.
    ///
    /// # Errors
    /// When it holds what Pulumi has no place for: placeholders, or two objects of one name in the stack.
    pub fn from_config(context: &Context, name: &str, config: &Config) -> Result<Self, InputErrors> {
        let plan = |component: typed::Component<'_>| keyloom::of_config(component, config, Vec::new());
        Declared::new(context, Kind::Keyloom, name, Options::new(), plan).map(Self)
    }

    /// A declaration by everything that can be said of it, with options.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its line.
    pub fn with(
        context: &Context,
        name: &str,
        inputs: &DeclarationInputs,
        options: Options,
    ) -> Result<Self, InputErrors> {
        let mut inputs = inputs.clone();
        inputs.eso = inputs.eso.or_else(|| context.eso_version());
        let plan = |component: typed::Component<'_>| keyloom::plan(component, &inputs);
        Declared::new(context, Kind::Keyloom, name, options, plan).map(Self)
    }

    /// Name of the Secret that an external secret of the declaration writes, which is called `NAMESPACE/NAME`, or `NAME` where it
    /// has no namespace. What is given it depends on the external secret.
    pub fn target_secret_name(&self, external_secret: &str) -> Option<Text> {
        self.0.member("targetSecretNames", external_secret)
    }
}

impl From<&Keyloom> for Handle {
    fn from(declaration: &Keyloom) -> Self {
        declaration.0.handle
    }
}
