//! Who may default on which path, found by comparing random words with thresholds.
//!
//! A project with own uniform `u` defaults within its life if `F >= Phi(X)`, `X = common + own_loading Phi^-1(u)` (times
//! the mixing variable under Student's t), `F` its default probability over the life. That is
//! `u <= Phi((x_F / mixing - common) / own_loading)`: given the factors of a path, a threshold for `u`, the same for all
//! projects of a [`Class`]. So a path needs one threshold per class, and a project one comparison.
//!
//! Thresholds need not be exact, only never too low: who is above survives for certain, who is below is looked at again.
//! They come from two tables of upper bounds, with margins far above the rounding of the functions involved
//! ([`Thresholds`]). Where the PD level is known, bounds from both sides for each age tell most ages at default the same
//! way ([`Class::default_age`]); the rest is computed by [`crate::engine::defaults::decide_default`].
#![allow(clippy::needless_range_loop, reason = "a loop over lanes reads the same lane of several arrays")]

use super::channel::{LANES, Lane};
use crate::engine::factors::PathFactors;
use crate::isa::Stage;
use crate::numeric::beta::student_t_quantile;
use crate::numeric::lanes::{self, round_half_even};
use crate::numeric::normal::{normal_cdf, normal_quantile};
use crate::numeric::{exp_m1, lanes::exp_m1_covers};
use crate::plan::{CreditPlan, DependencePlan, Plan};
use crate::random::{KEY_STEPS, MULTIPLIERS, ROUNDS};

/// Projects that share a line, a theme and all hazards.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    slot: usize,
    theme: usize,
    rating: usize,
    /// Of legal form, theme, size and accompaniment.
    multiplier: f64,
    /// Hazard of the rating and multiplier of the economy at each age.
    ages: Vec<(f64, f64)>,
    /// Where the PD level is known: a latent variable at or below which a project surely has defaulted by each age, and
    /// one above which it surely has not.
    by_age: Vec<(f64, f64)>,
}

impl Class {
    /// The class of an applicant disbursed in a quarter, with the ages at which its default counts.
    pub fn new(plan: &Plan, contract: &super::contract::Contract, disbursed: u32) -> Class {
        let credit = &plan.credit;
        let applicant = &contract.applicant;
        let accompanied = if applicant.accompanied { credit.accompanied_multiplier } else { 1.0 };
        let mut class = Class {
            slot: contract.slot,
            theme: applicant.theme,
            rating: applicant.rating,
            multiplier: credit.legal_form_multiplier[applicant.legal_form]
                * credit.theme_multiplier[applicant.theme]
                * credit.size_multiplier[applicant.size]
                * accompanied,
            ages: (1..=contract.last_age())
                .map(|age| {
                    let quarter = (disbursed + age) as usize;
                    (credit.rating_hazard(applicant.rating, age), credit.economy[quarter])
                })
                .collect(),
            by_age: Vec::new(),
        };
        if plan.lines[class.slot].pd_log_sd == 0.0 {
            let mut cumulative = 0.0;
            class.by_age = (class.ages.iter())
                .map(|(hazard, economy)| {
                    cumulative += hazard * class.multiplier * economy;
                    let probability = -exp_m1(-cumulative);
                    let latent = |probability| latent_quantile(&credit.dependence, probability);
                    let margin = Thresholds::PROBABILITY_MARGIN;
                    (latent((probability - margin).max(0.0)), latent((probability + margin).min(1.0)))
                })
                .collect();
        }
        class
    }

    /// When a project with this word defaults, if the tables can tell.
    pub fn default_age(
        &self,
        thresholds: &Thresholds,
        word: u32,
        factors: &PathFactors,
        credit: &CreditPlan,
    ) -> Told {
        let common = self.common(credit, factors);
        for (age, &(surely, surely_not)) in (1..).zip(&self.by_age) {
            if thresholds.surely_below(word, surely, common, factors.mixing) {
                return Told::Defaults(age);
            }
            if word <= thresholds.word(surely_not, common, factors.mixing) {
                return Told::Unsure;
            }
        }
        if self.by_age.is_empty() { Told::Unsure } else { Told::Survives }
    }

