//! The engine for settled lists gives the cents of the scalar engine: every total and every quarter of every path, without
//! tolerance, on random lists of all kinds that it admits; and it admits what it should, no more.

mod common;

use common::{scenario_file, scenario_set, scenario_text};
use fesr::engine::chunk::{CHUNK_PATHS, ChunkSimulator};
use fesr::engine::kernel::terms::KernelTerms;
use fesr::engine::settled::{NotSettled, SettledTerms};
use fesr::isa::Isa;
use fesr::plan::Plan;
use fesr::random::{Address, AddressedStream, Purpose};
use std::fmt::Write;

/// What happened on the paths compared: a test that compares nothing but silence compares nothing.
#[derive(Default, Debug)]
struct Seen {
    defaults: i64,
    withdrawals: i64,
    over_cap: i64,
    short: i64,
    clawed_back: i64,
    advanced: i64,
    overdrafts: i64,
    fees_unpaid: i64,
}

fn assert_same(name: &str, plan: &Plan, chunks: u64, isa: Isa, seen: &mut Seen) {
    let terms = KernelTerms::new(plan);
    assert!(terms.settled.is_ok(), "{name}: {:?}", terms.settled.err());
    let mut settled = ChunkSimulator::new(plan, &terms, isa);
    let mut scalar = ChunkSimulator::scalar(plan);
    for first in [0, 5_000_000_003] {
        for chunk in 0..chunks {
            // A last chunk that is not full, nor is its last batch.
            let paths = if chunk + 1 == chunks { CHUNK_PATHS - 5 } else { CHUNK_PATHS };
            let first = first + chunk * CHUNK_PATHS as u64;
            settled.run(first, paths).expect("the books balance");
            scalar.run(first, paths).expect("the books balance");
            for (lane, (found, expected)) in settled.totals().iter().zip(scalar.totals()).enumerate() {
                assert_eq!(found, expected, "{name}, path {}", first + lane as u64);
                for line in &found.lines {
                    seen.defaults += line.defaults;
                    seen.withdrawals += line.withdrawals;
                    seen.over_cap += line.cap_hits;
                    seen.short += line.shortfall_events;
                    seen.clawed_back += i64::from(line.grants_recovered.0 > 0);
                }
                seen.advanced += found.fund.tranches_advanced;
                seen.overdrafts += found.fund.overdrafts;
                seen.fees_unpaid += i64::from(found.fund.fees_unpaid.0 > 0);
            }
            let quarters = settled.timeline().quarters().zip(scalar.timeline().quarters());
            for (quarter, (found, expected)) in quarters.enumerate() {
                assert_eq!(found, expected, "{name}, paths from {first}, quarter {quarter}");
            }
        }
    }
}

/// A source of scenarios: numbers of an address.
struct Chooser(AddressedStream);

impl Chooser {
    fn new(number: u32) -> Chooser {
        Chooser(Address { seed: 4, path: 0, purpose: Purpose::Enterprise, line: 0, index: number }.stream())
    }

