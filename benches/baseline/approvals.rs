//! From the application to the disbursement: steps 7 and 8 of a quarter.

use super::applicant::{Applicant, Package};
use super::path::{Approved, PathState};
use super::project::Project;
use super::sums::add;
use fesr::plan::ApplicantSource;
use rand::RngExt;
use rand_distr::{Distribution, Poisson};

impl PathState<'_> {
    /// Step 7: disbursements due, unless the project withdraws.
    pub fn disburse(&mut self, quarter: u32) {
        let mut approved = std::mem::take(&mut self.approved);
        approved.retain(|approval| {
            if approval.due == quarter {
                self.disburse_or_withdraw(approval, quarter);
            }
            approval.due > quarter
        });
        self.approved = approved;
    }

    fn disburse_or_withdraw(&mut self, approval: &Approved, quarter: u32) {
        let plan = self.plan;
        let &Approved { slot, applicant, product, package, .. } = approval;
        let line = &plan.lines[slot];
        let (state, envelopes) = (&mut self.lines[slot], &mut self.fund.lines[slot]);
        envelopes.blocked_loans -= package.fund_loan;
        state.reserves_approved -= package.reserve;
        if self.rng.random_bool(line.withdrawal_rate) {
            envelopes.blocked_grants -= package.grant;
            state.withdrawals += 1;
            return;
        }
        envelopes.loans -= package.fund_loan;
        state.projects += 1;
        state.investment_supported += applicant.investment;
        state.fund_loans += package.fund_loan;
        state.bank_loans += package.bank_loan;
        state.guaranteed_loans += if package.guaranteed > 0 { package.bank_loan } else { 0 };
        state.guarantees += package.guaranteed;
        state.reserves += package.reserve;
        state.grants += package.grant;
        state.own_funds += package.own_funds;
        state.aid += package.aid(line, product, applicant.rating);
        add(&mut state.indicators, package.indicators());
        state.running += 1;
        state.outstanding_fund_loans += package.fund_loan;
        state.outstanding_guaranteed += package.guaranteed;
        state.performing_reserves += package.reserve;
        self.fund.pay(package.fund_loan, quarter);
        self.fund.spending += package.fund_loan + package.reserve;
        let project =
            Project::new(&plan.credit, &self.common, slot, product, &applicant, package, quarter, self.rng);
        self.projects.push(project);
    }

    /// Step 8: the waiting applications of a line, then this quarter's new ones.
    pub fn decide(&mut self, slot: usize, quarter: u32) {
        let plan = self.plan;
        let line = &plan.lines[slot];
        self.receive_applications(slot, quarter);
        let mut waiting = std::mem::take(&mut self.waiting[slot]);
        waiting.retain(|applicant| {
            if let Some((product, package)) = self.choose(slot, applicant) {
                let (state, envelopes) = (&mut self.lines[slot], &mut self.fund.lines[slot]);
                state.approvals += 1;
                state.reserves_approved += package.reserve;
                envelopes.blocked_loans += package.fund_loan;
                envelopes.blocked_grants += package.grant;
                let due = quarter + line.disbursement_lag;
                self.approved.push(Approved { slot, applicant: *applicant, product, package, due });
                return false;
            }
            let is_lost = quarter + 1 == plan.open_quarters || quarter >= applicant.arrival + line.max_wait;
            self.lines[slot].rejected_budget += i64::from(is_lost);
            !is_lost
        });
        self.waiting[slot] = waiting;
    }

    fn receive_applications(&mut self, slot: usize, quarter: u32) {
        let line = &self.plan.lines[slot];
        let ApplicantSource::Statistical(source) = &line.applicants else { unreachable!("drawn") };
        let mean = source.arrivals[quarter as usize] * self.common.demand_level[slot];
        let count = match Poisson::new(mean) {
            Ok(law) => law.sample(self.rng) as u32,
            // A mean of 0.
            Err(_) => 0,
        };
        for _ in 0..count {
            let applicant = Applicant::draw(line, quarter, self.rng);
            let state = &mut self.lines[slot];
            state.applications += 1;
            state.investment_applied += applicant.investment;
            let groups = [
                &mut self.themes[applicant.theme],
                &mut self.products[line.first_product + applicant.preferred],
                &mut self.ratings[applicant.rating],
            ];
            for group in groups {
                group.applications += 1;
                group.investment_applied += applicant.investment;
            }
            if applicant.is_eligible(line) {
                self.waiting[slot].push(applicant);
            } else {
                state.rejected_ineligible += 1;
            }
        }
    }

    /// The preferred product, then, if the applicant accepts another, the others: the first whose needs are met.
    fn choose(&self, slot: usize, applicant: &Applicant) -> Option<(usize, Package)> {
        let line = &self.plan.lines[slot];
        let is_met = |product: usize| {
            let package = Package::new(line, product, applicant.investment);
            let (state, envelopes) = (&self.lines[slot], &self.fund.lines[slot]);
            let is_met = envelopes.loans - envelopes.blocked_loans >= package.fund_loan
                && envelopes.grants - envelopes.blocked_grants >= package.grant
                && (package.guaranteed == 0 || envelopes.guarantees >= state.promises(package.reserve))
                && package.is_open(line, product, applicant.rating);
            is_met.then_some((product, package))
        };
        is_met(applicant.preferred).or_else(|| {
            let others = (0..line.products.len()).filter(|&product| product != applicant.preferred);
            if applicant.accepts_other { others.into_iter().find_map(is_met) } else { None }
        })
    }
}
