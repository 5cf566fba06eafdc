//! The quarters of one path in the kernel: [`crate::engine::path`] with sums in place of projects.
//!
//! Books, guarantees, calls and tranches are those of the scalar engine. What differs is how a quarter learns what
//! happens in it: scheduled payments stand as sums in [`Rows`], defaults and grants in lists by quarter. So a quarter costs a
//! few additions per line, and work only where something happens.
//!
//! The order of MODEL.md section 1 within step 4 matters in one case: a grant that the cash may not cover draws a
//! tranche early, depending on what projects before it have paid. Then (and where receipts can be negative) the
//! projects are walked through one by one, as the scalar engine does.

use super::applicants::LineApplicants;
use super::queue::Lacking;
use super::schedule::Rows;
use super::terms::KernelTerms;
use crate::engine::InvariantBroken;
use crate::engine::applicants::Applicant;
use crate::engine::books::Books;
use crate::engine::chunk::{ROW_VALUES, TimelineLane, row_values};
use crate::engine::defaults::draw_severity;
use crate::engine::events::Silent;
use crate::engine::factors::PathFactors;
use crate::engine::guarantees::{Call, Calls, GuaranteeBook};
use crate::engine::luck::Luck;
use crate::engine::projects::instalments;
use crate::engine::totals::{GroupTotals, LineRow, LineTotals, PathTotals, TimelineRow};
use crate::isa::Isa;
use crate::plan::{ApplicantSource, Package, Plan};
use crate::units::Cents;

/// No project: the end of a list.
pub(super) const NOBODY: u32 = u32::MAX;

/// A disbursed project: what later quarters ask for, and no more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Project {
    pub(super) slot: u8,
    pub(super) product: u8,
    pub(super) theme: u8,
    pub(super) rating: u8,
    /// Place among the applicants of its line.
    pub(super) at: u32,
    pub(super) disbursed: u32,
    /// Quarters, or [`NEVER`].
    pub(super) default_quarter: u32,
    pub(super) grant_paid: u32,
    /// The next project that defaults in the same quarter, and the next whose grant falls due in the same.
    pub(super) next_default: u32,
    pub(super) next_grant: u32,
    pub(super) fund_loan: Cents,
    pub(super) bank_loan: Cents,
    pub(super) grant: Cents,
    pub(super) reserve: Cents,
}

/// The quarter of what does not happen.
pub(super) const NEVER: u32 = u32::MAX;

/// Projects by quarter, in order of disbursement: the first and last of a chain for each quarter.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    ends: Vec<(u32, u32)>,
}

impl Calendar {
    fn clear(&mut self, quarters: usize) {
        self.ends.clear();
        self.ends.resize(quarters, (NOBODY, NOBODY));
    }

    /// Appends a project; returns the one before it, whose link is to point to it.
    pub(super) fn append(&mut self, quarter: u32, project: u32) -> Option<u32> {
        let (first, last) = &mut self.ends[quarter as usize];
        let before = *last;
        *last = project;
        if before == NOBODY {
            *first = project;
            return None;
        }
        Some(before)
    }

    fn first(&self, quarter: u32) -> u32 {
        self.ends[quarter as usize].0
    }
}

/// An approved project that waits for its disbursement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Approved {
    pub(super) slot: usize,
    pub(super) applicant: u32,
    pub(super) product: u32,
    pub(super) due: u32,
    pub(super) package: Package,
}

/// What moves in a line besides its envelopes and guarantees.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineProgress {
    pub(super) outstanding_fund_loans: Cents,
    pub(super) performing_reserves: Cents,
    pub(super) running: i64,
    pub(super) loan_loss_to_date: Cents,
}

/// What a path is simulated from.
#[derive(Clone, Copy)]
pub struct PathInputs<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its tables.
    pub terms: &'a KernelTerms,
    /// Number of the path.
    pub path: u64,
    /// Its common luck.
    pub factors: &'a PathFactors,
    /// Applicants of the batch, by slot.
    pub applicants: &'a [LineApplicants],
    /// Where the applicants of the path and of each open quarter begin: `[slot][quarter]`, with the end at the end.
    pub starts: [&'a [u32]; 2],
    /// Instruction set.
    pub isa: Isa,
}

impl PathInputs<'_> {
    /// An applicant as the rest of the engine knows it.
    pub(super) fn applicant(&self, slot: usize, at: usize) -> Applicant {
        let is_listed = matches!(self.plan.lines[slot].applicants, ApplicantSource::List(_));
        self.applicants[slot].applicant(at, is_listed)
    }
}

