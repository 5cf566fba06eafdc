//! The exact law of the loss of a portfolio over one period under a one-factor copula.
//!
//! Given the common luck, borrowers are independent, and the law of a sum of independent losses is a convolution. So
//! the law of the portfolio is an average of convolutions over the common luck (Vasicek 2002; Li 2000):
//!
//! - conditional default probability of borrower `i` with default probability `p_i`, factor `M` standard normal:
//!   Gaussian `Phi((Phi^-1(p_i) - sqrt(rho) M) / sqrt(1 - rho))`; Student-t with `W` chi-square(nu):
//!   `Phi((t_nu^-1(p_i) sqrt(W / nu) - sqrt(rho) M) / sqrt(1 - rho))` (McNeil, Frey and Embrechts 2015, section 11.1);
//! - convolution by the recursion of Andersen, Sidenius and Basu (2003), one borrower after another, on the lattice of
//!   the losses' greatest common divisor: nothing is rounded;
//! - the average by the trapezoidal rule over normal scores (`M` itself, and `Phi^-1` of the distribution function of
//!   `W`): its error falls faster than any power of the step for such integrands (Trefethen and Weideman 2014, SIAM
//!   Review 56). Steps are halved until two rules agree; how far the last two were apart is stated with the
//!   law ([`LossLaw::quadrature_error`]).
//!
//! Several factors of which all borrowers have the same share (a global one and a theme common to all) are one factor:
//! their correlations add up.

use crate::numeric::beta::beta_quantile;
use crate::numeric::gamma::chi_square_quantile;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use crate::units::Cents;

/// Largest number of points of the lattice.
pub const MOST_POINTS: u64 = 1 << 22;

/// Probabilities below this at the ends of a conditional law are dropped: `n` loans lose at most `2n` times as much.
const NEGLIGIBLE: f64 = 1e-30;

/// Normal scores beyond this, and pairs of scores beyond this radius, are dropped: a probability of 2e-19 and 3e-18.
const FARTHEST_SCORE: f64 = 9.0;

/// Beyond this score the distribution function of the mixing variable is 1 in double precision (probability 6e-16).
const FARTHEST_MIXING_SCORE: f64 = 8.0;

/// Two rules agree if no more than this probability lies elsewhere.
const AGREEMENT: f64 = 1e-13;

/// The first step of the quadrature is 2 to minus this.
const COARSEST: u32 = 1;

/// The smallest step of the quadrature is 2 to minus this.
const MOST_HALVINGS: u32 = 13;

/// A loan over one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loan {
    /// What is lost if the borrower defaults; not negative.
    pub loss: Cents,
    /// Probability of default within the period, in [0, 1].
    pub default_probability: f64,
}

impl Loan {
    /// A loan that loses `exposure - exposure x (1 - LGD)` on default, the recovery rounded half-even to the cent as in
    /// MODEL.md section 6.
    pub fn new(exposure: Cents, loss_given_default: f64, default_probability: f64) -> Loan {
        Loan { loss: exposure - exposure.times(1.0 - loss_given_default), default_probability }
    }
}

/// How defaults depend on each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dependence {
    /// Not at all.
    Independent,
    /// One-factor Gaussian copula.
    Gaussian {
        /// Correlation of any two borrowers' latent variables, in [0, 1).
        correlation: f64,
    },
    /// One-factor Student-t copula: also without correlation, borrowers share the mixing variable.
    StudentT {
        /// Correlation of the latent variables, in [0, 1).
        correlation: f64,
        /// Degrees of freedom, positive.
        degrees: f64,
    },
}

/// Why there is no exact law.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LossLawError {
    /// A loss is negative.
    #[error("a loss of {0} EUR is negative")]
    NegativeLoss(Cents),
    /// A probability is not one.
    #[error("a default probability of {0} is not in [0, 1]")]
    Probability(f64),
    /// A correlation is out of range.
    #[error("a correlation of {0} is not in [0, 1)")]
    Correlation(f64),
    /// Degrees of freedom are not positive.
    #[error("{0} degrees of freedom are not a positive number")]
    Degrees(f64),
    /// The losses have too small a common divisor.
    #[error("losses up to {largest} EUR in steps of {unit} EUR are more than {MOST_POINTS} points")]
    Lattice {
        /// Greatest common divisor of the losses.
        unit: Cents,
        /// Sum of all losses.
        largest: Cents,
    },
}

