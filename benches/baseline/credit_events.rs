//! Payments, defaults, guarantee calls and recoveries: steps 4 to 6 of a quarter.

use super::luck::{normal, normal_cdf};
use super::path::{Call, PathState, Recovery};
use super::{cents, times};
use fesr::plan::LinePlan;
use rand::RngExt;

impl PathState<'_> {
    /// Step 4: every running project pays or defaults.
    pub fn visit_projects(&mut self, quarter: u32) {
        let plan = self.plan;
        for position in 0..self.projects.len() {
            let project = &mut self.projects[position];
            if !project.is_running {
                continue;
            }
            let (slot, age) = (project.slot, quarter - project.disbursed);
            let line = &plan.lines[slot];
            if project.defaults(&plan.credit, age, quarter) {
                self.default(position, quarter);
                continue;
            }
            let payment = project.pay(line, age);
            self.fund.receive(payment.principal + payment.interest + payment.premium);
            self.fund.returned += payment.principal;
            self.fund.income += payment.interest;
            self.fund.lines[slot].guarantees += payment.premium;
            let state = &mut self.lines[slot];
            state.payments += 1;
            state.interest += payment.interest;
            state.premiums += payment.premium;
            state.outstanding_fund_loans -= payment.principal;
            state.outstanding_guaranteed -= payment.guaranteed_released;
            let grant = project.package.grant;
            if age == line.grant_lag && grant > 0 {
                project.grant_paid = Some(quarter);
                state.grants_paid += grant;
                self.grants_this_quarter += grant;
                self.fund.pay(grant, quarter);
                self.fund.lines[slot].grants -= grant;
                self.fund.lines[slot].blocked_grants -= grant;
                self.fund.spending += grant;
            }
            if age == line.tenor {
                project.is_running = false;
                state.running -= 1;
                state.performing_reserves -= project.package.reserve;
            }
        }
    }

    fn default(&mut self, position: usize, quarter: u32) {
        let project = &mut self.projects[position];
        let slot = project.slot;
        let line = &self.plan.lines[slot];
        let credit = &self.plan.credit;
        let is_cured = self.rng.random_bool(line.loss.cure_rate);
        let lgd = if is_cured {
            0.0
        } else {
            let latent = -credit.lgd_loading * self.common.global + credit.lgd_own_loading * normal(self.rng);
            self.losses[slot].quantile(normal_cdf(latent))
        };
        project.is_running = false;
        project.defaulted = true;
        project.fund_loss = project.fund_balance;
        let (fund_exposure, bank_exposure) = (project.fund_balance, project.bank_balance);
        let fund_recovery = times(fund_exposure, 1.0 - lgd);
        let bank_recovery = times(bank_exposure, 1.0 - lgd);
        let demanded = if is_cured { 0 } else { project.guaranteed_balance };
        let clawed_back = match project.grant_paid {
            None => {
                self.fund.lines[slot].blocked_grants -= project.package.grant;
                0
            }
            Some(paid) if f64::from(quarter - paid) < line.clawback_quarters => {
                times(project.package.grant, line.clawback_recovery)
            }
            Some(_) => 0,
        };
        let state = &mut self.lines[slot];
        state.defaults += 1;
        state.running -= 1;
        state.outstanding_fund_loans -= fund_exposure;
        state.outstanding_guaranteed -= project.guaranteed_balance;
        state.performing_reserves -= project.package.reserve;
        state.loan_loss += fund_exposure;
        state.fund_exposure += fund_exposure;
        state.bank_exposure += bank_exposure;
        state.fund_recoveries += fund_recovery;
        state.bank_recoveries += bank_recovery;
        state.grants_recovered += clawed_back;
        state.calls_demanded += demanded;
        state.open_calls += demanded;
        self.await_recovery(line, fund_recovery, quarter, |amount| Recovery::FundLoan {
            project: position,
            amount,
        });
        self.await_recovery(line, clawed_back, quarter, |amount| Recovery::Grant { slot, amount });
        if demanded > 0 {
            let call = self.calls.len();
            let due = (quarter + line.guarantee.call_lag).min(self.plan.quarters - 1);
            let place = self.open_calls.partition_point(|&open| self.calls[open].due <= due);
            self.open_calls.insert(place, call);
            self.calls.push(Call { project: position, due, demanded, paid: 0 });
            self.await_recovery(line, bank_recovery, quarter, |amount| Recovery::BankLoan { call, amount });
        }
    }

    /// Splits a recovery by the line's schedule, cumulative amounts rounded.
    fn await_recovery(
        &mut self,
        line: &LinePlan,
        total: i64,
        quarter: u32,
        recovery: impl Fn(i64) -> Recovery,
    ) {
        if total == 0 {
            return;
        }
        let mut before = 0;
        for &(after, cumulative_share) in &line.loss.recovery {
            let up_to = times(total, cumulative_share);
            let due = (quarter + after).min(self.plan.quarters - 1);
            self.recoveries[due as usize].push(recovery(up_to - before));
            before = up_to;
        }
    }

    /// Step 5: open calls that are due, within the room of the cap and the envelope.
    pub fn pay_calls(&mut self, quarter: u32) {
        for &open in &self.open_calls {
            let call = &mut self.calls[open];
            if call.due > quarter {
                break;
            }
            let slot = self.projects[call.project].slot;
            let state = &mut self.lines[slot];
            let wanted = (call.demanded - call.paid).min(state.room());
            let paid = wanted.min(self.fund.lines[slot].guarantees);
            state.was_short |= paid < wanted;
            state.calls_paid += paid;
            state.open_calls -= paid;
            call.paid += paid;
            self.projects[call.project].fund_loss += paid;
            self.fund.lines[slot].guarantees -= paid;
            self.fund.pay(paid, quarter);
        }
        let calls = &self.calls;
        self.open_calls.retain(|&open| calls[open].paid < calls[open].demanded);
    }

    /// Step 6: recoveries that fall due.
    pub fn receive_recoveries(&mut self, quarter: u32) {
        for recovery in std::mem::take(&mut self.recoveries[quarter as usize]) {
            match recovery {
                Recovery::FundLoan { project, amount } => {
                    let project = &mut self.projects[project];
                    project.fund_loss -= amount;
                    self.lines[project.slot].loan_loss -= amount;
                    self.fund.returned += amount;
                    self.fund.receive(amount);
                }
                Recovery::BankLoan { call, amount } => {
                    let call = &self.calls[call];
                    let project = &mut self.projects[call.project];
                    let slot = project.slot;
                    let rate = self.plan.lines[slot].products[project.product].guarantee_rate;
                    let share = cents(rate * amount as f64 * (call.paid as f64 / call.demanded as f64));
                    project.fund_loss -= share;
                    self.lines[slot].call_recoveries += share;
                    self.fund.lines[slot].guarantees += share;
                    self.fund.receive(share);
                }
                Recovery::Grant { amount, .. } => {
                    self.fund.returned += amount;
                    self.fund.receive(amount);
                }
            }
        }
    }
}
