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

mod mixture;

use crate::units::Cents;

/// Largest number of points of the lattice.
pub const MOST_POINTS: u64 = 1 << 22;

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
        let (probabilities, quadrature_error) = mixture::average(&steps, last as usize + 1, dependence);
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

#[cfg(test)]
mod tests;
