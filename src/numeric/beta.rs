//! The incomplete beta function, and the laws that are written with it: beta, Student t,
//! and the Clopper-Pearson interval of a probability.

use super::gamma::non_zero;
use super::normal::normal_quantile;
use super::quadrature::normal_like_tail;
use super::root::{Evaluation, Tails, solve};
use super::saddle::{deviance, stirling_remainder};
use super::{exp, exp_m1, ln};
use std::f64::consts::PI;

/// From this smaller shape on, the tails near the centre are integrated by quadrature.
const LARGE_SHAPE: f64 = 1000.0;

/// Quadrature is used up to this distance from the centre, relative to the nearer end.
const NEAR_CENTRE: f64 = 0.25;

/// Minus `ln` of the smallest positive double: a quantile below `e^-745` is 0.
const LARGEST_LOGIT: f64 = 745.0;

/// Distribution function of the beta law: the regularised incomplete beta function `I_x(a, b)`.
///
/// `a > 0`, `b > 0` (up to 1e11); 0 for `x <= 0`, 1 for `x >= 1`. Continued fraction (the even part of
/// DLMF 8.17.22), and quadrature of the saddle-point form near the centre of large shapes.
/// Relative error of a few 1e-14 of the smaller tail for shapes from 1 on, absolute below 1e-14 otherwise.
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    BetaShape::new(a, b).tails(x).lower
}

/// Upper tail of the beta law, `1 - beta_cdf(a, b, x)`, accurate relative to itself where it is the smaller tail.
pub(super) fn beta_upper_tail(a: f64, b: f64, x: f64) -> f64 {
    BetaShape::new(a, b).tails(x).upper
}

/// Quantile of the beta law: the `x` in `[0, 1]` with `beta_cdf(a, b, x) = p`.
///
/// `a > 0`, `b > 0`, `p` in `[0, 1]`, otherwise NaN. Halley steps on the logarithm of the smaller tail inside a
/// bracket, so that it always ends; a quantile below the smallest double is 0. Relative
/// error below 1e-12, of the smaller of `x` and `1 - x` before rounding.
pub fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    BetaShape::new(a, b).quantile(Tails::from_lower(p))
}

/// Distribution function of Student's t law with `nu > 0` degrees of freedom.
///
/// `I_{nu/(nu+t^2)}(nu/2, 1/2) / 2` for `t <= 0` (Abramowitz and Stegun 26.7.1 and 26.5.27), accurate relative to itself; above 0 by
/// symmetry, so that `student_t_cdf(nu, -t)` is the upper tail.
pub fn student_t_cdf(nu: f64, t: f64) -> f64 {
    let square = t * t;
    let (x, y) = if square.is_infinite() { (0.0, 1.0) } else { (nu / (nu + square), square / (nu + square)) };
    let tail = 0.5 * BetaShape::new(0.5 * nu, 0.5).tails_of(x, y).lower;
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// Clopper-Pearson interval of a probability after `successes` in `trials`.
///
/// `(lower, upper)`, each side missing the true probability with at most `(1 - confidence)/2`;
/// the exact interval of Clopper and Pearson (1934). No success: lower 0; only successes: upper 1;
/// no trial: `(0, 1)`. `confidence` in `(0, 1)`.
///
/// # Panics
/// If there are more successes than trials.
pub fn clopper_pearson(successes: u64, trials: u64, confidence: f64) -> (f64, f64) {
    assert!(successes <= trials, "{successes} successes in {trials} trials");
    let failures = trials - successes;
    let (k, m) = (successes as f64, failures as f64);
    let missed = 0.5 * (1.0 - confidence);
    // With no failure (or no success) the bound is a power: missed^(1/trials).
    let lower = match (successes, failures) {
        (0, _) => 0.0,
        (_, 0) => exp(ln(missed) / k),
        _ => BetaShape::new(k, m + 1.0).quantile(Tails::from_lower(missed)),
    };
    let upper = match (successes, failures) {
        (_, 0) => 1.0,
        (0, _) => -exp_m1(ln(missed) / m),
        _ => BetaShape::new(k + 1.0, m).quantile(Tails::from_upper(missed)),
    };
    (lower, upper)
}

/// A beta law with the constants that its functions share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BetaShape {
    a: f64,
    b: f64,
    /// `a / (a + b)`, the mean and the centre of the saddle-point form.
    mean: f64,
    /// `b / (a + b)`.
    rest: f64,
    /// `mean^a rest^b / B(a, b)`.
    centre_value: f64,
}

