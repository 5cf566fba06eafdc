//! Gauss-Legendre integration: tails of nearly normal densities by one rule, smooth functions in panels.
//!
//! The gamma and beta laws of large shapes are nearly normal, and the series and
//! continued fractions for their tails need a number of terms that grows with the
//! square root of the shape. One Gauss-Legendre rule over the part of the tail that
//! counts needs 32 values of the density whatever the shape.

/// Where a density is e^-45 of its value at the start, the rest of the tail is dropped.
const DROPPED_EXPONENT: f64 = 45.0;

/// Integral of `integrand(w)` for `w` from 0 to where a normal tail has died out.
///
/// `w` counts standard deviations away from the start of the tail, which itself lies
/// `depth >= 0` standard deviations from the centre.
pub(super) fn normal_like_tail(depth: f64, integrand: impl Fn(f64) -> f64) -> f64 {
    // depth w + w^2/2 = 45, solved without cancellation.
    let length = 2.0 * DROPPED_EXPONENT / (depth + (depth * depth + 2.0 * DROPPED_EXPONENT).sqrt());
    let half = 0.5 * length;
    let mut sum = 0.0;
    // The outermost pair first: its values at the far end are the smallest.
    for &(node, weight) in NODES.iter().rev() {
        sum += weight * (integrand(half * (1.0 + node)) + integrand(half * (1.0 - node)));
    }
    half * sum
}

/// Integral of a smooth `integrand` from `from` to `to`, by the 32-point rule on each of `panels` equal parts.
///
/// The rule is exact for polynomials of degree 63 on each part.
pub fn integral(from: f64, to: f64, panels: u32, integrand: impl Fn(f64) -> f64) -> f64 {
    let half = 0.5 * (to - from) / f64::from(panels);
    let mut sum = 0.0;
    for panel in 0..panels {
        let middle = from + half * f64::from(2 * panel + 1);
        for &(node, weight) in &NODES {
            sum += weight * (integrand(middle - half * node) + integrand(middle + half * node));
        }
    }
    half * sum
}

/// Positive nodes and weights of the 32-point rule on `[-1, 1]`, computed at 30 digits.
const NODES: [(f64, f64); 16] = [
    (0.04830766568773832, 0.0965400885147278),
    (0.1444719615827965, 0.09563872007927486),
    (0.23928736225213706, 0.09384439908080457),
    (0.33186860228212767, 0.09117387869576389),
    (0.42135127613063533, 0.08765209300440381),
    (0.5068999089322294, 0.08331192422694675),
    (0.5877157572407623, 0.07819389578707031),
    (0.6630442669302152, 0.0723457941088485),
    (0.7321821187402897, 0.06582222277636185),
    (0.7944837959679424, 0.058684093478535544),
    (0.84936761373257, 0.050998059262376175),
    (0.8963211557660521, 0.04283589802222668),
    (0.9349060759377397, 0.03427386291302143),
    (0.9647622555875064, 0.02539206530926206),
    (0.9856115115452684, 0.01627439473090567),
    (0.9972638618494816, 0.007018610009470096),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::normal::{normal_cdf, normal_density};
    use crate::numeric::tolerance::{ROUNDING, assert_relative};

    #[test]
    fn integrals_of_known_value() {
        let normal = integral(-3.0, 1.0, 4, normal_density);
        assert_relative(normal, normal_cdf(1.0) - normal_cdf(-3.0), 100.0 * ROUNDING, "normal");
        assert_relative(integral(2.0, 5.0, 1, |x| x * x), 39.0, 10.0 * ROUNDING, "square");
    }

    #[test]
    fn normal_tails_are_reproduced() {
        for depth in [0.0, 0.1, 1.0, 2.5, 6.0, 20.0, 35.0] {
            let tail = normal_like_tail(depth, |w| {
                normal_density(depth) * crate::numeric::exp(-w * (depth + 0.5 * w))
            });
            assert_relative(tail, normal_cdf(-depth), 100.0 * ROUNDING, &format!("tail at {depth}"));
        }
    }
}