/// The law of a portfolio's loss: probabilities of `0, unit, 2 unit, ...`.
#[derive(Clone, Debug, PartialEq)]
pub struct LossLaw {
    unit: Cents,
    probabilities: Vec<f64>,
    quadrature_error: f64,
}

impl LossLaw {
    /// The law of the sum of the losses of `loans`.
    ///
    /// # Errors
    /// [`LossLawError`] if an argument is out of range or the lattice has more than [`MOST_POINTS`] points.
    pub fn new(loans: &[Loan], dependence: Dependence) -> Result<LossLaw, LossLawError> {
        check(loans, dependence)?;
        let unit = Cents(loans.iter().fold(0, |divisor, loan| greatest_common_divisor(divisor, loan.loss.0)));
        let largest: Cents = loans.iter().map(|loan| loan.loss).sum();
        let last = if unit.0 == 0 { 0 } else { (largest.0 / unit.0) as u64 };
        if last >= MOST_POINTS {
            return Err(LossLawError::Lattice { unit, largest });
        }
        // A loss of 0 never shows. Small losses first: the recursion costs as much as has been reached.
        let mut steps: Vec<(usize, f64)> = loans
            .iter()
            .filter(|loan| loan.loss.0 > 0)
            .map(|loan| ((loan.loss.0 / unit.0) as usize, loan.default_probability))
            .collect();
        steps.sort_by_key(|&(loss, _)| loss);
        let (probabilities, quadrature_error) = average(&steps, last as usize + 1, dependence);
        Ok(LossLaw { unit, probabilities, quadrature_error })
    }

    /// Distance of two neighbouring points of the lattice; 0 if nothing can be lost.
    pub fn unit(&self) -> Cents {
        self.unit
    }

    /// Losses of the lattice with their probabilities, ascending; also those that cannot occur.
    pub fn points(&self) -> impl Iterator<Item = (Cents, f64)> + '_ {
        self.probabilities
            .iter()
            .enumerate()
            .map(|(point, &probability)| (Cents(self.unit.0 * point as i64), probability))
    }

    /// Probability (in total variation) by which the last two quadrature rules differed. The law is the finer one's,
    /// whose error is smaller by far; 0 for independent borrowers.
    pub fn quadrature_error(&self) -> f64 {
        self.quadrature_error
    }

    /// Sum of all probabilities: 1 but for rounding, what is dropped and the quadrature's error.
    pub fn total(&self) -> f64 {
        self.probabilities.iter().sum()
    }

    /// Probability of a loss of `loss`, exactly.
    pub fn probability(&self, loss: Cents) -> f64 {
        match self.point(loss) {
            Some(point) if self.unit.0 == 0 || loss.0 % self.unit.0 == 0 => {
                self.probabilities.get(point).copied().unwrap_or(0.0)
            }
            _ => 0.0,
        }
    }

    /// `P(loss <= x)`.
    pub fn cdf(&self, x: Cents) -> f64 {
        match self.point(x) {
            None => 0.0,
            Some(point) => {
                let end = point.saturating_add(1).min(self.probabilities.len());
                self.probabilities[..end].iter().sum::<f64>().min(1.0)
            }
        }
    }

    /// Expected loss (EL) in cents.
    pub fn expected(&self) -> f64 {
        self.points().map(|(loss, probability)| loss.to_f64() * probability).sum()
    }

    /// Standard deviation in cents.
    pub fn standard_deviation(&self) -> f64 {
        let mean = self.expected();
        let variance: f64 = self
            .points()
            .map(|(loss, probability)| (loss.to_f64() - mean) * (loss.to_f64() - mean) * probability)
            .sum();
        variance.sqrt()
    }

    /// Value at risk (VaR): the smallest loss `x` with `P(loss <= x) >= level`, `level` in (0, 1).
    ///
    /// Where `P(loss <= x)` equals `level` but for rounding, either of two neighbours may be given.
    pub fn value_at_risk(&self, level: f64) -> Cents {
        let mut cumulated = 0.0;
        for (loss, probability) in self.points() {
            cumulated += probability;
            if cumulated >= level {
                return loss;
            }
        }
        Cents(self.unit.0 * (self.probabilities.len() as i64 - 1))
    }

    /// Expected shortfall (ES) in cents: `VaR + E[(loss - VaR)^+] / (1 - level)` (Acerbi and Tasche 2002; McNeil, Frey
    /// and Embrechts 2015, section 2.3).
    pub fn expected_shortfall(&self, level: f64) -> f64 {
        let quantile = self.value_at_risk(level);
        self.mean_excess(quantile) / (1.0 - level) + quantile.to_f64()
    }

    /// `E[(loss - threshold)^+]` in cents.
    pub fn mean_excess(&self, threshold: Cents) -> f64 {
        self.points()
            .filter(|(loss, _)| *loss > threshold)
            .map(|(loss, probability)| (loss - threshold).to_f64() * probability)
            .sum()
    }

    /// The last point of the lattice that is not above `loss`.
    fn point(&self, loss: Cents) -> Option<usize> {
        if loss.0 < 0 {
            None
        } else if self.unit.0 == 0 {
            Some(if loss.0 == 0 { 0 } else { usize::MAX })
        } else {
            Some((loss.0 / self.unit.0) as usize)
        }
    }
}

