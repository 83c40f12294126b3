//! What is said of values that may not stand where they stand.

pub(super) const NOT_KNOWN: &str = "it is not known yet, but decides what is made, so a preview must know it; hand over a plain value, not an output";
pub(super) const SECRET: &str = "it is secret, but decides what is made and stands in the object for everybody to read; hand over a plain value";
pub(super) const SECRET_WHOLE: &str = "it is secret as a whole, and so are values in it that decide what is made; make the single values secret that must be, and leave the rest plain";
pub(super) const READABLE: &str = "a secret would stand in the object for everybody to read who may read the object; keep it in the store and refer to it, for a login as `secretRef: {value: ...}` where the provider has one";
pub(super) const RESOURCE: &str =
    "a resource stands here; hand over one of its outputs, such as `ref` of a SecretStore";
pub(super) const ASSET: &str =
    "a file stands here, and a text is wanted; read it in the program and hand over what is in it";
