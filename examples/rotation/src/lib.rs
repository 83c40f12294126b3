//! How an application follows a rotation without a failed request: open with the new secret, swap, and drain what is in use
//! before the old secret goes.
//!
//! [`Swap`] is the order itself, for anything that is made of secrets: a client with a key of an interface, say.
//! [`Database`] is a pool of connections to PostgreSQL that follows a user's name and password, [`Certificates`] a certificate of a
//! server that follows the pair of it and its key. Take them along; they are meant to be copied.

mod certificates;
mod database;
mod swap;

pub use certificates::{CertificateError, Certificates};
pub use database::{Database, DatabaseError, Rotated};
pub use swap::{Lease, Old, Swap};
