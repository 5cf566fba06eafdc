//! Elementary functions without branches, for loops over many numbers.
//!
//! Each is the sequence of operations that the function of [`super`] (of the `libm` crate, after FreeBSD's msun)
//! performs on an inner part of its domain, and gives the same bits there. Without a branch or a call the compiler
//! works on several numbers at once. `None`-like results do not exist here: the caller asks first whether a number lies
//! in the domain, and takes the function of [`super`] for the few that do not.

const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const INVERSE_LN_2: f64 = std::f64::consts::LOG2_E;

/// Adding and taking away 1.5 x 2^52 rounds to an integer.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// Nearest integer, ties to even, for `|x| < 2^51`: [`crate::units::round_half_even`] that stays in floating point.
#[inline(always)]
pub fn round_half_even(x: f64) -> f64 {
    (x + MAGIC) - MAGIC
}

/// Whether [`exp`] is [`super::exp`] for this number: from 1.04 to 700, of either sign.
#[inline(always)]
pub fn exp_covers(x: f64) -> bool {
    x.abs() >= 1.04 && x.abs() <= 700.0
}

/// `e` to the power `x` where [`exp_covers`] says so.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    const P: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238e-8,
    ];
    // The integer part of x / ln 2 and a half away from 0, cut towards 0.
    let scaled = INVERSE_LN_2 * x + 0.5_f64.copysign(x);
    let nearest = round_half_even(scaled);
    let cut = if nearest.abs() > scaled.abs() { nearest - 1.0_f64.copysign(x) } else { nearest };
    let high = x - cut * LN_2_HIGH;
    let low = cut * LN_2_LOW;
    let reduced = high - low;
    let square = reduced * reduced;
    let c = reduced - square * (P[0] + square * (P[1] + square * (P[2] + square * (P[3] + square * P[4]))));
    let value = 1.0 + (reduced * c / (2.0 - c) - low + high);
    // 2^cut by its exponent bits: the lowest bits of cut + MAGIC are the integer.
    let exponent = (cut + (MAGIC + 1023.0)).to_bits() << 52;
    value * f64::from_bits(exponent)
}

/// Whether [`exp_m1`] is [`super::exp_m1`] for this number: up to 0.34 in magnitude, and not tiny.
#[inline(always)]
pub fn exp_m1_covers(x: f64) -> bool {
    x.abs() <= 0.34 && x.abs() >= 1e-16
}

/// `e^x - 1` where [`exp_m1_covers`] says so.
#[inline(always)]
pub fn exp_m1(x: f64) -> f64 {
    const Q: [f64; 5] = [
        -3.333_333_333_333_313e-2,
        1.587_301_587_254_814_6e-3,
        -7.936_507_578_674_88e-5,
        4.008_217_827_329_362e-6,
        -2.010_992_181_836_243_7e-7,
    ];
    let half = 0.5 * x;
    let square = x * half;
    let r = 1.0 + square * (Q[0] + square * (Q[1] + square * (Q[2] + square * (Q[3] + square * Q[4]))));
    let t = 3.0 - r * half;
    let e = square * ((r - t) / (6.0 - x * t));
    x - (x * e - square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Walks through a range in steps that hit many exponents and fractions.
    fn walk(from: f64, to: f64, mut check: impl FnMut(f64)) {
        let step = (to - from) / 200_000.0;
        for i in 0..=200_000 {
            let x = from + step * f64::from(i);
            check(x);
            check(-x);
        }
    }

    #[test]
    fn same_bits_as_the_functions_of_one_number() {
        let mut covered = 0;
        for (from, to) in [(1.04, 1.05), (1.0, 20.0), (20.0, 700.0), (690.0, 700.0)] {
            walk(from, to, |x| {
                if exp_covers(x) {
                    covered += 1;
                    assert_eq!(exp(x).to_bits(), super::super::exp(x).to_bits(), "exp({x:e})");
                }
            });
        }
        for (from, to) in [(1e-16, 1e-15), (1e-9, 1e-6), (1e-3, 0.34), (0.33, 0.36)] {
            walk(from, to, |x| {
                if exp_m1_covers(x) {
                    covered += 1;
                    assert_eq!(exp_m1(x).to_bits(), super::super::exp_m1(x).to_bits(), "exp_m1({x:e})");
                }
            });
        }
        assert!(covered > 2_000_000);
    }

    proptest! {
        #[test]
        fn rounding_is_that_of_cents(x in -1e15..1e15_f64, half in -1_000_000i64..1_000_000) {
            prop_assert_eq!(round_half_even(x) as i64, crate::units::round_half_even(x));
            let tie = half as f64 + 0.5;
            prop_assert_eq!(round_half_even(tie) as i64, crate::units::round_half_even(tie));
        }
    }
}
