//! Closed forms: the exact expectation, and under static dependence the exact variance, of every cash stream of lists
//! of borrowers that are surely approved, against the simulation; and to the cent where nothing varies.
//!
//! About 700 comparisons at [`MOST_STANDARD_ERRORS`] = 4: with fresh seeds one correct comparison in 16,000 fails, so a
//! correct program would fail this file in 4 % of seeds. The seeds are fixed.

mod common;

use common::{MOST_STANDARD_ERRORS, scenario_text};
use fesr::analytic::expectations::{LineExpectation, line_expectation};
use fesr::analytic::fee_law::fee_expectation;
use fesr::analytic::stream::Stream;
use fesr::analytic::stream_variance::stream_variance;
use fesr::analytic::sure_list::sure_line;
use fesr::engine::PathSimulator;
use fesr::plan::Plan;
use rayon::prelude::*;

/// What differs between the funds of this file; everything else is in [`Fund::plan`].
#[derive(Clone, Copy)]
struct Fund {
    fund: &'static str,
    fees: &'static str,
    /// Keys of both lines.
    line: &'static str,
    amortisation: &'static str,
    guarantee: &'static str,
    loss: &'static str,
    credit: &'static str,
    rest: &'static str,
    pds: [&'static str; 2],
    rows: &'static [&'static str],
}

/// Two lines, four products, named and drawn; 14 borrowers of uneven amounts.
const ROWS: &[&str] = &[
    "a,2,0,61234.57,other,nonprofit,micro,good,loan,0",
    "b,2,0,9999.99,health_wellbeing,nonprofit,small,bad,guaranteed,1",
    "c,2,1,87000,poverty_exclusion,forprofit,micro,bad,grant,0",
    "d,2,2,33333.33,other,forprofit,small,good,,1",
    "e,2,3,50000,health_wellbeing,nonprofit,micro,bad,,0",
    "f,2,3,45678.90,health_wellbeing,nonprofit,micro,good,mixed,0",
    "g,2,5,12500,demographic_change,nonprofit,small,bad,guaranteed,0",
    "h,2,5,99000,demographic_change,nonprofit,micro,good,grant,1",
    "i,2,7,77777.77,other,nonprofit,micro,bad,mixed,1",
    "j,1,0,1234567.89,health_wellbeing,nonprofit,medium,good,co-loan,0",
    "k,1,2,1500000,health_wellbeing,nonprofit,medium,bad,guaranteed,1",
    "l,1,4,1100000.01,poverty_exclusion,nonprofit,small,bad,,0",
    "m,1,6,2000000,demographic_change,nonprofit,medium,good,guaranteed,0",
    "n,1,7,900000,demographic_change,nonprofit,medium,good,co-loan,0",
];

const PLAIN: Fund = Fund {
    fund: "",
    fees: "",
    line: "",
    amortisation: "italian",
    guarantee: "kind = \"uncapped\"\nprovision_rate = \"12.5%\"\npremium_rate = \"0.75%\"",
    loss: "lgd_mean = \"45%\"\nrecovery = [ { after_quarters = 2, share = \"55%\" }, { after_quarters = 7, share = \"45%\" } ]",
    credit: "systemic_correlation = 0.12\ntheme_correlation = 0.08",
    rest: "",
    pds: ["\"2%\"", "[0.06, 0.04, 0.09]"],
    rows: ROWS,
};

