//! The quarters of one path, in the order of MODEL.md section 1. What happens between an application and its
//! disbursement is in the submodule `queue`, what lies before today in `history`.

mod history;
mod queue;
pub mod today;

use super::InvariantBroken;
use super::applicants::{Applicant, Arrivals};
use super::approval::Approved;
use super::books::Books;
use super::defaults::draw_severity;
use super::events::{DefaultFacts, Envelope, Event, Recorder, Silent, Who};
use super::factors::PathFactors;
use super::forced::LargestProject;
use super::guarantees::{Call, Calls, GuaranteeBook};
use super::luck::Luck;
use super::projects::{Payment, Project, instalments};
use super::totals::{
    FundTotals, GroupTotals, LifetimeCount, LineCensus, LineRow, LineTotals, PathTotals, TimelineRow,
};
use crate::plan::Plan;
use crate::units::Cents;

/// What moves in a line besides its envelopes and guarantees.
#[derive(Clone, Copy, Debug, Default)]
struct LineProgress {
    outstanding_fund_loans: Cents,
    /// Original reserves of performing guaranteed loans.
    performing_reserves: Cents,
    running: i64,
    /// Exposure of fund loans less recoveries received.
    loan_loss_to_date: Cents,
}

/// Money that a default will bring back.
#[derive(Clone, Copy, Debug)]
enum Awaited {
    /// On the fund loan.
    Loan(Who, Cents),
    /// A grant clawed back.
    Grant(Who, Cents),
}

/// Simulates paths one after another, keeping its buffers. The recorder hears every event of every path.
pub struct PathSimulator<'p, R: Recorder = Silent> {
    plan: &'p Plan,
    recorder: R,
    path: u64,
    factors: PathFactors,
    luck: Luck<'p>,
    books: Books,
    guarantees: Vec<GuaranteeBook>,
    calls: Calls,
    progress: Vec<LineProgress>,
    /// Whether a call within the room could not be paid in full, by slot.
    short: Vec<bool>,
    waiting: Vec<Vec<Applicant>>,
    approved: Vec<Approved>,
    running: Vec<Project>,
    /// Projects with a call, in order of default: for the fund's share of recoveries, and for attribution.
    called: Vec<Project>,
    /// Recoveries on fund loans by quarter and slot.
    loan_recoveries: Vec<[Cents; 2]>,
    /// Grants clawed back by quarter.
    clawed_back: Vec<Cents>,
    /// The same, project by project and by quarter; only if somebody listens.
    awaited: Vec<Vec<Awaited>>,
    grants_this_quarter: Cents,
    grants_last_quarter: Cents,
    totals: PathTotals,
    timeline: Vec<TimelineRow>,
    /// The largest project disbursed on this path; found only where the largest is to fail.
    largest: Option<LargestProject>,
    /// Slot and number of the project that is made to fail.
    doomed: Option<(usize, u32)>,
    /// Plays a path first, to see which project is the largest.
    scout: Option<Box<PathSimulator<'p>>>,
}

impl<'p> PathSimulator<'p> {
    /// A simulator of the paths of a plan.
    pub fn new(plan: &'p Plan) -> Self {
        PathSimulator::with_recorder(plan, Silent)
    }
}

impl<'p, R: Recorder> PathSimulator<'p, R> {
    /// A simulator of the paths of a plan that tells a recorder what happens.
    pub fn with_recorder(plan: &'p Plan, recorder: R) -> Self {
        let lines = plan.lines.len();
        PathSimulator {
            plan,
            recorder,
            path: 0,
            factors: PathFactors::default(),
            luck: Luck::plain(),
            books: Books::default(),
            guarantees: vec![GuaranteeBook::default(); lines],
            calls: Calls::default(),
            progress: vec![LineProgress::default(); lines],
            short: vec![false; lines],
            waiting: vec![Vec::new(); lines],
            approved: Vec::new(),
            running: Vec::new(),
            called: Vec::new(),
            loan_recoveries: vec![[Cents::ZERO; 2]; plan.quarters as usize],
            clawed_back: vec![Cents::ZERO; plan.quarters as usize],
            awaited: Vec::new(),
            grants_this_quarter: Cents::ZERO,
            grants_last_quarter: Cents::ZERO,
            totals: PathTotals::default(),
            timeline: Vec::new(),
            largest: None,
            doomed: None,
            scout: None,
        }
    }

