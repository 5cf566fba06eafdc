//! Published and derived leverages, computed by the program from the terms of each instrument.

use crate::common::{all, constant, scenario_text, summarise};
use fesr::aggregate::figures::RATIO_ONE;
use fesr::aggregate::summary::Summary;
use fesr::metrics::MetricId;

const HEADER: &str = "id,line,quarter,investment,theme,legal_form,size,rating,product\n";

/// A fund of line 1 with one product and `count` equal projects, none of which defaults.
fn fund(
    budget: &str,
    endowment: &str,
    product: &str,
    cap_rate: Option<f64>,
    count: usize,
    investment: &str,
) -> Summary {
    let guarantee = match cap_rate {
        Some(rate) => format!("[line1.guarantee]\nkind = \"capped\"\ncap_rate = {rate:.14}\n"),
        None => String::new(),
    };
    let toml = format!(
        r#"
[fund]
endowment = {endowment}
start = "2014-Q1"
horizon_years = 1.25
availability_years = 0.25
period = "2014-2020"
[line1]
min_investment = 0
max_investment = 100_000_000
[line1.budget]
{budget}
[[line1.product]]
name = "p"
{product}
[line1.loan]
tenor_quarters = 40
amortisation = "italian"
bank_rate = 0
{guarantee}
[line1.loss]
lgd_mean = 0.5
[pipeline]
borrowers = "borrowers.csv"
[credit]
systemic_correlation = 0
theme_correlation = 0
[[credit.rating]]
name = "r"
pd = 0
"#
    );
    let rows: String =
        (0..count).map(|i| format!("b{i},1,0,{investment},other,nonprofit,small,r,p\n")).collect();
    summarise(&scenario_text(&toml, Some(&format!("{HEADER}{rows}"))), 1)
}

/// A capped guarantee on `count` bank loans of `loan` EUR each.
fn guarantee_fund(endowment: u64, rate: f64, cap_rate: f64, count: usize, loan: u64) -> Summary {
    fund(
        &format!("loans = 0\nguarantees = {endowment}"),
        &endowment.to_string(),
        &format!("bank_loan = 1\nguarantee_rate = {rate}"),
        Some(cap_rate),
        count,
        &loan.to_string(),
    )
}

fn ratio(summary: &Summary, metric: MetricId) -> f64 {
    constant(all(summary, metric)) as f64 / RATIO_ONE as f64
}

/// A number as a table prints it: rounded half-up to `decimals`.
fn printed(value: f64, decimals: usize) -> String {
    // The half of 6.25 or 31.25 is exact in binary, but may have come about with an error in the last digit.
    format!("{:.decimals$}", value + 1e-9)
}

#[test]
fn cascade_of_the_european_guarantee_facility() {
    // CIP SME guarantee facility, end 2014 (DOMAIN.md W1): budget 595.2 M, guaranteed exposure 8,799.8 M, loans
    // 19,317.9 M, investment 28,287 M; printed x15, x32, x47. At a hundredth of the size, an amount being at most 1,000 M:
    // 100 projects of 2,828,700 EUR with a bank loan of 1,931,790 of which 879,980 are guaranteed, reserve 59,520.
    let own_funds = 896_910.0 / 2_828_700.0;
    let guarantee_rate = 879_980.0 / 1_931_790.0;
    let product = format!(
        "own_funds = {own_funds:.14}\nbank_loan = {:.14}\nguarantee_rate = {guarantee_rate:.14}",
        1.0 - own_funds
    );
    let summary = fund(
        "loans = 0\nguarantees = 5_952_000",
        "5_952_000",
        &product,
        Some(59_520.0 / 879_980.0),
        100,
        "2828700",
    );
    let cents = |metric| constant(all(&summary, metric));
    assert_eq!(cents(MetricId::Projects), 100);
    assert_eq!(cents(MetricId::Guarantees), 8_799_800_000);
    assert_eq!(cents(MetricId::GuaranteedLoans), 19_317_900_000);
    assert_eq!(cents(MetricId::InvestmentSupported), 28_287_000_000);
    assert_eq!(cents(MetricId::Reserves), 595_200_000, "the whole budget is set aside");
    let exposure = cents(MetricId::Guarantees) as f64 / 595_200_000.0;
    let cascade = [
        (exposure, 15.0, "14.8"),
        (ratio(&summary, MetricId::LeverageEffect), 32.0, "32.5"),
        (ratio(&summary, MetricId::InvestmentMultiplier), 47.0, "47.5"),
    ];
    for (computed, published, digits) in cascade {
        assert_eq!(printed(computed, 1), digits);
        // The source rounds 14.8 up and 47.5 down: its figures are whole numbers next to the ratio.
        assert!((computed - published).abs() < 1.0, "x{published}: {computed}");
    }
    assert_eq!(printed(ratio(&summary, MetricId::GuaranteeMultiplier), 1), "32.5");
}

