//! The slow twin: MODEL.md as a plain program, to hold the engine against.
//!
//! It was written from MODEL.md, not from the engine, and shares with it only the scenario, the addressed random
//! numbers ([`fesr::random`]), the laws of probability ([`fesr::numeric`]) and the shape of the results
//! ([`fesr::engine::totals`]). It takes the scenario, not the plan: what the plan resolves is checked too. Money is
//! `Decimal` euros; sums are taken from lists whenever they are needed, nothing is kept running but the balances of the
//! envelopes, and those are held against the ledger at the end. It is some hundred times slower than the engine and meant to be
//! read beside MODEL.md:
//!
//! | MODEL.md | here |
//! | --- | --- |
//! | 1 Time | [`quarter`]: the nine steps |
//! | 2 Envelopes and cash | [`cash`], [`promises`] |
//! | 3 Applications, products, approval | [`applicants`], [`packages`], [`approval`] |
//! | 4 Loans | [`loans`] |
//! | 5 Default times | [`economy`], [`default_times`] |
//! | 6 Default, recovery, guarantee | [`defaults`], [`calls`] |
//! | 7 Grants | [`defaults`], [`quarter`] |
//! | 8 Management fees | [`fees`] |
//! | a running fund (`fesr::engine::path::history`) | [`history`] |
//! | 9 Metrics | [`timeline`], [`totals`], [`figures`] |
//!
//! [`compare`] lists every figure in which engine and twin differ.
//!
//! Where MODEL.md leaves a choice, the twin follows the decisions written down in `fesr::plan` and the crate's
//! documentation: investments drawn from the upper tail where the range lies above the median, `(1+i)^j - 1` without
//! cancellation in french schedules, and the scale of `pd_target = "lifetime"`, which is taken from
//! [`fesr::plan::lifetime_scale`] and so not checked here.
#![allow(dead_code, reason = "each program that includes the twin uses a part")]

pub mod applicants;
pub mod approval;
pub mod calls;
pub mod cash;
pub mod census;
pub mod compare;
pub mod default_times;
pub mod defaults;
pub mod economy;
pub mod fees;
pub mod figures;
pub mod history;
pub mod loans;
pub mod luck;
pub mod money;
pub mod packages;
pub mod promises;
pub mod quarter;
pub mod terms;
pub mod timeline;
pub mod totals;

use applicants::Applicant;
use calls::Call;
use cash::Cash;
use defaults::Recovery;
use economy::Economy;
use fesr::engine::totals::{PathTotals, TimelineRow};
use fesr::metrics::MetricId;
use fesr::scenario::{LineNumber, Scenario};
use luck::Luck;
use packages::Package;
use rust_decimal::Decimal;
use terms::LineTerms;

/// A scenario, with what is the same on every path.
pub struct Twin<'s> {
    pub scenario: &'s Scenario,
    /// Line 1 before line 2; a line's position is called its slot.
    pub lines: Vec<LineTerms<'s>>,
}

/// What one path leaves.
pub struct TwinPath {
    pub totals: PathTotals,
    pub timeline: Vec<TimelineRow>,
    /// Figures of section 9, of the fund (`None`) and of each line.
    pub figures: Vec<(MetricId, Option<LineNumber>, i64)>,
}

/// What became of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Waiting,
    Ineligible,
    Lost,
    Approved,
}

/// An application received.
#[derive(Clone, Debug)]
pub struct Application {
    pub applicant: Applicant,
    pub outcome: Outcome,
}

/// An approved application.
#[derive(Clone, Debug)]
pub struct Project {
    pub applicant: Applicant,
    pub product: usize,
    pub package: Package,
    pub approved_in: u32,
    pub withdrawn: bool,
    pub disbursed_in: Option<u32>,
    /// Age at which it will default, if it does within its tenor.
    pub default_age: Option<u32>,
    pub defaulted_in: Option<u32>,
    pub grant_paid_in: Option<u32>,
    /// Exposures at default, once it has happened.
    pub fund_exposure: Decimal,
    pub bank_exposure: Decimal,
    /// Quarterly payments made.
    pub payments: u32,
    /// Repaid before its grant was due: the grant is free.
    pub grant_freed: bool,
}

/// The state of one path while it is played.
pub struct PathState<'t> {
    pub twin: &'t Twin<'t>,
    pub luck: Luck,
    pub economy: Economy,
    /// The quarter being played.
    pub quarter: u32,
    pub cash: Cash,
    /// Everybody who applied, in order.
    pub applications: Vec<Application>,
    /// Everybody approved, in order.
    pub projects: Vec<Project>,
    /// Projects (by position) in order of disbursement.
    pub disbursed: Vec<usize>,
    /// Calls demanded, in order of default.
    pub calls: Vec<Call>,
    /// Instalments of recoveries, due and received.
    pub recoveries: Vec<Recovery>,
    /// Whether a promise was broken, by slot.
    pub shortfall_event: Vec<bool>,
    pub fees_unpaid: Decimal,
    pub overdraft: bool,
    pub timeline: Vec<TimelineRow>,
    /// Slot and number of the project that is made to fail.
    pub failing: Option<(usize, u32)>,
}

impl<'s> Twin<'s> {
    pub fn new(scenario: &'s Scenario) -> Twin<'s> {
        Twin { scenario, lines: scenario.lines().map(|line| LineTerms::new(scenario, line)).collect() }
    }

    /// Plays a path.
    pub fn path(&self, number: u64) -> TwinPath {
        let largest_fails = self.scenario.economy.largest_fails_after_quarters.is_some();
        let failing = largest_fails.then(|| self.play(number, None).largest()).flatten();
        let state = self.play(number, failing);
        let totals = state.totals();
        TwinPath { figures: figures::figures(self, &totals), totals, timeline: state.timeline }
    }

    fn play(&self, number: u64, failing: Option<(usize, u32)>) -> PathState<'_> {
        let luck = Luck { seed: self.scenario.simulation.seed, path: number };
        let mut state = PathState {
            twin: self,
            luck,
            economy: Economy::draw(self, luck),
            quarter: 0,
            cash: Cash::new(self.scenario),
            applications: Vec::new(),
            projects: Vec::new(),
            disbursed: Vec::new(),
            calls: Vec::new(),
            recoveries: Vec::new(),
            shortfall_event: vec![false; self.lines.len()],
            fees_unpaid: Decimal::ZERO,
            overdraft: false,
            timeline: Vec::new(),
            failing,
        };
        for quarter in 0..self.quarters() {
            state.quarter = quarter;
            state.play_quarter();
            state.timeline.push(state.timeline_row());
        }
        state.cash.check_against_ledger();
        state
    }

    /// `Q = 4 x horizon_years`.
    pub fn quarters(&self) -> u32 {
        self.scenario.fund.horizon_quarters
    }

    /// The last quarter, in which everything still due is booked.
    pub fn last_quarter(&self) -> u32 {
        self.quarters() - 1
    }

    /// The first quarter that is not history.
    pub fn today(&self) -> u32 {
        self.scenario.fund.today_quarter
    }

    /// Applications arrive and projects are approved in `0 .. open_quarters`.
    pub fn open_quarters(&self) -> u32 {
        self.scenario.fund.availability_quarters
    }
}
