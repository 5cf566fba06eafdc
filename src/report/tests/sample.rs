//! A small fund in code, and its results.

use crate::aggregate::block::BlockOutcome;
use crate::aggregate::collector::{Collector, Watcher};
use crate::aggregate::summary::Summary;
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::report::RunFacts;
use crate::report::limits::{LimitResult, judge};
use crate::scenario::*;
use crate::units::{Cents, Multiplier, Probability, Quantity, Rate, Share};
use rust_decimal::Decimal;
use std::sync::atomic::AtomicBool;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
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
    Quantity::new(decimal(text)).expect("a quantity")
}
fn euros(amount: i64) -> Cents {
    Cents(amount * 100)
}

fn product(name: &str, shares: [&str; 4], guarantee_rate: &str) -> Product {
    let [own_funds, fund_loan, bank_loan, grant] = shares.map(share);
    Product {
        name: name.to_string(),
        demand: Multiplier::ONE,
        own_funds,
        fund_loan,
        bank_loan,
        grant,
        guarantee_rate: share(guarantee_rate),
    }
}

fn line(
    number: LineNumber,
    (min, max): (i64, i64),
    median: i64,
    applications: &str,
    budget: [i64; 3],
) -> Line {
    let [loans, guarantees, grants] = budget.map(euros);
    let weight = |category| Weight { category, weight: Multiplier::ONE };
    Line {
        number,
        min_investment: euros(min),
        max_investment: euros(max),
        legal_forms: vec![LegalForm::Nonprofit],
        sizes: vec![Size::Small],
        fallback: share("0.5"),
        queue: QueueOrder::Skip,
        max_wait_quarters: 4,
        grant_clawback_years: quantity("2"),
        grant_clawback_recovery: share("0.5"),
        disbursement_lag_quarters: 1,
        withdrawal_rate: share("0.05"),
        grant_lag_quarters: 1,
        pd_log_sd: quantity("0.3"),
        budget: Budget { loans, guarantees, grants },
        booked: Vec::new(),
        opening: Default::default(),
        pipeline: Pipeline::Statistical(Box::new(StatisticalPipeline {
            applications_per_year: vec![multiplier(applications)],
            applications_log_sd: quantity("0.2"),
            investment_median: euros(median),
            investment_sigma: quantity("0.4"),
            themes: vec![weight(Theme::HealthWellbeing), weight(Theme::PovertyExclusion)],
            legal_forms: vec![Weight { category: LegalForm::Nonprofit, weight: Multiplier::ONE }],
            sizes: vec![Weight { category: Size::Small, weight: Multiplier::ONE }],
            ratings: vec![Weight { category: 0, weight: Multiplier::ONE }],
            accompanied: share("0.3"),
            members: vec![Weight { category: 1, weight: Multiplier::ONE }],
        })),
        products: vec![
            product("co-loan", ["0.2", "0.5", "0.3", "0"], "0"),
            product("guaranteed-loan", ["0.2", "0", "0.8", "0"], "0.8"),
        ],
        loan: LoanTerms {
            tenor_quarters: 24,
            grace_quarters: 4,
            amortisation: Amortisation::Italian,
            fund_rate: rate("0.005"),
            bank_rate: rate("0.03"),
        },
        guarantee: Some(Guarantee {
            kind: GuaranteeKind::Capped { cap_rate: share("0.15") },
            call_lag_quarters: 1,
            backing: Backing::Income,
            premium_rate: rate("0.005"),
        }),
        loss: Loss {
            lgd_mean: share("0.5"),
            lgd_sd: share("0.2"),
            cure_rate: share("0.1"),
            recovery: vec![RecoveryStep { after_quarters: 8, share: Share::ONE }],
        },
        state_aid: LineAid { ceiling: None, prior_aid: euros(1_000) },
        outcomes: Vec::new(),
    }
}

