//! The Region's books: equal to the cent with what the main pass says of every path, parts that add up, cases by hand.

mod common;
mod generated;

use common::{scenario_file, scenario_from, scenario_text};
use fesr::aggregate::figures::Figures;
use fesr::books::absorption::Measure;
use fesr::books::annual::{self, Basis, Item};
use fesr::books::outcomes::{Part as OutcomePart, Price, Reach};
use fesr::books::path_books::{Flows, PathBooks};
use fesr::books::subsidy::{self, PARTS, Part};
use fesr::books::{RegionBooks, wanted};
use fesr::engine::PathSimulator;
use fesr::engine::events::Envelope;
use fesr::ledger::Ledger;
use fesr::metrics::MetricId;
use fesr::plan::Plan;
use fesr::scenario::Scenario;
use fesr::units::Cents;
use generated::{any_scenario, fixed_sample};

/// Items of the yearly report that are figures of the main pass at the horizon.
const SAME: [(Item, MetricId); 13] = [
    (Item::LoansDisbursed, MetricId::FundLoans),
    (Item::GuaranteesSetAside, MetricId::Reserves),
    (Item::GrantsPaid, MetricId::GrantsPaid),
    (Item::Recipients, MetricId::Projects),
    (Item::Defaults, MetricId::Defaults),
    (Item::TreasuryIncome, MetricId::TreasuryIncome),
    (Item::InterestIncome, MetricId::InterestIncome),
    (Item::PremiumIncome, MetricId::PremiumIncome),
    (Item::ManagementCosts, MetricId::FeesPaid),
    (Item::LeverageAchieved, MetricId::FinanceLeverage),
    (Item::InvestmentMobilised, MetricId::InvestmentSupported),
    (Item::PaidIn, MetricId::NeverPaidIn),
    (Item::FundValue, MetricId::ClosingResources),
];

/// Plays paths of a scenario and holds the books of each against the main pass; returns what happened at all.
fn hold_against_the_main_pass(scenario: &Scenario, paths: u64, name: &str) -> Flows {
    let plan = Plan::resolve(scenario);
    let figures = Figures::new(&plan);
    let columns = annual::columns(&plan);
    let mut simulator = PathSimulator::with_recorder(&plan, PathBooks::new(&plan));
    let mut silent = PathSimulator::new(&plan);
    let mut sum = Flows::default();
    for path in 0..paths {
        simulator.recorder_mut().clear();
        simulator.run(path).unwrap_or_else(|broken| panic!("{broken}\n{name}"));
        silent.run(path).unwrap_or_else(|broken| panic!("{broken}\n{name}"));
        let books = simulator.recorder();
        let totals = silent.totals();
        assert_eq!(simulator.totals(), totals, "{name}");
        books.check(&plan, path, totals).unwrap_or_else(|broken| panic!("{broken}\n{name}"));

        let mut of_main = vec![0; figures.columns().len()];
        figures.of(totals, |position, value| of_main[position] = value);
        let main = |metric: MetricId| {
            of_main[figures.columns().iter().position(|column| column.metric == metric).expect("reported")]
        };
        let mut yearly = Vec::new();
        annual::figures(&plan, books, 0, &mut |value| yearly.push(value));
        assert_eq!(yearly.len(), columns.len());
        let at_horizon = |item: Item| {
            let last =
                columns.iter().rposition(|column| column.item == item && column.basis == Basis::ToDate);
            yearly[last.expect("in every year")]
        };
        let over_years = |item: Item| -> i64 {
            let of_item = |column: &annual::AnnualColumn| column.item == item && column.basis == Basis::Year;
            columns.iter().zip(&yearly).filter(|(column, _)| of_item(column)).map(|(_, value)| value).sum()
        };
        for (item, metric) in SAME {
            let expected = match item {
                Item::PaidIn => plan.endowment.0 - main(metric),
                Item::FundValue => {
                    main(metric) - main(MetricId::NeverPaidIn) + main(MetricId::OutstandingAtHorizon)
                }
                _ => main(metric),
            };
            assert_eq!(at_horizon(item), expected, "{} on path {path} of {name}", item.id());
        }
        for item in Item::ALL.iter().filter(|item| item.is_flow()) {
            assert_eq!(over_years(*item), at_horizon(*item), "{} on path {path} of {name}", item.id());
        }
        assert_eq!(
            at_horizon(Item::Disbursed),
            main(MetricId::FundLoans) + main(MetricId::Reserves) + main(MetricId::GrantsPaid)
        );

        let parts = subsidy::parts(&plan, books, totals);
        assert_eq!(parts.into_iter().sum::<Cents>().0, main(MetricId::SubsidyCost), "{name}, path {path}");
        let cash: Vec<Cents> = silent.timeline().iter().map(|row| row.cash).collect();
        let carry = subsidy::carry_of_idle_cash(&plan, &cash);
        // Half a cent for each tranche, for the closing cash and for each of the six other parts; the rest is the
        // arithmetic of doubles on amounts below 1e12 cents.
        let roundings = 0.5 * (plan.tranches.len() + PARTS) as f64 + 0.05;
        let idle = parts[PARTS - 1].to_f64();
        assert!((idle - carry).abs() <= roundings, "{name}, path {path}: {idle} is not {carry}");
        sum.add(&books.total());
    }
    sum
}