    fn below(&mut self, end: usize) -> usize {
        (self.0.uniform() * end as f64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A random list with money for all: scenario and borrowers.
fn random_list(number: u32) -> (String, String) {
    let mut choose = Chooser::new(number);
    let lines: &[usize] = choose.one(&[&[1, 2], &[2], &[1]]);
    let open_years = choose.one(&[0.25, 1.0, 2.5]);
    let horizon = choose.one(&[3, 5, 9]);
    // Half of the lists have just enough, so that caps and envelopes are felt.
    let mut borrowers =
        String::from("id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n");
    let mut investment = [0.0; 3];
    let unnamed = choose.one(&[0, 0, 4]);
    for borrower in 0..choose.one(&[2, 7, 30, 60]) {
        let line = lines.get(borrower).copied().unwrap_or_else(|| choose.one(lines));
        let amount = 10_000 + choose.below(90_000_000) / 100;
        investment[line] += amount as f64;
        let product = if unnamed > 0 && choose.below(unnamed) == 0 {
            ""
        } else {
            choose.one(&["co-loan", "guaranteed", "grant", "both"])
        };
        let quarter = choose.below((open_years * 4.0) as usize);
        writeln!(
            borrowers,
            "b{borrower},{line},{quarter},{amount}.{:02},{},{},{},{},{product},{}",
            choose.below(100),
            choose.one(&["health_wellbeing", "demographic_change", "poverty_exclusion", "other"]),
            choose.one(&["nonprofit", "forprofit"]),
            choose.one(&["micro", "small", "medium"]),
            choose.one(&["A", "B", "C"]),
            choose.below(2),
        )
        .unwrap();
    }
    let mut toml = String::new();
    let fees = choose.one(&[1_000_000, 1_000]);
    let mut endowment: u64 = fees;
    let mut lines_text = String::new();
    for &line in lines {
        // Loans of 0.6, reserves of 0.8 x 0.8 x 1 and grants of 0.2 at most.
        let loans = (investment[line] * 0.6) as u64 + 1_000;
        let guarantees = (investment[line] * choose.one(&[0.66, 0.08])) as u64 + 2_000;
        let grants = (investment[line] * 0.2) as u64 + 1_000;
        endowment += loans + guarantees + grants;
        let kind = choose.one(&[
            "kind = \"capped\"\ncap_rate = 0.05",
            "kind = \"capped\"\ncap_rate = 0.25",
            "kind = \"capped\"\ncap_rate = 1",
            "kind = \"uncapped\"\nprovision_rate = 0.1",
        ]);
        let tenor = choose.one(&[1, 4, 9, 20]);
        write!(
            lines_text,
            r#"
[line{line}]
min_investment = {}
max_investment = 1_000_000
legal_forms = ["nonprofit", "forprofit"]
sizes = {}
fallback = {}
disbursement_lag_quarters = {}
withdrawal_rate = {}
grant_lag_quarters = {}
grant_clawback_years = {}
grant_clawback_recovery = 0.37
pd_log_sd = {}
[line{line}.budget]
loans = {loans}
guarantees = {guarantees}
grants = {grants}
[[line{line}.product]]
name = "co-loan"
demand = 0.4
own_funds = 0.2
fund_loan = 0.6
bank_loan = 0.2
[[line{line}.product]]
name = "guaranteed"
demand = 0.3
own_funds = 0.2
bank_loan = 0.8
guarantee_rate = 0.8
[[line{line}.product]]
name = "grant"
demand = 0
own_funds = 0.2
bank_loan = 0.6
grant = 0.2
[[line{line}.product]]
name = "both"
demand = 0.3
own_funds = 0.1
fund_loan = 0.3
bank_loan = 0.4
grant = 0.2
guarantee_rate = 0.55
[line{line}.loan]
tenor_quarters = {tenor}
grace_quarters = {}
amortisation = "{}"
fund_rate = {}
bank_rate = 0.03
[line{line}.guarantee]
{kind}
call_lag_quarters = {}
backing = "{}"
premium_rate = {}
[line{line}.loss]
lgd_mean = {}
lgd_sd = {}
cure_rate = {}
recovery = {}
"#,
            choose.one(&[0, 20_000]),
            choose.one(&["[\"micro\", \"small\", \"medium\"]", "[\"micro\", \"small\"]"]),
            choose.one(&[0.0, 0.5, 1.0]),
            choose.one(&[0, 1, 3]),
            choose.one(&[0.0, 0.1, 0.6]),
            choose.one(&[0, 1, 4]).min(tenor),
            choose.one(&[0, 3]),
            choose.one(&[0.0, 0.4]),
            choose.one(&[0, 2]).min(tenor - 1),
            choose.one(&["italian", "french", "bullet"]),
            choose.one(&[0.0, 0.015]),
            choose.one(&[0, 1, 6]),
            choose.one(&["envelope", "income", "fund"]),
            choose.one(&[0.0, 0.01]),
            choose.one(&[0.45, 0.9]),
            choose.one(&[0.0, 0.2]),
            choose.one(&[0.0, 0.3]),
            choose.one(&[
                "[{ after_quarters = 0, share = 1 }]",
                "[{ after_quarters = 1, share = 0.33 }, { after_quarters = 5, share = 0.67 }]",
            ]),
        )
        .unwrap();
    }
    let (copula, nu) = choose.one(&[("gaussian", 4), ("student_t", 3), ("student_t", 12)]);
    let (systemic, theme) = choose.one(&[(0.2, 0.0), (0.1, 0.15), (0.0, 0.0), (0.6, 0.1)]);
    write!(
        toml,
        r#"
[simulation]
seed = {}
[fund]
endowment = {endowment}
start = "2021-Q1"
availability_years = {open_years}
horizon_years = {horizon}
period = "2021-2027"
revolving = {}
treasury_rate = {}
[fund.tranches]
shares = {}
[fund.fees]
budget = {fees}
base = {}
loans = {}
guarantees = {}
grants = {}
cap = {}
[pipeline]
borrowers = "borrowers.csv"
[credit]
copula = "{copula}"
nu = {nu}
systemic_correlation = {systemic}
theme_correlation = {theme}
lgd_loading = {}
[[credit.rating]]
name = "A"
pd = 0.01
[[credit.rating]]
name = "B"
pd = [0.05, 0.02]
[[credit.rating]]
name = "C"
pd = {}
[macro]
pd_multiplier = {}
{lines_text}"#,
        number + 1,
        choose.one(&["true", "false"]),
        choose.one(&[0.0, 0.02, -0.3]),
        choose.one(&["[1]\ntriggers = [0]", "[0.25, 0.25, 0.25, 0.25]\ntriggers = [0, 0.6, 0.85, 0.85]"]),
        choose.one(&["0", "0.02", "[0.02, 0.1]"]),
        choose.one(&[0.0, 0.01]),
        choose.one(&[0.0, 0.02]),
        choose.one(&[0.0, 0.005]),
        choose.one(&[1.0, 0.05]),
        choose.one(&[0.0, 0.4]),
        choose.one(&[0.15, 0.6]),
        choose.one(&["[1]", "[1, 3, 0.5]"]),
    )
    .unwrap();
    (toml, borrowers)
}

#[test]
fn random_lists_on_every_instruction_set() {
    let isas: Vec<Isa> = Isa::ALL.into_iter().filter(|isa| isa.is_supported()).collect();
    let mut seen = Seen::default();
    let mut admitted = 0;
    for number in 0..500 {
        let (toml, borrowers) = random_list(number);
        let plan = Plan::resolve(&scenario_text(&toml, Some(&borrowers)));
        match SettledTerms::new(&plan) {
            Ok(_) => admitted += 1,
            Err(NotSettled::UnsureApproval) => continue,
            Err(other) => panic!("list {number}: {other:?}"),
        }
        let isa = isas[number as usize % isas.len()];
        assert_same(&format!("list {number} on {}", isa.word()), &plan, 1, isa, &mut seen);
    }
    println!("{admitted} lists: {seen:?}");
    assert!(admitted > 250, "{admitted}");
    let Seen { defaults, withdrawals, over_cap, short, clawed_back, advanced, overdrafts, fees_unpaid } =
        seen;
    for (what, count) in [
        ("defaults", defaults),
        ("withdrawals", withdrawals),
        ("calls over the cap", over_cap),
        ("shortfalls", short),
        ("grants clawed back", clawed_back),
        ("tranches advanced", advanced),
        ("overdrafts", overdrafts),
        ("fees unpaid", fees_unpaid),
    ] {
        assert!(count > 20, "{what}: {count}");
    }
}

#[test]
fn the_example_portfolio() {
    let mut seen = Seen::default();
    for options in [
        &[][..],
        &["credit.copula=\"student_t\"", "credit.nu=3"],
        &["fund.treasury_rate=-0.01", "credit.rating.*.pd*=4"],
        &["line1.withdrawal_rate=0", "line2.withdrawal_rate=0"],
    ] {
        let plan = Plan::resolve(&scenario_set("portfolio-example.toml", options));
        assert_same(&options.join(" "), &plan, 3, Isa::current(), &mut seen);
    }
    assert!(seen.defaults > 1_000 && seen.over_cap > 100, "{seen:?}");
}

#[test]
fn other_plans_go_the_other_way() {
    let why = |name: &str, options: &[&str]| {
        SettledTerms::new(&Plan::resolve(&scenario_set(name, options))).map(|_| ()).err()
    };
    let example = |options: &[&str]| why("portfolio-example.toml", options);
    assert_eq!(example(&[]), None);
    assert_eq!(example(&["credit.dependence=\"ar1\""]), Some(NotSettled::MovingFactors));
    assert_eq!(example(&["macro.largest_fails_after_quarters=8"]), Some(NotSettled::ForcedDefaults));
    assert_eq!(
        example(&["credit.systemic_correlation=0.99999", "credit.theme_correlation=0"]),
        Some(NotSettled::HardlyAnyOwnLuck)
    );
    assert_eq!(why("wecare-mixed.toml", &[]), Some(NotSettled::DrawnApplicants));
    let plan = Plan::resolve(&scenario_file("portfolio-example.toml"));
    let poorer = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        SettledTerms::new(&plan).map(|_| ()).err()
    };
    for change in [
        // Freed by a default, a grant may serve another; a call may empty the envelope before the next approval.
        (&|plan: &mut Plan| plan.lines[1].grants_budget.0 /= 10) as &dyn Fn(&mut Plan),
        &|plan| plan.lines[1].guarantees_budget.0 /= 4,
        // Repaid principal is lent again.
        &|plan| (plan.revolving, plan.lines[0].loans_budget.0) = (true, plan.lines[0].loans_budget.0 / 3),
        &|plan| plan.open_quarters = 10,
    ] {
        assert_eq!(poorer(change), Some(NotSettled::UnsureApproval));
    }
    assert_eq!(poorer(&|plan| plan.lines[0].fund_rate_quarter = -0.001), Some(NotSettled::NegativeReceipts));
    assert_eq!(poorer(&|plan| plan.treasury_quarter = 10.0), Some(NotSettled::HugeAmounts));
}
