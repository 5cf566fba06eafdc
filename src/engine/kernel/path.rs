//! The quarters of one path in the kernel: [`crate::engine::path`] with sums in place of projects.
//!
//! Books, guarantees, calls and tranches are those of the scalar engine. What differs is how a quarter learns what
//! happens in it: scheduled payments stand as sums in [`Rows`], defaults and grants in lists by quarter, and what an
//! applicant needs in arrays. So a quarter costs a few additions per line, and work only where something happens.
//!
//! The order of MODEL.md section 1 within step 4 matters in one case: a grant that the cash may not cover draws a
//! tranche early, depending on what projects before it have paid. Then (and where receipts can be negative) the
//! projects are walked through one by one, as the scalar engine does.

use super::applicants::LineApplicants;
use super::schedule::{AddSchedule, Rows};
use super::terms::KernelTerms;
use crate::engine::InvariantBroken;
use crate::engine::applicants::Applicant;
use crate::engine::books::Books;
use crate::engine::chunk::{ChunkTimeline, ROW_VALUES, row_values};
use crate::engine::defaults::{decide_default, draw_severity};
use crate::engine::factors::PathFactors;
use crate::engine::guarantees::{Call, Calls, GuaranteeBook};
use crate::engine::projects::instalments;
use crate::engine::totals::{GroupTotals, LineRow, LineTotals, PathTotals, TimelineRow};
use crate::isa::Isa;
use crate::numeric::beta::student_t_cdf;
use crate::numeric::ln_1p;
use crate::numeric::normal::normal_cdf;
use crate::plan::{ApplicantSource, DependencePlan, LinePlan, Package, Plan};
use crate::units::{Cents, round_half_even};

/// No project: the end of a list.
const NOBODY: u32 = u32::MAX;

/// A disbursed project.
#[derive(Clone, Copy, Debug)]
struct Project {
    slot: usize,
    applicant: Applicant,
    product: usize,
    package: Package,
    disbursed: u32,
    default_quarter: Option<u32>,
    grant_paid: Option<u32>,
    /// The next project that defaults in the same quarter, and the next whose grant falls due in the same.
    next_default: u32,
    next_grant: u32,
}

/// Projects by quarter, in order of disbursement: the first and last of a chain for each quarter.
#[derive(Clone, Debug, Default)]
struct Calendar {
    ends: Vec<(u32, u32)>,
}

impl Calendar {
    fn clear(&mut self, quarters: usize) {
        self.ends.clear();
        self.ends.resize(quarters, (NOBODY, NOBODY));
    }

