//! `--tail`: weighted paths say the same as plain ones, only better; their intervals are honest.
//!
//! Seeds are fixed: a test either always passes or always fails. False-alarm rates say how often a correct program would
//! have failed with another seed.

mod common;

#[path = "tail/coverage.rs"]
mod coverage;
#[path = "tail/exact.rs"]
mod exact;
#[path = "tail/files.rs"]
mod files;
#[path = "tail/gain.rs"]
mod gain;
#[path = "tail/known_laws.rs"]
mod known_laws;
#[path = "tail/law.rs"]
mod law;

use common::{scenario_file, scenario_text};
use fesr::aggregate::block::BlockOutcome;
use fesr::aggregate::collector::{Collector, Watcher};
use fesr::aggregate::summary::Summary;
use fesr::aggregate::tail::TailCollector;
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::engine::tilt::Tilt;
use fesr::plan::Plan;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// Eight loans of a small fund: quick to simulate, with losses on a fine scale.
pub const SMALL_FUND: &str = r#"
[fund]
endowment = 300_000
start = "2020-Q1"
horizon_years = 3
availability_years = 0.25
period = "2021-2027"
[line2]
pd_log_sd = 0.3
[line2.budget]
loans = 300_000
guarantees = 0
[line2.pipeline]
applications_per_year = 40
applications_log_sd = 0.2
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 8
amortisation = "french"
bank_rate = 0
[line2.loss]
lgd_mean = 0.5
lgd_sd = 0.2
cure_rate = 0.2
[credit]
systemic_correlation = 0.15
theme_correlation = 0.05
[[credit.rating]]
name = "B"
pd = 0.08
"#;

/// A listed portfolio of equal loans of 50,000 EUR that live one year: its defaults have a closed form.
pub fn one_period(borrowers: usize) -> Plan {
    let loans = borrowers * 50_000;
    let toml = format!(
        r#"
[simulation]
seed = 7
[fund]
endowment = {loans}
start = "2020-Q1"
horizon_years = 2
availability_years = 1
period = "2021-2027"
[line2]
[line2.budget]
loans = {loans}
guarantees = 0
[[line2.product]]
name = "loan"
fund_loan = 1
[line2.loan]
tenor_quarters = 4
amortisation = "bullet"
bank_rate = 0
[line2.loss]
lgd_mean = 0.45
[pipeline]
borrowers = "borrowers.csv"
[credit]
systemic_correlation = 0.2
theme_correlation = 0
[[credit.rating]]
name = "B"
pd = 0.02
"#
    );
    let rows: String = (0..borrowers)
        .map(|number| format!("b{number},2,0,50000,health_wellbeing,nonprofit,small,B,loan,0\n"))
        .collect();
    let header = "id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n";
    Plan::resolve(&scenario_text(&toml, Some(&format!("{header}{rows}"))))
}

/// The strategy's fund with its tilt: the pilot is the dear part, made once.
pub fn strategy() -> &'static (Plan, Tilt) {
    static STRATEGY: OnceLock<(Plan, Tilt)> = OnceLock::new();
    STRATEGY.get_or_init(|| {
        let plan = Plan::resolve(&scenario_file("wecare-mixed.toml"));
        let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
        (plan, tilt)
    })
}

struct Silent(AtomicBool);

impl Watcher for Silent {
    fn stop(&self) -> &AtomicBool {
        &self.0
    }
    fn simulated(&self, _paths: u64) {}
    fn blocks(&mut self, _blocks: &[BlockOutcome]) {}
    fn absorbed(&mut self, _collector: &Collector) {}
}

/// Weighted paths of a plan.
pub fn collect_tail<'p>(plan: &'p Plan, tilt: &'p Tilt, paths: u64) -> TailCollector<'p> {
    let mut collector = TailCollector::new(plan, tilt, paths);
    collector.simulate(&mut Silent(AtomicBool::new(false))).expect("the books balance");
    collector
}

/// Their summary.
pub fn summarise_tail(plan: &Plan, tilt: &Tilt, paths: u64) -> Summary {
    collect_tail(plan, tilt, paths).summary()
}
