//! The books of one path: its events added up by quarter, in integer cents.

use crate::engine::InvariantBroken;
use crate::engine::events::{Event, Recorder, Who};
use crate::engine::factors::THEMES;
use crate::engine::totals::{LineTotals, PathTotals, additive};
use crate::plan::Plan;
use crate::scenario::Size;
use crate::units::Cents;

/// Number of size classes.
const SIZES: usize = Size::ALL.len();

additive!(
    /// What moved in one line in a quarter, or up to it.
    LineFlows {
        /// Fund loans, reserves and grants of projects approved, less those of projects that withdrew.
        committed: Cents,
        /// Fund loans disbursed.
        loans: Cents,
        /// Bank loans disbursed beside them or behind guarantees.
        bank_loans: Cents,
        /// Own funds of projects disbursed.
        own_funds: Cents,
        /// Grants awarded to projects disbursed.
        grants_awarded: Cents,
        /// Reserves of guaranteed loans disbursed.
        reserves: Cents,
        /// Investment of projects disbursed.
        investment: Cents,
        /// Projects disbursed.
        projects: i64,
        /// Of them micro enterprises.
        micro: i64,
        /// Of them small enterprises.
        small: i64,
        /// Of them medium enterprises.
        medium: i64,
        /// Grants paid.
        grants_paid: Cents,
        /// Grants clawed back.
        grants_recovered: Cents,
        /// Principal of fund loans.
        principal: Cents,
        /// Interest on fund loans.
        interest: Cents,
        /// Guarantee premiums.
        premiums: Cents,
        /// Projects defaulted.
        defaults: i64,
        /// Fund loans outstanding at default.
        exposure: Cents,
        /// Recoveries on them.
        loan_recoveries: Cents,
        /// Calls demanded.
        calls_demanded: Cents,
        /// Calls paid out of the guarantee envelope.
        calls_from_guarantees: Cents,
        /// Calls paid out of *income* and *returned*.
        calls_from_others: Cents,
        /// The fund's share of recoveries on called loans.
        call_recoveries: Cents,
    }
);

impl LineFlows {
    /// What was paid to final recipients, or set aside for loans paid to them.
    pub fn disbursed(&self) -> Cents {
        self.loans + self.reserves + self.grants_paid
    }

    /// Calls paid.
    pub fn calls_paid(&self) -> Cents {
        self.calls_from_guarantees + self.calls_from_others
    }

    /// Fund loans that perform, if the flows are all up to now.
    pub fn outstanding(&self) -> Cents {
        self.loans - self.principal - self.exposure
    }

    /// Exposure at default less recoveries received, plus calls paid less the fund's share of recoveries on them.
    pub fn fund_loss(&self) -> Cents {
        self.exposure - self.loan_recoveries + self.calls_paid() - self.call_recoveries
    }

    /// Receipts less payments of the fund.
    pub fn cash(&self) -> Cents {
        self.principal
            + self.interest
            + self.premiums
            + self.loan_recoveries
            + self.call_recoveries
            + self.grants_recovered
            - self.loans
            - self.grants_paid
            - self.calls_paid()
    }
}

additive!(
    /// What moved in the fund outside its lines in a quarter, or up to it.
    FundFlows {
        /// Tranches paid by the Region.
        paid_in: Cents,
        /// Their present value, each discounted and rounded by itself (as `subsidy_cost` does).
        paid_in_present_value: Cents,
        /// Interest on cash.
        treasury: Cents,
        /// Given opening balances of a running fund less what its history derives.
        corrections: Cents,
        /// Management fees out of *fees*.
        fees_from_budget: Cents,
        /// Management fees out of *income*.
        fees_from_income: Cents,
    }
);

impl FundFlows {
    /// Management fees paid.
    pub fn fees(&self) -> Cents {
        self.fees_from_budget + self.fees_from_income
    }

    /// Receipts less payments.
    pub fn cash(&self) -> Cents {
        self.paid_in + self.treasury + self.corrections - self.fees()
    }
}

additive!(
    /// Investments of one theme of one line.
    Investments {
        /// Of projects disbursed.
        supported: Cents,
        /// Of those of them that defaulted.
        failed: Cents,
    }
);

impl Investments {
    /// Of projects disbursed that did not default by their last payment or the horizon.
    pub fn completed(&self) -> Cents {
        self.supported - self.failed
    }
}

