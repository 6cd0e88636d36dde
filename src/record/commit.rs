//! Commit and reveal: what was laid down is named before anybody can know the seed.

use crate::data::sha256_hex;

/// The fingerprint of protocol and register, both by the SHA-256 of their bytes:
/// SHA-256 of `"fip/commit/1\n" + protocol_sha256 + "\n" + register_sha256 + "\n"`.
pub fn fingerprint(protocol_sha256: &str, register_sha256: &str) -> String {
    sha256_hex(format!("fip/commit/1\n{protocol_sha256}\n{register_sha256}\n").as_bytes())
}

/// The seed of a draw whose fingerprint was published before, with a text that nobody chose.
pub fn revealed_seed(fingerprint: &str, public: &str) -> String {
    format!("{fingerprint}\n{public}")
}
