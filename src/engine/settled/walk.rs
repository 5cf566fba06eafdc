//! The quarters of a batch of paths: MODEL.md section 1, all paths of the batch with each operation.
//!
//! The steps, their order and their roundings are those of [`crate::engine::path`]. A step reads what its projects pay,
//! receive or lose as one sum per stream ([`super::channel`]): receipts and payments of whole cents add up to the same in
//! any order. Order matters in one respect, a payment that the cash cannot meet draws tranches ahead of the rule:
//!
//! - Payments one after another without a receipt between them (fees; disbursements with the grants paid beside them)
//!   draw, in all, as many tranches as their sum needs: each draws until what is there covers it and those before it,
//!   and the last asks for the sum. A payment of 0 draws nothing and adds nothing.
//! - Grants in step 4 have receipts between them. Where cash covers their sum before any receipt, none draws; a path on
//!   which it does not, while tranches are left, is marked and left to the scalar engine.
//! - Calls are paid one by one ([`super::calls`]).
#![allow(clippy::needless_range_loop, reason = "a loop over lanes reads the same lane of several arrays")]

use super::calls::{CallLanes, Fallen};
use super::channel::{CHANNELS, Channel, LANES, Lane};
use super::state::{BooksInLanes, FundLanes, LineLanes};
use super::terms::SettledTerms;
use crate::engine::InvariantBroken;
use crate::engine::books::Books;
use crate::engine::chunk::{ChunkTimeline, FUND_VALUES, LINE_VALUES};
use crate::isa::Stage;
use crate::numeric::lanes::round_half_even;
use crate::plan::{LinePlan, Plan};

/// Everything that the quarters of a batch need.
pub struct Walk<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What is the same on all paths.
    pub terms: &'a SettledTerms,
    /// What is different on each, in the shape of [`SettledTerms::base`].
    pub changes: &'a [Lane],
    /// Defaults, in order of quarter and disbursement.
    pub fallen: &'a [Fallen],
    /// Where the defaults of each quarter begin, with the end.
    pub starts: &'a [u32],
    /// Books, opened.
    pub books: &'a mut BooksInLanes,
    /// Calls.
    pub calls: &'a mut CallLanes,
    /// The timeline, and the lane of its first path.
    pub timeline: &'a mut ChunkTimeline,
    /// Where in it the batch stands.
    pub first_lane: usize,
    /// Number of the first path.
    pub first_path: u64,
    /// Paths that are left to another engine already: a bit each.
    pub left: u32,
}

#[inline(always)]
fn each(mut of: impl FnMut(usize) -> f64) -> Lane {
    let mut lane = [0.0; LANES];
    for (position, value) in lane.iter_mut().enumerate() {
        *value = of(position);
    }
    lane
}

#[inline(always)]
fn add(to: &mut Lane, amounts: &Lane) {
    for (to, amount) in to.iter_mut().zip(amounts) {
        *to += amount;
    }
}

#[inline(always)]
fn take(from: &mut Lane, amounts: &Lane) {
    for (from, amount) in from.iter_mut().zip(amounts) {
        *from -= amount;
    }
}