/// The flows of a quarter, or of all quarters up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// The fund's own.
    pub fund: FundFlows,
    /// Those of its lines, by slot; unused slots stay at zero.
    pub lines: [LineFlows; 2],
}

impl Flows {
    /// Adds others.
    pub fn add(&mut self, other: &Flows) {
        self.fund.add(&other.fund);
        for (line, other) in self.lines.iter_mut().zip(&other.lines) {
            line.add(other);
        }
    }

    /// The lines together.
    pub fn all_lines(&self) -> LineFlows {
        let mut all = self.lines[0];
        all.add(&self.lines[1]);
        all
    }

    /// Receipts less payments; of all flows up to now: the cash.
    pub fn cash(&self) -> Cents {
        self.fund.cash() + self.all_lines().cash()
    }
}

/// What the books remember of an applicant.
#[derive(Clone, Copy, Debug, Default)]
struct Enterprise {
    theme: usize,
    size: usize,
    investment: Cents,
}

/// The books of one path. Buffers are kept from path to path.
#[derive(Clone, Debug)]
pub struct PathBooks {
    discount: Vec<f64>,
    quarters: Vec<Flows>,
    enterprises: [Vec<Enterprise>; 2],
    investments: [[Investments; THEMES]; 2],
}

impl PathBooks {
    /// Empty books of a plan.
    pub fn new(plan: &Plan) -> PathBooks {
        PathBooks {
            discount: plan.discount.clone(),
            quarters: vec![Flows::default(); plan.quarters as usize],
            enterprises: [Vec::new(), Vec::new()],
            investments: Default::default(),
        }
    }

    /// Empties them for the next path.
    pub fn clear(&mut self) {
        self.quarters.fill(Flows::default());
        self.enterprises.iter_mut().for_each(Vec::clear);
        self.investments = Default::default();
    }

    /// Flows of each quarter.
    pub fn quarters(&self) -> &[Flows] {
        &self.quarters
    }

    /// Flows over the life.
    pub fn total(&self) -> Flows {
        let mut total = Flows::default();
        self.quarters.iter().for_each(|quarter| total.add(quarter));
        total
    }

    /// Investments of a theme of a line.
    pub fn investments(&self, slot: usize, theme: usize) -> &Investments {
        &self.investments[slot][theme]
    }

    /// The books must tell what the engine's own totals tell, to the cent.
    ///
    /// # Errors
    /// [`InvariantBroken`] with the figure that differs.
    pub fn check(&self, plan: &Plan, path: u64, totals: &PathTotals) -> Result<(), InvariantBroken> {
        let total = self.total();
        let broken = |what: String| Err(InvariantBroken { path, quarter: plan.quarters - 1, what });
        for (slot, line) in totals.lines.iter().enumerate() {
            for (name, books, engine) in pairs_of_line(&total.lines[slot], line) {
                if books != engine {
                    return broken(format!("{name} of slot {slot}: books say {books}, totals say {engine}"));
                }
            }
            let investments = &self.investments[slot];
            let supported: Cents = investments.iter().map(|theme| theme.supported).sum();
            if supported != line.investment_supported {
                return broken(format!(
                    "investment by theme of slot {slot}: books say {supported}, totals say {}",
                    line.investment_supported
                ));
            }
        }
        let fund = &totals.fund;
        let closing_cash = fund.closing_resources - fund.never_paid_in;
        for (name, books, engine) in [
            ("paid in", total.fund.paid_in, plan.endowment - fund.never_paid_in),
            ("treasury income", total.fund.treasury, fund.treasury),
            ("fees paid", total.fund.fees(), fund.fees_paid),
            ("closing cash", total.cash(), closing_cash),
        ] {
            if books != engine {
                return broken(format!("{name}: books say {books}, totals say {engine}"));
            }
        }
        Ok(())
    }
}

