//! The quarters of one path, in the order of MODEL.md section 1.

use super::InvariantBroken;
use super::applicants::{Applicant, Arrivals};
use super::approval::{Approved, choose_product, is_eligible};
use super::books::Books;
use super::defaults::{decide_default, draw_severity, withdraws};
use super::factors::PathFactors;
use super::guarantees::{Call, Calls, GuaranteeBook};
use super::projects::{Project, instalments};
use super::totals::{
    FundTotals, GroupTotals, LifetimeCount, LineCensus, LineRow, LineTotals, PathTotals, TimelineRow,
};
use crate::plan::Plan;
use crate::units::{Cents, round_half_even};

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

/// Simulates paths one after another, keeping its buffers.
pub struct PathSimulator<'p> {
    plan: &'p Plan,
    path: u64,
    factors: PathFactors,
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
    grants_this_quarter: Cents,
    grants_last_quarter: Cents,
    totals: PathTotals,
    timeline: Vec<TimelineRow>,
}

impl<'p> PathSimulator<'p> {
    /// A simulator of the paths of a plan.
    pub fn new(plan: &'p Plan) -> Self {
        let lines = plan.lines.len();
        PathSimulator {
            plan,
            path: 0,
            factors: PathFactors::default(),
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
            grants_this_quarter: Cents::ZERO,
            grants_last_quarter: Cents::ZERO,
            totals: PathTotals::default(),
            timeline: Vec::new(),
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

    /// Simulates one path, counted from 0.
    ///
    /// # Errors
    /// [`InvariantBroken`] if the books do not balance: a bug.
    pub fn run(&mut self, path: u64) -> Result<(), InvariantBroken> {
        self.start(path);
        let plan = self.plan;
        let last = plan.quarters - 1;
        let mut arrivals = Arrivals::new(plan, path);
        for quarter in 0..plan.quarters {
            let spending_before = self.books.spending;
            self.books.pay_due_tranche(plan, quarter, spending_before);
            let treasury = self.books.cash.times(plan.treasury_quarter);
            self.books.receive_treasury(treasury);
            self.pay_fees(quarter);
            self.collect_payments(quarter);
            self.pay_calls(quarter);
            self.receive_recoveries(quarter);
            if quarter == last {
                self.pay_calls(quarter);
            }
            self.disburse(quarter, |lag| lag > 0);
            if quarter < plan.open_quarters {
                for slot in 0..plan.lines.len() {
                    self.decide(slot, quarter, &mut arrivals);
                }
            }
            self.disburse(quarter, |lag| lag == 0);
            self.close_quarter(quarter);
            self.books.check(path, quarter)?;
        }
        self.close();
        self.check_totals()
    }

    fn start(&mut self, path: u64) {
        let plan = self.plan;
        self.path = path;
        self.factors.draw(plan, path);
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
        self.grants_this_quarter = Cents::ZERO;
        self.grants_last_quarter = Cents::ZERO;
        self.timeline.clear();
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
        let paid = self.books.pay_fee(plan, quarter, fee);
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
            self.guarantees[slot].performing -= payment.guaranteed_released;
            self.progress[slot].outstanding_fund_loans -= payment.principal;
            let totals = &mut self.totals.lines[slot];
            totals.payments += 1;
            totals.interest += payment.interest;
            totals.premiums += payment.premium;
            if age == line.grant_lag {
                self.pay_grant(project, quarter);
            }
            let matured = age == line.tenor;
            if matured {
                self.progress[slot].running -= 1;
                self.progress[slot].performing_reserves -= project.package.reserve;
            }
            !matured
        });
        self.running = running;
    }