impl Fund {
    fn plan(&self) -> Plan {
        let Fund { fund, fees, line, amortisation, guarantee, loss, credit, rest, pds: [good, bad], rows } =
            self;
        let toml = format!(
            r#"
[fund]
endowment = 30_000_000
start = "2018-Q4"
horizon_years = 7
availability_years = 2
period = "2014-2020"
{fund}
[fund.fees]
budget = 1_000_000
{fees}
[line1]
max_investment = 4_000_000
{line}
[line1.budget]
loans = 10_000_000
guarantees = 10_000_000
grants = 0
[[line1.product]]
name = "co-loan"
demand = 2
own_funds = 0.2
fund_loan = 0.5
bank_loan = 0.3
[[line1.product]]
name = "guaranteed"
own_funds = 0.15
bank_loan = 0.85
guarantee_rate = 0.8
[line1.loan]
tenor_quarters = 20
grace_quarters = 3
amortisation = "{amortisation}"
fund_rate = "1.3%"
bank_rate = "4.1%"
[line1.guarantee]
{guarantee}
[line1.loss]
{loss}
[line2]
{line}
[line2.budget]
loans = 3_000_000
guarantees = 3_000_000
grants = 3_000_000
[[line2.product]]
name = "loan"
own_funds = 0.2
fund_loan = 0.5
bank_loan = 0.3
[[line2.product]]
name = "guaranteed"
demand = 3
bank_loan = 1
guarantee_rate = 0.7
[[line2.product]]
name = "grant"
own_funds = 0.65
grant = 0.35
[[line2.product]]
name = "mixed"
fund_loan = 0.3
bank_loan = 0.5
grant = 0.2
guarantee_rate = 0.6
[line2.loan]
tenor_quarters = 24
grace_quarters = 0
amortisation = "{amortisation}"
fund_rate = "2.1%"
bank_rate = "5%"
[line2.guarantee]
{guarantee}
[line2.loss]
{loss}
[pipeline]
borrowers = "borrowers.csv"
[credit]
{credit}
[[credit.rating]]
name = "good"
pd = {good}
[[credit.rating]]
name = "bad"
pd = {bad}
{rest}
"#
        );
        let header = "id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied";
        let borrowers = format!("{header}\n{}\n", rows.join("\n"));
        Plan::resolve(&scenario_text(&toml, Some(&borrowers)))
    }
}

/// Sums of powers of the deviations of a stream from its exact mean.
#[derive(Clone, Copy, Default)]
struct Deviations([f64; 4]);

impl Deviations {
    fn add(&mut self, deviation: f64) {
        let mut power = 1.0;
        for sum in &mut self.0 {
            power *= deviation;
            *sum += power;
        }
    }
}

/// For each line, then stream, the deviations over `paths` paths; last the fees.
fn simulate(plan: &Plan, lines: &[LineExpectation], fees: f64, paths: u64) -> Vec<Vec<Deviations>> {
    const BLOCK: u64 = 500;
    let empty = || {
        let mut sums = vec![vec![Deviations::default(); Stream::COUNT]; lines.len()];
        sums.push(vec![Deviations::default()]);
        sums
    };
    let blocks: Vec<Vec<Vec<Deviations>>> = (0..paths / BLOCK)
        .into_par_iter()
        .map(|block| {
            let mut sums = empty();
            let mut simulator = PathSimulator::new(plan);
            for path in block * BLOCK..(block + 1) * BLOCK {
                simulator.run(path).expect("the books balance");
                let totals = simulator.totals();
                for ((sums, line), totals) in sums.iter_mut().zip(lines).zip(&totals.lines) {
                    for &stream in &line.streams {
                        if let Some(value) = stream.observe(totals) {
                            sums[stream as usize].add(value as f64 - line.mean[stream]);
                        }
                    }
                }
                sums[lines.len()][0].add(totals.fund.fees_paid.to_f64() - fees);
            }
            sums
        })
        .collect();
    // In order of the blocks: the same sums on any number of threads.
    let mut total = empty();
    for block in &blocks {
        for (total, sums) in total.iter_mut().flatten().zip(block.iter().flatten()) {
            for (total, sum) in total.0.iter_mut().zip(sums.0) {
                *total += sum;
            }
        }
    }
    total
}