/// What books and totals of a line both know; counts as if they were cents.
fn pairs_of_line(books: &LineFlows, totals: &LineTotals) -> [(&'static str, Cents, Cents); 18] {
    [
        ("fund loans", books.loans, totals.fund_loans),
        ("bank loans", books.bank_loans, totals.bank_loans),
        ("own funds", books.own_funds, totals.own_funds),
        ("grants", books.grants_awarded, totals.grants),
        ("reserves", books.reserves, totals.reserves),
        ("investment supported", books.investment, totals.investment_supported),
        ("projects", Cents(books.projects), Cents(totals.projects)),
        ("grants paid", books.grants_paid, totals.grants_paid),
        ("grants recovered", books.grants_recovered, totals.grants_recovered),
        ("interest", books.interest, totals.interest),
        ("premiums", books.premiums, totals.premiums),
        ("defaults", Cents(books.defaults), Cents(totals.defaults)),
        ("exposure at default", books.exposure, totals.fund_exposure),
        ("loan recoveries", books.loan_recoveries, totals.fund_recoveries),
        ("calls demanded", books.calls_demanded, totals.calls_demanded),
        ("calls paid", books.calls_paid(), totals.calls_paid),
        ("guarantee recoveries", books.call_recoveries, totals.guarantee_recoveries),
        ("outstanding at horizon", books.outstanding(), totals.outstanding_at_horizon),
    ]
}

impl Recorder for PathBooks {
    const LISTENS: bool = true;

    fn record(&mut self, quarter: u32, event: Event) {
        let flows = &mut self.quarters[quarter as usize];
        match event {
            Event::TranchePaid { amount, .. } => {
                flows.fund.paid_in += amount;
                flows.fund.paid_in_present_value += amount.times(self.discount[quarter as usize]);
            }
            Event::TreasuryReceived { amount } => flows.fund.treasury += amount,
            Event::BalanceCorrected { amount, .. } => flows.fund.corrections += amount,
            Event::FeesPaid { from_fees, from_income, .. } => {
                flows.fund.fees_from_budget += from_fees;
                flows.fund.fees_from_income += from_income;
            }
            Event::PrincipalPaid { who, amount, .. } => flows.lines[who.slot].principal += amount,
            Event::InterestPaid { who, amount } => flows.lines[who.slot].interest += amount,
            Event::PremiumPaid { who, amount } => flows.lines[who.slot].premiums += amount,
            Event::GrantPaid { who, amount } => flows.lines[who.slot].grants_paid += amount,
            Event::Defaulted { who, facts } => {
                let line = &mut flows.lines[who.slot];
                line.defaults += 1;
                line.exposure += facts.fund_exposure;
                line.calls_demanded += facts.call;
                let enterprise = self.enterprise(who);
                self.investments[who.slot][enterprise.theme].failed += enterprise.investment;
            }
            Event::CallSettled { who, sources, .. } => {
                let line = &mut flows.lines[who.slot];
                line.calls_from_guarantees += sources.guarantees;
                line.calls_from_others += sources.income + sources.returned;
            }
            Event::LoanRecovered { who, amount, .. } => flows.lines[who.slot].loan_recoveries += amount,
            Event::GrantRecovered { who, amount } => flows.lines[who.slot].grants_recovered += amount,
            Event::CallRecovered { who, amount } => flows.lines[who.slot].call_recoveries += amount,
            Event::Approved { who, package, .. } => {
                flows.lines[who.slot].committed += package.fund_loan + package.reserve + package.grant;
            }
            Event::Withdrawn { who, package } => {
                flows.lines[who.slot].committed -= package.fund_loan + package.reserve + package.grant;
            }
            Event::Disbursed { who, package, .. } => {
                let enterprise = self.enterprise(who);
                let line = &mut self.quarters[quarter as usize].lines[who.slot];
                line.loans += package.fund_loan;
                line.bank_loans += package.bank_loan;
                line.own_funds += package.own_funds;
                line.grants_awarded += package.grant;
                line.reserves += package.reserve;
                line.investment += enterprise.investment;
                line.projects += 1;
                let sizes: [&mut i64; SIZES] = [&mut line.micro, &mut line.small, &mut line.medium];
                *sizes.into_iter().nth(enterprise.size).expect("one of the sizes") += 1;
                self.investments[who.slot][enterprise.theme].supported += enterprise.investment;
            }
            Event::Applied { who, applicant } => {
                let enterprises = &mut self.enterprises[who.slot];
                let position = who.number as usize;
                if enterprises.len() <= position {
                    enterprises.resize(position + 1, Enterprise::default());
                }
                enterprises[position] = Enterprise {
                    theme: applicant.theme,
                    size: applicant.size,
                    investment: applicant.investment,
                };
            }
            Event::Matured { .. }
            | Event::FoundIneligible { .. }
            | Event::Waits { .. }
            | Event::Lost { .. } => {}
        }
    }
}

impl PathBooks {
    fn enterprise(&self, who: Who) -> Enterprise {
        self.enterprises[who.slot][who.number as usize]
    }
}
