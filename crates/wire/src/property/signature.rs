//! The words by which Pulumi tells its own values from ordinary objects and strings.
//!
//! Source: `sdk/go/common/resource/sig` and `sdk/go/common/resource/plugin/rpc.go` of pulumi/pulumi.

/// Key of an object that is not an ordinary object; its value says what it is.
pub const KEY: &str = "4dabf18193072939515e22adb298388d";
/// A secret: `value`.
pub const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";
/// A resource: `urn`, `id`, `packageVersion`.
pub const RESOURCE: &str = "5cf8f73096256a8f31e491e813e4eb8e";
/// An output: `value` (absent while unknown), `secret`, `dependencies`.
pub const OUTPUT: &str = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/// A file or text.
pub const ASSET: &str = "c44067f5952c0a294b673a41bacd8c17";
/// A folder or archive.
pub const ARCHIVE: &str = "0def7320c3a5731c473e5ecbe6d01bc7";
/// A string of bytes.
pub const BYTES: &str = "803fd3297a5875dc03ca845dda5d2a98";

/// What stands in place of a string that is not known yet, and what is written for anything else that is not.
pub const UNKNOWN: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/// All that may stand in place of something unknown: of a string, boolean, number, list, asset, archive, object.
pub const UNKNOWNS: [&str; 7] = [
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
