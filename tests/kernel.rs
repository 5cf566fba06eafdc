//! The kernel gives the cents of the scalar engine: every total and every quarter of every path, without tolerance, on all
//! scenarios of the library and on variants that reach every branch, on every instruction set of the machine.

mod common;

use common::{scenario_file, scenario_set};
use fesr::engine::PathSimulator;
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use fesr::engine::kernel::terms::KernelTerms;
use fesr::engine::kernel::variants::Variants;
use fesr::isa::Isa;
use fesr::paired::mix::{Mix, MixedLines, ProductDemand, with_mix};
use fesr::plan::Plan;
use fesr::scenario::{Pipeline, Scenario};
use fesr::units::Multiplier;
use rust_decimal::Decimal;

const LIBRARY: [&str; 7] = [
    "base.toml",
    "wecare-mixed.toml",
    "wecare-call-2018.toml",
    "portfolio-example.toml",
    "mixes/loans-first.toml",
    "mixes/guarantees-first.toml",
    "mixes/grants-heavy.toml",
];

/// What-ifs of `wecare-mixed` that reach what the library does not.
const VARIANTS: [&[&str]; 20] = [
    &["credit.copula=\"student_t\"", "credit.nu=4"],
    &["credit.dependence=\"ar1\""],
    &["credit.dependence=\"ar1\"", "credit.pd_target=\"lifetime\"", "credit.persistence=0.5"],
    &["fund.revolving=true"],
    &["fund.revolving=true", "line2.guarantee.kind=\"uncapped\"", "line2.guarantee.provision_rate=0.1"],
    &["line1.guarantee.kind=\"uncapped\"", "line1.guarantee.provision_rate=0.02"],
    &["line1.queue=\"strict\"", "line2.queue=\"strict\"", "line1.fallback=0", "line2.fallback=1"],
    &["line1.disbursement_lag_quarters=0", "line2.disbursement_lag_quarters=5"],
    &["line2.grant_lag_quarters=0", "line2.disbursement_lag_quarters=0", "line1.withdrawal_rate=0"],
    &["line2.grant_clawback_years=10", "line2.grant_lag_quarters=12", "line2.withdrawal_rate=\"50%\""],
    &["fund.treasury_rate=-0.03", "line1.guarantee.call_lag_quarters=8"],
    &["fund.treasury_rate=0.04", "line1.guarantee.backing=\"fund\"", "line2.guarantee.backing=\"income\""],
    &["fund.horizon_years=6"],
    &["macro.pd_multiplier=[1, 3, 2, 1]", "macro.pd_multiplier*=4"],
    &["credit.rating.*.pd*=5", "line1.loss.cure_rate=0", "line1.guarantee.premium_rate=0.02"],
    &[
        "line1.loan.amortisation=\"french\"",
        "line2.loan.amortisation=\"bullet\"",
        "line2.loan.fund_rate=0.02",
    ],
    &["line2.pipeline.applications_per_year*=20", "line1.pipeline.applications_log_sd=1.5"],
    &["line1.pipeline.investment.sigma=0", "line2.pipeline.investment.median=150_000", "line1.pd_log_sd=0"],
    &[
        "line1.pipeline.members={ 1 = 0.5, 4 = 0.5 }",
        "line1.state_aid.prior_aid=150_000",
        "line2.state_aid.ceiling=20_000",
    ],
    &[
        "state_aid.route=\"simplified\"",
        "line1.state_aid.ceiling=80_000",
        "line2.pipeline.members={ 2 = 1, 20 = 0.1 }",
        "line2.state_aid.ceiling=5_000",
    ],
];

/// Runs of consecutive paths: from the first on, and far out, where the path number needs its second word.
const FIRST_PATHS: [u64; 2] = [0, 5_000_000_003];

fn assert_same(name: &str, scenario: &Scenario, chunks: u64, isa: Isa) {
    let plan = Plan::resolve(scenario);
    let terms = KernelTerms::new(&plan);
    assert!(terms.supported, "{name}");
    let mut kernel = ChunkSimulator::kernel(&plan, &terms, isa);
    let mut scalar = ChunkSimulator::scalar(&plan);
    for first in FIRST_PATHS {
        for chunk in 0..chunks {
            // A last chunk that is not full.
            let paths = if chunk + 1 == chunks { CHUNK_PATHS - 5 } else { CHUNK_PATHS };
            let first = first + chunk * CHUNK_PATHS as u64;
            kernel.run(first, paths).expect("the books balance");
            scalar.run(first, paths).expect("the books balance");
            for (lane, (found, expected)) in kernel.totals().iter().zip(scalar.totals()).enumerate() {
                assert_eq!(found, expected, "{name}, path {}", first + lane as u64);
            }
            for (quarter, (found, expected)) in
                kernel.timeline().quarters().zip(scalar.timeline().quarters()).enumerate()
            {
                assert_eq!(found, expected, "{name}, paths from {first}, quarter {quarter}");
            }
        }
    }
}

