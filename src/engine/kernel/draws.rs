//! Random numbers of many addresses at once: [`crate::random`] in lanes, word for word the same.
//!
//! Philox is ten rounds of multiplications that depend on each other; sixteen addresses side by side keep the
//! multipliers busy. The 32-bit words live in 64-bit lanes, because the product of two of them has 64 bits.

use crate::isa::Stage;
use crate::random::{Address, KEY_STEPS, MULTIPLIERS, Purpose, ROUNDS};

/// Addresses that are drawn together; arrays of draws are padded to a multiple of it.
pub const LANES: usize = 16;

const LOW: u64 = 0xffff_ffff;

/// The first two uniforms of a block of many addresses that differ in path and index.
pub struct UniformPairs<'a> {
    /// Seed of the run.
    pub seed: u64,
    /// Purpose, line and block, as the third word of the counter.
    pub what: u32,
    /// Path of each address.
    pub paths: &'a [u64],
    /// Index of each address.
    pub indices: &'a [u32],
    /// First uniform of each.
    pub first: &'a mut [f64],
    /// Second uniform of each.
    pub second: &'a mut [f64],
}

/// The third word of the counter: see [`Address`].
pub fn what(purpose: Purpose, line: u8, block: u16) -> u32 {
    Address { seed: 0, path: 0, purpose, line, index: 0 }.counter_word(block)
}

impl Stage for UniformPairs<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let key = [self.seed as u32, (self.seed >> 32) as u32];
        let inputs = self.paths.as_chunks::<LANES>().0.iter().zip(self.indices.as_chunks::<LANES>().0);
        let outputs = self.first.as_chunks_mut::<LANES>().0.iter_mut();
        let outputs = outputs.zip(self.second.as_chunks_mut::<LANES>().0);
        for ((paths, indices), (first, second)) in inputs.zip(outputs) {
            let mut words = [[0u64; LANES]; 4];
            for lane in 0..LANES {
                words[0][lane] = paths[lane] & LOW;
                words[1][lane] = paths[lane] >> 32;
                words[2][lane] = u64::from(self.what);
                words[3][lane] = u64::from(indices[lane]);
            }
            let words = philox(key, words);
            for lane in 0..LANES {
                first[lane] = uniform(words[1][lane], words[0][lane]);
                second[lane] = uniform(words[3][lane], words[2][lane]);
            }
        }
    }
}

/// [`crate::random::philox`] of sixteen counters.
#[inline(always)]
fn philox(key: [u32; 2], mut words: [[u64; LANES]; 4]) -> [[u64; LANES]; 4] {
    let mut key = key;
    for _ in 0..ROUNDS {
        let mut next = [[0u64; LANES]; 4];
        for lane in 0..LANES {
            let first = (words[0][lane] & LOW).wrapping_mul(u64::from(MULTIPLIERS[0]));
            let second = (words[2][lane] & LOW).wrapping_mul(u64::from(MULTIPLIERS[1]));
            next[0][lane] = (second >> 32) ^ words[1][lane] ^ u64::from(key[0]);
            next[1][lane] = second & LOW;
            next[2][lane] = (first >> 32) ^ words[3][lane] ^ u64::from(key[1]);
            next[3][lane] = first & LOW;
        }
        words = next;
        key = [key[0].wrapping_add(KEY_STEPS[0]), key[1].wrapping_add(KEY_STEPS[1])];
    }
    words
}

/// [`crate::random::uniform`]: the upper 52 bits as an integer, by way of the exponent of 2^52, which is exact.
#[inline(always)]
fn uniform(high: u64, low: u64) -> f64 {
    const TWO_TO_52: f64 = 4_503_599_627_370_496.0;
    let bits = (high << 32 | low) >> 12;
    (f64::from_bits(bits | TWO_TO_52.to_bits()) - TWO_TO_52 + 0.5) * f64::EPSILON
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::Isa;

    #[test]
    fn lanes_draw_what_one_address_draws() {
        let paths: Vec<u64> = (0..64_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let indices: Vec<u32> = (0..64).map(|i| i * 77).collect();
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
            let (mut first, mut second) = (vec![0.0; 64], vec![0.0; 64]);
            let seed = 0x0123_4567_89ab_cdef;
            isa.run(UniformPairs {
                seed,
                what: what(Purpose::Enterprise, 2, 0),
                paths: &paths,
                indices: &indices,
                first: &mut first,
                second: &mut second,
            });
            for lane in 0..64 {
                let address = Address {
                    seed,
                    path: paths[lane],
                    purpose: Purpose::Enterprise,
                    line: 2,
                    index: indices[lane],
                };
                assert_eq!(address.uniforms(), [first[lane], second[lane]]);
            }
        }
    }
}
