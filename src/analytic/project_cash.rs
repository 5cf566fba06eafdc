//! The cash of one project for each fate: withdrawn, paid back, or defaulted at each age. MODEL.md sections 4, 6, 7.
//!
//! Amounts are the cents that the model books. The loss given default `L` enters linearly: `recovery = EAD (1 - L)`, so
//! that with a fixed `L` the cents are exact, and with a beta law the expectation uses its mean. What the rounding of a
//! random amount to cents may move the expectation is bounded by half a cent for each rounding, and said
//! ([`Fate::rounding`]).

use super::severity_law::SeverityMoments;
use super::stream::{Stream, StreamValues};
use super::sure_list::{SureLine, SureProject};
use crate::engine::projects::instalments;
use crate::plan::{LinePlan, LossLaw, Package, Plan};
use crate::units::Cents;

/// Streams of a project, given its fate.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// Expected values: over product, cure and loss given default.
    pub mean: StreamValues,
    /// Expected squares.
    pub square: StreamValues,
    /// How far rounding may have moved the expectation, in cents.
    pub rounding: StreamValues,
    /// Smallest values.
    pub low: StreamValues,
    /// Largest values.
    pub high: StreamValues,
}

/// Streams of a project for each fate.
#[derive(Clone, Debug)]
pub struct ProjectCash {
    /// Approved and withdrawn, or not disbursed within the horizon.
    pub withdrawn: Fate,
    /// Disbursed: never defaults (position 0), or defaults at age `k` (position `k`) within tenor and horizon.
    pub disbursed: Vec<Fate>,
}

/// Streams that are `constant + slope x L` in one product and branch (cured or not).
struct Branch {
    probability: f64,
    constant: StreamValues,
    slope: StreamValues,
    rounding: StreamValues,
}

impl ProjectCash {
    /// Of a surely approved project of a line (by slot); `losses` for a default at each age.
    pub fn new(
        plan: &Plan,
        slot: usize,
        sure: &SureLine,
        project: &SureProject,
        losses: &[SeverityMoments],
    ) -> ProjectCash {
        let line = &plan.lines[slot];
        let mut approved = StreamValues::default();
        approved[Stream::Applications] = 1.0;
        approved[Stream::InvestmentApplied] = project.investment.to_f64();
        approved[Stream::Approvals] = 1.0;
        let mut withdrawn = approved;
        let Some(quarter) = project.disbursed else {
            return ProjectCash { withdrawn: Fate::certain(withdrawn), disbursed: Vec::new() };
        };
        withdrawn[Stream::Withdrawals] = 1.0;
        let last_age = line.tenor.min(plan.quarters - 1 - quarter);
        let disbursed = (0..=last_age)
            .map(|age| {
                let mut branches = Vec::new();
                for (probability, product, package) in &project.packages {
                    let cash = PackageCash { plan, line, sure, project, quarter, product: *product, package };
                    cash.branches(age, *probability, &approved, &mut branches);
                }
                Fate::of(&branches, (age as usize).checked_sub(1).map(|position| losses[position]))
            })
            .collect();
        ProjectCash { withdrawn: Fate::certain(withdrawn), disbursed }
    }
}

impl Fate {
    /// Without any luck left.
    pub fn certain(values: StreamValues) -> Fate {
        Fate {
            mean: values,
            square: values.map(|value| value * value),
            rounding: StreamValues::default(),
            low: values,
            high: values,
        }
    }

    fn of(branches: &[Branch], loss: Option<SeverityMoments>) -> Fate {
        let (mean, variance) = loss.map_or((0.0, 0.0), |loss| (loss.mean, loss.variance));
        let mut fate = Fate {
            low: StreamValues::default().map(|_| f64::INFINITY),
            high: StreamValues::default().map(|_| f64::NEG_INFINITY),
            ..Fate::default()
        };
        for branch in branches {
            let value = branch.constant.zip(&branch.slope, |constant, slope| constant + slope * mean);
            fate.mean.add(branch.probability, &value);
            fate.square.add(
                branch.probability,
                &value.zip(&branch.slope, |value, slope| value * value + slope * slope * variance),
            );
            fate.rounding.add(branch.probability, &branch.rounding);
            // A random loss given default lies between 0 and 1.
            let end = branch.constant.zip(&branch.slope, |constant, slope| constant + slope);
            fate.low = fate.low.zip(&branch.constant, f64::min).zip(&end, f64::min);
            fate.high = fate.high.zip(&branch.constant, f64::max).zip(&end, f64::max);
        }
        fate
    }
}

/// One product of one project.
struct PackageCash<'a> {
    plan: &'a Plan,
    line: &'a LinePlan,
    sure: &'a SureLine,
    project: &'a SureProject,
    quarter: u32,
    product: usize,
    package: &'a Package,
}

