//! The words of Infisical's app connections and secret syncs.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::prose;

words! {
    /// What the first run of a sync does with what is at the destination already (`initial_sync_behavior`).
    InitialSyncBehavior {
        /// The destination becomes what the source is: what is there is overwritten, and what the source lacks is deleted.
        OverwriteDestination = "overwrite-destination",
        /// What the source lacks is imported into Infisical; where both have a name, the source's value stays.
        ImportPrioritizeSource = "import-prioritize-source",
        /// What the source lacks is imported into Infisical; where both have a name, the destination's value is taken.
        ImportPrioritizeDestination = "import-prioritize-destination",
    }

    /// How secrets become secrets of AWS Secrets Manager (`mapping_behavior`, upstream default `many-to-one`).
    MappingBehavior {
        /// All secrets of the path become one secret, a JSON object.
        ManyToOne = "many-to-one",
        /// Each secret becomes a secret of its own.
        OneToOne = "one-to-one",
    }

    /// Whose secrets of GitHub are written (`scope`).
    GithubScope {
        /// The Actions secrets of a repository.
        Repository = "repository",
        /// The secrets of one environment of a repository.
        RepositoryEnvironment = "repository-environment",
        /// The Actions secrets of an organization.
        Organization = "organization",
    }

    /// Which repositories of the organization may use its secrets (`visibility`).
    GithubVisibility {
        /// Every repository.
        All = "all",
        /// Every private repository.
        Private = "private",
        /// Those in `selectedRepositoryIds`.
        Selected = "selected",
    }

    /// Which GitHub it is (`instance_type`, upstream default `cloud`).
    GithubInstance {
        /// github.com.
        Cloud = "cloud",
        /// A GitHub Enterprise Server of one's own, at `host`.
        Server = "server",
    }

    /// Where secrets of Google Secret Manager lie (`scope`, upstream default `global`).
    GcpScope {
        /// In the project, in all regions or in those of `userReplicaLocationIds`.
        Global = "global",
        /// In one region, `locationId`.
        Region = "region",
    }

    /// How the provider of Terraform or Pulumi logs in to Infisical. What it logs in with comes from the environment alone.
    LoginMethod {
        /// Client id and client secret of a machine identity: `INFISICAL_UNIVERSAL_AUTH_CLIENT_ID` and `_CLIENT_SECRET`.
        Universal = "universal",
        /// A token of an OIDC issuer, such as GitHub Actions: `INFISICAL_MACHINE_IDENTITY_ID`.
        Oidc = "oidc",
        /// The token of the pod's service account: `INFISICAL_MACHINE_IDENTITY_ID`.
        Kubernetes = "kubernetes",
        /// The role or user of AWS that it runs as: `INFISICAL_MACHINE_IDENTITY_ID`.
        AwsIam = "aws-iam",
        /// An access token that is there already: `INFISICAL_TOKEN`.
        Token = "token",
    }
}