    /// The common part of the latent variable.
    #[inline(always)]
    fn common(&self, credit: &CreditPlan, factors: &PathFactors) -> f64 {
        credit.global_loading * factors.global[0] + credit.theme_loading * factors.themes[0][self.theme]
    }

    /// Default probability over the life at the PD level of each path, by the operations of
    /// [`crate::engine::defaults::decide_default`].
    #[inline(always)]
    fn promised(&self, credit: &CreditPlan, level: &Lane) -> Lane {
        let scale = credit.lifetime_scale[self.slot][self.rating];
        let mut multiplier = [0.0; LANES];
        for (multiplier, level) in multiplier.iter_mut().zip(level) {
            *multiplier = self.multiplier * level * scale;
        }
        let mut cumulative = [0.0; LANES];
        for &(hazard, economy) in &self.ages {
            for (cumulative, multiplier) in cumulative.iter_mut().zip(&multiplier) {
                *cumulative += hazard * multiplier * economy;
            }
        }
        let mut promised = [0.0; LANES];
        let mut covered = true;
        for (promised, cumulative) in promised.iter_mut().zip(&mut cumulative) {
            *cumulative = -*cumulative / scale;
            covered &= exp_m1_covers(*cumulative);
            *promised = -lanes::exp_m1(*cumulative);
        }
        if !covered {
            for (promised, &cumulative) in promised.iter_mut().zip(&cumulative) {
                *promised = -exp_m1(cumulative);
            }
        }
        promised
    }
}

/// What the tables tell of a project that may default.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// It defaults at this age.
    Defaults(u32),
    /// It survives.
    Survives,
    /// Too near to a threshold, or an uncertain PD level: to be computed.
    Unsure,
}

/// Quantile of the law of the latent variable.
fn latent_quantile(dependence: &DependencePlan, probability: f64) -> f64 {
    match *dependence {
        DependencePlan::StudentT { degrees } => student_t_quantile(degrees, probability),
        DependencePlan::Gaussian | DependencePlan::Autoregressive { .. } => normal_quantile(probability),
    }
}

/// Cells of the table of latent variables.
const PROBABILITY_CELLS: usize = 1024;

/// The table of uniforms: scores from -8 to 8, so many cells a unit.
const LARGEST_SCORE: f64 = 8.0;
const SCORE_CELLS: usize = 512;
const UNIFORM_CELLS: usize = 16 * SCORE_CELLS + 1;

/// Upper bounds of the words of projects that may default.
#[derive(Clone, Debug)]
pub struct Thresholds {
    /// By cell of the default probability: a latent variable above which everybody survives.
    latent: Vec<f64>,
    /// By cell of the score: a word at or above the upper half of every uniform with a lower score.
    words: Vec<u32>,
    own_loading: f64,
}

impl Thresholds {
    /// Least own loading for which the margins hold: the rounding of the latent variable, some 1e-15 of it, is divided by
    /// the loading and must stay far below 1e-6 of a score.
    pub const LEAST_OWN_LOADING: f64 = 0.01;

    /// Far above the errors of distribution functions and logarithms, far below the width of a cell.
    const PROBABILITY_MARGIN: f64 = 1e-9;
    const SCORE_MARGIN: f64 = 1e-6;

    /// The tables for static dependence.
    pub fn new(dependence: &DependencePlan, own_loading: f64) -> Thresholds {
        let latent = |cell: usize| {
            let end = (cell + 1) as f64 / PROBABILITY_CELLS as f64 + Self::PROBABILITY_MARGIN;
            // A quantile missed by less than the margin bounds all the same.
            if end < 1.0 { latent_quantile(dependence, end) + Self::SCORE_MARGIN } else { f64::INFINITY }
        };
        let word = |cell: usize| {
            if cell + 1 == UNIFORM_CELLS {
                return u32::MAX;
            }
            let end = (cell + 1) as f64 / SCORE_CELLS as f64 - LARGEST_SCORE;
            ((normal_cdf(end) * 4_294_967_296.0) as u32).saturating_add(1)
        };
        Thresholds {
            latent: (0..=PROBABILITY_CELLS).map(latent).collect(),
            words: (0..UNIFORM_CELLS).map(word).collect(),
            own_loading,
        }
    }

