//! Importance sampling of the tail: `fesr run --tail`.
//!
//! Large losses are rare, so that most paths of a plain run say nothing about them. With `--tail` half of the paths come from
//! a law under which large losses are common, and every path has a weight that makes up for it. The law and why no
//! figure is biased by it is told in [`crate::engine::tilt`]; here is what happens around it:
//!
//! 1. [`pilot`] and [`fit`] choose the tilt from a fixed number of paths of their own.
//! 2. [`block`] simulates a block of weighted paths, [`collector`] absorbs blocks in their order. Weights are integers of
//!    2^-36 and sums of weight times value are integers: the same on any number of threads.
//! 3. [`moments`] (means), [`ranked`] (quantiles, shortfalls, shares) and [`interval`] make estimates with errors from
//!    them; [`summary`], [`timeline`] and [`contributions`] put these into the same [`Summary`] that a plain run has.
//!
//! # Estimates
//!
//! - Mean: unbiased, with a control variate ([`moments`]).
//! - Quantile `p`: the largest `x` that the paths at or above `x` reach with more than `1 - p` of the weight.
//! - ES: `q + sum of w (L - q)^+ / ((1-p) sum of w)`; it is reported where the paths that make it are worth at least 100 of equal
//!   weight, `(sum w)^2 / sum w^2` (Kish 1965).
//! - Errors of all of them: the spread between sets of 64 paths, which are independent replicates, widened by Student's factor
//!   for few sets and, of shortfalls, for the skewness of what the sets contribute ([`crate::numeric::edgeworth`]): 1.96
//!   reported errors are half of a 95 % interval. Those of quantiles and shortfalls are estimated from the first 131,072
//!   paths and scaled.
//! - Probabilities: the interval of Korn and Graubard in place of that of Clopper and Pearson, which does not hold for weights.
//! - Histograms: weights on the scale of the number of paths, so that they compare with a plain run's counts.
//!
//! Beyond 131,072 paths values are counted in cells (relative error at most 6.2e-5) with exact tails ([`distribution`]);
//! contributions to ES are shares among the first 131,072 paths. Timeline quantiles use the first 65,536 paths, as in a plain run.
//!
//! # What it is worth
//!
//! Factors by which variances fall at equal numbers of paths (`cargo bench --bench tail_gain`, 32,768 paths, VaR/ES of
//! `fund_loss`; November 2026):
//!
//! | case | tilted | 95 % | 99 % | 99.9 % | mean loss | worst mean |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | wecare-mixed, static | common luck | 1.3 / 2.0 | 2.2 / 3.1 | 2.9 / 4.8 | 1.2 | 0.57 |
//! | wecare-mixed, static | all luck | 1.9 / 4.5 | 5.3 / 12 | 18 / 48 | 1.5 | 0.51 |
//! | wecare-mixed, Student-t | common luck | 1.7 / 3.5 | 3.4 / 5.7 | 5.8 / 7.7 | 1.7 | 0.54 |
//! | wecare-mixed, Student-t | all luck | 2.1 / 5.7 | 5.8 / 18 | 28 / 54 | 2.1 | 0.51 |
//! | wecare-mixed, ar1 | common luck | 1.3 / 1.9 | 2.2 / 3.1 | 2.8 / 4.4 | 1.2 | 0.58 |
//! | wecare-mixed, ar1 | all luck | 1.6 / 3.7 | 4.6 / 11 | 21 / 40 | 1.2 | 0.50 |
//! | granular (some 1,000 loans) | common luck | 4.4 / 29 | 18 / 99 | 126 / 637 | 13 | 0.50 |
//! | granular (some 1,000 loans) | all luck | 3.7 / 27 | 18 / 114 | 184 / 935 | 11 | 0.49 |
//!
//! `--tail` tilts all luck. Common luck alone cannot do much where a few large loans make the tail: from 262,144 paths of
//! wecare-mixed we computed the best of all densities of the position (with half of the paths plain): 4.4 / 6.2 at 99.9 %;
//! even without the plain half it would be 5.8 / 8.4. The mean of a figure that the tilt does not concern has
//! up to twice the variance of a plain run (0.5 in the last column, itself known to a few per cent): half of the paths are
//! spent on the tail.
//!
//! # How honest the intervals are
//!
//! Coverage of 95 % intervals in repetitions with other seeds:
//!
//! | law | paths | repetitions | mean | VaR 99 % | ES 99 % | ES 99.9 % |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | Gaussian, half of the luck shifted | 4,096 | 3,000 | | 95.3 % | 95.0 % | |
//! | log-normal (sigma 1), likewise | 4,096 | 3,000 | | 95.3 % | 95.2 % | |
//! | 16 loans over one period, exact law | 1,024 | 2,000 | 94.9 % | 98.8 % | 94.5 % | 95.2 % |
//! | fund of some ten loans | 1,024 | 3,000 | 95.0 % | | 94.3 % | 93.2 % |
//! | fund of some ten loans | 4,096 | 1,000 | 95.9 % | | 95.0 % | 94.5 % |
//!
//! The share is known to 0.4 points from 3,000 repetitions, to 0.7 from 1,000. A VaR of loans is a value that many paths have;
//! its interval holds it more often. Without the allowance for skewness ES 99.9 % of the small fund had 92.3 and 93.4 %. What
//! is missing at 1,024 paths no run shows: no shortfall has 100 effective paths there. `tests/tail/coverage.rs` and
//! `tests/tail/known_laws.rs` repeat this, the latter also for plain runs with 100 values in the tail: Gaussian
//! 95.2 %, log-normal 94.3 %, loans 95.0 %.
//!
//! [`Summary`]: crate::aggregate::summary::Summary

pub mod block;
pub mod collector;
pub mod contributions;
pub mod distribution;
pub mod fit;
pub mod interval;
pub mod moments;
pub mod pilot;
pub mod ranked;
pub mod summary;
pub mod timeline;

pub use collector::TailCollector;
pub use summary::TailSummary;