fn check(loans: &[Loan], dependence: Dependence) -> Result<(), LossLawError> {
    for loan in loans {
        if loan.loss.0 < 0 {
            return Err(LossLawError::NegativeLoss(loan.loss));
        }
        if !(0.0..=1.0).contains(&loan.default_probability) {
            return Err(LossLawError::Probability(loan.default_probability));
        }
    }
    let correlation = match dependence {
        Dependence::Independent => 0.0,
        Dependence::Gaussian { correlation } | Dependence::StudentT { correlation, .. } => correlation,
    };
    if !(0.0..1.0).contains(&correlation) {
        return Err(LossLawError::Correlation(correlation));
    }
    match dependence {
        Dependence::StudentT { degrees, .. } if !(degrees > 0.0 && degrees.is_finite()) => {
            Err(LossLawError::Degrees(degrees))
        }
        _ => Ok(()),
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// The unconditional law, and how far the last two rules were apart.
fn average(steps: &[(usize, f64)], points: usize, dependence: Dependence) -> (Vec<f64>, f64) {
    match dependence {
        Dependence::Independent => (Mixture::independent(steps, points), 0.0),
        Dependence::Gaussian { correlation } => {
            let thresholds: Vec<f64> = steps.iter().map(|&(_, p)| normal_quantile(p)).collect();
            refine(|halvings| Mixture::of(steps, points, correlation, halvings, &UNMIXED, &thresholds)).0
        }
        Dependence::StudentT { correlation, degrees } => {
            let thresholds: Vec<f64> = steps.iter().map(|&(_, p)| student_t_quantile(degrees, p)).collect();
            // One axis after the other: a strong correlation asks for small steps of the factor only.
            let coarse = mixing_nodes(degrees, COARSEST + 1);
            let ((_, factor_error), factor_halvings) =
                refine(|halvings| Mixture::of(steps, points, correlation, halvings, &coarse, &thresholds));
            let ((law, mixing_error), _) = refine(|halvings| {
                Mixture::of(
                    steps,
                    points,
                    correlation,
                    factor_halvings,
                    &mixing_nodes(degrees, halvings),
                    &thresholds,
                )
            });
            (law, factor_error + mixing_error)
        }
    }
}

/// Halves the step of a rule until two rules agree: the last law, how far it was from the one before, and its halvings.
fn refine(rule: impl Fn(u32) -> Vec<f64>) -> ((Vec<f64>, f64), u32) {
    let mut halvings = COARSEST;
    let mut coarse = rule(halvings);
    loop {
        halvings += 1;
        let fine = rule(halvings);
        let apart = coarse.iter().zip(&fine).map(|(a, b)| (a - b).abs()).sum::<f64>();
        if apart <= AGREEMENT || halvings == MOST_HALVINGS {
            return ((fine, apart), halvings);
        }
        coarse = fine;
    }
}

/// A value of the mixing variable in the quadrature.
#[derive(Clone, Copy)]
struct MixingNode {
    score: f64,
    weight: f64,
    /// What thresholds are multiplied by: `sqrt(W / nu)`.
    scale: f64,
}

/// No mixing: the Gaussian copula.
const UNMIXED: [MixingNode; 1] = [MixingNode { score: 0.0, weight: 1.0, scale: 1.0 }];

fn mixing_nodes(degrees: f64, halvings: u32) -> Vec<MixingNode> {
    scores(halvings, FARTHEST_MIXING_SCORE)
        .map(|(score, weight)| {
            let mixing = chi_square_quantile(degrees, normal_cdf(score));
            MixingNode { score, weight, scale: (mixing / degrees).sqrt() }
        })
        .collect()
}

/// Normal scores in steps of `2^-halvings` with their weights in the trapezoidal rule.
fn scores(halvings: u32, farthest: f64) -> impl Iterator<Item = (f64, f64)> {
    let step = 1.0 / f64::from(1u32 << halvings);
    let first = -(FARTHEST_SCORE / step) as i64;
    let last = (farthest / step) as i64;
    (first..=last).map(move |k| (k as f64 * step, step * normal_density(k as f64 * step)))
}

/// A weighted sum of conditional laws.
struct Mixture {
    law: Vec<f64>,
    conditional: Vec<f64>,
}

impl Mixture {
    fn independent(steps: &[(usize, f64)], points: usize) -> Vec<f64> {
        let mut mixture = Mixture { law: vec![0.0; points], conditional: vec![0.0; points] };
        mixture.add(steps.iter().copied(), 1.0);
        mixture.law
    }

    /// Over all values of the mixing variable and of the factor.
    fn of(
        steps: &[(usize, f64)],
        points: usize,
        correlation: f64,
        halvings: u32,
        mixing: &[MixingNode],
        thresholds: &[f64],
    ) -> Vec<f64> {
        let mut mixture = Mixture { law: vec![0.0; points], conditional: vec![0.0; points] };
        let factors: Vec<(f64, f64)> =
            if correlation == 0.0 { vec![(0.0, 1.0)] } else { scores(halvings, FARTHEST_SCORE).collect() };
        let (loading, own) = (correlation.sqrt(), (1.0 - correlation).sqrt());
        for &MixingNode { score, weight: mixing_weight, scale } in mixing {
            for &(factor, factor_weight) in &factors {
                if score * score + factor * factor > FARTHEST_SCORE * FARTHEST_SCORE {
                    continue;
                }
                let conditional = steps.iter().zip(thresholds).map(|(&(loss, _), threshold)| {
                    (loss, normal_cdf((threshold * scale - loading * factor) / own))
                });
                mixture.add(conditional, mixing_weight * factor_weight);
            }
        }
        mixture.law
    }

    /// Adds the law of the sum of independent losses with a weight.
    ///
    /// Recursion of Andersen, Sidenius and Basu: with the next loss `l` of probability `p`,
    /// `P'(x) = (1 - p) P(x) + p P(x - l)`. Only the points between `low` and `high` have a probability that counts.
    fn add(&mut self, losses: impl Iterator<Item = (usize, f64)>, weight: f64) {
        let law = &mut self.conditional;
        let (mut low, mut high) = (0, 0);
        law[0] = 1.0;
        for (loss, p) in losses {
            let survives = 1.0 - p;
            for point in (low..=high + loss).rev() {
                let stays = if point <= high { survives * law[point] } else { 0.0 };
                let moves = if point >= low + loss { p * law[point - loss] } else { 0.0 };
                law[point] = stays + moves;
            }
            high += loss;
            while high > low && law[high] < NEGLIGIBLE {
                law[high] = 0.0;
                high -= 1;
            }
            while low < high && law[low] < NEGLIGIBLE {
                law[low] = 0.0;
                low += 1;
            }
        }
        for point in low..=high {
            self.law[point] += weight * law[point];
            law[point] = 0.0;
        }
    }
}

/// The `p`-quantile of the Student-t law, from the quantile of the beta law of `nu / (nu + t^2)` or of its complement,
/// whichever is the smaller.
fn student_t_quantile(degrees: f64, p: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    if p > 0.5 {
        return -student_t_quantile(degrees, 1.0 - p);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let ratio = if p < 0.25 {
        let x = beta_quantile(0.5 * degrees, 0.5, 2.0 * p);
        (1.0 - x) / x
    } else {
        let y = beta_quantile(0.5, 0.5 * degrees, 1.0 - 2.0 * p);
        y / (1.0 - y)
    };
    -(degrees * ratio).sqrt()
}

#[cfg(test)]
mod tests;
