//! Random numbers are addressed, not consumed.
//!
//! Every random number of a run has an address: the seed, the path, what it is for, the
//! line, an index (the applicant, the quarter, ...). Its value is a function of that
//! address alone, computed by the counter-based generator Philox4x32-10 (Salmon, Moraes,
//! Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3), the address being
//! its counter and the seed its key. There is no generator whose state moves on.
//!
//! What this promises:
//! - threads, order of work and number of paths change no number;
//! - the n-th applicant of a line on a path keeps its luck (traits, default, loss) when
//!   the budget, the products, the other line or the number of applicants change, so that
//!   two mixes are compared on the same draws (common random numbers);
//! - a new [`Purpose`] shifts nothing: it opens addresses nobody used.
//!
//! The price is that the numbers of [`Purpose`] and the layout of the counter are part of
//! the product: changing either changes every result, and needs a new major version.

use rand::{Rng, TryRng};
use rand_distr::{Distribution, Open01};
use std::convert::Infallible;

/// The multipliers of the two halves of a Philox4x32 round.
pub(crate) const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];

/// What is added to the key after each round: the golden ratio and `sqrt(3) - 1`, as 32-bit fractions.
pub(crate) const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Rounds of the generator; 10 passes all of TestU01's BigCrush with a margin.
pub(crate) const ROUNDS: u32 = 10;

/// The Philox4x32-10 block function: four random words of a counter under a key.
#[inline]
pub fn philox(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let mut key = key;
    let mut words = counter;
    for _ in 0..ROUNDS {
        let first = u64::from(MULTIPLIERS[0]) * u64::from(words[0]);
        let second = u64::from(MULTIPLIERS[1]) * u64::from(words[2]);
        words = [
            (second >> 32) as u32 ^ words[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ words[3] ^ key[1],
            first as u32,
        ];
        key = [key[0].wrapping_add(KEY_STEPS[0]), key[1].wrapping_add(KEY_STEPS[1])];
    }
    words
}

/// What a random number is for. The numbers are part of the product's promise: add new
/// ones at the end, never renumber, never reuse one that was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Purpose {
    /// How strong demand is on the path: the standard normal behind a line's factor `A`.
    Demand = 0,
    /// How many applicants arrive in a quarter (index: the quarter).
    Arrivals = 1,
    /// An applicant's traits: investment, theme, legal form, size, rating, accompaniment.
    Enterprise = 2,
    /// The product an applicant prefers, and whether it accepts another.
    Preference = 3,
    /// A project's own luck of default: its shock `e_i`, or its place among the conditional probabilities of ar1.
    Idiosyncratic = 5,
    /// The shock `xi_i` of a project's loss given default.
    LossGivenDefault = 7,
    /// Whether a default cures.
    Cure = 8,
    /// Whether an approved project withdraws before it is paid.
    Withdrawal = 9,
    /// The economy common to all: `M`, or its shock of a quarter (index: the quarter).
    GlobalFactor = 10,
    /// A theme's factor, or its shock of a quarter (index: theme and quarter).
    ThemeFactor = 11,
    /// How wrong the PD level of a line is on the path.
    PdLevel = 12,
    /// The chi-square variable `W` of the Student t copula.
    MixingVariable = 13,
    /// Where a path of importance sampling stands within its stratum.
    Stratum = 14,
    /// Which rows of a design a bootstrap sample holds (index: the sample).
    Resampling = 15,
    /// An assumption that is not known (path: the group of paths that share it; index: its place in `[uncertainty]`).
    Uncertainty = 16,
    /// How many enterprises apply together as one applicant.
    Members = 17,
}

/// Where a random number lives; its value is a function of these fields only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The seed of the run: the generator's key.
    pub seed: u64,
    /// The path, from 0.
    pub path: u64,
    /// What the number is for.
    pub purpose: Purpose,
    /// The line: 1 or 2, and 0 for the fund as a whole.
    pub line: u8,
    /// Which one of this purpose: the applicant, the quarter, ...
    pub index: u32,
}

