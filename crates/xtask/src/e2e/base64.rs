//! Base64 as Kubernetes writes it: standard alphabet, padded.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The bytes; `None` for text that is no base64.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_of_padding_is_read() {
        assert_eq!(decode("").unwrap(), b"");
        assert_eq!(decode("Zg==").unwrap(), b"f");
        assert_eq!(decode("Zm8=").unwrap(), b"fo");
        assert_eq!(decode("Zm9vYmFy/+8=").unwrap(), b"foobar\xff\xef");
        assert_eq!(decode("Zg="), None);
        assert_eq!(decode("Z?=="), None);
    }
}