#[test]
fn capped_guarantees_are_sized_by_guarantee_and_cap_rate() {
    // DOMAIN.md 3.3: 5 M EUR set aside; loans of 10,000 EUR until nothing is left.
    for (rate, cap, multiplier, supported_millions) in [
        (0.8, 0.25, "5.00", "25.0"),
        (0.8, 0.2, "6.25", "31.3"),
        (0.8, 0.15, "8.33", "41.7"),
        (0.7, 0.2, "7.14", "35.7"),
        (0.5, 0.2, "10.00", "50.0"),
    ] {
        let summary = guarantee_fund(5_000_000, rate, cap, 5_200, 10_000);
        let computed = ratio(&summary, MetricId::GuaranteeMultiplier);
        assert!((computed - 1.0 / (rate * cap)).abs() < 1e-9, "{rate} {cap}: {computed}");
        assert_eq!(printed(computed, 2), multiplier);
        let supported = constant(all(&summary, MetricId::GuaranteedLoans)) as f64 / 1e8;
        assert_eq!(printed(supported, 1), supported_millions, "{rate} {cap}");
        // Not one more would have fitted.
        let left = 500_000_000 - constant(all(&summary, MetricId::Reserves));
        assert!((0..(rate * cap * 1e6).round() as i64).contains(&left), "{rate} {cap}: {left} cents left");
    }
}

#[test]
fn multipliers_of_published_windows() {
    // Kosovo / COSME window (DOMAIN.md W6): 50 % of principal, loss cap 12 %. Off-the-shelf ceiling (DOMAIN.md 0.5).
    for (rate, cap, multiplier) in [(0.5, 0.12, "16.7"), (0.8, 0.25, "5.0")] {
        let summary = guarantee_fund(1_000_000, rate, cap, 40, 100_000);
        assert_eq!(printed(ratio(&summary, MetricId::GuaranteeMultiplier), 1), multiplier);
    }
}

#[test]
fn expected_and_achieved_leverage_of_italian_instruments() {
    // DOMAIN.md W4. Loans: the fund lends 100,000 EUR of a project of `leverage` times as much. Guarantees: 80 % of
    // each loan with the cap rate 1 / (80 % x leverage).
    let loans = |leverage: f64| {
        let shares = if leverage == 1.0 {
            "fund_loan = 1".to_string()
        } else {
            format!("fund_loan = {:.14}\nbank_loan = {:.14}", 1.0 / leverage, 1.0 - 1.0 / leverage)
        };
        let summary = fund(
            "loans = 100_000\nguarantees = 0",
            "100_000",
            &shares,
            None,
            1,
            &format!("{}", (leverage * 100_000.0).round()),
        );
        ratio(&summary, MetricId::LeverageEffect)
    };
    let guarantees = |leverage: f64| {
        let loan = (leverage * 100_000.0).round() as u64;
        let summary = guarantee_fund(100_000, 0.8, 1.0 / (0.8 * leverage), 1, loan);
        ratio(&summary, MetricId::LeverageEffect)
    };
    type Instrument<'a> = (&'a dyn Fn(f64) -> f64, f64, f64, &'a str);
    let instruments: [Instrument; 6] = [
        (&loans, 1.54, 1.54, "0.00"),
        (&loans, 1.00, 1.51, "0.51"),
        (&loans, 1.40, 2.43, "1.03"),
        (&guarantees, 13.03, 21.87, "8.84"),
        (&guarantees, 10.00, 13.32, "3.32"),
        (&guarantees, 212.50, 179.03, "-33.47"),
    ];
    for (instrument, expected, achieved, gap) in instruments {
        let (as_planned, as_done) = (instrument(expected), instrument(achieved));
        assert!((as_planned - expected).abs() < 1e-6 && (as_done - achieved).abs() < 1e-6);
        assert_eq!(printed(as_done - as_planned, 2), gap);
    }
}
