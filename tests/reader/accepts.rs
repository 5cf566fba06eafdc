//! What is admitted, and what it means.

use crate::sample::{EVERY_KEY, SMALL, read, sound};
use fesr::scenario::{Change, Law, LegalForm, LimitStatistic, PdMultiplier, Pipeline, Size, Theme};
use fesr::units::Cents;

#[test]
fn every_key_of_the_format_is_read() {
    let reading = sound(read(EVERY_KEY));
    let scenario = &reading.scenario;
    assert_eq!(reading.warnings, []);
    assert_eq!(scenario.identity.name, "wecare-mixed");
    assert_eq!(scenario.fund.endowment, Cents(500_000_000));
    assert_eq!((scenario.fund.horizon_quarters, scenario.fund.availability_quarters), (64, 20));
    let line2 = scenario.line2.as_ref().unwrap();
    assert_eq!(line2.budget.loans, Cents(50_000_000));
    assert_eq!(line2.budget.grants, Cents(50_000_000));
    assert_eq!(line2.max_investment, Cents(10_000_000));
    assert_eq!(line2.loan.bank_rate.decimal().to_string(), "0.035");
    let Pipeline::Statistical(pipeline) = &line2.pipeline else { panic!("a list") };
    assert_eq!(pipeline.investment_median, Cents(6_000_050));
    assert_eq!(pipeline.applications_per_year.len(), 2);
    assert!(matches!(scenario.limits[1].statistic, LimitStatistic::ExpectedShortfall(_)));
    assert!(
        matches!(&scenario.economy.pd_multiplier, PdMultiplier::ByCalendarYear(years) if years.len() == 2)
    );
    assert_eq!(scenario.sources.len(), 2);
    assert_eq!(scenario.sources[1].0, "line1.product.co-loan.demand");
    let decimal = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap();
    let rows: Vec<(&str, Change, Law)> =
        scenario.uncertainties.iter().map(|row| (row.key.as_str(), row.change, row.law)).collect();
    let (ten, third) = (decimal("0.1"), decimal("0.03"));
    assert_eq!(
        rows,
        [
            (
                "credit.rating.*.pd",
                Change::Scale,
                Law::Lognormal { median: decimal("1"), sigma: decimal("0.46") }
            ),
            (
                "credit.systemic_correlation",
                Change::Set,
                Law::Range { low: third, base: ten, high: decimal("0.15") }
            ),
            ("line1.loss.lgd_mean", Change::Set, Law::Uniform { low: decimal("0.3"), high: decimal("0.6") }),
            (
                "line1.withdrawal_rate",
                Change::Set,
                Law::Triangular { low: decimal("0"), mode: decimal("0.05"), high: decimal("0.15") }
            ),
            // A shift needs no base: it is nothing.
            ("line2.loss.lgd_mean", Change::Shift, Law::Range { low: -ten, base: decimal("0"), high: ten }),
        ]
    );
}

#[test]
fn defaults_are_those_of_the_format() {
    let reading = sound(read(SMALL));
    let scenario = &reading.scenario;
    assert_eq!(scenario.identity.name, "main");
    assert_eq!(scenario.identity.title, "main");
    assert_eq!((scenario.simulation.paths, scenario.simulation.seed), (100_000, 20_181_122));
    assert_eq!(scenario.fund.tranches.len(), 1);
    let line = scenario.line2.as_ref().unwrap();
    assert_eq!((line.min_investment, line.max_investment), (Cents(0), Cents(10_000_000)));
    assert_eq!(line.legal_forms, [LegalForm::Nonprofit, LegalForm::Forprofit]);
    assert_eq!(line.sizes, [Size::Micro, Size::Small]);
    assert_eq!(line.max_wait_quarters, 4);
    assert_eq!(line.fallback.to_f64(), 1.0);
    assert!(line.guarantee.is_none());
    let Pipeline::Statistical(pipeline) = &line.pipeline else { panic!("a list") };
    assert_eq!(pipeline.themes.len(), Theme::ALL.len());
    assert_eq!(pipeline.ratings.len(), 1);
    assert_eq!(line.loss.recovery.len(), 1);
    assert_eq!(scenario.credit.nu.to_f64(), 5.0);
}
