//! The engine, scalar and in batches, gives the same cents and the same counts as the slow twin, path by path, from the same
//! random numbers.

mod common;
mod generated;
mod twin;

use common::scenario_from;
use fesr::aggregate::figures::Figures;
use fesr::engine::PathSimulator;
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator, row_values};
use fesr::engine::kernel::terms::KernelTerms;
use fesr::isa::Isa;
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::resolved::resolved_toml;
use fesr::scenario::{Amortisation, GuaranteeKind, LineNumber, PdMultiplier, Pipeline, QueueOrder, Scenario};
use fesr::units::{Multiplier, Quantity, Rate, Share};
use generated::{ample_portfolio, any_scenario, fixed_sample};
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::fmt::Debug;
use std::ops::Range;
use twin::compare::{Difference, EnginePath, differences, engine_path};
use twin::{Twin, TwinPath};

/// Whatever the planner may decide, and whatever the world may do.
const MIXES: [&str; 7] = [
    "base.toml",
    "wecare-mixed.toml",
    "wecare-call-2018.toml",
    "portfolio-example.toml",
    "mixes/loans-first.toml",
    "mixes/guarantees-first.toml",
    "mixes/grants-heavy.toml",
];
const ECONOMIES: [&str; 4] = [
    "economies/base.toml",
    "economies/mild.toml",
    "economies/recession-2012.toml",
    "economies/supported-crisis.toml",
];

/// The first path on which engine and twin differ, with all differences.
fn first_difference(scenario: &Scenario, paths: Range<u64>) -> Option<(u64, Vec<Difference>)> {
    first_difference_between(scenario, scenario, paths)
}

/// The same, where the twin plays another scenario than the engine.
fn first_difference_between(
    scenario: &Scenario,
    of_twin: &Scenario,
    paths: Range<u64>,
) -> Option<(u64, Vec<Difference>)> {
    let plan = Plan::resolve(scenario);
    let twin = Twin::new(of_twin);
    let figures = Figures::new(&plan);
    let mut simulator = PathSimulator::new(&plan);
    let terms = KernelTerms::new(&plan);
    let mut kernel = ChunkSimulator::new(&plan, &terms, Isa::current());
    let chunks =
        paths.clone().step_by(CHUNK_PATHS).map(|first| first..paths.end.min(first + CHUNK_PATHS as u64));
    chunks.into_iter().find_map(|chunk| {
        kernel.run(chunk.start, chunk.clone().count()).unwrap_or_else(|broken| panic!("{broken}"));
        chunk.enumerate().find_map(|(lane, path)| {
            let engine = engine_path(&plan, &mut simulator, &figures, path);
            let mut found = differences(&engine, &twin.path(path));
            found.extend(differences_of_kernel(&kernel, lane, &engine));
            (!found.is_empty()).then_some((path, found))
        })
    })
}

/// Both engines must give the same: the kernel's figures are laid out by quarter and path.
fn differences_of_kernel(kernel: &ChunkSimulator, lane: usize, engine: &EnginePath) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |field: &str, of_engine: &dyn Debug, of_kernel: &dyn Debug| {
        let (engine, twin) = (format!("{of_engine:?}"), format!("{of_kernel:?}"));
        if engine != twin {
            found.push(Difference { field: format!("{field} of the kernel"), engine, twin });
        }
    };
    compare("totals", &engine.totals, &kernel.totals()[lane]);
    for (quarter, (row, lanes)) in engine.timeline.iter().zip(kernel.timeline().quarters()).enumerate() {
        let of_kernel: Vec<i64> = lanes.iter().map(|value| value[lane]).collect();
        compare(&format!("quarter {quarter}"), &row_values(row).to_vec(), &of_kernel);
    }
    found
}

fn complaint(name: &str, scenario: &Scenario, path: u64, found: &[Difference]) -> String {
    let list: Vec<String> = found.iter().take(20).map(Difference::to_string).collect();
    format!(
        "{name}, path {path}: {} differences\n{}\nscenario:\n{}",
        found.len(),
        list.join("\n"),
        resolved_toml(scenario)
    )
}