/// Compares means with exact expectations, and sample variances with exact ones where these are known. Returns how many
/// figures were compared.
fn compare(name: &str, plan: &Plan, paths: u64) -> usize {
    let lines: Vec<LineExpectation> = (0..plan.lines.len())
        .map(|slot| line_expectation(plan, slot).unwrap_or_else(|| panic!("{name}: line {slot} is not sure")))
        .collect();
    let fees = fee_expectation(plan, &lines).unwrap_or_else(|| panic!("{name}: fees are not exact"));
    let sums = simulate(plan, &lines, fees.mean, paths);
    let count = paths as f64;
    let mut compared = 0;
    let mut check = |what: String, sums: &Deviations, mean: f64, rounding: f64, variance: Option<f64>| {
        let [first, second, third, fourth] = sums.0.map(|sum| sum / count);
        let sample = (second - first * first).max(0.0);
        let difference = (first.abs() - rounding).max(0.0);
        let used = variance.unwrap_or(sample);
        // Roundings of doubles; where nothing varies nothing else is allowed.
        let noise = 1e-9 * mean.abs().max(1.0);
        let within = MOST_STANDARD_ERRORS * (used / count).sqrt() + noise;
        assert!(
            difference <= within,
            "{name}, {what}: {} is not {mean} ({} standard errors)",
            mean + first,
            difference / (used / count).sqrt()
        );
        if let Some(variance) = variance {
            let centred = fourth - 4.0 * first * third + 6.0 * first * first * second
                - 3.0 * first * first * first * first;
            let error = ((centred - sample * sample).max(0.0) / count).sqrt();
            assert!(
                (sample - variance).abs() <= MOST_STANDARD_ERRORS * error + 2e-3 * variance + noise * noise,
                "{name}, {what}: variance {sample} is not {variance} (standard error {error})"
            );
        }
        compared += 1;
    };
    for (slot, line) in lines.iter().enumerate() {
        let variance = stream_variance(plan, slot, line);
        for &stream in &line.streams {
            // What fees are taken on is seen through the fees.
            if matches!(stream, Stream::LoanQuarters | Stream::ReserveQuarters | Stream::GrantsCharged) {
                continue;
            }
            check(
                format!("line {}, {stream:?}", plan.lines[slot].number.word()),
                &sums[slot][stream as usize],
                line.mean[stream],
                line.rounding[stream],
                variance
                    .filter(|_| line.independent_losses || !stream.needs_severity())
                    .map(|variance| variance[stream]),
            );
        }
    }
    check("fees".to_string(), &sums[lines.len()][0], fees.mean, fees.rounding, None);
    compared
}

#[test]
fn streams_have_their_exact_expectations_and_variances() {
    let funds = [
        ("plain", PLAIN),
        (
            "lags, withdrawals, grants clawed back, cures",
            Fund {
                line: "disbursement_lag_quarters = 2\nwithdrawal_rate = \"15%\"\ngrant_lag_quarters = 3\n\
                       grant_clawback_years = 1.75\ngrant_clawback_recovery = \"60%\"",
                amortisation: "french",
                guarantee: "kind = \"uncapped\"\nprovision_rate = \"10%\"\ncall_lag_quarters = 2",
                loss: "lgd_mean = \"40%\"\nlgd_sd = \"25%\"\ncure_rate = \"20%\"\n\
                       recovery = [ { after_quarters = 1, share = \"30%\" }, { after_quarters = 5, share = \"70%\" } ]",
                ..PLAIN
            },
        ),
        (
            "bullet loans, unknown PD level, recession, cap of the whole",
            Fund {
                line: "pd_log_sd = 0.8",
                amortisation: "bullet",
                guarantee: "kind = \"capped\"\ncap_rate = 1\nbacking = \"fund\"",
                loss: "lgd_mean = \"55%\"\nlgd_sd = \"20%\"\n\
                       recovery = [ { after_quarters = 3, share = \"50%\" }, { after_quarters = 12, share = \"50%\" } ]",
                rest: "[macro]\npd_multiplier = [1, 2.5, 1.5, 0.8]",
                ..PLAIN
            },
        ),
        (
            "student t, revolving, fees on everything",
            Fund {
                fund: "revolving = true",
                fees: "base = [0.01, 0.005, 0]\nloans = \"0.6%\"\nguarantees = \"1.1%\"\ngrants = \"2%\"",
                line: "pd_log_sd = 0.3\ngrant_lag_quarters = 1",
                credit: "copula = \"student_t\"\nnu = 4\nsystemic_correlation = 0.2\ntheme_correlation = 0.1\n\
                         size_multiplier = { micro = 1.5, small = 1, medium = 0.7 }\n\
                         legal_form_multiplier = { nonprofit = 0.8, forprofit = 1.3 }\naccompanied_multiplier = 0.6",
                ..PLAIN
            },
        ),
        (
            "losses that move with the economy",
            Fund {
                line: "pd_log_sd = 0.5",
                guarantee: "kind = \"uncapped\"\nprovision_rate = \"10%\"",
                loss: "lgd_mean = \"35%\"\nlgd_sd = \"30%\"\ncure_rate = \"10%\"",
                credit: "systemic_correlation = 0.25\ntheme_correlation = 0.1\nlgd_loading = 0.6",
                ..PLAIN
            },
        ),
        (
            "independent defaults, base fees",
            Fund {
                fees: "base = [0.012, 0.007, 0]",
                credit: "systemic_correlation = 0\ntheme_correlation = 0",
                ..PLAIN
            },
        ),
        (
            "autoregressive economy with shifts",
            Fund {
                credit: "dependence = \"ar1\"\npersistence = 0.8\nsystemic_correlation = 0.2\n\
                         theme_correlation = 0.1",
                rest: "[macro]\npd_multiplier = [1, 1.4]\nfactor_shift = [0, -1, -0.5, 0]",
                ..PLAIN
            },
        ),
    ];
    let mut compared = 0;
    for (name, fund) in funds {
        compared += compare(name, &fund.plan(), 20_000);
    }
    assert!(compared > 400, "only {compared} comparisons");
}