    /// A latent variable above which everybody with this default probability survives.
    #[inline(always)]
    fn latent(&self, promised: f64) -> f64 {
        self.latent[((promised * PROBABILITY_CELLS as f64) as usize).min(PROBABILITY_CELLS)]
    }

    #[inline(always)]
    fn cell(&self, latent: f64, common: f64, mixing: f64, margin: f64) -> usize {
        let score = (latent / mixing - common) / self.own_loading + margin;
        let cell = (score.clamp(-LARGEST_SCORE, LARGEST_SCORE) + LARGEST_SCORE) * SCORE_CELLS as f64;
        (cell as usize).min(UNIFORM_CELLS - 1)
    }

    /// A word above which a latent variable is surely above this one, given its common part.
    #[inline(always)]
    fn word(&self, latent: f64, common: f64, mixing: f64) -> u32 {
        self.words[self.cell(latent, common, mixing, Self::SCORE_MARGIN)]
    }

    /// Whether the latent variable of a word is surely below this one. The uniform is below `(word + 1) / 2^32`; the
    /// entry of the cell before is at most 1 above `2^32 Phi` of the lower end of the cell.
    #[inline(always)]
    fn surely_below(&self, word: u32, latent: f64, common: f64, mixing: f64) -> bool {
        let cell = self.cell(latent, common, mixing, -Self::SCORE_MARGIN);
        cell > 0 && word.checked_add(2).is_some_and(|beyond| beyond <= self.words[cell - 1])
    }
}

/// What the paths of a batch promise and threaten, class by class.
#[derive(Clone, Debug, Default)]
pub struct ClassLuck {
    /// Default probability over the life, in units of 1e-9.
    pub promised: Vec<Lane>,
    /// Words at or below which a project may default.
    pub words: Vec<[u32; LANES]>,
}

/// Fills [`ClassLuck`].
pub struct Classify<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its classes.
    pub classes: &'a [Class],
    /// Its tables.
    pub thresholds: &'a Thresholds,
    /// Common luck of the paths.
    pub factors: &'a [PathFactors],
    /// What comes out.
    pub luck: &'a mut ClassLuck,
}

impl Stage for Classify<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let credit = &self.plan.credit;
        let ClassLuck { promised, words } = self.luck;
        let places = self.classes.iter().zip(promised).zip(words);
        for ((class, promised), words) in places {
            let level: Lane = std::array::from_fn(|lane| self.factors[lane].pd_level[class.slot]);
            let chance = class.promised(credit, &level);
            for lane in 0..LANES {
                let factors = &self.factors[lane];
                let common = class.common(credit, factors);
                promised[lane] = round_half_even(chance[lane] * 1e9);
                let latent = self.thresholds.latent(chance[lane]);
                words[lane] = self.thresholds.word(latent, common, factors.mixing);
            }
        }
    }
}

/// A project whose word is compared.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The line's slot.
    pub slot: u8,
    /// Position of its class.
    pub class: u16,
    /// Number of the applicant in its line: the index of its address.
    pub number: u32,
}

/// A project that may default on a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Position among the candidates.
    pub position: u32,
    /// Lane of the path.
    pub lane: u8,
    /// Upper half of its own uniform.
    pub word: u32,
}

/// Compares the first word of every project's own luck with its threshold, on all paths of a batch.
///
/// [`crate::random::philox`] in lanes, without what is not needed: what depends on the path alone is computed once a line
/// (a quarter of the multiplications), and of the last round only the word that becomes the upper half of the uniform.
pub struct Compare<'a> {
    /// Seed of the run.
    pub seed: u64,
    /// Paths.
    pub paths: &'a [u64; LANES],
    /// Third word of the counter, by slot.
    pub what: [u32; 2],
    /// All projects, in order.
    pub candidates: &'a [Candidate],
    /// Thresholds by class.
    pub words: &'a [[u32; LANES]],
    /// Who may default: in order of candidates, then lanes.
    pub hits: &'a mut Vec<Hit>,
}

/// 32-bit words in 64-bit lanes; the upper halves may hold anything, because a product only reads the lower ones.
type Words = [u64; LANES];

