//! Rules beyond structure: those written in the CRDs ([`cel`]) and those of the admission webhook ([`webhook`]).
//!
//! They look at any [`View`](keyloom_syntax::view::View): a manifest's tree, a passed-through block, a JSON value. What is
//! not known yet breaks no rule.

pub mod cel;
pub mod duration;
pub mod webhook;
