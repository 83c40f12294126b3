//! [`Handle`]: a resource of this program as others name it.

/// A resource of this program, registered or about to be, as the options of others name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(pub(super) u32);

impl From<&Handle> for Handle {
    fn from(handle: &Handle) -> Self {
        *handle
    }
}
