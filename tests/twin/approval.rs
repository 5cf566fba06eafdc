//! Section 3: the queue of a line, approval, disbursement and withdrawal.

use super::applicants::Applicant;
use super::cash::{Entry, Envelope, Event};
use super::packages::Package;
use super::promises::Standing;
use super::{Application, Outcome, PathState, Project};
use fesr::random::Purpose;
use fesr::scenario::QueueOrder;
use rust_decimal::Decimal;

impl PathState<'_> {
    /// Step 8 for one line: the waiting applications, oldest first, then this quarter's new ones.
    pub fn decide(&mut self, slot: usize) {
        for applicant in self.arrivals(slot) {
            let outcome = if self.is_eligible(&applicant) { Outcome::Waiting } else { Outcome::Ineligible };
            self.applications.push(Application { applicant, outcome });
        }
        if self.quarter >= self.twin.open_quarters() || self.quarter < self.twin.today() {
            return;
        }
        let line = self.twin.lines[slot].line;
        let mut standing = self.standing(slot);
        let mut stopped = false;
        for position in 0..self.applications.len() {
            let application = &self.applications[position];
            if application.applicant.slot != slot || application.outcome != Outcome::Waiting {
                continue;
            }
            if self.quarter > application.applicant.arrival + line.max_wait_quarters {
                self.applications[position].outcome = Outcome::Lost;
                continue;
            }
            if stopped {
                continue;
            }
            match self.approvable(&application.applicant, &standing) {
                Some((product, package)) => {
                    let applicant = application.applicant.clone();
                    self.applications[position].outcome = Outcome::Approved;
                    self.approve(applicant, product, package);
                    standing = self.standing(slot);
                }
                // Nobody else of the line is tried in this quarter.
                None => stopped = line.queue == QueueOrder::Strict,
            }
        }
    }

    /// Inside the line's limits, and at least one product open under the aid ceiling.
    fn is_eligible(&self, applicant: &Applicant) -> bool {
        let line = self.twin.lines[applicant.slot].line;
        applicant.is_admitted(line)
            && (0..line.products.len()).any(|product| self.twin.is_open(applicant, product))
    }

    /// The preferred product, then, if the applicant accepts another, the others in file order: the first that is open
    /// and whose needs are met.
    fn approvable(&self, applicant: &Applicant, standing: &Standing) -> Option<(usize, Package)> {
        let mut wanted = vec![applicant.preferred];
        if applicant.accepts_other {
            let products = 0..self.twin.lines[applicant.slot].line.products.len();
            wanted.extend(products.filter(|&product| product != applicant.preferred));
        }
        wanted
            .into_iter()
            .filter(|&product| self.twin.is_open(applicant, product))
            .map(|product| (product, self.twin.package(applicant, product)))
            .find(|(_, package)| self.needs_are_met(applicant.slot, standing, package))
    }

    pub fn approve(&mut self, applicant: Applicant, product: usize, package: Package) {
        self.projects.push(Project {
            applicant,
            product,
            package,
            approved_in: self.quarter,
            withdrawn: false,
            disbursed_in: None,
            default_age: None,
            defaulted_in: None,
            grant_paid_in: None,
            fund_exposure: Decimal::ZERO,
            bank_exposure: Decimal::ZERO,
            payments: 0,
            grant_freed: false,
        });
    }

    /// Steps 7 and 9: disbursements due, in order of approval; those with a lag, or those without.
    pub fn disburse(&mut self, with_lag: bool) {
        for position in 0..self.projects.len() {
            let project = &self.projects[position];
            let lag = self.twin.lines[project.applicant.slot].line.disbursement_lag_quarters;
            let due = project.approved_in + lag == self.quarter && project.is_to_be_disbursed();
            if due && (lag > 0) == with_lag {
                self.disburse_or_withdraw(position);
            }
        }
    }

    fn disburse_or_withdraw(&mut self, position: usize) {
        let (quarter, project) = (self.quarter, &self.projects[position]);
        let (slot, applicant) = (project.applicant.slot, &project.applicant);
        let line = self.twin.lines[slot].line;
        let draw = self.luck.uniform(Purpose::Withdrawal, self.number(applicant), applicant.number);
        if draw < line.withdrawal_rate.to_f64() {
            self.projects[position].withdrawn = true;
            return;
        }
        let default_age = self.stressed_default_age(applicant, quarter);
        self.pay_out(position, default_age);
    }

    /// The loans are disbursed.
    pub fn pay_out(&mut self, position: usize, default_age: Option<u32>) {
        let (quarter, project) = (self.quarter, &self.projects[position]);
        let slot = project.applicant.slot;
        let line = self.twin.lines[slot].line;
        let fund_loan = project.package.fund_loan;
        self.projects[position].disbursed_in = Some(quarter);
        self.projects[position].default_age = default_age;
        self.disbursed.push(position);
        self.cash.draw_for(fund_loan, quarter);
        self.cash.book(Entry {
            quarter,
            slot: Some(slot),
            project: Some(position),
            event: Event::FundLoan,
            envelope: Envelope::Loans(slot),
            amount: -fund_loan,
        });
        if line.grant_lag_quarters == 0 {
            self.pay_grant(position);
        }
    }

    /// A grant is paid in full.
    pub fn pay_grant(&mut self, position: usize) {
        let (quarter, project) = (self.quarter, &self.projects[position]);
        let (slot, grant) = (project.applicant.slot, project.package.grant);
        self.cash.draw_for(grant, quarter);
        self.cash.book(Entry {
            quarter,
            slot: Some(slot),
            project: Some(position),
            event: Event::Grant,
            envelope: Envelope::Grants(slot),
            amount: -grant,
        });
        self.projects[position].grant_paid_in = Some(quarter);
    }
}