/// Two lines with all three instruments; 10 years.
pub fn mixed(language: Language) -> Scenario {
    let one = line(LineNumber::One, (1_000_000, 2_000_000), 1_200_000, "4", [2_500_000, 1_000_000, 0]);
    let mut two = line(LineNumber::Two, (0, 100_000), 60_000, "16", [600_000, 300_000, 250_000]);
    two.products.push(product("loan-and-grant", ["0.2", "0.4", "0.2", "0.2"], "0"));
    let fund = Fund {
        endowment: euros(5_000_000),
        start: "2018-Q4".parse().expect("a quarter"),
        today_quarter: 0,
        opening: Default::default(),
        horizon_quarters: 40,
        availability_quarters: 14,
        period: Period::From2014,
        revolving: false,
        union_share: Share::ONE,
        deadweight: Share::ZERO,
        expected_leverage: None,
        treasury_rate: rate("0.001"),
        discount_rate: rate("0.01"),
        tranches: [("0.5", "0"), ("0.5", "0.6")]
            .map(|(part, trigger)| Tranche { share: share(part), trigger: share(trigger) })
            .to_vec(),
        fees: Fees {
            budget: euros(350_000),
            base: vec![rate("0.005")],
            loans: rate("0.01"),
            guarantees: rate("0.015"),
            grants: rate("0.005"),
            cap: share("0.07"),
        },
    };
    let limit = |metric, statistic, min: Option<&str>, max: Option<&str>| Limit {
        metric,
        line: None,
        statistic,
        min: min.map(decimal),
        max: max.map(decimal),
    };
    let limits = vec![
        limit(MetricId::FundLoss, LimitStatistic::ExpectedShortfall(share("0.99")), None, Some("2000000")),
        limit(MetricId::LeverageEffect, LimitStatistic::Mean, Some("9"), None),
        limit(MetricId::ClosingRatio, LimitStatistic::Quantile(share("0.05")), Some("0.1"), Some("1.5")),
    ];
    let rating = Rating {
        name: "B".to_string(),
        pd: vec![Probability::new(decimal("0.03")).expect("a probability")],
        reference_margin: rate("0"),
        guarantee_premium: rate("0"),
    };
    Scenario {
        identity: Identity {
            name: "sample".to_string(),
            title: "Fondo di prova \u{1b}[31m & «misto»".to_string(),
            description: String::new(),
            language,
        },
        simulation: Simulation { paths: 2_000, precision: None, seed: 7 },
        fund,
        line1: Some(one),
        line2: Some(two),
        credit: Credit {
            dependence: Dependence::Static,
            copula: Copula::Gaussian,
            nu: quantity("5"),
            systemic_correlation: share("0.1"),
            theme_correlation: share("0.05"),
            persistence: share("0.85"),
            pd_target: PdTarget::Quarter,
            lgd_loading: share("0.2"),
            legal_form_multiplier: [Multiplier::ONE; 2],
            theme_multiplier: [Multiplier::ONE; 4],
            size_multiplier: [Multiplier::ONE; 3],
            accompanied_multiplier: multiplier("0.8"),
            ratings: vec![rating],
            migration: None,
        },
        economy: Economy {
            pd_multiplier: PdMultiplier::ByFundYear(vec![Multiplier::ONE]),
            factor_shift: vec![quantity("0")],
            largest_fails_after_quarters: None,
        },
        programme: Vec::new(),
        milestones: Vec::new(),
        outcome_limits: Vec::new(),
        limits,
        waived_rules: Vec::new(),
        sources: Vec::new(),
        uncertainties: Vec::new(),
        state_aid: StateAid {
            regime: Regime::None,
            ceiling: Cents::ZERO,
            base_rate: rate("0"),
            route: AidRoute::ReferenceRate,
            regulation: Regulation::Of2013,
        },
        translations: crate::scenario::Translations::default(),
    }
}