const LOW: u64 = 0xffff_ffff;

#[inline(always)]
fn product(multiplier: u32, word: u64) -> u64 {
    (word & LOW).wrapping_mul(u64::from(multiplier))
}

/// Keys of all rounds.
#[inline(always)]
fn keys(seed: u64) -> [[u64; 2]; ROUNDS as usize] {
    let mut key = [seed as u32, (seed >> 32) as u32];
    std::array::from_fn(|_| {
        let now = key.map(u64::from);
        key = [key[0].wrapping_add(KEY_STEPS[0]), key[1].wrapping_add(KEY_STEPS[1])];
        now
    })
}

/// The first three rounds of a path as far as they do not depend on the index.
struct Shared {
    /// Third word after the first round, but for the index.
    index: Words,
    /// First word after the second round, but for the product.
    second: u64,
    /// Words after the third round, but for the products.
    third: [Words; 3],
}

impl Shared {
    #[inline(always)]
    fn new(keys: &[[u64; 2]], what: u32, paths: &[u64; LANES]) -> Shared {
        let [m0, m1] = MULTIPLIERS;
        let of_what = product(m1, u64::from(what));
        let mut shared =
            Shared { index: [0; LANES], second: (of_what & LOW) ^ keys[1][0], third: [[0; LANES]; 3] };
        for lane in 0..LANES {
            let of_path = product(m0, paths[lane]);
            shared.index[lane] = (of_path >> 32) ^ keys[0][1];
            let first = (of_what >> 32) ^ (paths[lane] >> 32) ^ keys[0][0];
            let of_first = product(m0, first);
            let of_third = product(m1, (of_first >> 32) ^ (of_path & LOW) ^ keys[1][1]);
            shared.third[0][lane] = (of_third >> 32) ^ keys[2][0];
            shared.third[1][lane] = of_third & LOW;
            shared.third[2][lane] = (of_first & LOW) ^ keys[2][1];
        }
        shared
    }

    /// The second word of the block of an index on each path.
    #[inline(always)]
    fn words(&self, keys: &[[u64; 2]; ROUNDS as usize], index: u32) -> [u32; LANES] {
        let [m0, m1] = MULTIPLIERS;
        let mut words = [[0; LANES]; 4];
        for lane in 0..LANES {
            let of_index = product(m1, self.index[lane] ^ u64::from(index));
            let of_first = product(m0, (of_index >> 32) ^ self.second);
            words[0][lane] = self.third[0][lane] ^ of_index;
            words[1][lane] = self.third[1][lane];
            words[2][lane] = self.third[2][lane] ^ (of_first >> 32);
            words[3][lane] = of_first;
        }
        for key in &keys[3..ROUNDS as usize - 1] {
            let mut next = [[0; LANES]; 4];
            for lane in 0..LANES {
                let first = product(m0, words[0][lane]);
                let second = product(m1, words[2][lane]);
                next[0][lane] = (second >> 32) ^ words[1][lane] ^ key[0];
                next[1][lane] = second;
                next[2][lane] = (first >> 32) ^ words[3][lane] ^ key[1];
                next[3][lane] = first;
            }
            words = next;
        }
        let mut last = [0; LANES];
        for lane in 0..LANES {
            last[lane] = product(m1, words[2][lane]) as u32;
        }
        last
    }
}