impl Address {
    /// The first four random words of this address.
    #[inline]
    pub fn block(self) -> [u32; 4] {
        self.numbered_block(0)
    }

    /// Two independent uniforms in the open interval (0, 1), from the first block.
    ///
    /// They are the first two that [`Address::stream`] gives.
    #[inline]
    pub fn uniforms(self) -> [f64; 2] {
        let words = self.block();
        [uniform(words[1], words[0]), uniform(words[3], words[2])]
    }

    /// The unending words of this address, for a sampler that needs several.
    ///
    /// Two streams of different addresses never overlap.
    #[inline]
    pub fn stream(self) -> AddressedStream {
        AddressedStream { address: self, words: [0; 4], used: 4, next_block: 0 }
    }

    /// Block `block` of this address: the counter is the path (two words), then purpose,
    /// line and block in one word, then the index.
    #[inline]
    fn numbered_block(self, block: u16) -> [u32; 4] {
        philox(
            [self.seed as u32, (self.seed >> 32) as u32],
            [self.path as u32, (self.path >> 32) as u32, self.counter_word(block), self.index],
        )
    }

    /// Purpose, line and block as one word of the counter.
    #[inline]
    pub(crate) fn counter_word(self, block: u16) -> u32 {
        u32::from(self.purpose as u8) | u32::from(self.line) << 8 | u32::from(block) << 16
    }
}

/// A uniform in the open interval (0, 1) from 64 random bits: `(k + 1/2) / 2^52`, `k` the
/// upper 52 bits of the two words.
///
/// Every step is exact, so that neither 0 nor 1 can come out; with 53 bits the largest `k`
/// would round to 1. The same bits as [`rand_distr::Open01`] on the same words.
#[inline]
pub fn uniform(word_high: u32, word_low: u32) -> f64 {
    let bits = u64::from(word_high) << 32 | u64::from(word_low);
    ((bits >> 12) as f64 + 0.5) * f64::EPSILON
}

/// The words of one [`Address`], block after block: a generator for samplers that need
/// several draws or reject some.
///
/// Implements [`rand::Rng`]. Only use samplers whose arithmetic is exact or passes through
/// [`crate::numeric`]; most of `rand_distr` uses the platform's logarithm.
#[derive(Clone, Debug)]
pub struct AddressedStream {
    address: Address,
    words: [u32; 4],
    used: usize,
    next_block: u32,
}

impl AddressedStream {
    /// The next uniform in the open interval (0, 1), of 52 bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        Open01.sample(self)
    }

    /// The next word.
    ///
    /// # Panics
    /// After the 262,144 words (65,536 blocks) that one address has.
    #[inline]
    fn word(&mut self) -> u32 {
        if self.used == self.words.len() {
            let block = u16::try_from(self.next_block).expect("an address has 65,536 blocks");
            self.words = self.address.numbered_block(block);
            self.next_block += 1;
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        word
    }
}

