//! A running fund: what the list says of the quarters before today, and the fresh start of today.

use super::applicants::Applicant;
use super::cash::{Entry, Envelope, Event};
use super::money::times;
use super::{Application, Outcome, PathState, Project};
use fesr::scenario::{BookedProject, BookedStatus, Pipeline};
use rust_decimal::Decimal;

impl PathState<'_> {
    fn booked(&self, applicant: &Applicant) -> Option<&BookedProject> {
        applicant.booked.map(|position| &self.twin.lines[applicant.slot].line.booked[position])
    }

    /// Applications and disbursements of a quarter before today.
    pub fn replay_disbursements(&mut self) {
        let twin = self.twin;
        if self.quarter >= twin.today() {
            return;
        }
        for slot in 0..twin.lines.len() {
            for (position, project) in twin.lines[slot].line.booked.iter().enumerate() {
                if project.borrower.quarter == self.quarter {
                    let applicant = self.on_the_books(slot, position);
                    self.applications.push(Application { applicant, outcome: Outcome::Approved });
                }
            }
        }
        for slot in 0..twin.lines.len() {
            for (position, project) in twin.lines[slot].line.booked.iter().enumerate() {
                if project.disbursed_quarter != self.quarter {
                    continue;
                }
                let applicant = self.on_the_books(slot, position);
                let product = project.borrower.product.expect("a product");
                let package = twin.package(&applicant, product);
                self.approve(applicant, product, package);
                let default_age = match project.status {
                    BookedStatus::Defaulted { quarter, .. } => Some(quarter - self.quarter),
                    BookedStatus::Running { .. } | BookedStatus::Repaid => None,
                };
                self.pay_out(self.projects.len() - 1, default_age);
            }
        }
    }

    fn on_the_books(&self, slot: usize, position: usize) -> Applicant {
        let line = self.twin.lines[slot].line;
        let who_apply = match &line.pipeline {
            Pipeline::List(borrowers) => borrowers.len(),
            Pipeline::Statistical(_) => 0,
        };
        let borrower = &line.booked[position].borrower;
        let number = (who_apply + position) as u32;
        Applicant {
            slot,
            number,
            listed: Some(number),
            arrival: borrower.quarter,
            investment: borrower.investment.to_euros(),
            theme: borrower.theme.index(),
            legal_form: borrower.legal_form.index(),
            size: borrower.size.index(),
            rating: borrower.rating,
            accompanied: borrower.accompanied,
            members: borrower.members,
            preferred: borrower.product.expect("a product"),
            accepts_other: false,
            forced_default: None,
            booked: Some(position),
        }
    }

    /// Given balances win: what they hold less than before must have been cash.
    fn correct_balances(&mut self) {
        let scenario = self.twin.scenario;
        let mut given = Vec::new();
        for (slot, line) in scenario.lines().enumerate() {
            given.push((Envelope::Loans(slot), line.opening.loans));
            given.push((Envelope::Guarantees(slot), line.opening.guarantees));
            given.push((Envelope::Grants(slot), line.opening.grants));
        }
        let fund = &scenario.fund.opening;
        given.push((Envelope::Fees, fund.fees));
        given.push((Envelope::Income, fund.income));
        given.push((Envelope::Returned, fund.returned));
        let changes: Vec<(Envelope, Decimal)> = given
            .into_iter()
            .filter_map(|(envelope, balance)| {
                Some((envelope, balance?.to_euros() - self.cash.balance(envelope)))
            })
            .collect();
        let change: Decimal = changes.iter().map(|(_, amount)| amount).sum();
        self.cash.draw_for(-change, self.quarter);
        for (envelope, amount) in changes {
            let (quarter, event) = (self.quarter, Event::Correction);
            self.cash.book(Entry { quarter, slot: None, project: None, event, envelope, amount });
        }
    }

    /// Today: of who is alive it is drawn when they will default.
    pub fn begin_forecast(&mut self) {
        self.correct_balances();
        for position in self.disbursed.clone() {
            if !self.is_settled_history(position) {
                let project = &self.projects[position];
                let d = project.disbursed_in.expect("disbursed");
                self.projects[position].default_age = self.stressed_default_age(&project.applicant, d);
            }
        }
    }

    /// Whether a project defaulted or was repaid before today.
    pub fn is_settled_history(&self, position: usize) -> bool {
        self.booked(&self.projects[position].applicant)
            .is_some_and(|project| !matches!(project.status, BookedStatus::Running { .. }))
    }

    /// Payments that a project on the books had made before today.
    pub fn survived(&self, applicant: &Applicant, d: u32) -> u32 {
        if applicant.booked.is_some() { self.twin.today() - 1 - d } else { 0 }
    }

    /// What the books expect to lose on a default of history.
    pub fn known_loss(&self, applicant: &Applicant) -> Option<f64> {
        match self.booked(applicant)?.status {
            BookedStatus::Defaulted { loss_given_default, .. } => Some(loss_given_default.to_f64()),
            BookedStatus::Running { .. } | BookedStatus::Repaid => None,
        }
    }

    /// The age of the last payment.
    pub fn final_age(&self, project: &Project) -> u32 {
        let tenor = self.twin.lines[project.applicant.slot].tenor();
        match self.booked(&project.applicant) {
            Some(BookedProject { status: BookedStatus::Repaid, disbursed_quarter, .. }) => {
                tenor.min(self.twin.today() - 1 - disbursed_quarter)
            }
            _ => tenor,
        }
    }

    /// Outstanding at age `k`: as scheduled, or as the books of a running fund have it.
    pub fn outstanding(
        &self,
        project: &Project,
        k: u32,
        loan: Decimal,
        fractions: &[f64],
        one: impl Fn((Decimal, Decimal)) -> Decimal,
    ) -> Decimal {
        let scheduled = times(loan, fractions[k as usize]);
        let Some(booked) = self.booked(&project.applicant) else { return scheduled };
        let now = self.twin.today() - 1 - booked.disbursed_quarter;
        let terms = &self.twin.lines[project.applicant.slot];
        let left = match booked.status {
            BookedStatus::Defaulted { .. } => return scheduled,
            BookedStatus::Repaid => (Decimal::ZERO, Decimal::ZERO),
            BookedStatus::Running { outstanding_fund, outstanding_bank } => {
                let as_planned = (
                    times(project.package.fund_loan, terms.fund_fractions[now as usize]),
                    times(project.package.bank_loan, terms.bank_fractions[now as usize]),
                );
                let left = (
                    outstanding_fund.map_or(as_planned.0, |amount| amount.to_euros()),
                    outstanding_bank.map_or(as_planned.1, |amount| amount.to_euros()),
                );
                if left == as_planned {
                    return scheduled;
                }
                left
            }
        };
        let now = now.min(terms.tenor());
        if k < now {
            scheduled.max(one(left))
        } else if k == now {
            one(left)
        } else {
            times(one(left), fractions[k as usize] / fractions[now as usize])
        }
    }
}
