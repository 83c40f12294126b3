//! The parts of the command `keyloom`, apart from `main` so that tests reach them.

pub mod out;
