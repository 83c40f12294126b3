//! The words of pipelines.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::prose;

words! {
    /// What the policies of a pipeline allow.
    PolicyScope {
        /// Exactly the declared names: a new name is allowed when the folder `bootstrap` is applied again.
        Names = "names",
        /// Every name that begins with the prefix: the folder `bootstrap` is applied once.
        Prefix = "prefix",
    }

    /// What the workflow does when a value was changed in AWS since it wrote it.
    OnConflict {
        /// It stops, and writes nothing.
        Fail = "fail",
        /// It warns, and writes GitHub's value.
        Overwrite = "overwrite",
        /// It says so, and leaves the value of AWS.
        Keep = "keep",
    }

    /// Who writes the values to AWS.
    ValueWriter {
        /// The workflow, with the AWS command: a value is written when it differs, and Terraform never sees it.
        Workflow = "workflow",
        /// Terraform, by write-only arguments: a value is written when its `version` is raised.
        WriteOnly = "writeOnly",
    }
}