#[test]
fn the_library() {
    for name in LIBRARY {
        assert_same(name, &scenario_file(name), 3, Isa::current());
    }
}

#[test]
fn the_economies() {
    for economy in ["mild", "recession-2012", "supported-crisis"] {
        let plan = scenario_file("wecare-mixed.toml");
        let scenario =
            Scenario { economy: scenario_file(&format!("economies/{economy}.toml")).economy, ..plan };
        assert_same(economy, &scenario, 2, Isa::current());
    }
}

#[test]
fn variants_of_every_branch() {
    for options in VARIANTS {
        assert_same(&options.join(" "), &scenario_set("wecare-mixed.toml", options), 2, Isa::current());
    }
}

#[test]
fn listed_borrowers_under_other_dependence() {
    for options in [["credit.dependence=\"ar1\""], ["credit.copula=\"student_t\""]] {
        assert_same(&options.join(" "), &scenario_set("portfolio-example.toml", &options), 2, Isa::current());
    }
}

#[test]
fn every_instruction_set() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        for name in ["wecare-mixed.toml", "portfolio-example.toml"] {
            assert_same(&format!("{name} on {}", isa.word()), &scenario_file(name), 2, isa);
        }
    }
}

/// Mixes of one scenario, from one set of draws, give the totals of each mix by itself.
fn assert_shared(name: &str, scenario: &Scenario, paths: u64) {
    let own = Plan::resolve(scenario);
    let mixes: Vec<Plan> = Mix::grid(2, true)
        .into_iter()
        .map(|mix| {
            let mixed = with_mix(scenario, MixedLines::All, mix, ProductDemand::AsInScenario);
            let plan = own.with_budgets_of(&mixed);
            assert!(plan == Plan::resolve(&mixed), "{name}");
            plan
        })
        .collect();
    let plans: Vec<&Plan> = mixes.iter().collect();
    assert!(plans.iter().all(|plan| plans[0].differs_in_budgets_only(plan)), "{name}");
    let terms = KernelTerms::new(plans[0]);
    assert!(Variants::are_supported(&terms), "{name}");
    for first in FIRST_PATHS {
        let mut next = vec![first; plans.len()];
        let mut scalar: Vec<PathSimulator> = plans.iter().map(|plan| PathSimulator::new(plan)).collect();
        let shared = Variants::new(&plans, &terms, Isa::current()).run(first, paths, |mix, totals| {
            scalar[mix].run(next[mix]).expect("the books balance");
            assert_eq!(totals, scalar[mix].totals(), "{name}, mix {mix}, path {}", next[mix]);
            next[mix] += 1;
        });
        shared.expect("the books balance");
        assert_eq!(next, vec![first + paths; plans.len()], "{name}");
    }
}

#[test]
fn mixes_share_their_draws() {
    assert_shared("wecare-mixed", &scenario_file("wecare-mixed.toml"), 50);
    for options in VARIANTS {
        assert_shared(&options.join(" "), &scenario_set("wecare-mixed.toml", options), 12);
    }
}

#[test]
fn only_budgets_may_differ_where_draws_are_shared() {
    let plan = Plan::resolve(&scenario_file("wecare-mixed.toml"));
    for option in
        ["line2.loan.fund_rate=0.02", "credit.rating.*.pd*=1.01", "simulation.seed=7", "line2.fallback=1"]
    {
        let other = Plan::resolve(&scenario_set("wecare-mixed.toml", &[option]));
        assert!(!plan.differs_in_budgets_only(&other), "{option}");
    }
}

#[test]
fn amounts_too_large_for_lanes_are_left_to_the_scalar_engine() {
    // About 9,500 applications of a billion euros each: on some paths they add up to more than floating point is
    // trusted with, on others not.
    let options = [
        "line1.max_investment=1_000_000_000",
        "line1.pipeline.investment={ median = 1_000_000_000, sigma = 0 }",
        "line1.max_wait_quarters=0",
    ];
    let mut scenario = scenario_set("wecare-mixed.toml", &options);
    // More than a scenario file may ask for.
    let line = scenario.line1.as_mut().expect("a line 1");
    let Pipeline::Statistical(pipeline) = &mut line.pipeline else { panic!("a statistical pipeline") };
    pipeline.applications_per_year = vec![Multiplier::new(Decimal::from(2_000)).expect("in range")];
    assert_same("huge", &scenario, 1, Isa::current());
    assert_shared("huge", &scenario, 2);
}