#[test]
fn the_books_of_generated_scenarios_are_those_of_the_main_pass() {
    let mut sum = Flows::default();
    for generated in fixed_sample(any_scenario(), 250) {
        sum.add(&hold_against_the_main_pass(&generated.scenario(), 6, &format!("{generated:?}")));
    }
    let all = sum.all_lines();
    for (what, amount) in [
        ("grants recovered", all.grants_recovered),
        ("premiums", all.premiums),
        ("calls out of other envelopes", all.calls_from_others),
        ("recoveries on calls", all.call_recoveries),
        ("fees out of income", sum.fund.fees_from_income),
        ("loans outstanding", all.outstanding()),
    ] {
        assert!(amount.0 > 0, "{what}: never happened");
    }
}

#[test]
fn the_books_of_the_library_are_those_of_the_main_pass() {
    for name in
        ["wecare-mixed.toml", "wecare-call-2018.toml", "portfolio-example.toml", "mixes/grants-heavy.toml"]
    {
        hold_against_the_main_pass(&scenario_file(name), 60, name);
    }
}

/// A list of one applicant of 100,000 EUR in quarter 0, nobody of whom can default; 4 years, 500,000 EUR paid in at once.
fn by_hand(product: &str, more: &str) -> Scenario {
    let toml = format!(
        r#"
[fund]
endowment = 500_000
start = "2021-Q3"
horizon_years = 4
availability_years = 1
period = "2021-2027"
{more}
[line2]
[line2.budget]
loans = 300_000
guarantees = 100_000
grants = 100_000
[[line2.product]]
name = "p"
{product}
[line2.loan]
tenor_quarters = 8
amortisation = "bullet"
bank_rate = 0
[line2.guarantee]
kind = "capped"
cap_rate = "25%"
[line2.loss]
lgd_mean = "50%"
[line2.outcomes]
jobs = {{ per_million = 30, unit = "jobs" }}
[[credit.rating]]
name = "B"
pd = 0
[pipeline]
borrowers = "borrowers.csv"
[rules]
waive = ["R102", "R103"]
"#
    );
    let list = "id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n\
                a,2,0,100000,poverty_exclusion,nonprofit,micro,B,p,no\n";
    scenario_text(&toml, Some(list))
}

/// The parts of the only path that such a scenario has.
fn parts_of(scenario: &Scenario) -> [i64; PARTS] {
    let plan = Plan::resolve(scenario);
    let mut simulator = PathSimulator::with_recorder(&plan, PathBooks::new(&plan));
    simulator.run(0).expect("the books balance");
    subsidy::parts(&plan, simulator.recorder(), simulator.totals()).map(|part| part.0)
}

fn part(parts: [i64; PARTS], part: Part) -> i64 {
    parts[Part::ALL.iter().position(|other| *other == part).expect("a part")]
}

/// `amount` EUR discounted over `quarters` at 4 % a year, in cents.
fn discounted(amount: f64, quarters: i32) -> f64 {
    amount * 100.0 / fesr::numeric::pow(1.04, f64::from(quarters) / 4.0)
}

#[test]
fn a_loan_without_default_at_no_interest_costs_its_time_value_and_idle_cash_the_rest() {
    let scenario = by_hand("own_funds = 0.5\nfund_loan = 0.5", "discount_rate = \"4%\"");
    let parts = parts_of(&scenario);
    // 50,000 lent in quarter 0, all repaid in quarter 8: 50,000 (1 - 1.04^-2) = 3,772.19.
    assert_eq!(part(parts, Part::Lending), 377_219);
    for none in [Part::Defaults, Part::Outstanding, Part::Grants, Part::Fees, Part::Income] {
        assert_eq!(part(parts, none), 0, "{}", none.id());
    }
    // 450,000 wait from quarter 0 to 8, 500,000 from 8 to 15.
    let idle = discounted(450_000.0, 0) - discounted(450_000.0, 8) + discounted(500_000.0, 8)
        - discounted(500_000.0, 15);
    assert!((part(parts, Part::IdleCash) as f64 - idle).abs() <= 2.0, "{parts:?}: {idle}");
    let whole = discounted(500_000.0, 0) - discounted(500_000.0, 15);
    assert!((parts.iter().sum::<i64>() as f64 - whole).abs() <= 1.0);
}