#[test]
fn what_cannot_vary_is_exact_to_the_cent() {
    let fees = "base = [0.01, 0.005, 0]";
    let certain = "legal_form_multiplier = { nonprofit = 1_000, forprofit = 1_000 }";
    let named: &[&str] = &[
        "a,2,0,61234.57,other,nonprofit,micro,good,loan,0",
        "b,2,1,9999.99,health_wellbeing,nonprofit,small,bad,guaranteed,1",
        "c,2,2,87000,poverty_exclusion,forprofit,micro,bad,grant,0",
        "f,2,3,45678.90,health_wellbeing,nonprofit,micro,good,mixed,0",
        "j,1,0,1234567.89,health_wellbeing,nonprofit,medium,good,co-loan,0",
        "m,1,6,2000000,demographic_change,nonprofit,medium,good,guaranteed,0",
    ];
    let fixed = Fund { fees, rows: named, pds: ["0", "0"], ..PLAIN };
    let lags = "disbursement_lag_quarters = 1\ngrant_clawback_years = 3\ngrant_clawback_recovery = 0.37";
    for (name, fund) in [
        ("nobody defaults", fixed),
        ("nobody defaults, bullet", Fund { amortisation: "bullet", ..fixed }),
        ("nobody defaults, french, lag", Fund { amortisation: "french", line: lags, ..fixed }),
        (
            "everybody defaults at once",
            Fund { pds: ["0.999999999999", "0.999999999999"], credit: certain, line: lags, ..fixed },
        ),
        (
            "everybody defaults and cures",
            Fund {
                pds: ["0.999999999999", "0.999999999999"],
                credit: certain,
                loss: "lgd_mean = 0.3\ncure_rate = 1",
                ..fixed
            },
        ),
        ("everybody withdraws", Fund { line: "withdrawal_rate = 1", ..fixed }),
    ] {
        let plan = fund.plan();
        let lines: Vec<LineExpectation> =
            (0..2).map(|slot| line_expectation(&plan, slot).expect("surely approved")).collect();
        let fees = fee_expectation(&plan, &lines).unwrap_or_else(|| panic!("{name}: fees are exact"));
        let mut simulator = PathSimulator::new(&plan);
        for path in 0..20 {
            simulator.run(path).expect("the books balance");
            for (line, totals) in lines.iter().zip(&simulator.totals().lines) {
                for &stream in &line.streams {
                    if let Some(value) = stream.observe(totals) {
                        assert_eq!(line.mean[stream], value as f64, "{name}, path {path}, {stream:?}");
                        assert_eq!(line.rounding[stream], 0.0, "{name}, {stream:?}");
                    }
                }
            }
            assert_eq!(fees.mean, simulator.totals().fund.fees_paid.to_f64(), "{name}, path {path}, fees");
        }
    }
}

/// Somebody on the other line who never defaults.
const OTHER_OF_LINE_1: &str = "z,1,0,1000000,other,nonprofit,medium,good,co-loan,0";
const OTHER_OF_LINE_2: &str = "z,2,0,10000,other,nonprofit,micro,good,loan,0";