impl PackageCash<'_> {
    /// The branches of a default at `age` (0: none within tenor and horizon).
    fn branches(&self, age: u32, probability: f64, approved: &StreamValues, branches: &mut Vec<Branch>) {
        let paid_ages =
            if age == 0 { self.line.tenor.min(self.plan.quarters - 1 - self.quarter) } else { age - 1 };
        let mut common = *approved;
        self.disbursement(&mut common);
        self.payments(paid_ages, age > 0, &mut common);
        let grant_paid = self.grant(age, paid_ages, &mut common);
        if age == 0 {
            common[Stream::Outstanding] = self.fund_after(paid_ages).to_f64();
            branches.push(Branch::without_luck(probability, common));
            return;
        }
        let (fund, bank) = (self.fund_after(age - 1), self.bank_after(age - 1));
        common[Stream::Defaults] = 1.0;
        common[Stream::FundExposure] = fund.to_f64();
        common[Stream::BankExposure] = bank.to_f64();
        common[Stream::Exposure] = (fund + bank).to_f64();
        if let Some(paid) = grant_paid
            && f64::from(self.quarter + age - paid) < self.line.clawback_quarters
        {
            common[Stream::GrantsRecovered] = self.package.grant.times(self.line.clawback_recovery).to_f64();
        }
        let cure = self.line.loss.cure_rate;
        if cure > 0.0 {
            let mut cured = common;
            cured[Stream::FundRecoveries] = fund.to_f64();
            cured[Stream::BankRecoveries] = bank.to_f64();
            branches.push(Branch::without_luck(probability * cure, cured));
        }
        branches.push(self.uncured(probability * (1.0 - cure), age, (fund, bank), common));
    }

    fn fund_after(&self, age: u32) -> Cents {
        self.package.fund_loan.times(self.line.fund_fractions[age as usize])
    }

    fn bank_after(&self, age: u32) -> Cents {
        self.package.bank_loan.times(self.line.bank_fractions[age as usize])
    }

    fn guarantee_rate(&self) -> f64 {
        self.line.products[self.product].guarantee_rate
    }

    fn disbursement(&self, values: &mut StreamValues) {
        let package = self.package;
        values[Stream::Projects] = 1.0;
        values[Stream::InvestmentSupported] = self.project.investment.to_f64();
        values[Stream::FundLoans] = package.fund_loan.to_f64();
        values[Stream::BankLoans] = package.bank_loan.to_f64();
        values[Stream::Guarantees] = package.guaranteed.to_f64();
        values[Stream::GuaranteedLoans] =
            if package.guaranteed.0 > 0 { package.bank_loan.to_f64() } else { 0.0 };
        values[Stream::Reserves] = package.reserve.to_f64();
        values[Stream::Grants] = package.grant.to_f64();
        values[Stream::OwnFunds] = package.own_funds.to_f64();
        if self.plan.reports_aid {
            let aid = self.line.gross_grant_equivalent(self.product, self.project.traits.rating, package);
            values[Stream::GrossGrantEquivalent] = aid.to_f64();
        }
    }

    /// Payments 1 to `ages`; a default adds the start of its own quarter to what fees are taken on.
    fn payments(&self, ages: u32, defaults: bool, values: &mut StreamValues) {
        let guarantee = &self.line.guarantee;
        for age in 1..=ages {
            let (fund, bank) = (self.fund_after(age - 1), self.bank_after(age - 1));
            values[Stream::Payments] += 1.0;
            values[Stream::Principal] += (fund - self.fund_after(age)).to_f64();
            values[Stream::Interest] += fund.times(self.line.fund_rate_quarter).to_f64();
            let premium = self.guarantee_rate() * bank.to_f64() * guarantee.premium_quarter;
            values[Stream::Premiums] += Cents::rounded(premium).to_f64();
        }
        for age in 1..=ages + u32::from(defaults) {
            values[Stream::LoanQuarters] += self.fund_after(age - 1).to_f64();
            values[Stream::ReserveQuarters] += self.package.reserve.to_f64();
        }
    }

    /// The grant, paid unless the default comes first; returns the quarter of its payment.
    fn grant(&self, age: u32, paid_ages: u32, values: &mut StreamValues) -> Option<u32> {
        let lag = self.line.grant_lag;
        let quarter = self.quarter + lag;
        let due = self.package.grant.0 > 0 && quarter < self.plan.quarters && lag <= self.line.tenor;
        if !due || (age > 0 && lag > paid_ages) {
            return None;
        }
        values[Stream::GrantsPaid] = self.package.grant.to_f64();
        if quarter + 1 < self.plan.quarters {
            values[Stream::GrantsCharged] = self.package.grant.to_f64();
        }
        Some(quarter)
    }

    /// A default that does not cure.
    fn uncured(
        &self,
        probability: f64,
        age: u32,
        (fund, bank): (Cents, Cents),
        common: StreamValues,
    ) -> Branch {
        let last = self.plan.quarters - 1;
        let quarter = self.quarter + age;
        let demanded = bank.times(self.guarantee_rate());
        let call_due = (quarter + self.line.guarantee.call_lag).min(last);
        let paid = if self.sure.calls_are_paid { demanded } else { Cents::ZERO };
        // The fund shares in instalments from the quarter of its payment on; payments come first in a quarter.
        let shared = |due: u32| paid.0 > 0 && due >= call_due;
        let mut branch = Branch::without_luck(probability, common);
        branch.constant[Stream::CallsDemanded] = demanded.to_f64();
        branch.constant[Stream::CallsPaid] = paid.to_f64();
        match &self.line.loss.law {
            LossLaw::Fixed(loss) => {
                let recovered = |exposure: Cents| exposure.times(1.0 - loss);
                let mut share = 0.0;
                instalments(&self.line.loss.recovery, recovered(bank), quarter, last, |due, amount| {
                    if shared(due) {
                        share += Cents::rounded(self.guarantee_rate() * amount.to_f64()).to_f64();
                    }
                });
                branch.recoveries(recovered(fund).to_f64(), recovered(bank).to_f64(), share);
                branch.losses(fund.to_f64(), bank.to_f64());
            }
            LossLaw::Beta(_) => {
                let mut before = 0.0;
                let (mut part, mut count) = (0.0, 0.0);
                for &(after, cumulative) in &self.line.loss.recovery {
                    if shared((quarter + after).min(last)) {
                        part += cumulative - before;
                        count += 1.0;
                    }
                    before = cumulative;
                }
                let share = self.guarantee_rate() * part * bank.to_f64();
                // With L = 0 everything is recovered; each recovery falls by its whole as L rises to 1.
                branch.recoveries(fund.to_f64(), bank.to_f64(), share);
                branch.losses(fund.to_f64(), bank.to_f64());
                for stream in [Stream::FundRecoveries, Stream::BankRecoveries, Stream::GuaranteeRecoveries] {
                    branch.slope[stream] = -branch.constant[stream];
                }
                branch.slope_of_losses();
                // One rounding of each recovery, two of each instalment's ends and one of the fund's share of it.
                let half = |amount: Cents| if amount.0 > 0 { 0.5 } else { 0.0 };
                branch.rounding[Stream::FundRecoveries] = half(fund);
                branch.rounding[Stream::BankRecoveries] = half(bank);
                branch.rounding[Stream::GuaranteeRecoveries] = 2.5 * count;
                branch.rounding[Stream::LoanLoss] = half(fund);
                branch.rounding[Stream::GuaranteeLoss] = 2.5 * count;
                branch.rounding[Stream::FundLoss] = half(fund) + 2.5 * count;
                branch.rounding[Stream::BankLoss] = half(bank) + 2.5 * count;
            }
        }
        branch
    }
}