    /// Totals of the path last run.
    pub fn totals(&self) -> &PathTotals {
        &self.totals
    }

    /// State at the end of each quarter of the path last run.
    pub fn timeline(&self) -> &[TimelineRow] {
        &self.timeline
    }

    /// The luck of the path last run: its likelihood ratio, if it was drawn from a tilted law.
    pub fn luck(&self) -> &Luck<'p> {
        &self.luck
    }

    /// The books of the path last run, as they were closed.
    pub fn books(&self) -> &Books {
        &self.books
    }

    /// The recorder, with what it heard so far.
    pub fn recorder(&self) -> &R {
        &self.recorder
    }

    /// The recorder, to be emptied before the next path.
    pub fn recorder_mut(&mut self) -> &mut R {
        &mut self.recorder
    }

    /// The recorder, with what it heard.
    pub fn into_recorder(self) -> R {
        self.recorder
    }

    /// Simulates one path, counted from 0.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books do not balance: a bug.
    pub fn run(&mut self, path: u64) -> Result<(), InvariantBroken> {
        self.run_with(path, Luck::plain())
    }

    /// Simulates one path with its luck drawn as `luck` says. If the largest project is to fail, the path is played twice:
    /// first as its luck says, which shows the largest project, then with that one failing.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books do not balance: a bug.
    pub fn run_with(&mut self, path: u64, luck: Luck<'p>) -> Result<(), InvariantBroken> {
        self.doomed = None;
        if self.plan.largest_fails_after.is_some() {
            let plan = self.plan;
            let scout = self.scout.get_or_insert_with(|| Box::new(PathSimulator::new(plan)));
            scout.play(path, luck.clone())?;
            self.doomed = scout.largest.map(|largest| (largest.slot, largest.number));
        }
        self.play(path, luck)
    }

    fn play(&mut self, path: u64, luck: Luck<'p>) -> Result<(), InvariantBroken> {
        self.luck = luck;
        self.start(path);
        let plan = self.plan;
        let mut arrivals = Arrivals::new(plan, path);
        for quarter in 0..plan.quarters {
            if quarter == plan.today && plan.has_history() {
                self.begin_forecast(quarter);
            }
            self.quarter(quarter, &mut arrivals);
            self.books.check(path, quarter)?;
        }
        self.close();
        self.totals.check(plan, path, &self.books.flows)
    }

    /// One quarter, step by step.
    fn quarter(&mut self, quarter: u32, arrivals: &mut Arrivals<'p>) {
        let plan = self.plan;
        let last = plan.quarters - 1;
        let spending_before = self.books.spending;
        self.books.pay_due_tranche(plan, quarter, spending_before, &mut self.recorder);
        let treasury = self.books.cash.times(plan.treasury_quarter);
        self.books.receive_treasury(treasury);
        if treasury.0 != 0 {
            self.recorder.record(quarter, Event::TreasuryReceived { amount: treasury });
        }
        self.pay_fees(quarter);
        self.collect_payments(quarter);
        self.pay_calls(quarter);
        self.receive_recoveries(quarter);
        if quarter == last {
            self.pay_calls(quarter);
        }
        self.disburse(quarter, |lag| lag > 0);
        if (plan.today..plan.open_quarters).contains(&quarter) {
            for slot in 0..plan.lines.len() {
                self.decide(slot, quarter, arrivals);
            }
        }
        self.disburse(quarter, |lag| lag == 0);
        if quarter < plan.today {
            self.replay(quarter);
        }
        self.close_quarter(quarter);
    }

    fn start(&mut self, path: u64) {
        let plan = self.plan;
        self.path = path;
        self.luck.draw_common(&mut self.factors, plan, path);
        self.books.open(plan);
        self.guarantees.fill(GuaranteeBook::default());
        self.calls.clear(plan.quarters);
        self.progress.fill(LineProgress::default());
        self.short.fill(false);
        self.waiting.iter_mut().for_each(Vec::clear);
        self.approved.clear();
        self.running.clear();
        self.called.clear();
        self.loan_recoveries.fill([Cents::ZERO; 2]);
        self.clawed_back.fill(Cents::ZERO);
        if R::LISTENS {
            self.awaited.iter_mut().for_each(Vec::clear);
            self.awaited.resize(plan.quarters as usize, Vec::new());
        }
        self.grants_this_quarter = Cents::ZERO;
        self.grants_last_quarter = Cents::ZERO;
        self.timeline.clear();
        self.largest = None;
        let totals = &mut self.totals;
        totals.fund = FundTotals::default();
        totals.borrowers.clear();
        refill(&mut totals.lines, plan.lines.len(), LineTotals::default());
        refill(&mut totals.themes, super::factors::THEMES, GroupTotals::default());
        refill(&mut totals.products, plan.product_count(), GroupTotals::default());
        refill(&mut totals.ratings, plan.credit.hazards.len(), GroupTotals::default());
        refill(&mut totals.lifetime, plan.credit.hazards.len(), LifetimeCount::default());
        totals.census.resize_with(plan.lines.len(), LineCensus::default);
        totals.census.iter_mut().for_each(|census| census.clear(plan.credit.hazards.len()));
    }

    /// Step 3: management fees (MODEL.md section 8).
    fn pay_fees(&mut self, quarter: u32) {
        let plan = self.plan;
        let active = quarter < plan.open_quarters
            || !self.approved.is_empty()
            || !self.running.is_empty()
            || self.grants_last_quarter.0 > 0;
        if !active {
            return;
        }
        let outstanding: Cents = self.progress.iter().map(|line| line.outstanding_fund_loans).sum();
        let reserves: Cents = self.progress.iter().map(|line| line.performing_reserves).sum();
        let fees = &plan.fees;
        let earned = fees.base_quarter[quarter as usize] * self.books.flows.paid_in.to_f64()
            + fees.loans_quarter * outstanding.to_f64()
            + fees.guarantees_quarter * reserves.to_f64()
            + fees.grants_once * self.grants_last_quarter.to_f64();
        let fee = Cents::rounded(earned).min(fees.cap - self.books.flows.fees);
        let paid = self.books.pay_fee(plan, quarter, fee, &mut self.recorder);
        self.totals.fund.fees_unpaid += fee - paid;
    }

    /// Step 4: every running project pays or defaults, in order of disbursement.
    fn collect_payments(&mut self, quarter: u32) {
        let plan = self.plan;
        let mut running = std::mem::take(&mut self.running);
        running.retain_mut(|project| {
            if project.default_quarter == Some(quarter) {
                self.default(project, quarter);
                return false;
            }
            let slot = project.slot;
            let line = &plan.lines[slot];
            let age = quarter - project.disbursed;
            let payment = project.pay(line, age);
            self.books.receive_principal(plan, slot, payment.principal);
            self.books.receive_interest(payment.interest);
            self.books.receive_premium(slot, payment.premium);
            self.tell_payment(project, quarter, payment);
            self.guarantees[slot].performing -= payment.guaranteed_released;
            self.progress[slot].outstanding_fund_loans -= payment.principal;
            let totals = &mut self.totals.lines[slot];
            totals.payments += 1;
            totals.interest += payment.interest;
            totals.premiums += payment.premium;
            if age == line.grant_lag {
                self.pay_grant(project, quarter);
            }
            let matured = age == project.last_age;
            if matured {
                if project.grant_paid.is_none() {
                    // Repaid before its grant was due.
                    self.books.lines[slot].blocked_grants -= project.package.grant;
                }
                self.progress[slot].running -= 1;
                self.progress[slot].performing_reserves -= project.package.reserve;
                self.recorder.record(quarter, Event::Matured { who: Who::new(slot, &project.applicant) });
            }
            !matured
        });
        self.running = running;
    }

    /// A scheduled payment; amounts of 0 are not told.
    fn tell_payment(&mut self, project: &Project, quarter: u32, payment: Payment) {
        let who = Who::new(project.slot, &project.applicant);
        let to = Envelope::of_repayments(self.plan, project.slot);
        if payment.principal.0 > 0 {
            let amount = payment.principal;
            self.recorder.record(quarter, Event::PrincipalPaid { who, amount, to });
        }
        if payment.interest.0 > 0 {
            self.recorder.record(quarter, Event::InterestPaid { who, amount: payment.interest });
        }
        if payment.premium.0 > 0 {
            self.recorder.record(quarter, Event::PremiumPaid { who, amount: payment.premium });
        }
    }

    fn pay_grant(&mut self, project: &mut Project, quarter: u32) {
        let grant = project.package.grant;
        if grant.0 == 0 {
            return;
        }
        self.books.pay_grant(self.plan, quarter, project.slot, grant, &mut self.recorder);
        let who = Who::new(project.slot, &project.applicant);
        self.recorder.record(quarter, Event::GrantPaid { who, amount: grant });
        self.grants_this_quarter += grant;
        self.totals.lines[project.slot].grants_paid += grant;
        project.grant_paid = Some(quarter);
    }

    /// The default of a project: exposures, recoveries to come, the call on its guarantee, the fate of its grant.
    fn default(&mut self, project: &Project, quarter: u32) {
        let plan = self.plan;
        let slot = project.slot;
        let line = &plan.lines[slot];
        let last = plan.quarters - 1;
        let applicant = &project.applicant;
        let severity = self.known_severity(project, quarter).unwrap_or_else(|| {
            draw_severity(plan, slot, self.path, applicant, quarter, &self.factors, &mut self.luck)
        });
        let recovered_part = 1.0 - severity.loss_given_default;
        let (fund_exposure, bank_exposure) = (project.fund_outstanding, project.bank_outstanding);
        let fund_recovery = fund_exposure.times(recovered_part);
        let bank_recovery = bank_exposure.times(recovered_part);

        let progress = &mut self.progress[slot];
        progress.running -= 1;
        progress.outstanding_fund_loans -= fund_exposure;
        progress.performing_reserves -= project.package.reserve;
        progress.loan_loss_to_date += fund_exposure;
        self.guarantees[slot].performing -= project.guaranteed_outstanding;
        let who = Who::new(slot, &project.applicant);
        instalments(&line.loss.recovery, fund_recovery, quarter, last, |due, amount| {
            self.loan_recoveries[due as usize][slot] += amount;
            if R::LISTENS {
                self.awaited[due as usize].push(Awaited::Loan(who, amount));
            }
        });

        let totals = &mut self.totals.lines[slot];
        totals.defaults += 1;
        totals.fund_exposure += fund_exposure;
        totals.bank_exposure += bank_exposure;
        totals.fund_recoveries += fund_recovery;
        totals.bank_recoveries += bank_recovery;

        // The call: the guaranteed amount is guarantee rate x bank exposure, rounded once.
        let demanded = if severity.cured { Cents::ZERO } else { project.guaranteed_outstanding };
        let due = (quarter + line.guarantee.call_lag).min(last);
        if demanded.0 > 0 {
            totals.calls_demanded += demanded;
            let call = Call {
                slot,
                number: project.applicant.number,
                project: self.called.len(),
                demanded,
                paid: Cents::ZERO,
                recovered: Cents::ZERO,
                due,
            };
            let position = self.calls.demand(call, &mut self.guarantees[slot]);
            self.called.push(*project);
            instalments(&line.loss.recovery, bank_recovery, quarter, last, |due, amount| {
                self.calls.expect_instalment(due, position, amount);
            });
        }

        let mut freed = Cents::ZERO;
        let mut clawed_back = Cents::ZERO;
        match project.grant_paid {
            None => {
                freed = project.package.grant;
                self.books.lines[slot].blocked_grants -= freed;
            }
            Some(paid) if ((quarter - paid) as f64) < line.clawback_quarters => {
                clawed_back = project.package.grant.times(line.clawback_recovery);
                self.totals.lines[slot].grants_recovered += clawed_back;
                instalments(&line.loss.recovery, clawed_back, quarter, last, |due, amount| {
                    self.clawed_back[due as usize] += amount;
                    if R::LISTENS {
                        self.awaited[due as usize].push(Awaited::Grant(who, amount));
                    }
                });
            }
            Some(_) => {}
        }
        let facts = DefaultFacts {
            fund_exposure,
            bank_exposure,
            loss_given_default: severity.loss_given_default,
            cured: severity.cured,
            fund_recovery,
            bank_recovery,
            call: demanded,
            call_due: due,
            grant_freed: freed,
            grant_clawed_back: clawed_back,
        };
        self.recorder.record(quarter, Event::Defaulted { who, facts });

        let product = line.first_product + project.product;
        // The PDs promise nothing about history.
        self.totals.lifetime[project.applicant.rating].defaults += i64::from(quarter >= plan.today);
        self.for_groups(&project.applicant, product, |group| group.defaults += 1);
        self.attribute(project, fund_exposure - fund_recovery);
    }

    /// Steps 5: calls that are due or still open.
    fn pay_calls(&mut self, quarter: u32) {
        let (books, guarantees, short) = (&mut self.books, &mut self.guarantees, &mut self.short);
        self.calls.pay_due(self.plan, quarter, books, guarantees, short, &mut self.recorder);
    }

    /// Step 6: recoveries that fall due.
    fn receive_recoveries(&mut self, quarter: u32) {
        let plan = self.plan;
        for slot in 0..plan.lines.len() {
            let amount = self.loan_recoveries[quarter as usize][slot];
            self.books.receive_loan_recovery(plan, slot, amount);
            self.progress[slot].loan_loss_to_date -= amount;
        }
        self.books.receive_clawed_back_grant(self.clawed_back[quarter as usize]);
        if R::LISTENS {
            self.tell_recoveries(quarter);
        }
        let called = &self.called;
        let (books, guarantees) = (&mut self.books, &mut self.guarantees);
        self.calls.receive_recoveries(quarter, books, guarantees, &mut self.recorder, |position| {
            let project = &called[position];
            plan.lines[project.slot].products[project.product].guarantee_rate
        });
    }

    /// What was received at once, project by project: fund loans, then grants; in order of default.
    fn tell_recoveries(&mut self, quarter: u32) {
        let awaited = std::mem::take(&mut self.awaited[quarter as usize]);
        for receipt in &awaited {
            if let Awaited::Loan(who, amount) = *receipt
                && amount.0 > 0
            {
                let to = Envelope::of_repayments(self.plan, who.slot);
                self.recorder.record(quarter, Event::LoanRecovered { who, amount, to });
            }
        }
        for receipt in &awaited {
            if let Awaited::Grant(who, amount) = *receipt
                && amount.0 > 0
            {
                self.recorder.record(quarter, Event::GrantRecovered { who, amount });
            }
        }
        // The buffer serves the next path.
        self.awaited[quarter as usize] = awaited;
    }

    fn close_quarter(&mut self, quarter: u32) {
        let plan = self.plan;
        self.grants_last_quarter = std::mem::take(&mut self.grants_this_quarter);
        self.books.overdrawn |= self.books.cash.0 < 0;
        let mut row =
            TimelineRow { cash: self.books.cash, idle_cash: self.books.cash, ..TimelineRow::default() };
        for (slot, line) in plan.lines.iter().enumerate() {
            let envelopes = &self.books.lines[slot];
            let book = &self.guarantees[slot];
            let progress = &self.progress[slot];
            let totals = &self.totals.lines[slot];
            row.idle_cash -= envelopes.blocked_loans
                + envelopes.blocked_grants
                + book.promises(plan.revolving, line, Cents::ZERO, Cents::ZERO);
            row.lines[slot] = LineRow {
                outstanding_fund_loans: progress.outstanding_fund_loans,
                outstanding_guaranteed: book.performing,
                guarantee_reserve: envelopes.guarantees,
                running_projects: progress.running,
                defaults: totals.defaults,
                projects: totals.projects,
                fund_loss: progress.loan_loss_to_date + book.net_calls(),
                calls_paid: book.paid,
                finance: totals.fund_loans + totals.bank_loans,
                investment_supported: totals.investment_supported,
            };
        }
        debug_assert_eq!(self.timeline.len(), quarter as usize);
        self.timeline.push(row);
    }

    /// The horizon: what is left open, what comes back, who lost what.
    fn close(&mut self) {
        let plan = self.plan;
        for (slot, line) in plan.lines.iter().enumerate() {
            let book = self.guarantees[slot];
            let within = if line.guarantee.capped { book.open.min(book.room()) } else { book.open };
            let totals = &mut self.totals.lines[slot];
            totals.calls_paid = book.paid;
            totals.guarantee_recoveries = book.recovered;
            totals.capped_loss = if line.guarantee.capped { book.net_calls() } else { Cents::ZERO };
            totals.shortfall = within;
            totals.calls_over_cap = book.open - within;
            totals.cap_hits = i64::from(totals.calls_over_cap.0 > 0);
            totals.shortfall_events = i64::from(self.short[slot]);
            totals.outstanding_at_horizon = self.progress[slot].outstanding_fund_loans;
        }
        for position in 0..self.calls.all.len() {
            let call = self.calls.all[position];
            let project = self.called[call.project];
            self.attribute(&project, call.paid - call.recovered);
        }
        let books = &self.books;
        let closing_cash = books.cash.times(plan.discount[plan.quarters as usize - 1]);
        let fund = &mut self.totals.fund;
        fund.treasury = books.flows.treasury;
        fund.fees_paid = books.flows.fees;
        fund.closing_resources = books.resources();
        fund.never_paid_in = books.not_paid_in;
        fund.tranches_advanced = i64::from(books.tranches_advanced);
        fund.overdrafts = i64::from(books.overdrawn);
        fund.subsidy_cost = books.present_value_paid_in - closing_cash;
    }

    /// Adds a loss to the groups and, if listed, to the borrower of a project.
    fn attribute(&mut self, project: &Project, loss: Cents) {
        let product = self.plan.lines[project.slot].first_product + project.product;
        self.for_groups(&project.applicant, product, |group| group.fund_loss += loss);
        if let Some(listed) = project.applicant.listed
            && loss.0 != 0
        {
            self.totals.borrowers.push((project.slot, listed, loss));
        }
    }

    /// Applies a change to the theme, product and rating group of an applicant.
    fn for_groups(&mut self, applicant: &Applicant, product: usize, change: impl Fn(&mut GroupTotals)) {
        change(&mut self.totals.themes[applicant.theme]);
        change(&mut self.totals.products[product]);
        change(&mut self.totals.ratings[applicant.rating]);
    }
}

fn refill<T: Clone>(values: &mut Vec<T>, count: usize, value: T) {
    values.clear();
    values.resize(count, value);
}
