//! Paths of a settled list: borrowers whose approval does not wait for what happens to others, so that paths differ only
//! by who withdraws, who defaults and what is recovered. Several times faster than [`super::kernel`], and the same cents.
//!
//! # Why it is exact
//!
//! Money that suffices for everybody without any return ([`proof`]) fixes who is approved, when, and with which amounts:
//! no decision of a path depends on cash. Where it suffices for most, the queue is gone through on every path with what is
//! known without defaults, and a path on which that decides nothing is left to another engine ([`approval`]).
//!
//! What remains is a sum. The streams of the path on which everybody takes the likeliest product and nobody withdraws or
//! defaults are computed once a run ([`SettledTerms::base`]); a project that does otherwise takes its own part away or
//! changes it ([`contract`]), in whole cents, rounded project by project as the scalar engine rounds them. Sums of
//! whole cents do not depend on their order. What is not a sum is done on every path, quarter by quarter, as MODEL.md says
//! ([`walk`]): interest on cash, fees, tranches, caps and funds behind guarantee calls. The accounting identities are
//! checked there too, on every path and in every quarter.
//!
//! # A batch of 16 paths
//!
//! 1. Products, withdrawals and approvals, where these are drawn (`begin`); the common luck.
//! 2. Who may default: one comparison a project and path; when, of the few who do, by further ones ([`chance`]). What
//!    these cannot tell is decided by the scalar engine's own functions ([`super::defaults`]).
//! 3. Changes of the streams by those who default (`fall`).
//! 4. The quarters of all 16 paths with each operation ([`walk`]), calls one by one ([`calls`]).
//!
//! # Which plans
//!
//! [`SettledTerms::new`] decides, and says why not ([`NotSettled`]): every line has a list, approvals are known without
//! defaults on at least half of the paths, dependence is static (Gaussian or Student's t), rates on loans and guarantees
//! are not negative, and amounts stay below 10 thousand billion euros. Everything else is admitted: two lines,
//! several and drawn products, withdrawals, grants, guarantees of every kind with caps and lags, uncertain PD levels,
//! economies, tranches, treasury rates of either sign, revolving funds. Other plans, paths that are left, and the rare path
//! on which a grant draws a tranche between other payments of a quarter go to the other engines.

pub mod approval;
pub mod calls;
pub mod chance;
pub mod channel;
mod choices;
pub mod contract;
pub mod proof;
pub mod state;
pub mod terms;
pub mod walk;

pub use terms::{NotSettled, SettledTerms};

use super::InvariantBroken;
use super::chunk::ChunkTimeline;
use super::defaults::{Seasoning, decide_default, draw_severity};
use super::factors::{PathFactors, THEMES};
use super::kernel::draws::{UniformPairs, what};
use super::luck::Luck;
use super::totals::PathTotals;
use crate::isa::Isa;
use crate::numeric::exp;
use crate::numeric::gamma::chi_square_quantile;
use crate::numeric::normal::normal_quantile;
use crate::plan::{DependencePlan, Plan};
use crate::random::Purpose;
use crate::units::Cents;
use approval::LOST;
use calls::{CallLanes, Fallen};
use chance::{ClassLuck, Classify, Compare, Hit, Told};
use channel::{Channel, LANES, Lane, place};
use contract::Contract;
use state::{BooksInLanes, cents};
use terms::{Listed, groups};
use walk::Walk;

/// Simulates batches of paths of one settled list, keeping its buffers.
pub struct Settled<'p> {
    plan: &'p Plan,
    terms: &'p SettledTerms,
    isa: Isa,
    paths: [u64; LANES],
    factors: Vec<PathFactors>,
    luck: ClassLuck,
    hits: Vec<Hit>,
    /// Preferred product of each listed applicant on each path, and the lanes on which it accepts another: a bit each.
    preferred: Vec<[u8; LANES]>,
    accepts: Vec<u32>,
    /// Contract of each listed applicant on each path, or [`LOST`].
    chosen: Vec<[u32; LANES]>,
    /// Lanes on which each listed applicant withdraws if approved, and those on which it has no project: a bit each.
    withdraws: Vec<u32>,
    absent: Vec<u32>,
    /// Lanes of paths that go to another engine: a bit each.
    left: u32,
    /// For one path: contracts of a line, and who waits.
    of_path: Vec<u32>,
    waiting: Vec<usize>,
    /// First listed applicant disbursed, by slot.
    first: Vec<[u32; LANES]>,
    changes: Vec<Lane>,
    /// Quarter, lane, contract and age of each default, in order of disbursement; then in order of quarter.
    defaults: Vec<DefaultAt>,
    fallen: Vec<Fallen>,
    starts: Vec<u32>,
    books: BooksInLanes,
    calls: CallLanes,
}

