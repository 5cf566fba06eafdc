//! The law against sums over all outcomes, closed forms and itself.

use super::*;
use crate::numeric::beta::beta_cdf;
use crate::numeric::integral;
use crate::numeric::normal::{normal_cdf, normal_density, normal_quantile};
use std::f64::consts::PI;

/// What the law promises: probabilities and means, absolutely and relatively.
const PROMISED: f64 = 1e-12;

/// Independent, Gaussian and Student-t, weak and strong.
const DEPENDENCES: [Dependence; 7] = [
    Dependence::Independent,
    Dependence::Gaussian { correlation: 0.0 },
    Dependence::Gaussian { correlation: 0.15 },
    Dependence::Gaussian { correlation: 0.9 },
    Dependence::StudentT { correlation: 0.0, degrees: 4.0 },
    Dependence::StudentT { correlation: 0.2, degrees: 3.0 },
    Dependence::StudentT { correlation: 0.6, degrees: 12.5 },
];

/// Losses of 100 to 1,300 EUR in steps of 100, of various quality.
fn loans(count: usize) -> Vec<Loan> {
    (0..count)
        .map(|i| Loan {
            loss: Cents(10_000 * (1 + (i as i64 * 5) % 13)),
            default_probability: [0.01, 0.05, 0.2, 0.002, 0.6][i % 5],
        })
        .collect()
}

#[test]
fn probabilities_add_up_and_the_mean_is_that_of_the_loans() {
    let loans = loans(23);
    let mean: f64 = loans.iter().map(|loan| loan.loss.to_f64() * loan.default_probability).sum();
    for dependence in DEPENDENCES {
        let law = LossLaw::new(&loans, dependence).expect("in range");
        assert!((law.total() - 1.0).abs() < PROMISED, "{dependence:?}: {}", law.total());
        assert!((law.expected() / mean - 1.0).abs() < PROMISED, "{dependence:?}: {}", law.expected());
        assert!(law.quadrature_error() <= PROMISED, "{dependence:?}: {}", law.quadrature_error());
        assert_eq!(law.unit(), Cents(10_000));
    }
}

/// Probability of each loss by going through all `2^n` outcomes, given the default probabilities.
fn by_outcomes(loans: &[Loan], probabilities: &[f64], points: usize, weight: f64, law: &mut [f64]) {
    assert_eq!(law.len(), points);
    for outcome in 0..1u32 << loans.len() {
        let (mut loss, mut probability) = (0, weight);
        for (i, (loan, p)) in loans.iter().zip(probabilities).enumerate() {
            if outcome >> i & 1 == 1 {
                loss += loan.loss.0;
                probability *= p;
            } else {
                probability *= 1.0 - p;
            }
        }
        law[(loss / 10_000) as usize] += probability;
    }
}

#[test]
fn independent_losses_are_the_sum_over_all_outcomes() {
    for count in [1, 2, 5, 12] {
        let loans = loans(count);
        let law = LossLaw::new(&loans, Dependence::Independent).expect("in range");
        let probabilities: Vec<f64> = loans.iter().map(|loan| loan.default_probability).collect();
        let points = law.points().count();
        let mut expected = vec![0.0; points];
        by_outcomes(&loans, &probabilities, points, 1.0, &mut expected);
        for ((loss, actual), expected) in law.points().zip(expected) {
            assert!((actual - expected).abs() < 1e-15, "{count} loans, {loss}: {actual} is not {expected}");
        }
    }
}

#[test]
fn dependent_losses_are_the_sum_over_all_outcomes() {
    let loans = loans(7);
    let correlation: f64 = 0.3;
    let law = LossLaw::new(&loans, Dependence::Gaussian { correlation }).expect("in range");
    for (loss, actual) in law.points() {
        let expected = integral(-9.0, 9.0, 8, |factor| {
            let probabilities: Vec<f64> = loans
                .iter()
                .map(|loan| {
                    let threshold = normal_quantile(loan.default_probability);
                    normal_cdf((threshold - correlation.sqrt() * factor) / (1.0 - correlation).sqrt())
                })
                .collect();
            let points = law.points().count();
            let mut conditional = vec![0.0; points];
            by_outcomes(&loans, &probabilities, points, normal_density(factor), &mut conditional);
            conditional[(loss.0 / 10_000) as usize]
        });
        assert!((actual - expected).abs() < PROMISED, "{loss}: {actual} is not {expected}");
        if loss.0 >= 120_000 {
            break; // Each point costs a whole sum; the first dozen say enough.
        }
    }
}

#[test]
fn two_even_chances_follow_sheppard() {
    // P(X < 0, Y < 0) = 1/4 + arcsin(rho) / (2 pi) for every elliptical law (Sheppard 1899), so also for Student-t.
    let loans = [Loan { loss: Cents(1), default_probability: 0.5 }; 2];
    for correlation in [0.0, 0.1, 0.5, 0.95, 0.999] {
        let both = 0.25 + libm::asin(correlation) / (2.0 * PI);
        for dependence in [
            Dependence::Gaussian { correlation },
            Dependence::StudentT { correlation, degrees: 2.5 },
            Dependence::StudentT { correlation, degrees: 30.0 },
        ] {
            let law = LossLaw::new(&loans, dependence).expect("in range");
            let actual = law.probability(Cents(2));
            assert!((actual - both).abs() < PROMISED, "{dependence:?}: {actual} is not {both}");
        }
    }
}