impl BetaShape {
    pub(super) fn new(a: f64, b: f64) -> BetaShape {
        let sum = a + b;
        // Stirling's formula for the three gamma functions, its errors apart.
        let remainder = stirling_remainder(sum) - stirling_remainder(a) - stirling_remainder(b);
        let centre_value = (a / sum * b / (2.0 * PI)).sqrt() * exp(remainder);
        BetaShape { a, b, mean: a / sum, rest: b / sum, centre_value }
    }

    /// The law of `1 - X`.
    fn mirrored(&self) -> BetaShape {
        BetaShape { a: self.b, b: self.a, mean: self.rest, rest: self.mean, centre_value: self.centre_value }
    }

    /// `x - mean`, from whichever of `x` and `y = 1 - x` is known to more digits.
    fn distance(&self, x: f64, y: f64) -> f64 {
        if x < y { x - self.mean } else { self.rest - y }
    }

    /// `x^a y^b / B(a, b)`: `x y` times the density.
    fn weight(&self, x: f64, y: f64, distance: f64) -> f64 {
        let deviance = deviance(self.a, x, self.mean, distance) + deviance(self.b, y, self.rest, -distance);
        self.centre_value * exp(-deviance)
    }

    pub(super) fn tails(&self, x: f64) -> Tails {
        self.tails_of(x, 1.0 - x)
    }

    /// Both tails at `x`, with `y = 1 - x` given apart.
    fn tails_of(&self, x: f64, y: f64) -> Tails {
        if x.is_nan() {
            return Tails::from_lower(f64::NAN);
        }
        if x <= 0.0 {
            return Tails::from_lower(0.0);
        }
        if y <= 0.0 {
            return Tails::from_upper(0.0);
        }
        let distance = self.distance(x, y);
        self.tails_of_weight(x, y, distance, self.weight(x, y, distance))
    }

    /// The same, for `x` inside (0, 1) whose weight is known.
    fn tails_of_weight(&self, x: f64, y: f64, distance: f64, weight: f64) -> Tails {
        if self.a.min(self.b) > LARGE_SHAPE && distance.abs() < NEAR_CENTRE * self.mean.min(self.rest) {
            return if distance < 0.0 {
                Tails::from_lower(self.lower_by_quadrature(distance))
            } else {
                Tails::from_upper(self.mirrored().lower_by_quadrature(-distance))
            };
        }
        // The fraction converges fast up to just beyond the mean.
        if x <= (self.a + 1.0) / (self.a + self.b + 2.0) {
            Tails::from_lower(weight / self.fraction(x, y, distance))
        } else {
            Tails::from_upper(weight / self.mirrored().fraction(y, x, -distance))
        }
    }

    /// The lower tail at `mean + distance`, `distance <= 0`.
    fn lower_by_quadrature(&self, distance: f64) -> f64 {
        let deviation = (self.mean * self.rest / (self.a + self.b)).sqrt();
        let integral = normal_like_tail(-distance / deviation, |w| {
            let distance = distance - w * deviation;
            let (x, y) = (self.mean + distance, self.rest - distance);
            if x <= 0.0 { 0.0 } else { self.weight(x, y, distance) / (x * y) }
        });
        deviation * integral
    }