/// Takes the rows of a path, quarter after quarter.
pub trait KeepRows {
    /// The row at the end of a quarter.
    fn keep(&mut self, quarter: usize, row: impl FnOnce() -> [i64; ROW_VALUES]);
    /// The row is that of the quarter before.
    fn repeat(&mut self, quarter: usize);
}

/// Nobody asks for the rows: they are not made.
pub struct NoRows;

impl KeepRows for NoRows {
    fn keep(&mut self, _quarter: usize, _row: impl FnOnce() -> [i64; ROW_VALUES]) {}
    fn repeat(&mut self, _quarter: usize) {}
}

impl KeepRows for TimelineLane<'_> {
    fn keep(&mut self, quarter: usize, row: impl FnOnce() -> [i64; ROW_VALUES]) {
        self.timeline.set_row(quarter, self.lane, &row());
    }
    fn repeat(&mut self, quarter: usize) {
        self.timeline.repeat_row(quarter, self.lane);
    }
}

/// The state of a path; its buffers are kept from path to path.
#[derive(Clone, Debug, Default)]
pub struct PathState {
    pub(super) books: Books,
    pub(super) guarantees: [GuaranteeBook; 2],
    calls: Calls,
    pub(super) progress: [LineProgress; 2],
    short: [bool; 2],
    pub(super) rows: [Rows; 2],
    pub(super) projects: Vec<Project>,
    pub(super) defaults: Calendar,
    pub(super) grants: Calendar,
    pub(super) grants_due: Vec<Cents>,
    pub(super) waiting: [Vec<u32>; 2],
    /// What those who wait in each line were refused for lack of.
    pub(super) lacking: [Lacking; 2],
    pub(super) approved: Vec<Approved>,
    called: Vec<u32>,
    loan_recoveries: Vec<[Cents; 2]>,
    clawed_back: Vec<Cents>,
    grants_this_quarter: Cents,
    grants_last_quarter: Cents,
}

impl PathState {
    /// Simulates one path from totals in which its applications are [counted](PathInputs::count_applications): the rest
    /// of its totals, and its rows.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books do not balance: a bug.
    pub fn run(
        &mut self,
        inputs: &PathInputs,
        totals: &mut PathTotals,
        rows: &mut impl KeepRows,
    ) -> Result<(), InvariantBroken> {
        let plan = inputs.plan;
        self.start(plan);
        let last = plan.quarters - 1;
        for quarter in 0..plan.quarters {
            let (spending_before, tranches_before) = (self.books.spending, self.books.tranches_paid);
            self.books.pay_due_tranche(plan, quarter, spending_before, &mut Silent);
            if self.books.tranches_paid == tranches_before && self.is_quiet(plan, quarter) {
                rows.repeat(quarter as usize);
                continue;
            }
            if plan.treasury_quarter != 0.0 {
                let treasury = self.books.cash.times(plan.treasury_quarter);
                self.books.receive_treasury(treasury);
            }
            self.pay_fees(plan, quarter, totals);
            self.collect_payments(inputs, quarter, totals);
            self.pay_calls(plan, quarter);
            self.receive_recoveries(plan, quarter);
            if quarter == last {
                self.pay_calls(plan, quarter);
            }
            self.disburse(inputs, quarter, totals, |lag| lag > 0);
            if quarter < plan.open_quarters {
                for slot in 0..plan.lines.len() {
                    self.decide(inputs, slot, quarter, totals);
                }
                self.disburse(inputs, quarter, totals, |lag| lag == 0);
            }
            self.grants_last_quarter = std::mem::take(&mut self.grants_this_quarter);
            self.books.overdrawn |= self.books.cash.0 < 0;
            rows.keep(quarter as usize, || self.row(plan, totals));
            self.books.check(inputs.path, quarter)?;
        }
        self.close(inputs, totals);
        totals.check(plan, inputs.path, &self.books.flows)
    }

