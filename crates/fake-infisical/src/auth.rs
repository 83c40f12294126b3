//! Who asks: logins, the life of tokens, and what an identity may do.

pub(crate) mod access;
pub(crate) mod jwt;
pub(crate) mod kubernetes;
pub(crate) mod lockout;
pub(crate) mod permission;
pub(crate) mod review;
pub(crate) mod service_token;
pub(crate) mod token;
pub(crate) mod trust;
pub(crate) mod universal;
pub(crate) mod vouched;