#[inline(always)]
fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// 1 if it holds, else 0: what a comparison contributes to a count.
#[inline(always)]
fn one_if(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// Whole numbers below 2^51 in floating point as integers: the lowest bits of the sum with 1.5 x 2^52.
#[inline(always)]
fn integers(values: &Lane, to: &mut [i64]) {
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    for (to, value) in to.iter_mut().zip(values) {
        *to = ((value + MAGIC).to_bits() as i64).wrapping_sub(MAGIC.to_bits() as i64);
    }
}

impl FundLanes {
    /// Pays tranche `number` to the paths whose `due` is 1.
    #[inline(always)]
    fn pay_tranche(&mut self, plan: &Plan, quarter: u32, number: usize, due: &Lane) {
        let amount = plan.tranches[number].amount;
        let (present, amount) = (amount.times(plan.discount[quarter as usize]).to_f64(), amount.to_f64());
        for lane in 0..LANES {
            self.tranches_paid[lane] += due[lane];
            self.not_paid_in[lane] -= due[lane] * amount;
            self.paid_in[lane] += due[lane] * amount;
            self.cash[lane] += due[lane] * amount;
            self.present_value[lane] += due[lane] * present;
        }
    }

    /// Whether some path has a tranche left.
    #[inline(always)]
    fn has_tranches(&self, plan: &Plan) -> bool {
        self.tranches_paid.iter().any(|&paid| paid < plan.tranches.len() as f64)
    }

    /// Step 1.
    #[inline(always)]
    fn pay_due_tranches(&mut self, plan: &Plan, quarter: u32) {
        // At most one a quarter: those paid before count.
        let before = self.tranches_paid;
        for (number, tranche) in plan.tranches.iter().enumerate() {
            let first = quarter == 0 && number == 0;
            let due = each(|lane| {
                let earned = quarter > 0
                    && self.spending[lane] >= round_half_even(self.paid_in[lane] * tranche.trigger);
                one_if(before[lane] == number as f64 && (first | earned))
            });
            self.pay_tranche(plan, quarter, number, &due);
        }
    }

    /// Before payments: draws the next tranches early, as many as they need.
    #[inline(always)]
    fn ensure_cash(&mut self, plan: &Plan, quarter: u32, payments: &Lane) {
        for number in 0..plan.tranches.len() {
            let drawn = each(|lane| {
                let lacks = (payments[lane] > 0.0) & (self.cash[lane] < payments[lane]);
                one_if(lacks & (self.tranches_paid[lane] == number as f64))
            });
            self.pay_tranche(plan, quarter, number, &drawn);
            add(&mut self.advanced, &drawn);
        }
    }

    /// Step 2.
    #[inline(always)]
    fn receive_treasury(&mut self, plan: &Plan) {
        let amounts = each(|lane| round_half_even(self.cash[lane] * plan.treasury_quarter));
        add(&mut self.treasury, &amounts);
        add(&mut self.income, &amounts);
        add(&mut self.cash, &amounts);
    }

    /// Step 3.
    #[inline(always)]
    fn pay_fees(
        &mut self,
        plan: &Plan,
        quarter: u32,
        lines: &[LineLanes],
        surely_active: bool,
        tranches: bool,
    ) {
        let (mut outstanding, mut reserves, mut running) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for line in lines {
            add(&mut outstanding, &line.outstanding);
            add(&mut reserves, &line.performing_reserves);
            add(&mut running, &line.running);
        }
        let fees = &plan.fees;
        let (base, cap) = (fees.base_quarter[quarter as usize], fees.cap.to_f64());
        let fee = each(|lane| {
            let earned = base * self.paid_in[lane]
                + fees.loans_quarter * outstanding[lane]
                + fees.guarantees_quarter * reserves[lane]
                + fees.grants_once * self.grants_before[lane];
            let fee = lesser(round_half_even(earned), cap - self.fees_paid[lane]);
            let active = surely_active | (running[lane] > 0.0) | (self.grants_before[lane] > 0.0);
            if active { fee } else { 0.0 }
        });
        let from_fees = each(|lane| lesser(fee[lane], self.fees[lane]));
        let from_income = each(|lane| lesser(fee[lane] - from_fees[lane], positive(self.income[lane])));
        let paid = each(|lane| from_fees[lane] + from_income[lane]);
        if tranches {
            self.ensure_cash(plan, quarter, &paid);
        }
        take(&mut self.fees, &from_fees);
        take(&mut self.income, &from_income);
        add(&mut self.fees_paid, &paid);
        add(&mut self.spending, &paid);
        take(&mut self.cash, &paid);
        add(&mut self.fees_unpaid, &each(|lane| fee[lane] - paid[lane]));
    }

    #[inline(always)]
    fn pay_grants(&mut self, line: &mut LineLanes, grants: &Lane) {
        take(&mut line.grants, grants);
        add(&mut line.grants_paid, grants);
        add(&mut self.grants, grants);
        add(&mut self.grants_now, grants);
        add(&mut self.spending, grants);
        take(&mut self.cash, grants);
    }

    #[inline(always)]
    fn credit_loans_or_returned(&mut self, line: &mut LineLanes, revolving: bool, amounts: &Lane) {
        add(if revolving { &mut line.loans } else { &mut self.returned }, amounts);
        add(&mut self.cash, amounts);
    }
}

/// The streams of one line in one quarter.
#[derive(Clone, Copy)]
struct Streams<'a> {
    base: &'a [f64; CHANNELS],
    changes: &'a [Lane; CHANNELS],
}

