//! Disbursements: what a project will do is decided and entered into the calendar. MODEL.md sections 3 to 5, 7.

use super::path::{Approved, NEVER, NOBODY, PathInputs, PathState, Project, for_groups};
use super::schedule::AddSchedule;
use crate::engine::defaults::{Seasoning, decide_default};
use crate::engine::events::Silent;
use crate::engine::luck::Luck;
use crate::engine::totals::{FirstProject, Indicators, PathTotals};
use crate::numeric::beta::student_t_cdf;
use crate::numeric::ln_1p;
use crate::numeric::normal::normal_cdf;
use crate::plan::DependencePlan;
use crate::units::{Cents, round_half_even};

impl PathState {
    /// Steps 7 and 9: disbursements due, of lines whose lag is meant, in order of approval.
    pub(super) fn disburse(
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
        let package = approval.package;
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
        self.books.disburse_loan(plan, quarter, slot, package.fund_loan, package.reserve, &mut Silent);
        let (age, promised) = decide(inputs, slot, at, quarter);
        let (theme, rating) = (applicants.theme[at], applicants.rating[at]);
        let investment = Cents(applicants.investment[at] as i64);
        totals.census[slot].first_project.get_or_insert_with(|| FirstProject {
            rating: rating as usize,
            theme: theme as usize,
            legal_form: applicants.legal_form[at] as usize,
            size: applicants.size[at] as usize,
            accompanied: applicants.accompanied[at],
            disbursed: quarter,
            default_age: age,
        });
        let position = self.projects.len() as u32;
        let project = Project {
            slot: slot as u8,
            product: product as u8,
            theme,
            rating,
            at: at as u32,
            disbursed: quarter,
            default_quarter: age.map_or(NEVER, |age| quarter + age),
            grant_paid: NEVER,
            next_default: NOBODY,
            next_grant: NOBODY,
            fund_loan: package.fund_loan,
            bank_loan: package.bank_loan,
            grant: package.grant,
            reserve: package.reserve,
        };
        self.projects.push(project);
        self.schedule(inputs, position, totals);

        let progress = &mut self.progress[slot];
        progress.running += 1;
        progress.outstanding_fund_loans += package.fund_loan;
        progress.performing_reserves += package.reserve;
        let guaranteed = package.guaranteed.0 > 0;
        let of_line = &mut totals.lines[slot];
        of_line.projects += 1;
        of_line.investment_supported += investment;
        of_line.fund_loans += package.fund_loan;
        of_line.bank_loans += package.bank_loan;
        of_line.guaranteed_loans += if guaranteed { package.bank_loan } else { Cents::ZERO };
        of_line.guarantees += package.guaranteed;
        of_line.reserves += package.reserve;
        of_line.cap_amount += if line.guarantee.capped { package.reserve } else { Cents::ZERO };
        of_line.grants += package.grant;
        of_line.own_funds += package.own_funds;
        if plan.reports_aid {
            of_line.gross_grant_equivalent += line.gross_grant_equivalent(product, rating as usize, &package);
        }
        let indicators = Indicators::of(&package, u32::from(applicants.members[at]));
        of_line.indicators += indicators;
        let lifetime = &mut totals.lifetime[rating as usize];
        lifetime.projects += 1;
        lifetime.promised += round_half_even(promised * 1e9);
        for_groups(plan, totals, &project, |group| {
            group.projects += 1;
            group.investment_supported += investment;
            group.indicators += indicators;
        });
    }

    /// Enters payments, grant, maturity or default of a new project.
    fn schedule(&mut self, inputs: &PathInputs, position: u32, totals: &mut PathTotals) {
        let plan = inputs.plan;
        let project = self.projects[position as usize];
        let Project { disbursed, default_quarter, .. } = project;
        let slot = project.slot as usize;
        let line = &plan.lines[slot];
        let last = plan.quarters - 1;
        let defaults = default_quarter != NEVER;
        let last_payment = if defaults { default_quarter - 1 } else { (disbursed + line.tenor).min(last) };
        if defaults {
            if let Some(before) = self.defaults.append(default_quarter, position) {
                self.projects[before as usize].next_default = position;
            }
        } else if disbursed + line.tenor <= last {
            let rows = &mut self.rows[slot];
            rows.matured[last_payment as usize] += 1;
            rows.matured_reserves[last_payment as usize] += project.reserve.0;
        }
        inputs.isa.run(AddSchedule {
            line,
            rows: &mut self.rows[slot],
            first: disbursed as usize + 1,
            payments: (last_payment - disbursed) as usize,
            fund_loan: project.fund_loan.to_f64(),
            bank_loan: project.bank_loan.to_f64(),
            guarantee_rate: line.products[project.product as usize].guarantee_rate,
        });
        let grant_quarter = disbursed + line.grant_lag;
        if line.grant_lag == 0 {
            self.pay_grant(plan, position, disbursed, totals);
        } else if project.grant.0 > 0 && grant_quarter <= last_payment {
            self.grants_due[grant_quarter as usize] += project.grant;
            if let Some(before) = self.grants.append(grant_quarter, position) {
                self.projects[before as usize].next_grant = position;
            }
        }
    }
}

/// Age at default and promised default probability of a project: [`decide_default`], by way of what is known already.
fn decide(inputs: &PathInputs, slot: usize, at: usize, quarter: u32) -> (Option<u32>, f64) {
    let PathInputs { plan, terms, path, factors, .. } = *inputs;
    let line = &plan.lines[slot];
    let credit = &plan.credit;
    let applicants = &inputs.applicants[slot];
    let whole_tenor = quarter + line.tenor < plan.quarters;
    let (Some(economy), true, true) = (terms.constant_economy, whole_tenor, terms.survival.is_some()) else {
        let applicant = inputs.applicant(slot, at);
        let decision = decide_default(
            plan,
            slot,
            path,
            &applicant,
            Seasoning::new_project(quarter),
            factors,
            &mut Luck::plain(),
        );
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
    let (rating, multiplier) = (applicants.rating[at] as usize, applicants.multiplier[at]);
    let mut cumulative = 0.0;
    let age = (1..=line.tenor).find(|&age| {
        cumulative += terms.hazards[(age as usize - 1) / 4][rating] * multiplier * economy;
        cumulative >= threshold && cumulative > 0.0
    });
    (age, promised)
}