#[test]
fn a_grant_costs_itself_and_idle_cash_costs_only_time() {
    let grant = parts_of(&by_hand("own_funds = 0.8\ngrant = 0.2", "discount_rate = \"4%\""));
    assert_eq!(part(grant, Part::Grants), 2_000_000, "paid in quarter 0");
    let idle = discounted(480_000.0, 0) - discounted(480_000.0, 15);
    assert!((part(grant, Part::IdleCash) as f64 - idle).abs() <= 1.0);
    assert_eq!(grant.iter().filter(|part| **part != 0).count(), 2);
    // Nobody takes anything: only the cash that waits costs.
    let none = parts_of(&by_hand("own_funds = 1", "discount_rate = \"4%\""));
    let idle = discounted(500_000.0, 0) - discounted(500_000.0, 15);
    assert!((part(none, Part::IdleCash) as f64 - idle).abs() <= 1.0);
    assert_eq!(none.iter().filter(|part| **part != 0).count(), 1);
    // Without discounting waiting is free, and cash that earns 2 % a year costs less than nothing.
    let free = parts_of(&by_hand("own_funds = 1", ""));
    assert_eq!(free, [0; PARTS]);
    let earning = parts_of(&by_hand("own_funds = 1", "treasury_rate = \"2%\""));
    assert_eq!(part(earning, Part::IdleCash), 0);
    assert!(part(earning, Part::Income) < -4_000_000, "16 quarters of 0.5 % on 500,000 EUR and more");
}

#[test]
fn the_yearly_report_follows_the_calendar() {
    // The fund starts in 2021-Q3: its years are 2021 (two quarters) to 2025 (two quarters).
    let scenario = by_hand("own_funds = 0.5\nfund_loan = 0.5", "expected_leverage = 1.5");
    let plan = Plan::resolve(&scenario);
    let books = RegionBooks::of(&scenario, &plan, 3, true, &|_| {}).expect("the books balance");
    let of = |year: i32, item: Item, basis: Basis| {
        let found = books
            .annual
            .iter()
            .find(|(column, _)| column.year == year && column.item == item && column.basis == basis);
        let moments = &found.expect("a column").1.moments;
        assert_eq!(moments.min, moments.max);
        moments.min
    };
    let years: Vec<i32> = (2021..=2025).collect();
    let flow = |item: Item| -> Vec<i64> { years.iter().map(|year| of(*year, item, Basis::Year)).collect() };
    assert_eq!(flow(Item::LoansDisbursed), [5_000_000, 0, 0, 0, 0]);
    // Quarter 8 is 2023-Q3.
    assert_eq!(flow(Item::ResourcesPaidBack), [0, 0, 5_000_000, 0, 0]);
    assert_eq!(of(2025, Item::ResourcesPaidBack, Basis::ToDate), 5_000_000);
    assert_eq!(of(2022, Item::FundValue, Basis::ToDate), 50_000_000);
    assert_eq!(of(2022, Item::LeverageExpected, Basis::ToDate), 1_500_000_000);
    assert_eq!(of(2022, Item::LeverageAchieved, Basis::ToDate), 100_000_000);
    assert_eq!(flow(Item::RecipientsMicro), [1, 0, 0, 0, 0]);
    assert!(books.annual.iter().all(|(column, _)| years.contains(&column.year)));
}

#[test]
fn what_is_lent_again_is_reused() {
    // Two loans of 200,000 out of 300,000: the second one waits for the first to be repaid.
    let toml = "extends = \"wecare-mixed.toml\"\n[fund]\nrevolving = true\n";
    let sum = hold_against_the_main_pass(&scenario_from(toml), 40, "revolving");
    assert!(sum.all_lines().principal.0 > 0);
    let scenario = scenario_from(toml);
    let plan = Plan::resolve(&scenario);
    let mut simulator = PathSimulator::with_recorder(&plan, PathBooks::new(&plan));
    let columns = annual::columns(&plan);
    let mut any = 0;
    for path in 0..40 {
        simulator.recorder_mut().clear();
        simulator.run(path).expect("the books balance");
        let mut values = Vec::new();
        annual::figures(&plan, simulator.recorder(), 0, &mut |value| values.push(value));
        let flows = columns.iter().zip(&values).filter(|(column, _)| column.item == Item::ResourcesReused);
        flows.clone().for_each(|(_, value)| assert!(*value >= 0, "re-use never goes back"));
        any += flows.map(|(_, value)| value).sum::<i64>();
    }
    assert!(any > 0, "a fund that lends again re-uses");
}