impl Branch {
    fn without_luck(probability: f64, constant: StreamValues) -> Branch {
        let none = StreamValues::default();
        Branch { probability, constant, slope: none, rounding: none }
    }

    fn recoveries(&mut self, fund: f64, bank: f64, guarantee: f64) {
        self.constant[Stream::FundRecoveries] = fund;
        self.constant[Stream::BankRecoveries] = bank;
        self.constant[Stream::GuaranteeRecoveries] = guarantee;
    }

    /// Losses as differences of exposures, recoveries and calls.
    fn losses(&mut self, fund: f64, bank: f64) {
        let values = &mut self.constant;
        values[Stream::LoanLoss] = fund - values[Stream::FundRecoveries];
        values[Stream::GuaranteeLoss] = values[Stream::CallsPaid] - values[Stream::GuaranteeRecoveries];
        values[Stream::FundLoss] = values[Stream::LoanLoss] + values[Stream::GuaranteeLoss];
        values[Stream::BankLoss] = bank - values[Stream::BankRecoveries] - values[Stream::CallsPaid]
            + values[Stream::GuaranteeRecoveries];
    }

    fn slope_of_losses(&mut self) {
        let slope = &mut self.slope;
        slope[Stream::LoanLoss] = -slope[Stream::FundRecoveries];
        slope[Stream::GuaranteeLoss] = -slope[Stream::GuaranteeRecoveries];
        slope[Stream::FundLoss] = slope[Stream::LoanLoss] + slope[Stream::GuaranteeLoss];
        slope[Stream::BankLoss] = -slope[Stream::BankRecoveries] + slope[Stream::GuaranteeRecoveries];
    }
}