    /// Appends a project; returns the one before it, whose link is to point to it.
    fn append(&mut self, quarter: u32, project: u32) -> Option<u32> {
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
struct Approved {
    slot: usize,
    applicant: u32,
    product: u32,
    due: u32,
}

/// What moves in a line besides its envelopes and guarantees.
#[derive(Clone, Copy, Debug, Default)]
struct LineProgress {
    outstanding_fund_loans: Cents,
    performing_reserves: Cents,
    running: i64,
    loan_loss_to_date: Cents,
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

/// The state of a path; its buffers are kept from path to path.
#[derive(Clone, Debug, Default)]
pub struct PathState {
    books: Books,
    guarantees: Vec<GuaranteeBook>,
    calls: Calls,
    progress: Vec<LineProgress>,
    short: Vec<bool>,
    rows: [Rows; 2],
    projects: Vec<Project>,
    defaults: Calendar,
    grants: Calendar,
    grants_due: Vec<Cents>,
    waiting: [Vec<u32>; 2],
    approved: Vec<Approved>,
    called: Vec<u32>,
    loan_recoveries: Vec<[Cents; 2]>,
    clawed_back: Vec<Cents>,
    grants_this_quarter: Cents,
    grants_last_quarter: Cents,
}

impl PathState {
    /// Simulates one path: its totals, and its rows in lane `lane` of the timeline.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books do not balance: a bug.
    pub fn run(
        &mut self,
        inputs: &PathInputs,
        lane: usize,
        totals: &mut PathTotals,
        timeline: &mut ChunkTimeline,
    ) -> Result<(), InvariantBroken> {
        let plan = inputs.plan;
        self.start(plan);
        totals.start(plan);
        count_applications(inputs, totals);
        let last = plan.quarters - 1;
        for quarter in 0..plan.quarters {
            let spending_before = self.books.spending;
            self.books.pay_due_tranche(plan, quarter, spending_before);
            let treasury = self.books.cash.times(plan.treasury_quarter);
            self.books.receive_treasury(treasury);
            self.pay_fees(plan, quarter, totals);
            self.collect_payments(inputs, quarter, totals);
            self.calls.pay_due(plan, quarter, &mut self.books, &mut self.guarantees, &mut self.short);
            self.receive_recoveries(plan, quarter);
            if quarter == last {
                self.calls.pay_due(plan, quarter, &mut self.books, &mut self.guarantees, &mut self.short);
            }
            self.disburse(inputs, quarter, totals, |lag| lag > 0);
            if quarter < plan.open_quarters {
                for slot in 0..plan.lines.len() {
                    self.decide(inputs, slot, quarter, totals);
                }
                self.disburse(inputs, quarter, totals, |lag| lag == 0);
            }
            timeline.set_row(quarter as usize, lane, &self.close_quarter(plan, totals));
            self.books.check(inputs.path, quarter)?;
        }
        self.close(plan, totals);
        totals.check(plan, inputs.path, &self.books.flows)
    }

    fn start(&mut self, plan: &Plan) {
        let quarters = plan.quarters as usize;
        self.books.open(plan);
        refill(&mut self.guarantees, plan.lines.len(), GuaranteeBook::default());
        self.calls.clear(plan.quarters);
        refill(&mut self.progress, plan.lines.len(), LineProgress::default());
        refill(&mut self.short, plan.lines.len(), false);
        self.rows.iter_mut().for_each(|rows| rows.clear(quarters));
        self.projects.clear();
        self.defaults.clear(quarters);
        self.grants.clear(quarters);
        refill(&mut self.grants_due, quarters, Cents::ZERO);
        self.waiting.iter_mut().for_each(Vec::clear);
        self.approved.clear();
        self.called.clear();
        refill(&mut self.loan_recoveries, quarters, [Cents::ZERO; 2]);
        refill(&mut self.clawed_back, quarters, Cents::ZERO);
        self.grants_this_quarter = Cents::ZERO;
        self.grants_last_quarter = Cents::ZERO;
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
        let paid = self.books.pay_fee(plan, quarter, fee);
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
            let line = &plan.lines[project.slot];
            let age = quarter - project.disbursed;
            if age == 0
                || age > line.tenor
                || project.default_quarter.is_some_and(|default| default < quarter)
            {
                continue;
            }
            if project.default_quarter == Some(quarter) {
                self.default(inputs, position, quarter, totals);
                continue;
            }
            let fund = |age: u32| project.package.fund_loan.times(line.fund_fractions[age as usize]);
            let bank = project.package.bank_loan.times(line.bank_fractions[age as usize - 1]);
            let rate = line.products[project.product].guarantee_rate;
            let premium = Cents::rounded(rate * bank.to_f64() * line.guarantee.premium_quarter);
            self.books.receive_principal(plan, project.slot, fund(age - 1) - fund(age));
            self.books.receive_interest(fund(age - 1).times(line.fund_rate_quarter));
            self.books.receive_premium(project.slot, premium);
            if age == line.grant_lag {
                self.pay_grant(plan, position, quarter, totals);
            }
        }
    }

    fn pay_grant(&mut self, plan: &Plan, position: u32, quarter: u32, totals: &mut PathTotals) {
        let project = &mut self.projects[position as usize];
        let grant = project.package.grant;
        if grant.0 == 0 {
            return;
        }
        self.books.pay_grant(plan, quarter, project.slot, grant);
        self.grants_this_quarter += grant;
        totals.lines[project.slot].grants_paid += grant;
        project.grant_paid = Some(quarter);
    }

    /// The default of a project.
    fn default(&mut self, inputs: &PathInputs, position: u32, quarter: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let project = self.projects[position as usize];
        let slot = project.slot;
        let line = &plan.lines[slot];
        let last = plan.quarters - 1;
        let severity = draw_severity(plan, slot, inputs.path, &project.applicant, quarter, inputs.factors);
        let recovered_part = 1.0 - severity.loss_given_default;
        let before = (quarter - project.disbursed - 1) as usize;
        let fund_exposure = project.package.fund_loan.times(line.fund_fractions[before]);
        let bank_exposure = project.package.bank_loan.times(line.bank_fractions[before]);
        let demanded = bank_exposure.times(line.products[project.product].guarantee_rate);
        let fund_recovery = fund_exposure.times(recovered_part);
        let bank_recovery = bank_exposure.times(recovered_part);

        let progress = &mut self.progress[slot];
        progress.running -= 1;
        progress.outstanding_fund_loans -= fund_exposure;
        progress.performing_reserves -= project.package.reserve;
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
            None => self.books.lines[slot].blocked_grants -= project.package.grant,
            Some(paid) if ((quarter - paid) as f64) < line.clawback_quarters => {
                let back = project.package.grant.times(line.clawback_recovery);
                totals.lines[slot].grants_recovered += back;
                instalments(&line.loss.recovery, back, quarter, last, |due, amount| {
                    self.clawed_back[due as usize] += amount;
                });
            }
            Some(_) => {}
        }
        totals.lifetime[project.applicant.rating].defaults += 1;
        for_groups(totals, &project.applicant, line.first_product + project.product, |group| {
            group.defaults += 1;
        });
        attribute(plan, totals, &project, fund_exposure - fund_recovery);
    }

    /// Step 6: recoveries that fall due.
    fn receive_recoveries(&mut self, plan: &Plan, quarter: u32) {
        for slot in 0..plan.lines.len() {
            let amount = self.loan_recoveries[quarter as usize][slot];
            self.books.receive_loan_recovery(plan, slot, amount);
            self.progress[slot].loan_loss_to_date -= amount;
        }
        self.books.receive_clawed_back_grant(self.clawed_back[quarter as usize]);
        let (called, projects) = (&self.called, &self.projects);
        self.calls.receive_recoveries(quarter, &mut self.books, &mut self.guarantees, |position| {
            let project = &projects[called[position] as usize];
            plan.lines[project.slot].products[project.product].guarantee_rate
        });
    }

    /// Steps 7 and 9: disbursements due, of lines whose lag is meant, in order of approval.
    fn disburse(
        &mut self,
        inputs: &PathInputs,
        quarter: u32,
        totals: &mut PathTotals,
        lag_is_meant: impl Fn(u32) -> bool,
    ) {
        if self.approved.is_empty() {
            return;
        }
        let mut approved = std::mem::take(&mut self.approved);
        approved.retain(|approval| {
            let due =
                approval.due == quarter && lag_is_meant(inputs.plan.lines[approval.slot].disbursement_lag);
            if due {
                self.disburse_one(inputs, approval, quarter, totals);
            }
            !due
        });
        self.approved = approved;
    }

    fn disburse_one(
        &mut self,
        inputs: &PathInputs,
        approval: &Approved,
        quarter: u32,
        totals: &mut PathTotals,
    ) {
        let plan = inputs.plan;
        let (slot, at, product) = (approval.slot, approval.applicant as usize, approval.product as usize);
        let line = &plan.lines[slot];
        let applicants = &inputs.applicants[slot];
        let package = applicants.package(at, product);
        let book = &mut self.guarantees[slot];
        book.reserves_approved -= package.reserve;
        book.approved -= package.guaranteed;
        if line.withdrawal_rate > 0.0 && applicants.uniforms.withdrawal[0][at] < line.withdrawal_rate {
            self.books.lines[slot].blocked_loans -= package.fund_loan;
            self.books.lines[slot].blocked_grants -= package.grant;
            totals.lines[slot].withdrawals += 1;
            return;
        }
        book.reserves_disbursed += package.reserve;
        book.performing += package.guaranteed;
        self.books.disburse_loan(plan, quarter, slot, package.fund_loan, package.reserve);
        let applicant = applicants.applicant(at, matches!(line.applicants, ApplicantSource::List(_)));
        let (age, promised) = decide(inputs, slot, at, &applicant, quarter);
        let position = self.projects.len() as u32;
        self.projects.push(Project {
            slot,
            applicant,
            product,
            package,
            disbursed: quarter,
            default_quarter: age.map(|age| quarter + age),
            grant_paid: None,
            next_default: NOBODY,
            next_grant: NOBODY,
        });
        self.schedule(inputs, position, totals);

        let progress = &mut self.progress[slot];
        progress.running += 1;
        progress.outstanding_fund_loans += package.fund_loan;
        progress.performing_reserves += package.reserve;
        let guaranteed = package.guaranteed.0 > 0;
        let of_line = &mut totals.lines[slot];
        of_line.projects += 1;
        of_line.investment_supported += applicant.investment;
        of_line.fund_loans += package.fund_loan;
        of_line.bank_loans += package.bank_loan;
        of_line.guaranteed_loans += if guaranteed { package.bank_loan } else { Cents::ZERO };
        of_line.guarantees += package.guaranteed;
        of_line.reserves += package.reserve;
        of_line.cap_amount += if line.guarantee.capped { package.reserve } else { Cents::ZERO };
        of_line.grants += package.grant;
        of_line.own_funds += package.own_funds;
        if plan.reports_aid {
            of_line.gross_grant_equivalent +=
                line.gross_grant_equivalent(product, applicant.rating, &package);
        }
        let lifetime = &mut totals.lifetime[applicant.rating];
        lifetime.projects += 1;
        lifetime.promised += round_half_even(promised * 1e9);
        for_groups(totals, &applicant, line.first_product + product, |group| {
            group.projects += 1;
            group.investment_supported += applicant.investment;
        });
    }

    /// Enters payments, grant, maturity or default of a new project.
    fn schedule(&mut self, inputs: &PathInputs, position: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let Project { slot, product, package, disbursed, default_quarter, .. } =
            self.projects[position as usize];
        let line = &plan.lines[slot];
        let last = plan.quarters - 1;
        let last_payment = match default_quarter {
            Some(default) => default - 1,
            None => (disbursed + line.tenor).min(last),
        };
        if let Some(default) = default_quarter {
            if let Some(before) = self.defaults.append(default, position) {
                self.projects[before as usize].next_default = position;
            }
        } else if disbursed + line.tenor <= last {
            let rows = &mut self.rows[slot];
            rows.matured[last_payment as usize] += 1;
            rows.matured_reserves[last_payment as usize] += package.reserve.0;
        }
        inputs.isa.run(AddSchedule {
            line,
            rows: &mut self.rows[slot],
            first: disbursed as usize + 1,
            payments: (last_payment - disbursed) as usize,
            fund_loan: package.fund_loan.to_f64(),
            bank_loan: package.bank_loan.to_f64(),
            guarantee_rate: line.products[product].guarantee_rate,
        });
        let grant_quarter = disbursed + line.grant_lag;
        if line.grant_lag == 0 {
            self.pay_grant(plan, position, disbursed, totals);
        } else if package.grant.0 > 0 && grant_quarter <= last_payment {
            self.grants_due[grant_quarter as usize] += package.grant;
            if let Some(before) = self.grants.append(grant_quarter, position) {
                self.projects[before as usize].next_grant = position;
            }
        }
    }

    /// Step 8: the queue of one line.
    fn decide(&mut self, inputs: &PathInputs, slot: usize, quarter: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let line = &plan.lines[slot];
        let applicants = &inputs.applicants[slot];
        let of_line = &mut totals.lines[slot];
        let waiting = &mut self.waiting[slot];
        let starts = inputs.starts[slot];
        for at in starts[quarter as usize]..starts[quarter as usize + 1] {
            if applicants.eligible[at as usize] {
                waiting.push(at);
            } else {
                of_line.rejected_ineligible += 1;
            }
        }
        if waiting.is_empty() {
            return;
        }
        let last_open = quarter + 1 == plan.open_quarters;
        let mut queue_blocked = false;
        let (books, book, approved) =
            (&mut self.books.lines[slot], &mut self.guarantees[slot], &mut self.approved);
        waiting.retain(|&at| {
            let choice = if queue_blocked {
                None
            } else {
                let free = Free {
                    loans: (books.loans - books.blocked_loans).to_f64(),
                    grants: (books.grants - books.blocked_grants).to_f64(),
                    guarantees: books.guarantees,
                };
                free.choose(plan, line, applicants, at as usize, book)
            };
            if let Some(product) = choice {
                let package = applicants.package(at as usize, product);
                books.blocked_loans += package.fund_loan;
                books.blocked_grants += package.grant;
                book.reserves_approved += package.reserve;
                book.approved += package.guaranteed;
                of_line.approvals += 1;
                let due = quarter + line.disbursement_lag;
                approved.push(Approved { slot, applicant: at, product: product as u32, due });
                return false;
            }
            queue_blocked |= line.strict_queue;
            let lost = last_open || quarter >= applicants.arrival[at as usize] + line.max_wait;
            of_line.rejected_budget += i64::from(lost);
            !lost
        });
    }

    fn close_quarter(&mut self, plan: &Plan, totals: &PathTotals) -> [i64; ROW_VALUES] {
        self.grants_last_quarter = std::mem::take(&mut self.grants_this_quarter);
        self.books.overdrawn |= self.books.cash.0 < 0;
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
    fn close(&mut self, plan: &Plan, totals: &mut PathTotals) {
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
            attribute(plan, totals, project, call.paid - call.recovered);
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

/// What a line can still promise.
struct Free {
    loans: f64,
    grants: f64,
    guarantees: Cents,
}

impl Free {
    /// [`crate::engine::approval::choose_product`], from amounts known beforehand.
    fn choose(
        &self,
        plan: &Plan,
        line: &LinePlan,
        applicants: &LineApplicants,
        at: usize,
        book: &GuaranteeBook,
    ) -> Option<usize> {
        let is_met = |product: usize| {
            let needs = &applicants.products[product];
            if self.loans < needs.fund_loan[at] || self.grants < needs.grant[at] || !needs.open[at] {
                return false;
            }
            let terms = &line.products[product];
            !(terms.guarantee_rate > 0.0 && terms.has_bank_loan) || {
                let (reserve, guaranteed) = (needs.reserve[at] as i64, needs.guaranteed[at] as i64);
                self.guarantees >= book.promises(plan.revolving, line, Cents(reserve), Cents(guaranteed))
            }
        };
        let preferred = applicants.preferred[at] as usize;
        if is_met(preferred) {
            return Some(preferred);
        }
        if !applicants.accepts_other[at] {
            return None;
        }
        (0..line.products.len()).find(|&product| product != preferred && is_met(product))
    }
}

/// Age at default and promised default probability of a project: [`decide_default`], by way of what is known already.
fn decide(
    inputs: &PathInputs,
    slot: usize,
    at: usize,
    applicant: &Applicant,
    quarter: u32,
) -> (Option<u32>, f64) {
    let PathInputs { plan, terms, path, factors, .. } = *inputs;
    let line = &plan.lines[slot];
    let credit = &plan.credit;
    let applicants = &inputs.applicants[slot];
    let whole_tenor = quarter + line.tenor < plan.quarters;
    let (Some(economy), true, true) = (terms.constant_economy, whole_tenor, terms.survival.is_some()) else {
        let decision = decide_default(plan, slot, path, applicant, quarter, factors);
        return (decision.age, decision.promised);
    };
    let promised = applicants.promised[at];
    if !applicants.may_default[at] {
        return (None, promised);
    }
    let latent = applicants.latent[at];
    let uniform = match credit.dependence {
        DependencePlan::StudentT { degrees } => student_t_cdf(degrees, latent),
        DependencePlan::Gaussian | DependencePlan::Autoregressive { .. } => normal_cdf(latent),
    };
    let threshold = -ln_1p(-uniform);
    let multiplier = applicants.multiplier[at];
    let mut cumulative = 0.0;
    let age = (1..=line.tenor).find(|&age| {
        cumulative += terms.hazards[(age as usize - 1) / 4][applicant.rating] * multiplier * economy;
        cumulative >= threshold && cumulative > 0.0
    });
    (age, promised)
}

/// Counts all applications of the path: nothing in its quarters depends on these sums.
fn count_applications(inputs: &PathInputs, totals: &mut PathTotals) {
    for (slot, line) in inputs.plan.lines.iter().enumerate() {
        let starts = inputs.starts[slot];
        let applicants = &inputs.applicants[slot];
        let (first, end) = (starts[0] as usize, starts[starts.len() - 1] as usize);
        let PathTotals { lines, themes, products, ratings, .. } = &mut *totals;
        lines[slot].applications = (end - first) as i64;
        for at in first..end {
            let investment = Cents(applicants.investment[at] as i64);
            lines[slot].investment_applied += investment;
            let product = line.first_product + applicants.preferred[at] as usize;
            let groups = [
                &mut themes[applicants.theme[at] as usize],
                &mut products[product],
                &mut ratings[applicants.rating[at] as usize],
            ];
            for group in groups {
                group.applications += 1;
                group.investment_applied += investment;
            }
        }
    }
}

/// Adds a loss to the groups and, if listed, to the borrower of a project.
fn attribute(plan: &Plan, totals: &mut PathTotals, project: &Project, loss: Cents) {
    let product = plan.lines[project.slot].first_product + project.product;
    for_groups(totals, &project.applicant, product, |group| group.fund_loss += loss);
    if let Some(listed) = project.applicant.listed
        && loss.0 != 0
    {
        totals.borrowers.push((project.slot, listed, loss));
    }
}

/// Applies a change to the theme, product and rating group of an applicant.
fn for_groups(
    totals: &mut PathTotals,
    applicant: &Applicant,
    product: usize,
    change: impl Fn(&mut GroupTotals),
) {
    change(&mut totals.themes[applicant.theme]);
    change(&mut totals.products[product]);
    change(&mut totals.ratings[applicant.rating]);
}

impl PathTotals {
    /// Totals of a path on which nothing has happened yet.
    fn start(&mut self, plan: &Plan) {
        self.fund = Default::default();
        self.borrowers.clear();
        refill(&mut self.lines, plan.lines.len(), LineTotals::default());
        refill(&mut self.themes, crate::engine::factors::THEMES, GroupTotals::default());
        refill(&mut self.products, plan.product_count(), GroupTotals::default());
        refill(&mut self.ratings, plan.credit.hazards.len(), GroupTotals::default());
        refill(&mut self.lifetime, plan.credit.hazards.len(), Default::default());
    }
}

pub(super) fn refill<T: Clone>(values: &mut Vec<T>, count: usize, value: T) {
    values.clear();
    values.resize(count, value);
}