    fn start(&mut self, plan: &Plan) {
        let quarters = plan.quarters as usize;
        self.books.open(plan);
        self.guarantees = Default::default();
        self.calls.clear(plan.quarters);
        self.progress = Default::default();
        self.short = Default::default();
        self.rows.iter_mut().for_each(|rows| rows.clear(quarters));
        self.projects.clear();
        self.defaults.clear(quarters);
        self.grants.clear(quarters);
        refill(&mut self.grants_due, quarters, Cents::ZERO);
        self.waiting.iter_mut().for_each(Vec::clear);
        self.lacking = [Lacking::NOTHING; 2];
        self.approved.clear();
        self.called.clear();
        refill(&mut self.loan_recoveries, quarters, [Cents::ZERO; 2]);
        refill(&mut self.clawed_back, quarters, Cents::ZERO);
        self.grants_this_quarter = Cents::ZERO;
        self.grants_last_quarter = Cents::ZERO;
    }

    /// Whether nothing can happen in the rest of this quarter, so that it ends as the one before did: a fund that has
    /// wound up waits for its last recoveries.
    fn is_quiet(&self, plan: &Plan, quarter: u32) -> bool {
        let at = quarter as usize;
        quarter > 0
            && quarter >= plan.open_quarters
            && self.progress.iter().all(|line| line.running == 0)
            && self.loan_recoveries[at] == [Cents::ZERO; 2]
            && self.clawed_back[at] == Cents::ZERO
            && self.calls.are_quiet(quarter)
            && self.approved.is_empty()
            && self.grants_last_quarter == Cents::ZERO
            && plan.treasury_quarter == 0.0
    }

    /// Step 3: management fees.
    fn pay_fees(&mut self, plan: &Plan, quarter: u32, totals: &mut PathTotals) {
        let active = quarter < plan.open_quarters
            || !self.approved.is_empty()
            || self.progress.iter().any(|line| line.running > 0)
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
        let paid = self.books.pay_fee(plan, quarter, fee, &mut Silent);
        totals.fund.fees_unpaid += fee - paid;
    }

    /// Step 4: running projects pay or default.
    fn collect_payments(&mut self, inputs: &PathInputs, quarter: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let at = quarter as usize;
        let in_order =
            self.grants_due[at] > self.books.cash.positive() || inputs.terms.receipts_may_be_negative;
        if in_order {
            self.walk_projects(inputs, quarter, totals);
        } else {
            let mut next = self.defaults.first(quarter);
            while next != NOBODY {
                let project = self.projects[next as usize];
                self.default(inputs, next, quarter, totals);
                next = project.next_default;
            }
        }
        for (slot, line) in self.progress.iter_mut().enumerate() {
            if line.running == 0 {
                continue;
            }
            let rows = &self.rows[slot];
            let (principal, interest) = (Cents(rows.principal[at] as i64), Cents(rows.interest[at] as i64));
            let premium = Cents(rows.premium[at] as i64);
            if !in_order {
                self.books.receive_principal(plan, slot, principal);
                self.books.receive_interest(interest);
                self.books.receive_premium(slot, premium);
            }
            self.guarantees[slot].performing -= Cents(rows.released[at] as i64);
            line.outstanding_fund_loans -= principal;
            let of_line = &mut totals.lines[slot];
            of_line.payments += line.running;
            of_line.interest += interest;
            of_line.premiums += premium;
            line.running -= rows.matured[at];
            line.performing_reserves -= Cents(rows.matured_reserves[at]);
        }
        if !in_order {
            let mut next = self.grants.first(quarter);
            while next != NOBODY {
                self.pay_grant(plan, next, quarter, totals);
                next = self.projects[next as usize].next_grant;
            }
        }
    }

    /// Step 4 project by project, in order of disbursement, where cash must be known between them.
    fn walk_projects(&mut self, inputs: &PathInputs, quarter: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        for position in 0..self.projects.len() as u32 {
            let project = self.projects[position as usize];
            let slot = project.slot as usize;
            let line = &plan.lines[slot];
            let age = quarter - project.disbursed;
            if age == 0 || age > line.tenor || project.default_quarter < quarter {
                continue;
            }
            if project.default_quarter == quarter {
                self.default(inputs, position, quarter, totals);
                continue;
            }
            let fund = |age: u32| project.fund_loan.times(line.fund_fractions[age as usize]);
            let bank = project.bank_loan.times(line.bank_fractions[age as usize - 1]);
            let rate = line.products[project.product as usize].guarantee_rate;
            let premium = Cents::rounded(rate * bank.to_f64() * line.guarantee.premium_quarter);
            self.books.receive_principal(plan, slot, fund(age - 1) - fund(age));
            self.books.receive_interest(fund(age - 1).times(line.fund_rate_quarter));
            self.books.receive_premium(slot, premium);
            if age == line.grant_lag {
                self.pay_grant(plan, position, quarter, totals);
            }
        }
    }

