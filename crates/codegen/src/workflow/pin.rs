//! The actions that workflows use, each pinned by the commit of a release: a tag can be moved, a commit cannot.

/// An action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pin {
    /// The action and the commit.
    pub(super) uses: &'static str,
    /// The release that the commit is.
    pub(super) version: &'static str,
}

pub(super) const CHECKOUT: Pin =
    Pin { uses: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", version: "v7.0.1" };
pub(super) const CONFIGURE_AWS_CREDENTIALS: Pin = Pin {
    uses: "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c",
    version: "v6.2.3",
};
pub(super) const SETUP_TERRAFORM: Pin =
    Pin { uses: "hashicorp/setup-terraform@dfe3c3f87815947d99a8997f908cb6525fc44e9e", version: "v4.0.1" };

/// All of them.
pub(super) const ALL: [Pin; 3] = [CHECKOUT, CONFIGURE_AWS_CREDENTIALS, SETUP_TERRAFORM];

/// The Terraform that workflows run. It must know write-only arguments (1.11) and lock files beside a state in S3 (1.10).
pub(super) const TERRAFORM: &str = "1.11.4";
