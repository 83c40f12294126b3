//! Formats: a [`ResourceSet`](keyloom_resources::ResourceSet) as the text that others read. Pure: bytes go to any
//! `io::Write`, and no file is touched.

pub mod files;
pub mod json_schema;
pub mod kubernetes;

pub use files::{File, Format, files};
