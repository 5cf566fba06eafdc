//! A running fund: the quarters before today, replayed on what the books say, and the moment at which the forecast begins.
//!
//! - In history nothing is drawn. Listed projects are disbursed in their quarters (step 9; line 1 before line 2, in file order),
//!   pay as scheduled or as the books say ([`crate::plan::OnTheBooks`]), default in the quarters given and lose what the books expect
//!   to lose; the tranches of the Region, treasury income, fees, grants, calls and recoveries follow the fund's rules. The rules of
//!   approval are not asked again: who was funded was funded. Who is on the books counts as having applied in its `quarter`, and as
//!   approved when it was disbursed.
//! - At the beginning of today's quarter it is decided of every running project, in order of disbursement, when it will default,
//!   given that it is alive ([`crate::engine::defaults::decide_default`]). A default that cured before today is a running project.
//! - Events are told as in any other quarter.
//!
//! That the books leave every envelope at or above 0 is checked before a run ([`crate::engine::history`]).

use super::PathSimulator;
use crate::engine::applicants::Applicant;
use crate::engine::defaults::{Seasoning, Severity, decide_default};
use crate::engine::events::{Envelope, Event, Recorder, Who};
use crate::engine::forced::LargestProject;
use crate::engine::projects::Project;
use crate::plan::{BookedPlan, Fate, Plan};
use crate::units::{Cents, round_half_even};

impl<R: Recorder> PathSimulator<'_, R> {
    /// Steps 8 and 9 of a quarter of history.
    pub(super) fn replay(&mut self, quarter: u32) {
        let plan = self.plan;
        for (slot, line) in plan.lines.iter().enumerate() {
            for (position, booked) in line.booked.iter().enumerate().filter(|(_, b)| b.applied == quarter) {
                self.count_application(
                    slot,
                    booked_applicant(line.listed_applicants().len(), position, booked),
                    quarter,
                );
            }
        }
        for (slot, line) in plan.lines.iter().enumerate() {
            for (position, booked) in line.booked.iter().enumerate().filter(|(_, b)| b.disbursed == quarter) {
                let applicant = booked_applicant(line.listed_applicants().len(), position, booked);
                self.disburse_booked(slot, applicant, booked, quarter);
            }
        }
    }

    fn count_application(&mut self, slot: usize, applicant: Applicant, quarter: u32) {
        let who = Who::new(slot, &applicant);
        self.recorder.record(quarter, Event::Applied { who, applicant });
        let totals = &mut self.totals.lines[slot];
        totals.applications += 1;
        totals.investment_applied += applicant.investment;
        let product = self.plan.lines[slot].first_product + applicant.preferred;
        self.for_groups(&applicant, product, |group| {
            group.applications += 1;
            group.investment_applied += applicant.investment;
        });
    }

    fn disburse_booked(&mut self, slot: usize, applicant: Applicant, booked: &BookedPlan, quarter: u32) {
        let plan = self.plan;
        let line = &plan.lines[slot];
        let package = line.package(booked.product, booked.investment);
        let who = Who::new(slot, &applicant);
        let product = booked.product;
        self.totals.lines[slot].approvals += 1;
        self.recorder.record(quarter, Event::Approved { who, product, package, due: quarter });
        self.books.lines[slot].blocked_loans += package.fund_loan;
        self.books.lines[slot].blocked_grants += package.grant;
        let mut project = Project {
            slot,
            applicant,
            product,
            package,
            disbursed: quarter,
            default_quarter: match booked.fate {
                Fate::Defaulted { quarter, .. } => Some(quarter),
                Fate::Running(_) | Fate::Repaid { .. } => None,
            },
            fund_outstanding: package.fund_loan,
            bank_outstanding: package.bank_loan,
            guaranteed_outstanding: package.guaranteed,
            grant_paid: None,
            last_age: match booked.fate {
                Fate::Repaid { at_age } => at_age,
                Fate::Running(_) | Fate::Defaulted { .. } => line.tenor,
            },
            books: match booked.fate {
                Fate::Running(books) => books,
                Fate::Repaid { at_age } => Some(crate::plan::OnTheBooks::repaid(at_age)),
                Fate::Defaulted { .. } => None,
            },
        };
        self.pay_out(&project, quarter);
        if line.grant_lag == 0 {
            self.pay_grant(&mut project, quarter);
        }
        self.running.push(project);
    }

    /// What a default of history costs; `None` where that is not known.
    pub(super) fn known_severity(&self, project: &Project, quarter: u32) -> Option<Severity> {
        if quarter >= self.plan.today {
            return None;
        }
        let line = &self.plan.lines[project.slot];
        let position = project.applicant.number as usize - line.listed_applicants().len();
        match line.booked[position].fate {
            Fate::Defaulted { loss_given_default, .. } => Some(Severity { loss_given_default, cured: false }),
            Fate::Running(_) | Fate::Repaid { .. } => None,
        }
    }

    /// The beginning of today's quarter: given balances win over derived ones; and when will those who run default?
    pub(super) fn begin_forecast(&mut self, today: u32) {
        let plan = self.plan;
        self.books.correct(plan, today, &given_balances(plan), &mut self.recorder);
        let mut running = std::mem::take(&mut self.running);
        for project in &mut running {
            let Project { slot, applicant, disbursed, .. } = *project;
            let survived = today - 1 - disbursed;
            let luck = self.luck.of_project(project.fund_outstanding + project.guaranteed_outstanding);
            let decision = decide_default(
                plan,
                slot,
                self.path,
                &applicant,
                Seasoning { disbursed, survived },
                &self.factors,
                luck,
            );
            let mut age = decision.age;
            if let Some(after) = plan.largest_fails_after {
                self.largest = LargestProject::larger(self.largest, slot, &applicant, &project.package);
                if self.doomed == Some((slot, applicant.number)) {
                    let last_age = plan.lines[slot].tenor.min(plan.quarters - 1 - disbursed);
                    let latest = after.clamp(survived + 1, last_age);
                    age = Some(age.map_or(latest, |age| age.min(latest)));
                }
            }
            project.default_quarter = age.map(|age| disbursed + age);
            let lifetime = &mut self.totals.lifetime[applicant.rating];
            lifetime.projects += 1;
            lifetime.promised += round_half_even(decision.promised * 1e9);
        }
        self.running = running;
    }
}

/// A project on the books as an applicant; `before` rows of the line's list apply.
fn booked_applicant(before: usize, position: usize, booked: &BookedPlan) -> Applicant {
    let number = (before + position) as u32;
    Applicant {
        number,
        listed: Some(number),
        arrival: booked.applied,
        investment: booked.investment,
        theme: booked.theme,
        legal_form: booked.legal_form,
        size: booked.size,
        rating: booked.rating,
        accompanied: booked.accompanied,
        members: booked.members,
        preferred: booked.product,
        accepts_other: false,
    }
}

/// The opening balances that a running fund gives, in the order of [`Envelope::each`].
pub fn given_balances(plan: &Plan) -> Vec<(Envelope, Cents)> {
    let given = |envelope| {
        let balance = match envelope {
            Envelope::Loans(slot) => plan.lines[slot].opening.loans,
            Envelope::Guarantees(slot) => plan.lines[slot].opening.guarantees,
            Envelope::Grants(slot) => plan.lines[slot].opening.grants,
            Envelope::Fees => plan.opening.fees,
            Envelope::Income => plan.opening.income,
            Envelope::Returned => plan.opening.returned,
            Envelope::PaidIn => None,
        };
        balance.map(|balance| (envelope, balance))
    };
    Envelope::each(plan).into_iter().filter_map(given).collect()
}