impl Streams<'_> {
    #[inline(always)]
    fn get(&self, channel: Channel) -> Lane {
        let (base, changes) = (self.base[channel as usize], &self.changes[channel as usize]);
        each(|lane| base + changes[lane])
    }
}

/// Step 4: payments, defaults and maturities of one line, and its grants.
#[inline(always)]
fn collect(plan: &Plan, slot: usize, streams: Streams, fund: &mut FundLanes, line: &mut LineLanes) {
    let [principal, interest, premium] =
        [Channel::Principal, Channel::Interest, Channel::Premium].map(|channel| streams.get(channel));
    add(&mut fund.principal, &principal);
    fund.credit_loans_or_returned(line, plan.revolving, &principal);
    take(&mut line.outstanding, &principal);
    for to in [&mut fund.interest, &mut fund.income, &mut fund.cash, &mut line.interest] {
        add(to, &interest);
    }
    for to in [&mut fund.premiums, &mut line.guarantees, &mut fund.cash, &mut line.premiums] {
        add(to, &premium);
    }
    let defaulted = streams.get(Channel::Defaulted);
    take(&mut line.outstanding, &defaulted);
    add(&mut line.loan_loss, &defaulted);
    let (defaults, matured) = (streams.get(Channel::Defaults), streams.get(Channel::Matured));
    add(&mut line.defaults, &defaults);
    take(&mut line.running, &defaults);
    add(&mut line.payments, &line.running);
    take(&mut line.running, &matured);
    take(&mut line.performing_reserves, &streams.get(Channel::ReservesEnded));
    if plan.lines[slot].grant_lag > 0 {
        fund.pay_grants(line, &streams.get(Channel::Grants));
    }
}

/// Step 6: recoveries on fund loans, and grants clawed back.
#[inline(always)]
fn recover(plan: &Plan, streams: Streams, fund: &mut FundLanes, line: &mut LineLanes) {
    let recoveries = streams.get(Channel::LoanRecoveries);
    add(&mut fund.recoveries, &recoveries);
    fund.credit_loans_or_returned(line, plan.revolving, &recoveries);
    take(&mut line.loan_loss, &recoveries);
    let clawed_back = streams.get(Channel::ClawedBack);
    for to in [&mut fund.clawed_back, &mut fund.returned, &mut fund.cash] {
        add(to, &clawed_back);
    }
}

/// Steps 7 to 9 of one line, after the cash is there.
#[inline(always)]
fn disburse(plan: &Plan, slot: usize, streams: Streams, fund: &mut FundLanes, line: &mut LineLanes) {
    let (loans, reserves) = (streams.get(Channel::Loans), streams.get(Channel::Reserves));
    take(&mut line.loans, &loans);
    for to in [&mut fund.loans, &mut fund.spending, &mut line.outstanding] {
        add(to, &loans);
    }
    take(&mut fund.cash, &loans);
    for to in [&mut fund.spending, &mut line.performing_reserves, &mut line.reserves_disbursed] {
        add(to, &reserves);
    }
    let projects = streams.get(Channel::Projects);
    add(&mut line.running, &projects);
    add(&mut line.projects, &projects);
    add(&mut line.finance, &streams.get(Channel::Finance));
    add(&mut line.investment, &streams.get(Channel::Investment));
    add(&mut line.blocked_loans, &streams.get(Channel::BlockedLoans));
    add(&mut line.blocked_grants, &streams.get(Channel::BlockedGrants));
    add(&mut line.promised_reserves, &streams.get(Channel::PromisedReserves));
    add(&mut line.performing, &streams.get(Channel::Performing));
    add(&mut line.exposure, &streams.get(Channel::Exposure));
    if plan.lines[slot].grant_lag == 0 {
        fund.pay_grants(line, &streams.get(Channel::Grants));
    }
}

impl LineLanes {
    /// What the promises may still cost: [`crate::engine::guarantees::GuaranteeBook::promises`].
    #[inline(always)]
    fn promises(&self, revolving: bool, terms: &LinePlan) -> Lane {
        each(|lane| {
            let net_calls = self.calls_paid[lane] - self.call_recoveries[lane];
            let left = positive(self.promised_reserves[lane] - net_calls);
            let (exposure, open) = (self.exposure[lane], self.open_calls[lane]);
            match (revolving, terms.guarantee.capped) {
                (false, _) => left,
                (true, true) => lesser(left, exposure + open),
                (true, false) => round_half_even(exposure * terms.guarantee.reserve_rate) + open,
            }
        })
    }
}