/// One borrower: its age at default decides every cent of the path.
#[test]
fn every_fate_of_a_single_borrower_is_exact_to_the_cent() {
    let line = "grant_lag_quarters = 2\ngrant_clawback_years = 2\ngrant_clawback_recovery = 0.45";
    let mut fates_seen = 0;
    for amortisation in ["italian", "french", "bullet"] {
        for rows in [
            &["a,2,3,61234.57,other,nonprofit,micro,bad,loan,0", OTHER_OF_LINE_1],
            &["a,2,5,87654.32,other,nonprofit,micro,bad,mixed,0", OTHER_OF_LINE_1],
            &["a,2,0,9999.99,other,nonprofit,micro,bad,guaranteed,0", OTHER_OF_LINE_1],
            &["a,1,6,1700000.03,demographic_change,nonprofit,medium,bad,guaranteed,0", OTHER_OF_LINE_2],
        ] {
            for guarantee in [
                PLAIN.guarantee,
                "kind = \"capped\"\ncap_rate = 1\ncall_lag_quarters = 3\nbacking = \"envelope\"",
            ] {
                let fund = Fund { line, amortisation, guarantee, rows, pds: ["0", "\"35%\""], ..PLAIN };
                let plan = fund.plan();
                let slot = usize::from(rows[0].starts_with("a,2"));
                let expectation = line_expectation(&plan, slot).expect("surely approved");
                let fates = &expectation.projects[0].cash.disbursed;
                let mut seen = vec![false; fates.len()];
                let mut simulator = PathSimulator::new(&plan);
                for path in 0..400 {
                    simulator.run(path).expect("the books balance");
                    let totals = simulator.totals();
                    let first = totals.census[slot].first_project.expect("the only project");
                    let age = first.default_age.unwrap_or(0) as usize;
                    seen[age] = true;
                    for &stream in &expectation.streams {
                        if let Some(value) = stream.observe(&totals.lines[slot]) {
                            assert_eq!(
                                fates[age].mean[stream], value as f64,
                                "{amortisation}, {rows:?}, age {age}, {stream:?}"
                            );
                        }
                    }
                }
                fates_seen += seen.iter().filter(|seen| **seen).count();
            }
        }
    }
    assert!(fates_seen > 300, "{fates_seen}");
}

#[test]
fn only_sure_approvals_are_called_sure() {
    let sure = |fund: &Fund| (0..2).map(|slot| sure_line(&fund.plan(), slot).is_some()).collect::<Vec<_>>();
    assert_eq!(sure(&PLAIN), [true, true]);
    let rows: &[&str] = &[
        "a,1,0,4000000,other,nonprofit,medium,good,guaranteed,0",
        "b,1,0,4000000,other,nonprofit,medium,good,guaranteed,0",
        "c,1,0,4000000,other,nonprofit,medium,good,guaranteed,0",
        "d,1,0,4000000,other,nonprofit,medium,good,guaranteed,0",
        "e,2,0,99000,other,nonprofit,micro,good,loan,0",
    ];
    // 4 x 3.4 M x 80 % = 10.88 M guaranteed; a cap of 20 % reserves a fifth of it.
    let many = Fund { rows, guarantee: "kind = \"capped\"\ncap_rate = 1", ..PLAIN };
    assert_eq!(sure(&many), [false, true]);
    let capped = Fund { guarantee: "kind = \"capped\"\ncap_rate = \"20%\"", ..many };
    assert_eq!(sure(&capped), [true, true]);
    let expectation = line_expectation(&capped.plan(), 0).expect("sure");
    assert!(!expectation.streams.contains(&Stream::CallsPaid), "the cap may limit what is paid");
    assert!(expectation.streams.contains(&Stream::CallsDemanded));
    // Revolving and uncapped, a provision does not protect the envelope: only the whole guaranteed amount does.
    let uncapped = "kind = \"uncapped\"\nprovision_rate = \"20%\"";
    assert_eq!(sure(&Fund { guarantee: uncapped, ..many }), [true, true]);
    assert_eq!(sure(&Fund { guarantee: uncapped, fund: "revolving = true", ..many }), [false, true]);
}
