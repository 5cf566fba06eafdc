//! What one listed project does to the streams of its line, with one product: [`Contract`].
//!
//! Everything about a project whose approval is sure is known before the first path but three things: whether it
//! withdraws, when it defaults and what is then recovered. So its amounts in every quarter are computed once, by the
//! scalar engine's own [`Project::pay`], and a path only adds or takes away whole parts of it.

use super::channel::Channel;
use crate::engine::applicants::Applicant;
use crate::engine::projects::{Project, instalments};
use crate::plan::{LinePlan, Package, Plan};
use crate::units::Cents;

/// Adds an amount to a channel of the contract's line in a quarter.
pub trait Add: FnMut(u32, Channel, f64) {}
impl<F: FnMut(u32, Channel, f64)> Add for F {}

/// One payment, and what is outstanding before it.
#[derive(Clone, Copy, Debug)]
struct Age {
    principal: f64,
    interest: f64,
    premium: f64,
    released: f64,
    fund_outstanding: Cents,
    bank_outstanding: Cents,
    guaranteed_outstanding: Cents,
}

/// A listed applicant with one of the products that it may take.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The line's slot.
    pub slot: usize,
    /// Who.
    pub applicant: Applicant,
    /// Product by position in the line.
    pub product: usize,
    /// Position of the product among all of the fund.
    pub group: usize,
    /// Part of the bank loan guaranteed.
    pub guarantee_rate: f64,
    /// Amounts.
    pub package: Package,
    /// Gross grant equivalent; 0 where it is not reported.
    pub gross_grant_equivalent: Cents,
    /// Quarter of disbursement; `None` if the horizon comes first.
    pub disbursed: Option<u32>,
    /// Quarter in which it matures, if within the horizon.
    matures: Option<u32>,
    grant_lag: u32,
    /// Payments within tenor and horizon.
    ages: Vec<Age>,
}

/// What the default of a project leaves behind.
#[derive(Clone, Copy, Debug)]
pub struct Fall {
    /// Outstanding fund loan.
    pub fund_exposure: Cents,
    /// Outstanding bank loan.
    pub bank_exposure: Cents,
    /// Guarantee rate x outstanding bank loan.
    pub guaranteed: Cents,
    /// Grant to be clawed back.
    pub clawed_back: Cents,
}

impl Contract {
    /// The contract of an applicant.
    pub fn new(plan: &Plan, slot: usize, applicant: Applicant, product: usize) -> Contract {
        let line = &plan.lines[slot];
        let package = line.package(product, applicant.investment);
        let last = plan.quarters - 1;
        let disbursed = Some(applicant.arrival + line.disbursement_lag).filter(|&quarter| quarter <= last);
        let mut project = Project {
            slot,
            applicant,
            product,
            package,
            disbursed: disbursed.unwrap_or(last),
            default_quarter: None,
            fund_outstanding: package.fund_loan,
            bank_outstanding: package.bank_loan,
            guaranteed_outstanding: package.guaranteed,
            grant_paid: None,
            last_age: line.tenor,
            books: None,
        };
        let payments = line.tenor.min(last - project.disbursed);
        let ages = (1..=payments)
            .map(|age| {
                let Project { fund_outstanding, bank_outstanding, guaranteed_outstanding, .. } = project;
                let payment = project.pay(line, age);
                Age {
                    principal: payment.principal.to_f64(),
                    interest: payment.interest.to_f64(),
                    premium: payment.premium.to_f64(),
                    released: payment.guaranteed_released.to_f64(),
                    fund_outstanding,
                    bank_outstanding,
                    guaranteed_outstanding,
                }
            })
            .collect();
        Contract {
            slot,
            applicant,
            product,
            group: line.first_product + product,
            guarantee_rate: line.products[product].guarantee_rate,
            package,
            gross_grant_equivalent: if plan.reports_aid {
                line.gross_grant_equivalent(product, applicant.rating, &package)
            } else {
                Cents::ZERO
            },
            disbursed,
            matures: disbursed.map(|quarter| quarter + line.tenor).filter(|&quarter| quarter <= last),
            grant_lag: line.grant_lag,
            ages,
        }
    }

    /// Payments within tenor and horizon: the last age at which a default counts.
    pub fn last_age(&self) -> u32 {
        self.ages.len() as u32
    }

    /// Step 8: the approval, `times` 1, or -1 to take it back.
    pub fn approval(&self, times: f64, mut add: impl Add) {
        let Package { fund_loan, grant, guaranteed, reserve, .. } = self.package;
        let quarter = self.applicant.arrival;
        add(quarter, Channel::BlockedLoans, times * fund_loan.to_f64());
        add(quarter, Channel::BlockedGrants, times * grant.to_f64());
        add(quarter, Channel::PromisedReserves, times * reserve.to_f64());
        add(quarter, Channel::Exposure, times * guaranteed.to_f64());
    }