/// A default, before its costs are known.
#[derive(Clone, Copy, Debug)]
struct DefaultAt {
    quarter: u32,
    lane: u8,
    contract: u32,
    age: u32,
}

impl<'p> Settled<'p> {
    /// A simulator of a settled list.
    pub fn new(plan: &'p Plan, terms: &'p SettledTerms, isa: Isa) -> Self {
        let factors = PathFactors {
            global: vec![0.0],
            themes: vec![[0.0; THEMES]],
            mixing: 1.0,
            pd_level: vec![1.0; plan.lines.len()],
            demand_level: vec![1.0; plan.lines.len()],
        };
        let classes = terms.classes.len();
        fn of_all<T>(terms: &SettledTerms, of: impl Fn(&Listed) -> T) -> Vec<T> {
            terms.listed.iter().map(of).collect()
        }
        Settled {
            plan,
            terms,
            isa,
            paths: [0; LANES],
            factors: vec![factors; LANES],
            luck: ClassLuck { promised: vec![[0.0; LANES]; classes], words: vec![[0; LANES]; classes] },
            hits: Vec::new(),
            preferred: of_all(terms, |listed| [listed.applicant.preferred as u8; LANES]),
            accepts: of_all(terms, |listed| if listed.applicant.accepts_other { u32::MAX } else { 0 }),
            chosen: of_all(terms, |listed| [listed.likeliest().unwrap_or(LOST); LANES]),
            withdraws: of_all(terms, |_| 0),
            absent: of_all(terms, |_| 0),
            left: 0,
            of_path: Vec::new(),
            waiting: Vec::new(),
            first: Vec::new(),
            changes: vec![[0.0; LANES]; terms.base.len()],
            defaults: Vec::new(),
            fallen: Vec::new(),
            starts: Vec::new(),
            books: BooksInLanes::default(),
            calls: CallLanes::new(plan),
        }
    }

    /// Simulates paths from `first_path` on, as many as there are `totals` (at most [`LANES`]), into these and into the
    /// lanes of the timeline from `first_lane` on. Paths that it cannot run exactly go to `otherwise`: path, lane and the same
    /// two to be filled.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books of a path do not balance: a bug.
    pub fn run(
        &mut self,
        first_path: u64,
        totals: &mut [PathTotals],
        first_lane: usize,
        timeline: &mut ChunkTimeline,
        mut otherwise: impl FnMut(u64, usize, &mut PathTotals, &mut ChunkTimeline) -> Result<(), InvariantBroken>,
    ) -> Result<(), InvariantBroken> {
        let (plan, terms) = (self.plan, self.terms);
        self.begin(first_path, totals);
        self.draw_common();
        self.withdraw(totals);
        self.promise(totals);
        self.decide(totals);
        self.sort_by_quarter();
        self.fallen.clear();
        for position in 0..self.defaults.len() {
            self.fall(self.defaults[position], totals);
        }
        self.books.open(plan);
        self.calls.clear(plan);
        let left = self.isa.run(Walk {
            plan,
            terms,
            changes: &self.changes,
            fallen: &self.fallen,
            starts: &self.starts,
            books: &mut self.books,
            calls: &mut self.calls,
            timeline,
            first_lane,
            first_path,
            left: self.left,
        })?;
        for (lane, totals) in totals.iter_mut().enumerate() {
            if left >> lane & 1 == 1 {
                otherwise(self.paths[lane], first_lane + lane, totals, timeline)?;
            } else {
                self.close(lane, totals);
                totals.check(plan, self.paths[lane], &self.books.flows(lane))?;
            }
        }
        Ok(())
    }

    /// First uniforms of one address on each path.
    fn uniforms(&self, purpose: Purpose, line: u8, index: u32) -> [Lane; 2] {
        let mut pair = [[0.0; LANES]; 2];
        let [first, second] = &mut pair;
        let what = what(purpose, line, 0);
        let (seed, paths, indices) = (self.plan.seed, &self.paths, &[index; LANES]);
        self.isa.run(UniformPairs { seed, what, paths, indices, first, second });
        pair
    }

