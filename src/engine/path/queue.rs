//! From the application to the disbursement: steps 7 to 9 of a quarter, MODEL.md section 3.

use super::PathSimulator;
use crate::engine::applicants::Arrivals;
use crate::engine::approval::{Approved, choose_product, ineligibility};
use crate::engine::defaults::{Seasoning, decide_default, withdraws};
use crate::engine::events::{Event, Obstacle, Recorder, Who};
use crate::engine::forced::{LargestProject, age_at_default};
use crate::engine::projects::Project;
use crate::engine::totals::Indicators;
use crate::units::{Cents, round_half_even};

impl<R: Recorder> PathSimulator<'_, R> {
    /// Steps 7 and 9: disbursements due, of lines whose lag is meant, in order of approval.
    pub(super) fn disburse(&mut self, quarter: u32, lag_is_meant: impl Fn(u32) -> bool) {
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
        let who = Who::new(slot, &applicant);
        let book = &mut self.guarantees[slot];
        book.reserves_approved -= package.reserve;
        book.approved -= package.guaranteed;
        if withdraws(plan, line, self.path, &applicant) {
            self.books.lines[slot].blocked_loans -= package.fund_loan;
            self.books.lines[slot].blocked_grants -= package.grant;
            self.totals.lines[slot].withdrawals += 1;
            self.recorder.record(quarter, Event::Withdrawn { who, package });
            return;
        }
        let mut project = Project {
            slot,
            applicant,
            product,
            package,
            disbursed: quarter,
            default_quarter: None,
            fund_outstanding: package.fund_loan,
            bank_outstanding: package.bank_loan,
            guaranteed_outstanding: package.guaranteed,
            grant_paid: None,
            last_age: line.tenor,
            books: None,
        };
        self.pay_out(&project, quarter);
        let luck = self.luck.of_project(package.fund_loan + package.guaranteed);
        let mut decision = decide_default(
            plan,
            slot,
            self.path,
            &applicant,
            Seasoning::new_project(quarter),
            &self.factors,
            luck,
        );
        decision.age = age_at_default(plan, slot, &applicant, quarter, decision.age, self.doomed);
        if plan.largest_fails_after.is_some() {
            self.largest = LargestProject::larger(self.largest, slot, &applicant, &package);
        }
        self.totals.census[slot].disburse(&applicant, quarter, decision.age);
        project.default_quarter = decision.age.map(|age| quarter + age);
        let lifetime = &mut self.totals.lifetime[applicant.rating];
        lifetime.projects += 1;
        lifetime.promised += round_half_even(decision.promised * 1e9);
        if line.grant_lag == 0 {
            self.pay_grant(&mut project, quarter);
        }
        self.running.push(project);
    }

    /// The loans of a project are disbursed, its guarantee stands, it counts.
    pub(super) fn pay_out(&mut self, project: &Project, quarter: u32) {
        let plan = self.plan;
        let Project { slot, applicant, product, package, .. } = *project;
        let line = &plan.lines[slot];
        let who = Who::new(slot, &applicant);
        let book = &mut self.guarantees[slot];
        book.reserves_disbursed += package.reserve;
        book.performing += package.guaranteed;
        let (loan, reserve) = (package.fund_loan, package.reserve);
        self.books.disburse_loan(plan, quarter, slot, loan, reserve, &mut self.recorder);
        self.recorder.record(quarter, Event::Disbursed { who, product, package });
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
        let indicators = Indicators::of(&package, applicant.members);
        totals.indicators += indicators;
        self.for_groups(&applicant, line.first_product + product, |group| {
            group.projects += 1;
            group.investment_supported += applicant.investment;
            group.indicators += indicators;
        });
    }

    /// Step 8: the queue of one line.
    pub(super) fn decide(&mut self, slot: usize, quarter: u32, arrivals: &mut Arrivals) {
        let plan = self.plan;
        let line = &plan.lines[slot];
        let mut waiting = std::mem::take(&mut self.waiting[slot]);
        let first_new = waiting.len();
        arrivals.append(slot, quarter, self.factors.demand_level[slot], &mut waiting);
        for applicant in &waiting[first_new..] {
            let who = Who::new(slot, applicant);
            self.recorder.record(quarter, Event::Applied { who, applicant: *applicant });
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
            let is_new = position >= first_new;
            position += 1;
            let refused = if is_new { ineligibility(line, applicant) } else { None };
            if let Some(reason) = refused {
                let who = Who::new(slot, applicant);
                self.recorder.record(quarter, Event::FoundIneligible { who, reason });
            }
            totals.rejected_ineligible += i64::from(refused.is_some());
            refused.is_none()
        });
        let last_open = quarter + 1 == plan.open_quarters;
        let mut queue_blocked = false;
        waiting.retain(|applicant| {
            let who = Who::new(slot, applicant);
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
                self.recorder.record(quarter, Event::Approved { who, product, package, due });
                self.approved.push(Approved { slot, applicant: *applicant, product, package, due });
                return false;
            }
            let obstacle = if queue_blocked { Obstacle::Queue } else { Obstacle::Needs };
            queue_blocked |= line.strict_queue;
            let lost = last_open || quarter >= applicant.arrival + line.max_wait;
            totals.rejected_budget += i64::from(lost);
            let event = if lost { Event::Lost { who, obstacle } } else { Event::Waits { who, obstacle } };
            self.recorder.record(quarter, event);
            !lost
        });
        self.waiting[slot] = waiting;
    }
}