impl BooksInLanes {
    /// Whether the accounting identities hold: a bit of each path on which they do not.
    #[inline(always)]
    fn unbalanced(&self) -> u32 {
        let fund = &self.fund;
        let mut resources = each(|lane| fund.fees[lane] + fund.income[lane] + fund.returned[lane]);
        let mut least = each(|lane| lesser(fund.fees[lane], fund.returned[lane]));
        for line in &self.lines {
            for lane in 0..LANES {
                resources[lane] += line.loans[lane] + line.guarantees[lane] + line.grants[lane];
                let loans = lesser(line.blocked_loans[lane], line.loans[lane] - line.blocked_loans[lane]);
                let grants = lesser(line.blocked_grants[lane], line.grants[lane] - line.blocked_grants[lane]);
                least[lane] = lesser(least[lane], lesser(line.guarantees[lane], lesser(loans, grants)));
            }
        }
        let mut unbalanced = 0;
        for lane in 0..LANES {
            let receipts = fund.paid_in[lane]
                + fund.treasury[lane]
                + fund.interest[lane]
                + fund.premiums[lane]
                + fund.principal[lane]
                + fund.recoveries[lane]
                + fund.clawed_back[lane];
            let payments = fund.loans[lane] + fund.calls[lane] + fund.grants[lane] + fund.fees_paid[lane];
            let cash = fund.cash[lane];
            let balanced = (cash == receipts - payments)
                & (cash == resources[lane] - fund.not_paid_in[lane])
                & (least[lane] >= 0.0);
            unbalanced |= u32::from(!balanced) << lane;
        }
        unbalanced
    }

    /// The rows of a quarter into the timeline.
    #[inline(always)]
    fn close_quarter(&self, plan: &Plan, quarter: u32, first_lane: usize, timeline: &mut ChunkTimeline) {
        let lanes = first_lane..first_lane + LANES;
        let rows = timeline.quarter_mut(quarter as usize);
        let mut idle = self.fund.cash;
        for (slot, (line, terms)) in self.lines.iter().zip(&plan.lines).enumerate() {
            let promises = line.promises(plan.revolving, terms);
            for lane in 0..LANES {
                idle[lane] -= line.blocked_loans[lane] + line.blocked_grants[lane] + promises[lane];
            }
            let fund_loss =
                each(|lane| line.loan_loss[lane] + (line.calls_paid[lane] - line.call_recoveries[lane]));
            let first = FUND_VALUES + slot * LINE_VALUES;
            let values = [
                &line.outstanding,
                &line.performing,
                &line.guarantees,
                &line.running,
                &line.defaults,
                &line.projects,
                &fund_loss,
                &line.calls_paid,
                &line.finance,
                &line.investment,
            ];
            for (row, value) in rows[first..first + LINE_VALUES].iter_mut().zip(values) {
                integers(value, &mut row[lanes.clone()]);
            }
        }
        integers(&self.fund.cash, &mut rows[0][lanes.clone()]);
        integers(&idle, &mut rows[1][lanes]);
    }
}