#[test]
fn milestones_are_missed_exactly_where_the_ledger_says_so() {
    let scenario = scenario_from(
        "extends = \"wecare-mixed.toml\"\n[[milestone]]\nquarter = 8\nmin_disbursed = \"35%\"\n\
         [[milestone]]\nquarter = \"2023-Q3\"\nmin_disbursed = 4_500_000\nmax_probability = \"50%\"\n",
    );
    assert!(wanted(&scenario, false));
    let plan = Plan::resolve(&scenario);
    let paths = 60;
    let books = RegionBooks::of(&scenario, &plan, paths, false, &|_| {}).expect("the books balance");
    assert!(books.annual.is_empty());
    let mut missed = [0; 2];
    for path in 0..paths {
        let ledger = Ledger::of(&plan, path).expect("it balances");
        for (milestone, missed) in scenario.milestones.iter().zip(&mut missed) {
            let spent = |record: &fesr::engine::events::Record| {
                let reserve = match record.event {
                    fesr::engine::events::Event::Disbursed { package, .. } => package.reserve.0,
                    _ => 0,
                };
                let paid = record.event.movements().map(|(envelope, amount)| match envelope {
                    Envelope::Loans(_) | Envelope::Grants(_) if amount.0 < 0 => -amount.0,
                    _ => 0,
                });
                reserve + paid.sum::<i64>()
            };
            let in_time = ledger.records.iter().filter(|record| record.quarter <= milestone.quarter);
            *missed += i64::from(in_time.map(spent).sum::<i64>() < milestone.min_disbursed.0);
        }
    }
    assert!(missed.iter().all(|missed| (1..paths as i64).contains(missed)), "{missed:?}");
    for (figure, missed) in books.milestones.iter().zip(missed) {
        assert_eq!(figure.probability, missed as f64 / paths as f64);
        assert!(figure.low < figure.probability && figure.probability < figure.high);
    }
}

#[test]
fn outcomes_add_up_and_fall_with_defaults() {
    let scenario = by_hand("own_funds = 0.5\nfund_loan = 0.5", "");
    let plan = Plan::resolve(&scenario);
    let books = RegionBooks::of(&scenario, &plan, 2, false, &|_| {}).expect("the books balance");
    let of = |books: &RegionBooks, reach: Reach, part: fn(&OutcomePart) -> bool| -> i128 {
        let columns = books.outcomes.iter();
        columns
            .filter(|(column, _)| column.reach == reach && part(&column.part))
            .map(|(_, spread)| spread.moments.sum())
            .sum()
    };
    // 100,000 EUR at 30 jobs a million, on each of two paths, in millionths.
    assert_eq!(of(&books, Reach::Completed, |part| *part == OutcomePart::All), 6_000_000);
    let lossless = books.outcome_ratios.iter().find(|ratio| ratio.price == Price::Lost).expect("one");
    assert_eq!(lossless.per_million, None, "nothing is lost");

    let scenario = scenario_from(
        "extends = \"wecare-mixed.toml\"\n[line1.outcomes]\ncare_places = { per_million = 12, unit = \"places\" }\n\
         [line2.outcomes]\ncare_places = { per_million = 7, unit = \"places\" }\njobs = { per_million = 9, unit = \"jobs\" }\n",
    );
    let plan = Plan::resolve(&scenario);
    let books = RegionBooks::of(&scenario, &plan, 500, false, &|_| {}).expect("the books balance");
    for reach in [Reach::Completed, Reach::Supported] {
        let all = of(&books, reach, |part| *part == OutcomePart::All);
        assert_eq!(all, of(&books, reach, |part| matches!(part, OutcomePart::Line(..))));
        assert_eq!(all, of(&books, reach, |part| matches!(part, OutcomePart::Theme(..))));
    }
    let (completed, supported) = (
        of(&books, Reach::Completed, |part| *part == OutcomePart::All),
        of(&books, Reach::Supported, |part| *part == OutcomePart::All),
    );
    assert!(0 < completed && completed < supported, "{completed} of {supported}");
    for ratio in &books.outcome_ratios {
        let (value, error) = ratio.per_million.expect("something is lost and spent");
        assert!(value > 0.0 && error > 0.0 && error < value, "{value} {error}");
    }
}

#[test]
fn books_do_not_depend_on_threads() {
    let scenario = scenario_from(
        "extends = \"wecare-mixed.toml\"\n[line2.outcomes]\njobs = { per_million = 9, unit = \"jobs\" }\n\
         [[milestone]]\nquarter = 8\nmin_disbursed = \"35%\"\n",
    );
    let plan = Plan::resolve(&scenario);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let books = pool.install(|| RegionBooks::of(&scenario, &plan, 700, true, &|_| {}));
        format!("{:?}", books.expect("the books balance"))
    };
    assert!(on(1) == on(3));
    let plain = scenario_file("wecare-mixed.toml");
    assert!(!wanted(&plain, false) && wanted(&plain, true));
    let shares = RegionBooks::of(&plain, &Plan::resolve(&plain), 5, false, &|_| {}).expect("they balance");
    assert_eq!(shares.absorption.len(), Measure::ALL.len());
}