    /// The disbursement and everything after it if the project does not default; `times` 1, or -1 to take it back.
    pub fn life(&self, times: f64, mut add: impl Add) {
        let Some(quarter) = self.disbursed else { return };
        let Package { fund_loan, bank_loan, grant, guaranteed, reserve, .. } = self.package;
        add(quarter, Channel::BlockedLoans, -times * fund_loan.to_f64());
        add(quarter, Channel::Loans, times * fund_loan.to_f64());
        add(quarter, Channel::Reserves, times * reserve.to_f64());
        add(quarter, Channel::Finance, times * (fund_loan + bank_loan).to_f64());
        add(quarter, Channel::Performing, times * guaranteed.to_f64());
        add(quarter, Channel::Projects, times);
        add(quarter, Channel::Investment, times * self.applicant.investment.to_f64());
        self.payments(1, times, &mut add);
        if let Some(quarter) = self.matures {
            add(quarter, Channel::Matured, times);
            add(quarter, Channel::ReservesEnded, times * reserve.to_f64());
        }
        if let Some(quarter) = self.grant_quarter() {
            add(quarter, Channel::Grants, times * grant.to_f64());
            add(quarter, Channel::BlockedGrants, -times * grant.to_f64());
        }
    }

    /// The withdrawal of an approved project, in place of its life.
    pub fn withdrawal(&self, mut add: impl Add) {
        let Some(quarter) = self.disbursed else { return };
        let Package { fund_loan, grant, guaranteed, reserve, .. } = self.package;
        add(quarter, Channel::BlockedLoans, -fund_loan.to_f64());
        add(quarter, Channel::BlockedGrants, -grant.to_f64());
        add(quarter, Channel::PromisedReserves, -reserve.to_f64());
        add(quarter, Channel::Exposure, -guaranteed.to_f64());
    }

    /// What a default at an age changes of the life, but for what is recovered.
    pub fn fall(&self, line: &LinePlan, age: u32, mut add: impl Add) -> Fall {
        let disbursed = self.disbursed.expect("a project that defaults was disbursed");
        let quarter = disbursed + age;
        let before = &self.ages[age as usize - 1];
        let Package { grant, reserve, .. } = self.package;
        self.payments(age, -1.0, &mut add);
        let guaranteed = before.guaranteed_outstanding.to_f64();
        if guaranteed != 0.0 {
            add(quarter, Channel::Performing, -guaranteed);
            add(quarter, Channel::Exposure, -guaranteed);
        }
        add(quarter, Channel::Defaulted, before.fund_outstanding.to_f64());
        add(quarter, Channel::Defaults, 1.0);
        if let Some(matures) = self.matures {
            add(matures, Channel::Matured, -1.0);
        }
        if reserve.0 != 0 {
            add(quarter, Channel::ReservesEnded, reserve.to_f64());
            if let Some(matures) = self.matures {
                add(matures, Channel::ReservesEnded, -reserve.to_f64());
            }
        }
        let mut clawed_back = Cents::ZERO;
        if grant.0 != 0 {
            let paid = self.grant_quarter().filter(|&paid| self.grant_lag == 0 || paid < quarter);
            match paid {
                Some(paid) if f64::from(quarter - paid) < line.clawback_quarters => {
                    clawed_back = grant.times(line.clawback_recovery);
                }
                Some(_) => {}
                None => {
                    if let Some(due) = self.grant_quarter() {
                        add(due, Channel::Grants, -grant.to_f64());
                        add(due, Channel::BlockedGrants, grant.to_f64());
                    }
                    add(quarter, Channel::BlockedGrants, -grant.to_f64());
                }
            }
        }
        Fall {
            fund_exposure: before.fund_outstanding,
            bank_exposure: before.bank_outstanding,
            guaranteed: before.guaranteed_outstanding,
            clawed_back,
        }
    }

    /// Recoveries by the schedule of the line, into a channel.
    pub fn recover(
        line: &LinePlan,
        total: Cents,
        quarter: u32,
        last: u32,
        channel: Channel,
        mut add: impl Add,
    ) {
        if total.0 != 0 {
            instalments(&line.loss.recovery, total, quarter, last, |due, amount| {
                add(due, channel, amount.to_f64());
            });
        }
    }

    /// Scheduled payments from an age on.
    fn payments(&self, from: u32, times: f64, add: &mut impl Add) {
        let Some(disbursed) = self.disbursed else { return };
        for (quarter, age) in (disbursed + from..).zip(&self.ages[from as usize - 1..]) {
            if age.principal != 0.0 {
                add(quarter, Channel::Principal, times * age.principal);
            }
            if age.interest != 0.0 {
                add(quarter, Channel::Interest, times * age.interest);
            }
            if age.premium != 0.0 {
                add(quarter, Channel::Premium, times * age.premium);
            }
            if age.released != 0.0 {
                add(quarter, Channel::Performing, -times * age.released);
                add(quarter, Channel::Exposure, -times * age.released);
            }
        }
    }

    /// Quarter in which the grant is due: within the horizon, and if the project lives.
    fn grant_quarter(&self) -> Option<u32> {
        let due = self.disbursed? + self.grant_lag;
        let within = self.grant_lag == 0 || self.grant_lag <= self.last_age();
        (within && self.package.grant.0 > 0).then_some(due)
    }
}
