//! The incomplete beta function, and the laws that are written with it: beta, Student t,
//! and the Clopper-Pearson interval of a probability.

use super::gamma::non_zero;
use super::normal::normal_quantile;
use super::quadrature::normal_like_tail;
use super::root::{Evaluation, Tails, solve};
use super::saddle::{deviance, rounding_of_product, stirling_remainder};
use super::{exp, exp_m1, ln};
use std::f64::consts::PI;

/// From this smaller shape on, the tails near the centre are integrated by quadrature.
const LARGE_SHAPE: f64 = 1000.0;

/// Quadrature is used up to this distance from the centre, relative to the nearer end.
const NEAR_CENTRE: f64 = 0.25;

/// The continued fraction needs fewer terms wherever it is used; only overflow gets here.
const MOST_TERMS: u32 = 20_000;

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

/// Upper tail of the beta law, `1 - beta_cdf(a, b, x)`, accurate relative to itself where it is
/// the smaller tail.
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
/// `I_{nu/(nu+t^2)}(nu/2, 1/2) / 2` for `t <= 0` (Abramowitz and Stegun 26.5.27), with a relative error
/// below 2e-14; above 0 by symmetry, so that `student_t_cdf(nu, -t)` is the upper tail.
pub fn student_t_cdf(nu: f64, t: f64) -> f64 {
    let square = t * t;
    let (x, y) = if square.is_infinite() { (0.0, 1.0) } else { (nu / (nu + square), square / (nu + square)) };
    let tail = 0.5 * BetaShape::new(0.5 * nu, 0.5).tails_of(x, y).lower;
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// Quantile of Student's t law with `nu > 0` degrees of freedom: the `t` with `P(T <= t) = p`.
///
/// `p` in `[0, 1]` (0 gives `-inf`, 1 gives `inf`), otherwise NaN. By the beta law of `nu / (nu + t^2)`; relative error
/// below 1e-11 of `t` for tails above 1e-300, near the median absolute.
pub fn student_t_quantile(nu: f64, p: f64) -> f64 {
    let tail = p.min(1.0 - p);
    // P(|T| > t) = I_{nu/(nu+t^2)}(nu/2, 1/2); the smaller of the two shapes of the ratio keeps its digits.
    let square = if 2.0 * tail < 0.5 {
        let x = beta_quantile(0.5 * nu, 0.5, 2.0 * tail);
        nu * (1.0 - x) / x
    } else {
        let y = beta_quantile(0.5, 0.5 * nu, 1.0 - 2.0 * tail);
        nu * y / (1.0 - y)
    };
    if p < 0.5 { -square.sqrt() } else { square.sqrt() }
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
    ///
    /// `((a + b) x - a) / (a + b)` with the exact product: with shapes of 1e10 the rounding of the mean
    /// would count.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let sum = self.a + self.b;
        let excess =
            |value: f64, shape: f64| (sum * value - shape) + rounding_of_product(sum, value, sum * value);
        if x < y { excess(x, self.a) / sum } else { -excess(y, self.b) / sum }
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
        for term in 1..=MOST_TERMS {
            let m = f64::from(term);
            let even = a + 2.0 * m;
            let odd = even - 1.0;
            let numerator = (a + (m - 1.0)) / odd * ((sum + (m - 1.0)) / odd) * (m * (b - m)) * x * x;
            let denominator = m + m * (b - m) * x / odd + (a + m) * (base + m * (1.0 + y)) / (even + 1.0);
            d = 1.0 / non_zero(denominator + numerator * d);
            c = non_zero(denominator + numerator / c);
            let factor = c * d;
            value *= factor;
            if (factor - 1.0).abs() <= f64::EPSILON {
                break;
            }
        }
        value
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::tolerance::{DISTRIBUTION, ORACLE, QUANTILE, assert_relative};
    use proptest::prelude::*;
    use statrs::distribution::{Beta, ContinuousCDF, StudentsT};

    /// `(a, b, x, lower tail, upper tail)`, by mpmath at 40 digits.
    const TAILS: [(f64, f64, f64, f64, f64); 50] = [
        (0.01, 0.01, 1e-30, 0.25063424798888917, 0.7493657520111108),
        (0.01, 0.01, 0.001, 0.46670738608769113, 0.5332926139123089),
        (0.01, 0.01, 0.5, 0.5, 0.5),
        (0.01, 0.01, 0.9, 0.5107974708262047, 0.48920252917379525),
        (0.01, 3.0, 1e-200, 0.0101505, 0.9898495),
        (0.01, 3.0, 1e-05, 0.9046640856116699, 0.09533591438833008),
        (0.01, 3.0, 0.2, 0.9950871182313159, 0.004912881768684041),
        (0.01, 3.0, 0.9, 0.9999963434611042, 3.6565388957959715e-06),
        (0.5, 0.5, 1e-10, 6.366197723781917e-06, 0.9999936338022762),
        (0.5, 0.5, 0.3, 0.36901011956554536, 0.6309898804344546),
        (0.5, 0.5, 0.7, 0.6309898804344546, 0.3690101195655454),
        (2.0, 2.0, 1e-08, 2.99999998e-16, 0.9999999999999997),
        (2.0, 2.0, 0.1, 0.028000000000000004, 0.972),
        (2.0, 2.0, 0.5, 0.5, 0.5),
        (2.0, 2.0, 0.9, 0.972, 0.027999999999999987),
        (2.0, 5.0, 0.01, 0.001460447605, 0.998539552395),
        (2.0, 5.0, 0.3, 0.5798249999999999, 0.420175),
        (2.0, 5.0, 0.8, 0.9984, 0.0015999999999999983),
        (1.5, 40.0, 0.001, 0.005934009824657879, 0.9940659901753421),
        (1.5, 40.0, 0.04, 0.6504034266058278, 0.34959657339417216),
        (1.5, 40.0, 0.3, 0.9999974184484238, 2.5815515762043557e-06),
        (80.0, 0.3, 0.7, 1.4347666954973297e-14, 0.9999999999999857),
        (80.0, 0.3, 0.99, 0.11369406007403204, 0.886305939925968),
        (80.0, 0.3, 0.999999, 0.934335851315196, 0.06566414868480401),
        (300.0, 700.0, 0.2, 3.328240872606518e-14, 0.9999999999999667),
        (300.0, 700.0, 0.3, 0.5036711828607676, 0.4963288171392324),
        (300.0, 700.0, 0.38, 0.9999999439874869, 5.601251303712275e-08),
        (1500.0, 2500.0, 0.33, 1.0750927951707599e-09, 0.9999999989249072),
        (1500.0, 2500.0, 0.37, 0.25732452206474676, 0.7426754779352532),
        (1500.0, 2500.0, 0.375, 0.501085824464541, 0.498914175535459),
        (1500.0, 2500.0, 0.39, 0.9745483725997275, 0.025451627400272497),
        (1500.0, 2500.0, 0.45, 1.0, 3.8338968802868204e-22),
        (20000.0, 1500.0, 0.92, 7.928379871122783e-09, 0.9999999920716202),
        (20000.0, 1500.0, 0.93, 0.44378057916974545, 0.5562194208302546),
        (20000.0, 1500.0, 0.94, 0.9999999979399984, 2.0600015871815936e-09),
        (1000000.0, 1000000.0, 0.498, 7.707644889244837e-09, 0.9999999922923551),
        (1000000.0, 1000000.0, 0.5, 0.5, 0.5),
        (1000000.0, 1000000.0, 0.5003, 0.8019280371578851, 0.19807196284211498),
        (12.0, 1000000.0, 2e-06, 1.3647054291746837e-06, 0.9999986352945708),
        (12.0, 1000000.0, 1.2e-05, 0.5384184497134075, 0.4615815502865925),
        (12.0, 1000000.0, 4e-05, 0.99999993920349, 6.079651002778761e-08),
        (500000.0, 0.5, 0.99999, 0.0015653640065981889, 0.9984346359934018),
        (500000.0, 0.5, 0.999999, 0.3173105078558956, 0.6826894921441045),
        (500000.0, 0.5, 0.9999999, 0.7518296881107605, 0.24817031188923952),
        (5000000000.0, 5000000000.0, 0.49998, 3.1671241631839214e-05, 0.9999683287583682),
        (5000000000.0, 5000000000.0, 0.5, 0.5, 0.5),
        (5000000000.0, 5000000000.0, 0.500003, 0.7257468822450777, 0.27425311775492234),
        (10000000.0, 9990000000.0, 0.000999, 0.0007759241767707563, 0.9992240758232293),
        (10000000.0, 9990000000.0, 0.001001, 0.9992190030462406, 0.0007809969537594636),
        (10000000.0, 9990000000.0, 0.0010025, 0.9999999999999987, 1.3593826174588167e-15),
    ];

    /// `(a, b, p, quantile)`, by mpmath at 40 digits.
    const QUANTILES: [(f64, f64, f64, f64); 30] = [
        (2.0, 2.0, 1e-12, 5.773503803007904e-07),
        (2.0, 2.0, 0.0001, 0.0057846675928877695),
        (2.0, 2.0, 0.025, 0.09429932405024608),
        (2.0, 2.0, 0.3, 0.3632574910905676),
        (2.0, 2.0, 0.5, 0.5),
        (2.0, 2.0, 0.9, 0.8041998943409083),
        (2.0, 2.0, 0.9999, 0.9942153324071126),
        (0.01, 3.0, 0.05, 1.7711562650563444e-131),
        (0.01, 3.0, 0.5, 1.771156265056326e-31),
        (0.01, 3.0, 0.9, 5.9636551002798406e-06),
        (0.01, 0.01, 0.3, 6.428119935718613e-23),
        (0.01, 0.01, 0.5, 0.5),
        (0.3, 0.2, 0.001, 1.6638959426459832e-09),
        (0.3, 0.2, 0.25, 0.1485460254159491),
        (0.3, 0.2, 0.6, 0.9131605706665481),
        (1.0, 40.0, 0.001, 2.501219552940968e-05),
        (1.0, 40.0, 0.5, 0.01717940145474894),
        (1.0, 40.0, 0.999, 0.1586048583548049),
        (7.5, 2.5, 1e-06, 0.10887074093875397),
        (7.5, 2.5, 0.2, 0.6410173985998966),
        (7.5, 2.5, 0.999, 0.9872987610164848),
        (80.0, 0.3, 1e-09, 0.8019251952927186),
        (80.0, 0.3, 0.1, 0.9889528491177701),
        (80.0, 0.3, 0.5, 0.9990822710356694),
        (300.0, 700.0, 1e-09, 0.21840126697340162),
        (300.0, 700.0, 0.5, 0.2998666193917913),
        (300.0, 700.0, 0.99, 0.3342616152255823),
        (1500.0, 2500.0, 1e-09, 0.32991339329160563),
        (1500.0, 2500.0, 0.3, 0.3709706583596725),
        (1500.0, 2500.0, 0.999, 0.39882017359922534),
    ];

    /// `(nu, t, P(T <= t))`, by mpmath at 40 digits.
    const STUDENT: [(f64, f64, f64); 20] = [
        (0.5, -10.0, 0.10133867638566557),
        (0.5, -0.1, 0.4731658105643032),
        (1.0, -10000000000.0, 3.1830988618379065e-11),
        (1.0, -1.0, 0.25),
        (1.0, 0.3, 0.5927735790777423),
        (2.7, -1e-09, 0.49999999963566216),
        (2.7, -4.0, 0.01699307986208839),
        (2.7, 2.0, 0.925288280964749),
        (4.0, -50.0, 4.78722682848485e-07),
        (4.0, -2.132, 0.049991386369570734),
        (4.0, -0.5, 0.32166498159093165),
        (4.0, 1.5, 0.896),
        (30.0, -8.0, 3.1329112378503795e-09),
        (30.0, -1.0, 0.16265430771301495),
        (200.0, -20.0, 6.678883529193904e-50),
        (200.0, -3.0, 0.0015215235569529513),
        (200.0, -0.01, 0.4960156275766406),
        (1000000.0, -6.0, 9.869249061772174e-10),
        (1000000.0, -1.6, 0.0547994496508056),
        (1000000.0, -0.7, 0.24196373364327073),
    ];

    #[test]
    fn tails_against_forty_digits() {
        for (a, b, x, lower, upper) in TAILS {
            let tails = BetaShape::new(a, b).tails(x);
            let what = format!("a {a}, b {b} at {x:e}");
            if a.min(b) < 1.0 {
                assert!((tails.lower - lower).abs() <= DISTRIBUTION / 2.0, "{what}: {tails:?}");
            } else if lower < upper {
                assert_relative(tails.lower, lower, DISTRIBUTION, &what);
            } else {
                assert_relative(tails.upper, upper, DISTRIBUTION, &what);
            }
        }
        // A law almost all at 1: the tiny shape must not be rounded away.
        assert!((beta_cdf(0.4839, 1.5e-11, 0.7159) - 3.841_366_063_659_105e-11).abs() < 1e-15);
        assert_eq!(beta_cdf(2.0, 3.0, 0.0), 0.0);
        assert_eq!(beta_cdf(2.0, 3.0, 1.0), 1.0);
        assert!(beta_cdf(2.0, 3.0, f64::NAN).is_nan());
    }

    #[test]
    fn quantiles_against_forty_digits() {
        for (a, b, p, expected) in QUANTILES {
            assert_relative(beta_quantile(a, b, p), expected, QUANTILE, &format!("a {a}, b {b}, p {p:e}"));
        }
        assert_eq!(beta_quantile(2.0, 3.0, 0.0), 0.0);
        assert_eq!(beta_quantile(2.0, 3.0, 1.0), 1.0);
        assert!(beta_quantile(2.0, 3.0, -0.5).is_nan());
        // Below the smallest double, and nearer to 1 than any double.
        assert_eq!(beta_quantile(0.01, 3.0, 1e-9), 0.0);
        assert_eq!(beta_quantile(3.0, 0.01, 0.9), 1.0);
        assert_eq!(beta_quantile(1e-10, 1e-10, 0.499), 0.0);
        assert_eq!(beta_quantile(1e-10, 1e-10, 0.501), 1.0);
    }

    #[test]
    fn student_t_against_forty_digits() {
        for (nu, t, expected) in STUDENT {
            assert_relative(student_t_cdf(nu, t), expected, DISTRIBUTION, &format!("nu {nu} at {t}"));
        }
        assert_eq!(student_t_cdf(3.0, 0.0), 0.5);
        assert_eq!(student_t_cdf(3.0, f64::NEG_INFINITY), 0.0);
        assert_eq!(student_t_cdf(3.0, f64::INFINITY), 1.0);
        assert!(student_t_cdf(3.0, f64::NAN).is_nan());
    }

    #[test]
    fn clopper_pearson_against_scipy() {
        let close = |actual: (f64, f64), expected: (f64, f64)| {
            assert_relative(actual.0, expected.0, QUANTILE, "lower");
            assert_relative(actual.1, expected.1, QUANTILE, "upper");
        };
        close(clopper_pearson(0, 10, 0.95), (0.0, 0.308_497_107_818_760_8));
        close(clopper_pearson(10, 10, 0.95), (0.691_502_892_181_239_2, 1.0));
        close(clopper_pearson(3, 10, 0.95), (0.066_739_511_177_734_5, 0.652_452_850_059_997_3));
        close(clopper_pearson(1, 1000, 0.99), (5.012_529_260_777_51e-6, 0.007_406_286_938_352_937));
        close(clopper_pearson(50, 1000, 0.95), (0.037_335_397_604_661_78, 0.065_390_487_915_493_64));
        assert_eq!(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
    }

    #[test]
    fn clopper_pearson_bounds_meet_their_tails() {
        for (successes, trials) in [(1_u64, 2_u64), (7, 1000), (1, 1_000_000_000), (400_000, 1_000_000)] {
            let (lower, upper) = clopper_pearson(successes, trials, 0.95);
            let (k, m) = (successes as f64, (trials - successes) as f64);
            assert_relative(beta_cdf(k, m + 1.0, lower), 0.025, QUANTILE, "P(at least k) at the lower bound");
            assert_relative(
                beta_upper_tail(k + 1.0, m, upper),
                0.025,
                QUANTILE,
                "P(at most k) at the upper bound",
            );
        }
    }

    #[test]
    fn the_methods_meet_at_their_borders() {
        let steps = |a: f64, b: f64, x: f64| {
            let shape = BetaShape::new(a, b);
            let (below, above) = (shape.tails(x * (1.0 - 1e-15)).lower, shape.tails(x * (1.0 + 1e-15)).lower);
            // What the law itself changes between the two points.
            let change = 2e-15 * shape.weight(x, 1.0 - x, shape.distance(x, 1.0 - x)) / (1.0 - x);
            assert!((above - below - change).abs() < 2.0 * DISTRIBUTION, "{a} {b} {x}: {below:e} {above:e}");
        };
        for (a, b) in [(1001.0_f64, 1001.0), (1100.0, 1e7), (4e4, 1500.0)] {
            let (mean, nearer) = (a / (a + b), a.min(b) / (a + b));
            steps(a, b, mean - NEAR_CENTRE * nearer);
            steps(a, b, mean + NEAR_CENTRE * nearer);
        }
        for (a, b) in [(0.2, 0.3), (2.0, 2.0), (999.0, 50.0), (999.0, 1e6)] {
            steps(a, b, (a + 1.0) / (a + b + 2.0));
        }
    }

    proptest! {
        #[test]
        fn quantile_undoes_the_distribution_function(
            log_a in -4.6..13.8_f64,
            log_b in -4.6..13.8_f64,
            p in 1e-9..1.0_f64,
        ) {
            let shape = BetaShape::new(exp(log_a), exp(log_b));
            let (x, y) = from_logit(shape.logit_quantile(Tails::from_lower(p)));
            prop_assert!((0.0..=1.0).contains(&x));
            prop_assume!(x > 0.0 && y > 0.0);
            let back = shape.tails_of(x, y).lower;
            let allowed = QUANTILE * shape.weight(x, y, shape.distance(x, y)) + 1e-13 * p.min(1.0 - p);
            prop_assert!((back - p).abs() <= allowed + 2.0 * f64::EPSILON, "{:?} {}", shape, p);
        }

        #[test]
        fn the_distribution_function_of_the_mirror(
            log_a in -4.6..13.8_f64,
            log_b in -4.6..13.8_f64,
            x in 0.0..1.0_f64,
        ) {
            let (a, b) = (exp(log_a), exp(log_b));
            prop_assert!((beta_cdf(a, b, x) + beta_cdf(b, a, 1.0 - x) - 1.0).abs() <= 1e-9);
        }

        #[test]
        fn any_shapes_give_a_quantile_in_the_unit_interval(
            log_a in -60.0..60.0_f64,
            log_b in -60.0..60.0_f64,
            log_p in -700.0..0.0_f64,
        ) {
            let x = beta_quantile(exp(log_a), exp(log_b), exp(log_p));
            prop_assert!((0.0..=1.0).contains(&x));
        }

        #[test]
        fn agrees_with_statrs(a in 0.05..200.0_f64, b in 0.05..200.0_f64, x in 0.0..1.0_f64) {
            prop_assert!((beta_cdf(a, b, x) - Beta::new(a, b).unwrap().cdf(x)).abs() <= ORACLE);
        }

        #[test]
        fn student_t_quantiles_come_back(nu in 2.01..300.0_f64, p in 1e-9..1.0_f64) {
            let back = student_t_cdf(nu, student_t_quantile(nu, p));
            prop_assert!((back - p).abs() <= ORACLE * p.min(1.0 - p).max(1e-12), "{back} {p}");
        }

        #[test]
        fn student_t_agrees_with_statrs(nu in 0.5..300.0_f64, t in -30.0..30.0_f64) {
            let oracle = StudentsT::new(0.0, 1.0, nu).unwrap().cdf(t);
            prop_assert!((student_t_cdf(nu, t) - oracle).abs() <= ORACLE);
            prop_assert!((student_t_cdf(nu, t) + student_t_cdf(nu, -t) - 1.0).abs() <= f64::EPSILON);
        }
    }
}