    /// The common luck: [`PathFactors::draw`], without the themes' factors where they weigh nothing.
    fn draw_common(&mut self) {
        let plan = self.plan;
        let [uniforms, _] = self.uniforms(Purpose::GlobalFactor, 0, 0);
        for (factors, uniform) in self.factors.iter_mut().zip(uniforms) {
            factors.global[0] = normal_quantile(uniform);
        }
        if plan.credit.theme_loading != 0.0 {
            for theme in 0..THEMES {
                let [uniforms, _] = self.uniforms(Purpose::ThemeFactor, theme as u8, 0);
                for (factors, uniform) in self.factors.iter_mut().zip(uniforms) {
                    factors.themes[0][theme] = normal_quantile(uniform);
                }
            }
        }
        if let DependencePlan::StudentT { degrees } = plan.credit.dependence {
            let [uniforms, _] = self.uniforms(Purpose::MixingVariable, 0, 0);
            for (factors, uniform) in self.factors.iter_mut().zip(uniforms) {
                factors.mixing = 1.0 / (chi_square_quantile(degrees, uniform) / degrees).sqrt();
            }
        }
        for (slot, line) in plan.lines.iter().enumerate() {
            let sd = line.pd_log_sd;
            if sd != 0.0 {
                let [uniforms, _] = self.uniforms(Purpose::PdLevel, line.number.index() as u8 + 1, 0);
                for (factors, uniform) in self.factors.iter_mut().zip(uniforms) {
                    factors.pd_level[slot] = exp(sd * normal_quantile(uniform) - sd * sd / 2.0);
                }
            }
        }
    }

    /// Default probabilities of the classes, and what the ratings promise.
    fn promise(&mut self, totals: &mut [PathTotals]) {
        let (plan, terms) = (self.plan, self.terms);
        self.isa.run(Classify {
            plan,
            classes: &terms.classes,
            thresholds: &terms.thresholds,
            factors: &self.factors,
            luck: &mut self.luck,
        });
        for (rating, of_rating) in terms.promises.iter().enumerate() {
            let mut promised = [0.0; LANES];
            for &(class, projects) in of_rating {
                for (sum, promise) in promised.iter_mut().zip(&self.luck.promised[class as usize]) {
                    *sum += projects * promise;
                }
            }
            for (totals, promised) in totals.iter_mut().zip(promised) {
                totals.lifetime[rating].promised = promised as i64;
            }
        }
        for (candidate, &at) in terms.candidates.iter().zip(&terms.order) {
            let absent = self.absent[at as usize];
            if absent == 0 {
                continue;
            }
            let rating = terms.listed[at as usize].applicant.rating;
            let promises = &self.luck.promised[candidate.class as usize];
            for (lane, totals) in totals.iter_mut().enumerate() {
                if absent >> lane & 1 == 1 {
                    totals.lifetime[rating].promised -= promises[lane] as i64;
                }
            }
        }
    }

    /// Who defaults and when.
    fn decide(&mut self, totals: &mut [PathTotals]) {
        let (plan, terms) = (self.plan, self.terms);
        let mut whats = [0; 2];
        for (what_of_line, line) in whats.iter_mut().zip(&plan.lines) {
            *what_of_line = what(Purpose::Idiosyncratic, line.number.index() as u8 + 1, 0);
        }
        self.isa.run(Compare {
            seed: plan.seed,
            paths: &self.paths,
            what: whats,
            candidates: &terms.candidates,
            words: &self.luck.words,
            hits: &mut self.hits,
        });
        self.defaults.clear();
        for &Hit { position, lane, word } in &self.hits {
            let at = terms.order[position as usize];
            let of_lane = lane as usize;
            if of_lane >= totals.len() || self.absent[at as usize] >> lane & 1 == 1 {
                continue;
            }
            let contract = self.chosen[at as usize][of_lane];
            let Contract { slot, applicant, disbursed, .. } = &terms.contracts[contract as usize];
            let Some(disbursed) = *disbursed else { continue };
            let (path, factors) = (self.paths[of_lane], &self.factors[of_lane]);
            let class = &terms.classes[terms.candidates[position as usize].class as usize];
            let age = match class.default_age(&terms.thresholds, word, factors, &plan.credit) {
                Told::Defaults(age) => Some(age),
                Told::Survives => None,
                Told::Unsure => {
                    let luck = &mut Luck::plain();
                    decide_default(
                        plan,
                        *slot,
                        path,
                        applicant,
                        Seasoning::new_project(disbursed),
                        factors,
                        luck,
                    )
                    .age
                }
            };
            let Some(age) = age else { continue };
            if self.first[*slot][of_lane] == at
                && let Some(first) = &mut totals[of_lane].census[*slot].first_project
            {
                first.default_age = Some(age);
            }
            self.defaults.push(DefaultAt { quarter: disbursed + age, lane, contract, age });
        }
    }

    /// Orders defaults by quarter; within a quarter they stay in order of disbursement.
    fn sort_by_quarter(&mut self) {
        self.defaults.sort_by_key(|default| default.quarter);
        self.starts.clear();
        let mut start = 0;
        for quarter in 0..=self.plan.quarters {
            start += self.defaults[start..].iter().take_while(|default| default.quarter < quarter).count();
            self.starts.push(start as u32);
        }
    }