/// Scenarios in which something is missing, each with its paths and paths asked for.
pub fn degenerate(language: Language) -> Vec<(&'static str, Scenario, u64, u64)> {
    let mut all = Vec::new();
    let mut add = |name, paths, planned, change: &dyn Fn(&mut Scenario)| {
        let mut scenario = mixed(language);
        change(&mut scenario);
        scenario.fund.endowment =
            scenario.fund.fees.budget + scenario.lines().map(|line| line.budget.total()).sum::<Cents>();
        all.push((name, scenario, paths, planned));
    };
    let lines = |scenario: &mut Scenario, change: &dyn Fn(&mut Line)| {
        scenario.line1.iter_mut().chain(&mut scenario.line2).for_each(change);
    };
    add("one path", 1, 1, &|_| {});
    add("no path", 0, 100, &|_| {});
    add("few paths", 30, 30, &|_| {});
    add("interrupted", 200, 100_000, &|scenario| scenario.waived_rules = vec!["R103".to_string()]);
    add("one line", 150, 150, &|scenario| {
        scenario.line1 = None;
    });
    add("no guarantees", 150, 150, &|scenario| {
        lines(scenario, &|line| {
            line.products.truncate(1);
            line.budget.loans = line.budget.total();
            (line.budget.guarantees, line.budget.grants) = (Cents::ZERO, Cents::ZERO);
            line.guarantee = None;
        });
    });
    add("no defaults", 150, 150, &|scenario| scenario.credit.ratings[0].pd = vec![Probability::default()]);
    add("no applications", 150, 150, &|scenario| {
        lines(scenario, &|line| {
            if let Pipeline::Statistical(pipeline) = &mut line.pipeline {
                pipeline.applications_per_year = vec![Multiplier::default()];
            }
        });
    });
    add("no money for anything", 150, 150, &|scenario| {
        lines(scenario, &|line| (line.budget.loans, line.budget.guarantees) = (euros(1), euros(1)));
    });
    add("grants only", 150, 150, &|scenario| {
        lines(scenario, &|line| {
            line.products = vec![product("grant", ["0.5", "0", "0", "0.5"], "0")];
            line.budget.grants = line.budget.total();
            (line.budget.loans, line.budget.guarantees) = (Cents::ZERO, Cents::ZERO);
        });
    });
    add("uncapped, revolving, negative interest", 150, 150, &|scenario| {
        scenario.fund.revolving = true;
        scenario.fund.treasury_rate = rate("-0.01");
        scenario.fund.union_share = share("0.5");
        lines(scenario, &|line| {
            line.guarantee.as_mut().expect("guaranteed products").kind =
                GuaranteeKind::Uncapped { provision_rate: share("0.1") };
        });
    });
    add("billions", 150, 150, &|scenario| {
        lines(scenario, &|line| {
            line.budget.loans = euros(1_200_000_000);
            (line.max_investment, line.min_investment) = (euros(900_000_000), euros(1_000_000));
            if let Pipeline::Statistical(pipeline) = &mut line.pipeline {
                pipeline.investment_median = euros(80_000_000);
            }
        });
    });
    all
}

struct Quiet(AtomicBool);

impl Watcher for Quiet {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _: u64) {}
    fn blocks(&mut self, _: &[BlockOutcome]) {}
    fn absorbed(&mut self, _: &Collector) {}
}

/// Simulates some paths and hands facts, plan, results and verdicts to `look`.
pub fn simulated<T>(
    scenario: &Scenario,
    paths: u64,
    planned: u64,
    look: impl FnOnce(&RunFacts, &Plan, &Summary, &[LimitResult]) -> T,
) -> T {
    let plan = Plan::resolve(scenario);
    let mut collector = Collector::new(&plan, paths);
    collector.simulate(&mut Quiet(AtomicBool::new(false))).expect("the books balance");
    let summary = Summary::of(&mut collector);
    let facts = RunFacts { scenario, version: "0.1.0", paths, planned };
    let limits = judge(scenario, &summary);
    look(&facts, &plan, &summary, &limits)
}