    pub(super) fn pay_grant(&mut self, plan: &Plan, position: u32, quarter: u32, totals: &mut PathTotals) {
        let project = &mut self.projects[position as usize];
        let grant = project.grant;
        if grant.0 == 0 {
            return;
        }
        self.books.pay_grant(plan, quarter, project.slot as usize, grant, &mut Silent);
        self.grants_this_quarter += grant;
        totals.lines[project.slot as usize].grants_paid += grant;
        project.grant_paid = quarter;
    }

    /// The default of a project.
    fn default(&mut self, inputs: &PathInputs, position: u32, quarter: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let project = self.projects[position as usize];
        let slot = project.slot as usize;
        let line = &plan.lines[slot];
        let last = plan.quarters - 1;
        let applicant = inputs.applicant(slot, project.at as usize);
        let severity =
            draw_severity(plan, slot, inputs.path, &applicant, quarter, inputs.factors, &mut Luck::plain());
        let recovered_part = 1.0 - severity.loss_given_default;
        let before = (quarter - project.disbursed - 1) as usize;
        let fund_exposure = project.fund_loan.times(line.fund_fractions[before]);
        let bank_exposure = project.bank_loan.times(line.bank_fractions[before]);
        let demanded = bank_exposure.times(line.products[project.product as usize].guarantee_rate);
        let fund_recovery = fund_exposure.times(recovered_part);
        let bank_recovery = bank_exposure.times(recovered_part);

        let progress = &mut self.progress[slot];
        progress.running -= 1;
        progress.outstanding_fund_loans -= fund_exposure;
        progress.performing_reserves -= project.reserve;
        progress.loan_loss_to_date += fund_exposure;
        self.guarantees[slot].performing -= demanded;
        instalments(&line.loss.recovery, fund_recovery, quarter, last, |due, amount| {
            self.loan_recoveries[due as usize][slot] += amount;
        });

        let of_line = &mut totals.lines[slot];
        of_line.defaults += 1;
        of_line.fund_exposure += fund_exposure;
        of_line.bank_exposure += bank_exposure;
        of_line.fund_recoveries += fund_recovery;
        of_line.bank_recoveries += bank_recovery;
        if !severity.cured && demanded.0 > 0 {
            of_line.calls_demanded += demanded;
            let call = Call {
                slot,
                number: inputs.applicants[slot].number[project.at as usize],
                project: self.called.len(),
                demanded,
                paid: Cents::ZERO,
                recovered: Cents::ZERO,
                due: (quarter + line.guarantee.call_lag).min(last),
            };
            let call = self.calls.demand(call, &mut self.guarantees[slot]);
            self.called.push(position);
            instalments(&line.loss.recovery, bank_recovery, quarter, last, |due, amount| {
                self.calls.expect_instalment(due, call, amount);
            });
        }
        match project.grant_paid {
            NEVER => self.books.lines[slot].blocked_grants -= project.grant,
            paid if ((quarter - paid) as f64) < line.clawback_quarters => {
                let back = project.grant.times(line.clawback_recovery);
                totals.lines[slot].grants_recovered += back;
                instalments(&line.loss.recovery, back, quarter, last, |due, amount| {
                    self.clawed_back[due as usize] += amount;
                });
            }
            _ => {}
        }
        totals.lifetime[project.rating as usize].defaults += 1;
        for_groups(plan, totals, &project, |group| group.defaults += 1);
        attribute(inputs, totals, &project, fund_exposure - fund_recovery);
    }

    /// Step 6: recoveries that fall due.
    fn pay_calls(&mut self, plan: &Plan, quarter: u32) {
        let (books, guarantees, short) = (&mut self.books, &mut self.guarantees, &mut self.short);
        self.calls.pay_due(plan, quarter, books, guarantees, short, &mut Silent);
    }

    fn receive_recoveries(&mut self, plan: &Plan, quarter: u32) {
        for slot in 0..plan.lines.len() {
            let amount = self.loan_recoveries[quarter as usize][slot];
            self.books.receive_loan_recovery(plan, slot, amount);
            self.progress[slot].loan_loss_to_date -= amount;
        }
        self.books.receive_clawed_back_grant(self.clawed_back[quarter as usize]);
        let (called, projects) = (&self.called, &self.projects);
        self.calls.receive_recoveries(
            quarter,
            &mut self.books,
            &mut self.guarantees,
            &mut Silent,
            |position| {
                let project = &projects[called[position] as usize];
                plan.lines[project.slot as usize].products[project.product as usize].guarantee_rate
            },
        );
    }