/// Holds engine and twin together on the paths of many scenarios; all complaints in one go.
fn assert_equal_on(scenarios: &[(String, Scenario)], paths: Range<u64>, chunk: u64) {
    let jobs: Vec<(&String, &Scenario, Range<u64>)> = scenarios
        .iter()
        .flat_map(|(name, scenario)| {
            paths.clone().step_by(chunk as usize).map(move |first| (name, scenario, first..first + chunk))
        })
        .collect();
    let complaints: Vec<String> = jobs
        .into_par_iter()
        .filter_map(|(name, scenario, paths)| {
            let (path, found) = first_difference(scenario, paths)?;
            Some(complaint(name, scenario, path, &found))
        })
        .collect();
    let shown = complaints.iter().take(3).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(complaints.is_empty(), "{} complaints:\n{shown}", complaints.len());
}

#[test]
fn forced_defaults_agree_to_the_cent() {
    let largest_fails = "macro = { largest_fails_after_quarters = 5 }\n";
    let mut scenarios: Vec<(String, Scenario)> = MIXES
        .iter()
        .map(|mix| {
            let toml = format!("extends = [\"{mix}\", \"economies/mild.toml\"]\n{largest_fails}");
            (format!("{mix} whose largest project fails"), scenario_from(&toml))
        })
        .collect();
    let mut listed = scenario_from("extends = \"portfolio-example.toml\"\n");
    let last = listed.fund.horizon_quarters - 1;
    for line in listed.line1.iter_mut().chain(&mut listed.line2) {
        let Pipeline::List(borrowers) = &mut line.pipeline else { panic!("a list") };
        for (position, borrower) in borrowers.iter_mut().enumerate() {
            // In the quarter after the application, later, after the last payment; every fourth one as luck has it.
            let quarters = [borrower.quarter + 1, borrower.quarter + 9, last, 0];
            borrower.forced_default_quarter = Some(quarters[position % 4]).filter(|&quarter| quarter > 0);
        }
    }
    scenarios.push(("a list with forced defaults".to_string(), listed));
    assert_equal_on(&scenarios, 0..24, 12);
}

#[test]
fn transition_matrices_agree_to_the_cent() {
    let with_matrix = |mix: &str, credit: &str| {
        let toml = format!(
            "extends = [\"{mix}\", \"migration.toml\"]\n{credit}[credit.migration]\npd_multiplier = 2.5\n"
        );
        (format!("{mix} with a transition matrix"), scenario_from(&toml))
    };
    let mut scenarios: Vec<(String, Scenario)> = MIXES.iter().map(|mix| with_matrix(mix, "")).collect();
    let lifetime = "[credit]\ndependence = \"ar1\"\npd_target = \"lifetime\"\n";
    scenarios.push(with_matrix("wecare-mixed.toml", lifetime));
    assert_equal_on(&scenarios, 0..12, 6);
}

#[test]
fn library_scenarios_agree_to_the_cent() {
    let scenarios: Vec<(String, Scenario)> = MIXES
        .iter()
        .flat_map(|mix| ECONOMIES.iter().map(move |economy| (*mix, *economy)))
        .map(|(mix, economy)| {
            let toml = format!("extends = [\"{mix}\", \"{economy}\"]\n");
            (format!("{mix} in {economy}"), scenario_from(&toml))
        })
        .collect();
    assert_equal_on(&scenarios, 0..100, 25);
}

#[test]
fn generated_scenarios_agree_to_the_cent() {
    let scenarios: Vec<(String, Scenario)> = fixed_sample(any_scenario(), 600)
        .into_iter()
        .chain(fixed_sample(ample_portfolio(), 100))
        .enumerate()
        .map(|(position, generated)| (format!("generated scenario {position}"), generated.scenario()))
        .collect();
    assert_equal_on(&scenarios, 0..20, 20);
}

