//! Pulumi components: the library that Rust programs link, and what the plugin `pulumi-resource-keyloom` serves.