    /// `x^a y^b / (B(a, b) I_x(a, b))`: the even part of the continued fraction DLMF 8.17.22
    /// (Didonato and Morris 1992, section 4), by Lentz's evaluation.
    fn fraction(&self, x: f64, y: f64, distance: f64) -> f64 {
        let (a, b) = (self.a, self.b);
        let sum = a + b;
        // a y - b x + 1, without cancellation near the mean.
        let base = 1.0 - sum * distance;
        let mut value = non_zero(a * base / (a + 1.0));
        let mut c = value;
        let mut d = 0.0;
        let mut m = 0.0;
        loop {
            m += 1.0;
            let even = a + 2.0 * m;
            let odd = even - 1.0;
            let numerator = (a + m - 1.0) / odd * ((sum + m - 1.0) / odd) * (m * (b - m)) * x * x;
            let denominator = m + m * (b - m) * x / odd + (a + m) * (base + m * (1.0 + y)) / (even + 1.0);
            d = 1.0 / non_zero(denominator + numerator * d);
            c = non_zero(denominator + numerator / c);
            let factor = c * d;
            value *= factor;
            if (factor - 1.0).abs() <= f64::EPSILON {
                return value;
            }
        }
    }

    /// The `x` whose tails are these.
    fn quantile(&self, target: Tails) -> f64 {
        from_logit(self.logit_quantile(target)).0
    }

    /// The logit `ln(x / (1 - x))` of the `x` whose tails are these, which tells `x` and `1 - x` to the
    /// same relative accuracy; infinite where one of them is 0 in double precision, NaN for tails
    /// outside `[0, 1]`.
    pub(super) fn logit_quantile(&self, target: Tails) -> f64 {
        if !(0.0..=1.0).contains(&target.lower) || !(0.0..=1.0).contains(&target.upper) {
            return f64::NAN;
        }
        // Near 0 the law is x^a / (a B(a, b)), near 1 likewise.
        let ln_beta = self.ln_beta();
        let ln_x = (ln(target.lower) + ln(self.a) + ln_beta) / self.a;
        let ln_y = (ln(target.upper) + ln(self.b) + ln_beta) / self.b;
        if ln_x < -LARGEST_LOGIT {
            return f64::NEG_INFINITY;
        }
        if ln_y < -LARGEST_LOGIT {
            return f64::INFINITY;
        }
        let start = if self.a > 1.0 && self.b > 1.0 {
            self.nearly_normal_logit(target)
        } else {
            ln_x.min(0.0) - ln_y.min(0.0)
        };
        solve(-LARGEST_LOGIT, LARGEST_LOGIT, start, target, |logit| {
            let (x, y) = from_logit(logit);
            let distance = self.distance(x, y);
            let density = self.weight(x, y, distance);
            let slope = -(self.a + self.b) * distance;
            Evaluation { tails: self.tails_of_weight(x, y, distance, density), density, slope }
        })
    }

    /// `ln B(a, b)`.
    fn ln_beta(&self) -> f64 {
        self.a * ln(self.mean) + self.b * ln(self.rest) - ln(self.centre_value)
    }

    /// A start for the search when both shapes exceed 1: a normal law for the logit of `x`
    /// (Abramowitz and Stegun 26.5.22).
    fn nearly_normal_logit(&self, target: Tails) -> f64 {
        let z = if target.lower <= target.upper {
            normal_quantile(target.lower)
        } else {
            -normal_quantile(target.upper)
        };
        let (inverse_a, inverse_b) = (1.0 / (2.0 * self.a - 1.0), 1.0 / (2.0 * self.b - 1.0));
        let lambda = (z * z - 3.0) / 6.0;
        let h = 2.0 / (inverse_a + inverse_b);
        let skew = (inverse_b - inverse_a) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * h));
        let w = z * (h + lambda).max(0.0).sqrt() / h + skew;
        ln(self.a / self.b) + 2.0 * w
    }
}

/// `(x, 1 - x)` from the logit of `x`, both accurate relative to themselves.
#[inline]
pub(super) fn from_logit(logit: f64) -> (f64, f64) {
    let ratio = exp(-logit.abs());
    let (smaller, larger) = (ratio / (1.0 + ratio), 1.0 / (1.0 + ratio));
    if logit < 0.0 { (smaller, larger) } else { (larger, smaller) }
}