    /// A default: [`crate::engine::path`] tells the same story.
    fn fall(&mut self, default: DefaultAt, totals: &mut [PathTotals]) {
        let DefaultAt { quarter, lane, contract: number, age } = default;
        let (plan, of_lane) = (self.plan, lane as usize);
        let contract = &self.terms.contracts[number as usize];
        let slot = contract.slot;
        let (line, last) = (&plan.lines[slot], plan.quarters - 1);
        let (path, factors) = (self.paths[of_lane], &self.factors[of_lane]);
        let severity =
            draw_severity(plan, slot, path, &contract.applicant, quarter, factors, &mut Luck::plain());
        let mut add = into_lane(&mut self.changes, plan, slot, of_lane);
        let fall = contract.fall(line, age, &mut add);
        let recovered_part = 1.0 - severity.loss_given_default;
        let fund_recovery = fall.fund_exposure.times(recovered_part);
        let bank_recovery = fall.bank_exposure.times(recovered_part);
        Contract::recover(line, fund_recovery, quarter, last, Channel::LoanRecoveries, &mut add);
        Contract::recover(line, fall.clawed_back, quarter, last, Channel::ClawedBack, &mut add);
        let demanded = if severity.cured { Cents::ZERO } else { fall.guaranteed };
        self.fallen.push(Fallen { lane, contract: number, demanded, bank_recovery });

        let totals = &mut totals[of_lane];
        let of_line = &mut totals.lines[slot];
        of_line.defaults += 1;
        of_line.fund_exposure += fall.fund_exposure;
        of_line.bank_exposure += fall.bank_exposure;
        of_line.fund_recoveries += fund_recovery;
        of_line.bank_recoveries += bank_recovery;
        of_line.calls_demanded += demanded;
        of_line.grants_recovered += fall.clawed_back;
        totals.lifetime[contract.applicant.rating].defaults += 1;
        for group in groups(totals, &contract.applicant, contract.group) {
            group.defaults += 1;
        }
        attribute(totals, contract, fall.fund_exposure - fund_recovery);
    }

    /// The horizon of one path.
    fn close(&self, lane: usize, totals: &mut PathTotals) {
        let plan = self.plan;
        for (slot, (line, lanes)) in plan.lines.iter().zip(&self.books.lines).enumerate() {
            let (paid, recovered) = (cents(&lanes.calls_paid, lane), cents(&lanes.call_recoveries, lane));
            let open = cents(&lanes.open_calls, lane);
            let room = (cents(&lanes.reserves_disbursed, lane) - (paid - recovered)).positive();
            let within = if line.guarantee.capped { open.min(room) } else { open };
            let of_line = &mut totals.lines[slot];
            of_line.calls_paid = paid;
            of_line.guarantee_recoveries = recovered;
            of_line.capped_loss = if line.guarantee.capped { paid - recovered } else { Cents::ZERO };
            of_line.shortfall = within;
            of_line.calls_over_cap = open - within;
            of_line.cap_hits = i64::from(of_line.calls_over_cap.0 > 0);
            of_line.shortfall_events = i64::from(self.calls.fell_short(lane, slot));
            of_line.outstanding_at_horizon = cents(&lanes.outstanding, lane);
            of_line.payments = lanes.payments[lane] as i64;
            of_line.interest = cents(&lanes.interest, lane);
            of_line.premiums = cents(&lanes.premiums, lane);
            of_line.grants_paid = cents(&lanes.grants_paid, lane);
        }
        for call in self.calls.of(lane) {
            attribute(totals, &self.terms.contracts[call.project], call.paid - call.recovered);
        }
        let books = &self.books.fund;
        let cash = cents(&books.cash, lane);
        let fund = &mut totals.fund;
        fund.treasury = cents(&books.treasury, lane);
        fund.fees_paid = cents(&books.fees_paid, lane);
        fund.fees_unpaid = cents(&books.fees_unpaid, lane);
        fund.never_paid_in = cents(&books.not_paid_in, lane);
        // The books balance: cash is the envelopes less what was not paid in.
        fund.closing_resources = cash + fund.never_paid_in;
        fund.tranches_advanced = books.advanced[lane] as i64;
        fund.overdrafts = books.overdrawn[lane] as i64;
        let closing_cash = cash.times(plan.discount[plan.quarters as usize - 1]);
        fund.subsidy_cost = cents(&books.present_value, lane) - closing_cash;
    }
}

/// Adds to the changes of one path.
fn into_lane(changes: &mut [Lane], plan: &Plan, slot: usize, lane: usize) -> impl contract::Add {
    let lines = plan.lines.len();
    move |quarter, channel, amount| changes[place(lines, quarter, slot, channel)][lane] += amount
}

/// Adds a loss to the groups of a project and to its borrower.
fn attribute(totals: &mut PathTotals, contract: &Contract, loss: Cents) {
    for group in groups(totals, &contract.applicant, contract.group) {
        group.fund_loss += loss;
    }
    if let Some(listed) = contract.applicant.listed
        && loss.0 != 0
    {
        totals.borrowers.push((contract.slot, listed, loss));
    }
}