#[test]
fn equal_independent_loans_are_binomial() {
    let (count, pd) = (40u32, 0.07);
    let loans = vec![Loan { loss: Cents(300), default_probability: pd }; count as usize];
    for dependence in [Dependence::Independent, Dependence::Gaussian { correlation: 0.0 }] {
        let law = LossLaw::new(&loans, dependence).expect("in range");
        for defaults in 0..count {
            let binomial = 1.0 - beta_cdf(f64::from(defaults + 1), f64::from(count - defaults), pd);
            let actual = law.cdf(Cents(300 * i64::from(defaults)));
            assert!((actual - binomial).abs() < PROMISED, "{defaults}: {actual} is not {binomial}");
        }
    }
}

#[test]
fn a_single_loan_has_two_outcomes_whatever_the_copula() {
    for dependence in DEPENDENCES {
        for pd in [0.0, 1e-4, 0.03, 0.7, 1.0] {
            let law = LossLaw::new(&[Loan { loss: Cents(7), default_probability: pd }], dependence)
                .expect("in range");
            let actual = law.probability(Cents(7));
            assert!((actual - pd).abs() <= PROMISED * pd, "{dependence:?}: {actual} is not {pd}");
            assert!((law.cdf(Cents(6)) - (1.0 - pd)).abs() < PROMISED);
            assert!((law.cdf(Cents(7)) - 1.0).abs() < PROMISED);
        }
    }
}

#[test]
fn quantiles_and_shortfalls_of_a_law_done_by_hand() {
    // Losses 100 and 200 with 10 % each, independent: 0: 81 %, 100: 9 %, 200: 9 %, 300: 1 %.
    let loans = [100, 200].map(|loss| Loan { loss: Cents(loss), default_probability: 0.1 });
    let law = LossLaw::new(&loans, Dependence::Independent).expect("in range");
    let close = |actual: f64, expected: f64| assert!((actual - expected).abs() < 1e-9, "{actual} {expected}");
    close(law.expected(), 30.0);
    close(law.standard_deviation(), (0.09f64 * (10_000.0 + 40_000.0)).sqrt());
    assert_eq!(law.value_at_risk(0.5), Cents(0));
    assert_eq!(law.value_at_risk(0.85), Cents(100));
    assert_eq!(law.value_at_risk(0.95), Cents(200));
    assert_eq!(law.value_at_risk(0.999), Cents(300));
    // Worst 5 %: 1 % at 300 and 4 % at 200.
    close(law.expected_shortfall(0.95), 220.0);
    close(law.expected_shortfall(0.995), 300.0);
    assert_eq!(law.probability(Cents(150)), 0.0);
    assert_eq!(law.cdf(Cents(-1)), 0.0);
    close(law.cdf(Cents(150)), 0.9);
    assert_eq!(law.cdf(Cents(1_000_000)), 1.0);
}

#[test]
fn no_loans_and_no_losses_are_a_certain_zero() {
    let nothing = [Loan { loss: Cents(0), default_probability: 0.4 }];
    for loans in [&nothing[..], &[]] {
        let law = LossLaw::new(loans, Dependence::Gaussian { correlation: 0.2 }).expect("in range");
        assert!((law.probability(Cents(0)) - 1.0).abs() < PROMISED);
        assert_eq!(law.probability(Cents(1)), 0.0);
        assert!((law.cdf(Cents(5)) - 1.0).abs() < PROMISED);
        assert_eq!(law.value_at_risk(0.99), Cents(0));
        assert_eq!(law.expected_shortfall(0.99), 0.0);
    }
}

#[test]
fn arguments_out_of_range_are_refused() {
    let loan = |loss: i64, pd: f64| Loan { loss: Cents(loss), default_probability: pd };
    let one = [loan(1, 0.1)];
    let gaussian = |correlation| Dependence::Gaussian { correlation };
    assert_eq!(
        LossLaw::new(&[loan(-1, 0.1)], Dependence::Independent),
        Err(LossLawError::NegativeLoss(Cents(-1)))
    );
    assert_eq!(LossLaw::new(&[loan(1, 1.5)], Dependence::Independent), Err(LossLawError::Probability(1.5)));
    assert_eq!(LossLaw::new(&one, gaussian(1.0)), Err(LossLawError::Correlation(1.0)));
    assert!(LossLaw::new(&one, gaussian(f64::NAN)).is_err());
    assert_eq!(
        LossLaw::new(&one, Dependence::StudentT { correlation: 0.1, degrees: 0.0 }),
        Err(LossLawError::Degrees(0.0))
    );
    assert_eq!(
        LossLaw::new(&[loan(1, 0.1), loan(1 << 30, 0.1)], Dependence::Independent),
        Err(LossLawError::Lattice { unit: Cents(1), largest: Cents((1 << 30) + 1) })
    );
}

#[test]
fn a_recovery_is_rounded_as_in_the_engine() {
    let loan = Loan::new(Cents(1_001), 0.45, 0.1);
    assert_eq!(loan.loss, Cents(1_001 - 551)); // 550.55
}
