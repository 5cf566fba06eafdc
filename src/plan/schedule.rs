//! Loan schedules as outstanding fractions: MODEL.md section 4.

use crate::numeric;
use crate::scenario::Amortisation;

/// Outstanding fraction after each payment `k = 0 ..= tenor`.
///
/// Formula, with `m = tenor - grace` payments of principal and periodic rate `i`: 1 during the grace period, then
/// - italian (equal principal): `f(g+j) = 1 - j/m`;
/// - french (equal instalments): `f(g+j) = ((1+i)^m - (1+i)^j) / ((1+i)^m - 1)`, for `i = 0` as italian;
/// - bullet: 1 until the last payment.
///
/// `f(tenor)` is exactly 0 for every form.
pub fn outstanding_fractions(
    amortisation: Amortisation,
    tenor: u32,
    grace: u32,
    periodic_rate: f64,
) -> Vec<f64> {
    let payments = (tenor - grace) as f64;
    (0..=tenor)
        .map(|k| {
            if k == tenor {
                return 0.0;
            }
            if k <= grace {
                return 1.0;
            }
            let paid = (k - grace) as f64;
            match amortisation {
                Amortisation::Bullet => 1.0,
                Amortisation::French if periodic_rate != 0.0 => {
                    // (1+i)^j - 1 without cancellation: a tiny rate is nearly italian, not 0/0.
                    let growth = |payments: f64| numeric::exp_m1(payments * numeric::ln_1p(periodic_rate));
                    1.0 - growth(paid) / growth(payments)
                }
                Amortisation::French | Amortisation::Italian => 1.0 - paid / payments,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_ends_at_exactly_zero_and_never_rises() {
        for &form in Amortisation::ALL {
            for (tenor, grace) in [(1, 0), (8, 0), (24, 4), (160, 159)] {
                for rate in [0.0, 1e-18, 0.0001, 0.01, 0.25] {
                    let fractions = outstanding_fractions(form, tenor, grace, rate);
                    assert_eq!(fractions.len() as u32, tenor + 1);
                    assert_eq!(fractions[tenor as usize], 0.0);
                    assert!(fractions[..=grace as usize].iter().all(|&f| f == 1.0));
                    assert!(
                        fractions.windows(2).all(|pair| pair[1] <= pair[0]),
                        "{form:?} {tenor} {grace} {rate}"
                    );
                }
            }
        }
    }

    #[test]
    fn french_instalments_are_equal() {
        let rate = 0.01;
        let fractions = outstanding_fractions(Amortisation::French, 20, 4, rate);
        let instalment = |k: usize| fractions[k - 1] - fractions[k] + fractions[k - 1] * rate;
        for k in 6..=20 {
            assert!((instalment(k) - instalment(5)).abs() < 1e-14, "payment {k}");
        }
    }
}