    /// The state at the end of a quarter.
    fn row(&self, plan: &Plan, totals: &PathTotals) -> [i64; ROW_VALUES] {
        let mut row =
            TimelineRow { cash: self.books.cash, idle_cash: self.books.cash, ..TimelineRow::default() };
        for (slot, line) in plan.lines.iter().enumerate() {
            let envelopes = &self.books.lines[slot];
            let book = &self.guarantees[slot];
            let progress = &self.progress[slot];
            let totals = &totals.lines[slot];
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
        row_values(&row)
    }

    /// The horizon: what is left open, what comes back, who lost what.
    fn close(&mut self, inputs: &PathInputs, totals: &mut PathTotals) {
        let plan = inputs.plan;
        for (slot, line) in plan.lines.iter().enumerate() {
            let book = self.guarantees[slot];
            let within = if line.guarantee.capped { book.open.min(book.room()) } else { book.open };
            let of_line = &mut totals.lines[slot];
            of_line.calls_paid = book.paid;
            of_line.guarantee_recoveries = book.recovered;
            of_line.capped_loss = if line.guarantee.capped { book.net_calls() } else { Cents::ZERO };
            of_line.shortfall = within;
            of_line.calls_over_cap = book.open - within;
            of_line.cap_hits = i64::from(of_line.calls_over_cap.0 > 0);
            of_line.shortfall_events = i64::from(self.short[slot]);
            of_line.outstanding_at_horizon = self.progress[slot].outstanding_fund_loans;
        }
        for call in &self.calls.all {
            let project = &self.projects[self.called[call.project] as usize];
            attribute(inputs, totals, project, call.paid - call.recovered);
        }
        let books = &self.books;
        let closing_cash = books.cash.times(plan.discount[plan.quarters as usize - 1]);
        let fund = &mut totals.fund;
        fund.treasury = books.flows.treasury;
        fund.fees_paid = books.flows.fees;
        fund.closing_resources = books.resources();
        fund.never_paid_in = books.not_paid_in;
        fund.tranches_advanced = i64::from(books.tranches_advanced);
        fund.overdrafts = i64::from(books.overdrawn);
        fund.subsidy_cost = books.present_value_paid_in - closing_cash;
    }
}

/// Adds a loss to the groups and, if listed, to the borrower of a project.
fn attribute(inputs: &PathInputs, totals: &mut PathTotals, project: &Project, loss: Cents) {
    for_groups(inputs.plan, totals, project, |group| group.fund_loss += loss);
    let slot = project.slot as usize;
    if loss.0 != 0 && matches!(inputs.plan.lines[slot].applicants, ApplicantSource::List(_)) {
        totals.borrowers.push((slot, inputs.applicants[slot].listed[project.at as usize], loss));
    }
}

/// Applies a change to the theme, product and rating group of a project.
pub(super) fn for_groups(
    plan: &Plan,
    totals: &mut PathTotals,
    project: &Project,
    change: impl Fn(&mut GroupTotals),
) {
    change(&mut totals.themes[project.theme as usize]);
    change(&mut totals.products[plan.lines[project.slot as usize].first_product + project.product as usize]);
    change(&mut totals.ratings[project.rating as usize]);
}

impl PathTotals {
    /// Totals of a path on which nothing has happened yet.
    pub(super) fn start(&mut self, plan: &Plan) {
        self.fund = Default::default();
        self.borrowers.clear();
        refill(&mut self.lines, plan.lines.len(), LineTotals::default());
        refill(&mut self.themes, crate::engine::factors::THEMES, GroupTotals::default());
        refill(&mut self.products, plan.product_count(), GroupTotals::default());
        refill(&mut self.ratings, plan.credit.hazards.len(), GroupTotals::default());
        refill(&mut self.lifetime, plan.credit.hazards.len(), Default::default());
        self.census.resize_with(plan.lines.len(), Default::default);
        self.census.iter_mut().for_each(|census| census.clear(plan.credit.hazards.len()));
    }
}

pub(super) fn refill<T: Clone>(values: &mut Vec<T>, count: usize, value: T) {
    values.clear();
    values.resize(count, value);
}