    fn pay_grant(&mut self, project: &mut Project, quarter: u32) {
        let grant = project.package.grant;
        if grant.0 == 0 {
            return;
        }
        self.books.pay_grant(self.plan, quarter, project.slot, grant);
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
        let severity = draw_severity(plan, slot, self.path, &project.applicant, quarter, &self.factors);
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
        instalments(&line.loss.recovery, fund_recovery, quarter, last, |due, amount| {
            self.loan_recoveries[due as usize][slot] += amount;
        });

        let totals = &mut self.totals.lines[slot];
        totals.defaults += 1;
        totals.fund_exposure += fund_exposure;
        totals.bank_exposure += bank_exposure;
        totals.fund_recoveries += fund_recovery;
        totals.bank_recoveries += bank_recovery;

        // The call: the guaranteed amount is guarantee rate x bank exposure, rounded once.
        let demanded = project.guaranteed_outstanding;
        if !severity.cured && demanded.0 > 0 {
            totals.calls_demanded += demanded;
            let due = (quarter + line.guarantee.call_lag).min(last);
            let call = Call {
                slot,
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

        match project.grant_paid {
            None => self.books.lines[slot].blocked_grants -= project.package.grant,
            Some(paid) if ((quarter - paid) as f64) < line.clawback_quarters => {
                let back = project.package.grant.times(line.clawback_recovery);
                self.totals.lines[slot].grants_recovered += back;
                instalments(&line.loss.recovery, back, quarter, last, |due, amount| {
                    self.clawed_back[due as usize] += amount;
                });
            }
            Some(_) => {}
        }

        let product = line.first_product + project.product;
        self.totals.lifetime[project.applicant.rating].defaults += 1;
        self.for_groups(&project.applicant, product, |group| group.defaults += 1);
        self.attribute(project, fund_exposure - fund_recovery);
    }

    /// Steps 5: calls that are due or still open.
    fn pay_calls(&mut self, quarter: u32) {
        self.calls.pay_due(self.plan, quarter, &mut self.books, &mut self.guarantees, &mut self.short);
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
        let called = &self.called;
        self.calls.receive_recoveries(quarter, &mut self.books, &mut self.guarantees, |position| {
            let project = &called[position];
            plan.lines[project.slot].products[project.product].guarantee_rate
        });
    }

    /// Steps 7 and 9: disbursements due, of lines whose lag is meant, in order of approval.
    fn disburse(&mut self, quarter: u32, lag_is_meant: impl Fn(u32) -> bool) {
        if self.approved.is_empty() {
            return;
        }
        let plan = self.plan;
        let mut approved = std::mem::take(&mut self.approved);
        approved.retain(|approval| {
            let due = approval.due == quarter && lag_is_meant(plan.lines[approval.slot].disbursement_lag);
            if due {
                self.disburse_one(approval, quarter);
            }
            !due
        });
        self.approved = approved;
    }

    fn disburse_one(&mut self, approval: &Approved, quarter: u32) {
        let plan = self.plan;
        let Approved { slot, applicant, product, package, .. } = *approval;
        let line = &plan.lines[slot];
        let book = &mut self.guarantees[slot];
        book.reserves_approved -= package.reserve;
        book.approved -= package.guaranteed;
        if withdraws(plan, line, self.path, &applicant) {
            self.books.lines[slot].blocked_loans -= package.fund_loan;
            self.books.lines[slot].blocked_grants -= package.grant;
            self.totals.lines[slot].withdrawals += 1;
            return;
        }
        book.reserves_disbursed += package.reserve;
        book.performing += package.guaranteed;
        self.books.disburse_loan(plan, quarter, slot, package.fund_loan, package.reserve);
        let decision = decide_default(plan, slot, self.path, &applicant, quarter, &self.factors);
        self.totals.census[slot].disburse(&applicant, quarter, decision.age);
        let mut project = Project {
            slot,
            applicant,
            product,
            package,
            disbursed: quarter,
            default_quarter: decision.age.map(|age| quarter + age),
            fund_outstanding: package.fund_loan,
            bank_outstanding: package.bank_loan,
            guaranteed_outstanding: package.guaranteed,
            grant_paid: None,
        };
        if line.grant_lag == 0 {
            self.pay_grant(&mut project, quarter);
        }
        let progress = &mut self.progress[slot];
        progress.running += 1;
        progress.outstanding_fund_loans += package.fund_loan;
        progress.performing_reserves += package.reserve;

        let guaranteed = package.guaranteed.0 > 0;
        let totals = &mut self.totals.lines[slot];
        totals.projects += 1;
        totals.investment_supported += applicant.investment;
        totals.fund_loans += package.fund_loan;
        totals.bank_loans += package.bank_loan;
        totals.guaranteed_loans += if guaranteed { package.bank_loan } else { Cents::ZERO };
        totals.guarantees += package.guaranteed;
        totals.reserves += package.reserve;
        totals.cap_amount += if line.guarantee.capped { package.reserve } else { Cents::ZERO };
        totals.grants += package.grant;
        totals.own_funds += package.own_funds;
        if plan.reports_aid {
            totals.gross_grant_equivalent += line.gross_grant_equivalent(product, applicant.rating, &package);
        }
        let lifetime = &mut self.totals.lifetime[applicant.rating];
        lifetime.projects += 1;
        lifetime.promised += round_half_even(decision.promised * 1e9);
        self.for_groups(&applicant, line.first_product + product, |group| {
            group.projects += 1;
            group.investment_supported += applicant.investment;
        });
        self.running.push(project);
    }

    /// Step 8: the queue of one line.
    fn decide(&mut self, slot: usize, quarter: u32, arrivals: &mut Arrivals) {
        let plan = self.plan;
        let line = &plan.lines[slot];
        let mut waiting = std::mem::take(&mut self.waiting[slot]);
        let first_new = waiting.len();
        arrivals.append(slot, quarter, self.factors.demand_level[slot], &mut waiting);
        for applicant in &waiting[first_new..] {
            let totals = &mut self.totals.lines[slot];
            totals.applications += 1;
            totals.investment_applied += applicant.investment;
            self.totals.census[slot].count(applicant);
            let product = line.first_product + applicant.preferred;
            self.for_groups(applicant, product, |group| {
                group.applications += 1;
                group.investment_applied += applicant.investment;
            });
        }
        let totals = &mut self.totals.lines[slot];
        let mut position = 0;
        waiting.retain(|applicant| {
            let eligible = position < first_new || is_eligible(plan, line, applicant);
            position += 1;
            totals.rejected_ineligible += i64::from(!eligible);
            eligible
        });
        let last_open = quarter + 1 == plan.open_quarters;
        let mut queue_blocked = false;
        waiting.retain(|applicant| {
            let choice = if queue_blocked {
                None
            } else {
                choose_product(plan, slot, applicant, &self.books, &self.guarantees[slot])
            };
            if let Some((product, package)) = choice {
                self.books.lines[slot].blocked_loans += package.fund_loan;
                self.books.lines[slot].blocked_grants += package.grant;
                self.guarantees[slot].reserves_approved += package.reserve;
                self.guarantees[slot].approved += package.guaranteed;
                totals.approvals += 1;
                let due = quarter + line.disbursement_lag;
                self.approved.push(Approved { slot, applicant: *applicant, product, package, due });
                return false;
            }
            queue_blocked |= line.strict_queue;
            let lost = last_open || quarter >= applicant.arrival + line.max_wait;
            totals.rejected_budget += i64::from(lost);
            !lost
        });
        self.waiting[slot] = waiting;
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

    /// The totals must tell the same story as the cash flows.
    fn check_totals(&self) -> Result<(), InvariantBroken> {
        let mut all = LineTotals::default();
        self.totals.lines.iter().for_each(|line| all.add(line));
        let flows = &self.books.flows;
        let pairs = [
            ("fund loans", all.fund_loans, flows.loans),
            ("grants paid", all.grants_paid, flows.grants),
            ("calls paid", all.calls_paid, flows.calls),
            ("interest", all.interest, flows.interest),
            ("premiums", all.premiums, flows.premiums),
            ("recoveries", all.fund_recoveries + all.guarantee_recoveries, flows.recoveries),
            ("grants clawed back", all.grants_recovered, flows.clawed_back),
            ("principal", all.fund_loans - all.fund_exposure - all.outstanding_at_horizon, flows.principal),
            (
                "fund loss by theme",
                self.totals.themes.iter().map(|group| group.fund_loss).sum(),
                all.fund_loss(),
            ),
        ];
        for (name, total, flow) in pairs {
            if total != flow {
                return Err(InvariantBroken {
                    path: self.path,
                    quarter: self.plan.quarters - 1,
                    what: format!("{name}: totals say {total}, cash says {flow}"),
                });
            }
        }
        Ok(())
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