impl Stage for Walk<'_> {
    /// Paths to be left to the scalar engine: a bit each.
    type Output = Result<u32, InvariantBroken>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        let Walk { plan, terms, books, calls, .. } = self;
        let last = plan.quarters - 1;
        let lines = plan.lines.len();
        let (base, changes) = (terms.base.as_chunks::<CHANNELS>().0, self.changes.as_chunks::<CHANNELS>().0);
        let mut left = self.left;
        // Where approvals differ between paths, so does who still waits for money after the last of them.
        let lag = plan.lines.iter().map(|line| line.disbursement_lag).max().unwrap_or(0);
        let sure = terms.sure.iter().all(|&sure| sure);
        let last_waiting = if sure { 0 } else { plan.open_quarters + lag };
        for quarter in 0..plan.quarters {
            let at = quarter as usize * lines;
            let streams = |slot: usize| Streams { base: &base[at + slot], changes: &changes[at + slot] };
            let fund = &mut books.fund;
            let mut tranches = fund.has_tranches(plan);
            if tranches {
                fund.pay_due_tranches(plan, quarter);
                tranches = fund.has_tranches(plan);
            }
            if plan.treasury_quarter != 0.0 {
                fund.receive_treasury(plan);
            }
            let surely_active = quarter < plan.open_quarters || terms.pending[quarter as usize];
            if quarter >= plan.open_quarters && quarter < last_waiting {
                left |= may_wait(fund, &books.lines);
            }
            fund.pay_fees(plan, quarter, &books.lines, surely_active, tranches);
            if tranches {
                left |= grants_may_draw(plan, fund, streams);
            }
            for (slot, line) in books.lines.iter_mut().enumerate() {
                collect(plan, slot, streams(slot), fund, line);
            }
            if terms.guarantees {
                let of_quarter = self.starts[quarter as usize]..self.starts[quarter as usize + 1];
                for fallen in &self.fallen[of_quarter.start as usize..of_quarter.end as usize] {
                    if fallen.demanded.0 > 0 {
                        let contract = &terms.contracts[fallen.contract as usize];
                        calls.demand(plan, quarter, fallen, contract, books);
                    }
                }
                calls.pay(plan, quarter, books);
            }
            for (slot, line) in books.lines.iter_mut().enumerate() {
                recover(plan, streams(slot), &mut books.fund, line);
            }
            if terms.guarantees {
                calls.receive(quarter, &terms.contracts, books);
                if quarter == last {
                    calls.pay(plan, quarter, books);
                }
            }
            let fund = &mut books.fund;
            if tranches {
                let mut payments = [0.0; LANES];
                for (slot, line) in plan.lines.iter().enumerate() {
                    add(&mut payments, &streams(slot).get(Channel::Loans));
                    if line.grant_lag == 0 {
                        add(&mut payments, &streams(slot).get(Channel::Grants));
                    }
                }
                fund.ensure_cash(plan, quarter, &payments);
            }
            for (slot, line) in books.lines.iter_mut().enumerate() {
                disburse(plan, slot, streams(slot), fund, line);
            }
            fund.grants_before = std::mem::take(&mut fund.grants_now);
            fund.overdrawn = each(|lane| if fund.cash[lane] < 0.0 { 1.0 } else { fund.overdrawn[lane] });
            books.close_quarter(plan, quarter, self.first_lane, self.timeline);
            let unbalanced = books.unbalanced() & !left;
            if unbalanced != 0 {
                return Err(broken(books, unbalanced, self.first_path, quarter));
            }
        }
        Ok(left)
    }
}

/// Paths on which nothing runs, so that the fee depends on whether somebody approved still waits.
#[inline(always)]
fn may_wait(fund: &FundLanes, lines: &[LineLanes]) -> u32 {
    let mut running = [0.0; LANES];
    lines.iter().for_each(|line| add(&mut running, &line.running));
    let mut waits = 0;
    for lane in 0..LANES {
        let idle = (running[lane] <= 0.0) & (fund.grants_before[lane] <= 0.0);
        waits |= u32::from(idle) << lane;
    }
    waits
}

/// Paths on which a grant in step 4 may draw a tranche: a bit each.
#[inline(always)]
fn grants_may_draw<'a>(plan: &Plan, fund: &FundLanes, streams: impl Fn(usize) -> Streams<'a>) -> u32 {
    let mut grants = [0.0; LANES];
    for (slot, line) in plan.lines.iter().enumerate() {
        if line.grant_lag > 0 {
            add(&mut grants, &streams(slot).get(Channel::Grants));
        }
    }
    let mut draw = 0;
    for lane in 0..LANES {
        let lacks = (grants[lane] > positive(fund.cash[lane]))
            & (fund.tranches_paid[lane] < plan.tranches.len() as f64);
        draw |= u32::from(lacks) << lane;
    }
    draw
}

/// Which identity does not hold on the first of these paths.
#[cold]
fn broken(books: &BooksInLanes, unbalanced: u32, first_path: u64, quarter: u32) -> InvariantBroken {
    let lane = unbalanced.trailing_zeros() as usize;
    let path = first_path + lane as u64;
    let mut one = Books::default();
    books.copy_to(lane, &mut one);
    match one.check(path, quarter) {
        Err(broken) => broken,
        Ok(()) => InvariantBroken { path, quarter, what: format!("books in lanes do not balance: {one:?}") },
    }
}