impl TryRng for AddressedStream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    /// The first of two words is the lower half.
    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.word());
        Ok(u64::from(self.word()) << 32 | low)
    }

    /// Little-endian words; the rest of a last word begun is lost.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.next_u32().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ADDRESS: Address = Address { seed: 42, path: 7, purpose: Purpose::Enterprise, line: 1, index: 3 };

    #[test]
    fn known_answers_of_random123() {
        // kat_vectors of the Random123 distribution, philox4x32-10.
        assert_eq!(philox([0; 2], [0; 4]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([!0; 2], [!0; 4]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let pi_counter = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        assert_eq!(
            philox([0xa409_3822, 0x299f_31d0], pi_counter),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn the_smallest_and_largest_uniform() {
        assert_eq!(uniform(0, 0), 0.5 * f64::EPSILON);
        assert_eq!(uniform(0, 0), uniform(0, 0xFFF));
        let largest = uniform(!0, !0);
        assert!(largest < 1.0 && 1.0 - largest == uniform(0, 0));
        assert_eq!(uniform(1 << 31, 0), 0.5 + uniform(0, 0));
    }

    #[test]
    fn purposes_keep_their_numbers() {
        assert_eq!(Purpose::Demand as u8, 0);
        assert_eq!(Purpose::Idiosyncratic as u8, 5);
        assert_eq!(Purpose::GlobalFactor as u8, 10);
        assert_eq!(Purpose::Uncertainty as u8, 16);
    }

    #[test]
    fn the_layout_of_the_counter_is_fixed() {
        let address = Address {
            seed: 0x2222_2222_1111_1111,
            path: 0x4444_4444_3333_3333,
            purpose: Purpose::Cure,
            line: 2,
            index: 5,
        };
        let expected = philox([0x1111_1111, 0x2222_2222], [0x3333_3333, 0x4444_4444, 0x0000_0208, 5]);
        assert_eq!(address.block(), expected);
        assert_eq!(
            address.numbered_block(9),
            philox([0x1111_1111, 0x2222_2222], [0x3333_3333, 0x4444_4444, 0x0009_0208, 5])
        );
    }

    #[test]
    fn a_stream_continues_through_the_blocks() {
        let mut stream = ADDRESS.stream();
        let words: Vec<u32> = (0..12).map(|_| stream.next_u32()).collect();
        let blocks: Vec<u32> = (0..3).flat_map(|block| ADDRESS.numbered_block(block)).collect();
        assert_eq!(words, blocks);

        let mut bytes = [0_u8; 6];
        ADDRESS.stream().fill_bytes(&mut bytes);
        assert_eq!(bytes[..4], words[0].to_le_bytes());
        assert_eq!(bytes[4..], words[1].to_le_bytes()[..2]);
    }

    #[test]
    #[should_panic(expected = "65,536 blocks")]
    fn a_stream_ends_before_it_repeats() {
        let mut stream = ADDRESS.stream();
        for _ in 0..=4 * 65_536 {
            stream.next_u32();
        }
    }

    #[test]
    fn uniforms_are_the_stream_seen_through_open01() {
        let mut stream = ADDRESS.stream();
        assert_eq!(ADDRESS.uniforms(), [stream.uniform(), stream.uniform()]);
    }

    #[test]
    fn uniforms_are_uniform() {
        // Counts of 100,000 draws in 100 cells: chi-square with 99 degrees, 99.9999 % quantile 178.
        let mut counts = [0_u32; 100];
        for index in 0..50_000 {
            for u in (Address { index, ..ADDRESS }).uniforms() {
                counts[(u * 100.0) as usize] += 1;
            }
        }
        let chi_square: f64 = counts
            .iter()
            .map(|&count| (f64::from(count) - 1000.0) * (f64::from(count) - 1000.0) / 1000.0)
            .sum();
        assert!((40.0..178.0).contains(&chi_square), "{chi_square}");
    }

    proptest! {
        #[test]
        fn agrees_with_rand_philox(key: [u32; 2], counter: [u32; 4]) {
            prop_assert_eq!(philox(key, counter), rand_philox::philox4x32_10(counter, key));
        }

        #[test]
        fn a_uniform_is_open_and_exact(high: u32, low: u32) {
            let u = uniform(high, low);
            prop_assert!(u > 0.0 && u < 1.0);
            // 2^53 u is an odd integer: nothing was rounded.
            let numerator = u * 9_007_199_254_740_992.0;
            prop_assert_eq!(numerator % 2.0, 1.0);
        }

        #[test]
        fn every_field_of_an_address_matters(seed: u64, path: u64, index: u32) {
            let address = Address { seed, path, purpose: Purpose::Demand, line: 1, index };
            let others = [
                Address { seed: seed ^ 1 << 40, ..address },
                Address { path: path ^ 1 << 40, ..address },
                Address { purpose: Purpose::Arrivals, ..address },
                Address { line: 2, ..address },
                Address { index: index ^ 1, ..address },
            ];
            for other in others {
                prop_assert_ne!(address.block(), other.block());
            }
        }
    }
}