impl Stage for Compare<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let keys = keys(self.seed);
        let shared = self.what.map(|what| Shared::new(&keys, what, self.paths));
        self.hits.clear();
        for (position, candidate) in self.candidates.iter().enumerate() {
            let words = shared[usize::from(candidate.slot) % 2].words(&keys, candidate.number);
            let thresholds = &self.words[usize::from(candidate.class)];
            let mut below = 0_u32;
            for lane in 0..LANES {
                below |= u32::from(words[lane] <= thresholds[lane]) << lane;
            }
            while below != 0 {
                let lane = below.trailing_zeros() as usize % LANES;
                self.hits.push(Hit { position: position as u32, lane: lane as u8, word: words[lane] });
                below &= below - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::kernel::draws::what;
    use crate::isa::Isa;
    use crate::numeric::beta::student_t_cdf;
    use crate::random::{Address, Purpose, uniform};

    /// Draws just above a threshold survive; and thresholds are not far too high.
    #[test]
    fn who_is_above_the_threshold_survives() {
        let laws = [DependencePlan::Gaussian, DependencePlan::StudentT { degrees: 3.0 }];
        let (mut tight, mut below_told) = (0, 0);
        for (law, dependence) in laws.iter().enumerate() {
            for own_loading in [1.0, 0.9_f64.sqrt(), 0.3, Thresholds::LEAST_OWN_LOADING] {
                let thresholds = Thresholds::new(dependence, own_loading);
                for step in 0..4_000 {
                    let address = Address {
                        seed: 5,
                        path: step,
                        purpose: Purpose::Enterprise,
                        line: law as u8,
                        index: (own_loading * 1e6) as u32,
                    };
                    let mut stream = address.stream();
                    let promised = stream.uniform() * stream.uniform() * stream.uniform();
                    let common = normal_quantile(stream.uniform()) * (1.0 - own_loading * own_loading).sqrt();
                    let mixing = if law == 0 { 1.0 } else { 0.05 + 4.0 * stream.uniform() };
                    let word = thresholds.word(thresholds.latent(promised), common, mixing);
                    let cdf = |own: f64| {
                        let latent = (common + own_loading * normal_quantile(own)) * mixing;
                        match *dependence {
                            DependencePlan::StudentT { degrees } => student_t_cdf(degrees, latent),
                            _ => normal_cdf(latent),
                        }
                    };
                    if let Some(next) = word.checked_add(1) {
                        assert!(cdf(uniform(next, 0)) > promised, "{promised} {common} {mixing}");
                    }
                    let latent = latent_quantile(dependence, (promised - 1e-9).max(0.0));
                    let below = thresholds.surely_below(word, latent, common, mixing);
                    assert!(!below);
                    let inside = ((f64::from(word) / 4_294_967_296.0 - stream.uniform() / 50.0)
                        * 4_294_967_296.0) as u32;
                    if thresholds.surely_below(inside, latent, common, mixing) {
                        below_told += 1;
                        assert!(cdf(uniform(inside, u32::MAX)) < promised, "{promised} {common} {mixing}");
                    }
                    // A thirtieth lower in probability, the draw would default.
                    let lower = (f64::from(word) / 4_294_967_296.0 - 1.0 / 30.0).max(1e-12);
                    // With little own luck a cell of the default probability is many cells of the score.
                    tight += u32::from(own_loading > 0.9 && cdf(lower) <= promised);
                }
            }
        }
        assert!(tight > 15_000 && below_told > 8_000, "{tight} of 16,000, {below_told} of 32,000");
    }

    #[test]
    fn the_word_compared_is_the_upper_half_of_the_uniform() {
        let seed = 0x0123_4567_89ab_cdef;
        let paths: [u64; LANES] =
            std::array::from_fn(|lane| (lane as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let candidates: Vec<Candidate> = (0..40)
            .map(|i| Candidate { slot: (i % 2) as u8, class: i as u16, number: i * 1_000_003 })
            .collect();
        let address = |candidate: &Candidate, lane: usize| Address {
            seed,
            path: paths[lane],
            purpose: Purpose::Idiosyncratic,
            line: candidate.slot + 1,
            index: candidate.number,
        };
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
            // The word itself is a hit; one less is none.
            for (less, expected) in [(0, 40 * LANES), (1, 0)] {
                let words: Vec<[u32; LANES]> = candidates
                    .iter()
                    .map(|candidate| std::array::from_fn(|lane| address(candidate, lane).block()[1] - less))
                    .collect();
                let mut hits = Vec::new();
                isa.run(Compare {
                    seed,
                    paths: &paths,
                    what: [1, 2].map(|line| what(Purpose::Idiosyncratic, line, 0)),
                    candidates: &candidates,
                    words: &words,
                    hits: &mut hits,
                });
                assert_eq!(hits.len(), expected);
            }
        }
        let [word, ..] = [address(&candidates[3], 5).block()];
        assert_eq!(address(&candidates[3], 5).uniforms()[0], uniform(word[1], word[0]));
    }
}
