//! Random streams: ChaCha20 keystreams named by a seed and a label, and the two
//! things drawn from them, a bounded integer and a shuffle.
//!
//! Nothing here depends on a library's own sampling: only the cipher itself is taken
//! from one, and it is pinned by the published test vectors.

use rand::rngs::SysRng;
use rand::{Rng, SeedableRng, TryRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const KEY_PREFIX: &[u8] = b"fip/v1/key\n";
const STREAM_PREFIX: &[u8] = b"fip/v1/stream\n";

/// The key of all streams of one seed, so that many streams cost one hash of the seed.
///
/// Key = SHA-256(`"fip/v1/key\n"` + seed).
#[derive(Debug, Clone)]
pub struct Streams {
    key: [u8; 32],
    /// Before every label: nothing in the first batch.
    prefix: String,
}

impl Streams {
    /// The streams of a batch; those of batch k ≥ 2 have labels that begin with
    /// `"batch\n{k}\n"`.
    pub fn new(seed: &str, batch: u32) -> Self {
        Streams {
            key: sha256(KEY_PREFIX, seed.as_bytes()),
            prefix: match batch {
                0 | 1 => String::new(),
                batch => format!("batch\n{batch}\n"),
            },
        }
    }

    /// The stream with this label: its 64-bit stream id is the first 8 bytes, little
    /// endian, of SHA-256(`"fip/v1/stream\n"` + label); the block counter starts at 0.
    pub fn stream(&self, label: &str) -> Stream {
        let label = format!("{}{label}", self.prefix);
        let [a, b, c, d, e, f, g, h, ..] = sha256(STREAM_PREFIX, label.as_bytes());
        let mut cipher = ChaCha20Rng::from_seed(self.key);
        cipher.set_stream(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
        Stream { cipher }
    }
}

/// One ChaCha20 keystream (20 rounds, 64-bit block counter, 64-bit stream id), read
/// eight bytes at a time.
#[derive(Debug, Clone)]
pub struct Stream {
    cipher: ChaCha20Rng,
}

impl Stream {
    /// Stream(seed, label) of `fip-chacha20-v1`.
    pub fn new(seed: &str, label: &str) -> Self {
        Streams::new(seed, 1).stream(label)
    }

    /// The next eight bytes of the keystream, little endian.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.cipher.next_u64()
    }

    /// A uniform integer in 0..n; 0 for n = 0, which has nothing to draw.
    ///
    /// Takes the high half of u64 × n, and draws again while the low half is below
    /// 2^64 mod n, so that every value has exactly the same number of preimages
    /// (Lemire 2019, "Fast random integer generation in an interval", algorithm 5).
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            let low = product as u64;
            // The threshold is smaller than n: the division is needed for low < n only.
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// Fisher–Yates from the last item down: swap i with below(i + 1), i = len−1 … 1.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }

    /// Puts a uniformly random subset in the last `count` places, by the first `count`
    /// steps of [`Stream::shuffle`]; the places before it keep the others.
    pub fn shuffle_last<T>(&mut self, items: &mut [T], count: usize) {
        for i in (1..items.len()).rev().take(count) {
            let j = self.below(i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }
}

/// A seed of 128 bits from the operating system, as 32 hexadecimal digits.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn fresh_seed() -> Result<String> {
    let mut bytes = [0u8; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|e| {
        Error::internal(format!(
            "the operating system gave no random bytes for a seed: {e}"
        ))
        .hint("give a seed yourself with --seed, for example the throw of many dice")
    })?;
    Ok(hex(&bytes))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn sha256(prefix: &[u8], rest: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(prefix);
    hash.update(rest);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8439, appendix A.1, test vectors 1, 2, 3 and 5. Its 96-bit nonce is the high
    /// half of our counter and the 64 bits of our stream id, so the last one, nonce
    /// 00…02, is stream id 02 00 00 00 as the high word.
    #[test]
    fn the_cipher_gives_the_published_keystreams() {
        let check = |key: [u8; 32], stream: u64, block: u32, expected: &str| {
            let mut cipher = ChaCha20Rng::from_seed(key);
            cipher.set_stream(stream);
            cipher.set_word_pos(u128::from(block) * 16);
            let mut stream = Stream { cipher };
            let bytes: Vec<u8> = (0..expected.len() / 16)
                .flat_map(|_| stream.next_u64().to_le_bytes())
                .collect();
            assert_eq!(hex(&bytes), expected);
        };
        let last = |byte: u8| {
            let mut key = [0; 32];
            key[31] = byte;
            key
        };
        check(
            [0; 32],
            0,
            0,
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
             da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
        );
        check(
            [0; 32],
            0,
            1,
            "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed\
             29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
        );
        check(
            last(1),
            0,
            1,
            "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a\
             8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0",
        );
        check(
            [0; 32],
            0x0200_0000 << 32,
            0,
            "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7\
             8a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d",
        );
    }

    #[test]
    fn below_is_inside_its_bound_and_shuffle_keeps_every_item() {
        let mut stream = Stream::new("s", "l");
        for n in [0, 1, 2, 3, u64::MAX, (1 << 63) + 1] {
            for _ in 0..50 {
                assert!(stream.below(n) < n.max(1));
            }
        }
        let mut items: Vec<u32> = (0..100).collect();
        stream.shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn fresh_seeds_are_32_hex_digits_and_differ() {
        let (a, b) = (fresh_seed().unwrap(), fresh_seed().unwrap());
        assert_eq!(a.len(), 32);
        assert!(a.bytes().all(|c| c.is_ascii_hexdigit()));
        assert_ne!(a, b);
    }
}