/// Every rule of the model, changed a little in the twin's scenario only, must be noticed.
#[test]
fn the_comparison_notices_any_change_of_the_model() {
    let scenario = scenario_from(
        r#"
extends = ["wecare-mixed.toml", "economies/mild.toml"]
[fund]
revolving = true
treasury_rate = "1%"
[line2]
queue = "strict"
[line2.guarantee]
backing = "income"
cap_rate = "4%"
[credit]
copula = "student_t"
"#,
    );
    type Change = (&'static str, fn(&mut Scenario));
    fn line2(scenario: &mut Scenario) -> &mut fesr::scenario::Line {
        scenario.line2.as_mut().expect("line 2")
    }
    fn guarantee(scenario: &mut Scenario) -> &mut fesr::scenario::Guarantee {
        line2(scenario).guarantee.as_mut().expect("a guarantee")
    }
    fn pipeline(scenario: &mut Scenario) -> &mut fesr::scenario::StatisticalPipeline {
        match &mut line2(scenario).pipeline {
            Pipeline::Statistical(pipeline) => pipeline,
            Pipeline::List(_) => unreachable!("a statistical line"),
        }
    }
    let changes: &[Change] = &[
        ("seed", |s| s.simulation.seed += 1),
        ("treasury rate", |s| s.fund.treasury_rate = rate("0.0101")),
        ("discount rate", |s| s.fund.discount_rate = rate("0.0070")),
        ("revolving", |s| s.fund.revolving = false),
        ("union share", |s| s.fund.union_share = share("0.9999")),
        ("trigger of a tranche", |s| s.fund.tranches[1].trigger = share("0.61")),
        ("share of a tranche", |s| {
            s.fund.tranches[2].share = share("0.24");
            s.fund.tranches[3].share = share("0.26");
        }),
        ("base fee", |s| s.fund.fees.base[1] = rate("0.0051")),
        ("fee on loans", |s| s.fund.fees.loans = rate("0.0101")),
        ("fee on guarantees", |s| s.fund.fees.guarantees = rate("0.0151")),
        ("fee on grants", |s| s.fund.fees.grants = rate("0.0051")),
        ("cap on fees", |s| s.fund.fees.cap = share("0.069")),
        ("smallest investment", |s| line2(s).min_investment.0 += 100),
        ("applications", |s| pipeline(s).applications_per_year[0] = multiplier("12.5")),
        ("demand", |s| pipeline(s).applications_log_sd = quantity("0.21")),
        ("median investment", |s| pipeline(s).investment_median.0 += 10_000),
        ("spread of investments", |s| pipeline(s).investment_sigma = quantity("0.451")),
        ("accompanied", |s| pipeline(s).accompanied = share("0.51")),
        ("fallback", |s| line2(s).fallback = share("0.71")),
        ("queue", |s| line2(s).queue = QueueOrder::Skip),
        ("waiting", |s| line2(s).max_wait_quarters -= 1),
        ("disbursement lag", |s| line2(s).disbursement_lag_quarters -= 1),
        ("withdrawal", |s| line2(s).withdrawal_rate = share("0.07")),
        ("grant lag", |s| line2(s).grant_lag_quarters += 1),
        ("clawback period", |s| line2(s).grant_clawback_years = quantity("2.75")),
        ("clawback recovery", |s| line2(s).grant_clawback_recovery = share("0.26")),
        ("PD level", |s| line2(s).pd_log_sd = quantity("0.32")),
        ("tenor", |s| line2(s).loan.tenor_quarters += 1),
        ("grace", |s| line2(s).loan.grace_quarters -= 1),
        ("amortisation", |s| line2(s).loan.amortisation = Amortisation::Bullet),
        ("fund rate", |s| line2(s).loan.fund_rate = rate("0.0001")),
        ("cap rate", |s| guarantee(s).kind = GuaranteeKind::Capped { cap_rate: share("0.0401") }),
        ("kind of guarantee", |s| {
            guarantee(s).kind = GuaranteeKind::Uncapped { provision_rate: share("0.04") }
        }),
        ("call lag", |s| guarantee(s).call_lag_quarters += 1),
        ("premium", |s| guarantee(s).premium_rate = rate("0.0001")),
        ("mean loss", |s| line2(s).loss.lgd_mean = share("0.651")),
        ("spread of losses", |s| line2(s).loss.lgd_sd = share("0.201")),
        ("cures", |s| line2(s).loss.cure_rate = share("0.27")),
        ("time of recoveries", |s| line2(s).loss.recovery[0].after_quarters += 1),
        ("systemic correlation", |s| s.credit.systemic_correlation = share("0.09")),
        ("theme correlation", |s| s.credit.theme_correlation = share("0.06")),
        ("degrees of freedom", |s| s.credit.nu = quantity("6")),
        ("loading of losses", |s| s.credit.lgd_loading = share("0.21")),
        ("legal form", |s| s.credit.legal_form_multiplier[0] = multiplier("0.81")),
        ("theme", |s| s.credit.theme_multiplier[0] = multiplier("1.02")),
        ("size", |s| s.credit.size_multiplier[0] = multiplier("1.27")),
        ("accompaniment", |s| s.credit.accompanied_multiplier = multiplier("0.86")),
        ("PD", |s| {
            s.credit.ratings[2].pd[1] = fesr::units::Probability::new(decimal("0.0253")).expect("a PD")
        }),
        ("economy", |s| s.economy.pd_multiplier = PdMultiplier::ByFundYear(vec![Multiplier::ONE])),
        ("aid ceiling", |s| s.state_aid.ceiling.0 /= 5),
        ("aid ceiling of the line", |s| line2(s).state_aid.ceiling = Some(fesr::units::Cents(400_000))),
        ("earlier aid", |s| line2(s).state_aid.prior_aid = fesr::units::Cents(19_600_000)),
        ("aid route", |s| s.state_aid.route = fesr::scenario::AidRoute::Simplified),
        ("members", |s| pipeline(s).members[0].category = 2),
        ("reference margin", |s| s.credit.ratings[1].reference_margin = rate("0.011")),
    ];
    let unnoticed: Vec<&str> = changes
        .par_iter()
        .filter(|(_, change)| {
            let mut changed = scenario.clone();
            change(&mut changed);
            first_difference_between(&scenario, &changed, 0..60).is_none()
        })
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(unnoticed, Vec::<&str>::new());
    // And nothing is noticed where nothing was changed.
    assert_eq!(first_difference_between(&scenario, &scenario.clone(), 0..60), None);
}

/// A cent, a count, a billionth in any part of the results is noticed, and named.
#[test]
fn the_comparison_notices_a_cent_anywhere() {
    let scenario = scenario_from("extends = \"portfolio-example.toml\"\n");
    let (plan, twin) = (Plan::resolve(&scenario), Twin::new(&scenario));
    let engine = engine_path(&plan, &mut PathSimulator::new(&plan), &Figures::new(&plan), 10);
    type Perturbation = (&'static str, fn(&mut TwinPath));
    let perturbations: &[Perturbation] = &[
        ("lines[1] LineTotals bank_recoveries", |path| path.totals.lines[1].bank_recoveries.0 -= 1),
        ("fund FundTotals subsidy_cost", |path| path.totals.fund.subsidy_cost.0 += 1),
        ("themes[2] GroupTotals", |path| path.totals.themes[2].projects += 1),
        ("products[0] GroupTotals fund_loss", |path| path.totals.products[0].fund_loss.0 += 1),
        ("ratings[3] GroupTotals", |path| path.totals.ratings[3].applications -= 1),
        ("lifetime[1] LifetimeCount", |path| path.totals.lifetime[1].promised += 1),
        ("borrowers[0]", |path| path.totals.borrowers[0].2.0 += 1),
        ("borrowers (number of entries)", |path| path.totals.borrowers.truncate(1)),
        ("timeline[40] TimelineRow", |path| path.timeline[40].idle_cash.0 += 1),
        ("timeline[63] TimelineRow lines: LineRow fund_loss", |path| {
            path.timeline[63].lines[0].fund_loss.0 -= 1
        }),
        ("figure value_ratio of all", |path| {
            let figure = path.figures.iter_mut().find(|figure| figure.0 == MetricId::ValueRatio);
            figure.expect("a figure").2 += 1;
        }),
        ("figure fund_loss_rate of 2", |path| {
            path.figures
                .retain(|figure| (figure.0, figure.1) != (MetricId::FundLossRate, Some(LineNumber::Two)));
        }),
    ];
    assert_eq!(differences(&engine, &twin.path(10)), []);
    for (name, perturb) in perturbations {
        let mut path = twin.path(10);
        perturb(&mut path);
        let found = differences(&engine, &path);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].field.starts_with(name), "{name}: {}", found[0]);
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn share(text: &str) -> Share {
    Share::new(decimal(text)).expect("a share")
}

fn rate(text: &str) -> Rate {
    Rate::new(decimal(text)).expect("a rate")
}

fn multiplier(text: &str) -> Multiplier {
    Multiplier::new(decimal(text)).expect("a multiplier")
}

fn quantity(text: &str) -> Quantity {
    Quantity::new(decimal(text)).expect("a number")
}

/// A long search for rare differences: `cargo test --release --test slow_twin -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn many_more_generated_scenarios_agree_to_the_cent() {
    let scenarios: Vec<(String, Scenario)> = fixed_sample(any_scenario(), 20_000)
        .into_iter()
        .skip(600)
        .enumerate()
        .map(|(position, generated)| (format!("generated scenario {}", 600 + position), generated.scenario()))
        .collect();
    assert_equal_on(&scenarios, 0..6, 6);
}
