//! Sections 6 and 7: default, loss, recoveries, clawback.

use super::PathState;
use super::calls::Call;
use super::cash::{Entry, Envelope, Event};
use super::money::{as_f64, rounded, times};
use fesr::numeric::normal::normal_cdf;
use fesr::random::Purpose;
use rust_decimal::Decimal;

/// Of what something is recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    FundLoan,
    BankLoan,
    Grant,
}

/// One instalment of a recovery.
#[derive(Clone, Debug)]
pub struct Recovery {
    pub project: usize,
    pub claim: Claim,
    pub due: u32,
    pub amount: Decimal,
    pub received: bool,
}

impl PathState<'_> {
    /// The project defaults in this quarter, at age `k`: this payment and all later ones are missed.
    pub fn default(&mut self, position: usize, k: u32) {
        let project = &self.projects[position];
        let (slot, applicant) = (project.applicant.slot, &project.applicant);
        let line = self.twin.lines[slot].line;
        let (quarter, last) = (self.quarter, self.twin.last_quarter());
        let fund_exposure = self.fund_outstanding(project, k - 1);
        let bank_exposure = self.bank_outstanding(project, k - 1);
        let known = self.known_loss(applicant);
        let cured = known.is_none()
            && self.luck.uniform(Purpose::Cure, self.number(applicant), applicant.number)
                < line.loss.cure_rate.to_f64();
        let lgd = match known {
            Some(loss) => loss,
            None if cured => 0.0,
            None => self.loss_given_default(position),
        };
        // The grant comes back if the default is less than 4 x grant_clawback_years quarters after its payment.
        let clawback_quarters = Decimal::from(4) * line.grant_clawback_years.decimal();
        let clawed_back = match project.grant_paid_in {
            Some(paid) if Decimal::from(quarter - paid) < clawback_quarters => {
                times(project.package.grant, line.grant_clawback_recovery.to_f64())
            }
            _ => Decimal::ZERO,
        };
        let demanded = match project.package.is_guaranteed && !cured {
            true => rounded(self.guarantee_rate(project) * as_f64(bank_exposure)),
            false => Decimal::ZERO,
        };
        if demanded > Decimal::ZERO {
            let lag = line.guarantee.expect("a guaranteed line").call_lag_quarters;
            let due = (quarter + lag).min(last);
            let (paid, recovered) = (Decimal::ZERO, Decimal::ZERO);
            self.calls.push(Call { slot, project: position, due, demanded, paid, recovered });
        }
        self.expect(position, Claim::FundLoan, times(fund_exposure, 1.0 - lgd));
        self.expect(position, Claim::BankLoan, times(bank_exposure, 1.0 - lgd));
        self.expect(position, Claim::Grant, clawed_back);
        let project = &mut self.projects[position];
        project.defaulted_in = Some(quarter);
        project.fund_exposure = fund_exposure;
        project.bank_exposure = bank_exposure;
    }

    /// Beta quantile of `Phi(Y)`, `Y = -a M* + sqrt(1 - a^2) xi`; the mean where the sd is 0.
    fn loss_given_default(&self, position: usize) -> f64 {
        let applicant = &self.projects[position].applicant;
        let terms = &self.twin.lines[applicant.slot];
        let Some(law) = &terms.lgd_law else { return terms.line.loss.lgd_mean.to_f64() };
        let a = self.twin.scenario.credit.lgd_loading.to_f64();
        let xi = self.luck.normal(Purpose::LossGivenDefault, self.number(applicant), applicant.number);
        let y = -a * self.economy.global(self.quarter) + (1.0 - a * a).sqrt() * xi;
        law.quantile(normal_cdf(y))
    }

    /// Splits a recovery by the line's schedule: cumulative amounts rounded, never later than the last quarter.
    fn expect(&mut self, position: usize, claim: Claim, total: Decimal) {
        let schedule = &self.twin.lines[self.projects[position].applicant.slot].line.loss.recovery;
        for (j, step) in schedule.iter().enumerate() {
            let up_to = |count: usize| {
                let share: Decimal = schedule[..count].iter().map(|step| step.share.decimal()).sum();
                times(total, share.to_string().parse().expect("a number"))
            };
            let due = (self.quarter + step.after_quarters).min(self.twin.last_quarter());
            let amount = up_to(j + 1) - up_to(j);
            self.recoveries.push(Recovery { project: position, claim, due, amount, received: false });
        }
    }

    /// Step 6: recoveries that fall due in this quarter.
    pub fn receive_recoveries(&mut self) {
        for position in 0..self.recoveries.len() {
            let recovery = &mut self.recoveries[position];
            if recovery.received || recovery.due > self.quarter {
                continue;
            }
            recovery.received = true;
            let recovery = recovery.clone();
            let slot = self.projects[recovery.project].applicant.slot;
            match recovery.claim {
                Claim::FundLoan => {
                    let envelope = self.where_principal_goes(slot);
                    self.receive(recovery.project, Event::FundRecovery, envelope, recovery.amount);
                }
                Claim::Grant => {
                    self.receive(
                        recovery.project,
                        Event::GrantRecovered,
                        Envelope::Returned,
                        recovery.amount,
                    );
                }
                Claim::BankLoan => self.receive_guarantee_recovery(&recovery),
            }
        }
    }

    /// At each instalment of the bank the fund receives guarantee_rate x instalment x (paid so far / demanded).
    fn receive_guarantee_recovery(&mut self, instalment: &Recovery) {
        let rate = self.guarantee_rate(&self.projects[instalment.project]);
        let Some(call) = self.calls.iter_mut().find(|call| call.project == instalment.project) else {
            return;
        };
        let share = rounded(rate * as_f64(instalment.amount) * (as_f64(call.paid) / as_f64(call.demanded)));
        call.recovered += share;
        let slot = call.slot;
        self.receive(instalment.project, Event::GuaranteeRecovery, Envelope::Guarantees(slot), share);
    }

    /// Principal and recoveries on fund loans: lent again, or due back to the Region.
    pub fn where_principal_goes(&self, slot: usize) -> Envelope {
        match self.twin.scenario.fund.revolving {
            true => Envelope::Loans(slot),
            false => Envelope::Returned,
        }
    }

    /// Money from a project.
    pub fn receive(&mut self, position: usize, event: Event, envelope: Envelope, amount: Decimal) {
        let (quarter, slot) = (self.quarter, Some(self.projects[position].applicant.slot));
        self.cash.book(Entry { quarter, slot, project: Some(position), event, envelope, amount });
    }
}
