//! What a path leaves behind: totals of the fund, of each line and of each group, and a row a quarter.

use super::InvariantBroken;
use super::applicants::Applicant;
use super::books::Flows;
use crate::plan::{Package, Plan};
use crate::units::Cents;

/// Declares a struct of counts and amounts that add up field by field.
macro_rules! additive {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)+ }

        impl $name {
            /// Adds another one, field by field.
            pub fn add(&mut self, other: &$name) {
                $(self.$field += other.$field;)+
            }
        }
    };
}

pub(crate) use additive;

additive!(
    /// Totals of one line over the life of the fund, or of both lines together.
    LineTotals {
        /// Applications received.
        applications: i64,
        /// Applications approved.
        approvals: i64,
        /// Approved projects that withdrew.
        withdrawals: i64,
        /// Projects disbursed.
        projects: i64,
        /// Applications for which no budget was free in time.
        rejected_budget: i64,
        /// Applications outside the line's limits or above the aid ceiling.
        rejected_ineligible: i64,
        /// Investment applied for.
        investment_applied: Cents,
        /// Investment of disbursed projects.
        investment_supported: Cents,
        /// Fund loans of disbursed projects.
        fund_loans: Cents,
        /// Bank loans of disbursed projects.
        bank_loans: Cents,
        /// Bank loans that carry a guarantee.
        guaranteed_loans: Cents,
        /// Guaranteed amounts at disbursement.
        guarantees: Cents,
        /// Reserves at disbursement.
        reserves: Cents,
        /// Those reserves that are a cap amount.
        cap_amount: Cents,
        /// Grants awarded to disbursed projects.
        grants: Cents,
        /// Own funds of disbursed projects.
        own_funds: Cents,
        /// Grants paid.
        grants_paid: Cents,
        /// Grants clawed back.
        grants_recovered: Cents,
        /// Projects defaulted.
        defaults: i64,
        /// Quarterly payments made by running projects.
        payments: i64,
        /// Fund-loan exposure at default.
        fund_exposure: Cents,
        /// Bank-loan exposure at default.
        bank_exposure: Cents,
        /// Recoveries on fund loans, received or scheduled by the horizon.
        fund_recoveries: Cents,
        /// Recoveries on bank loans.
        bank_recoveries: Cents,
        /// Calls demanded.
        calls_demanded: Cents,
        /// Calls paid.
        calls_paid: Cents,
        /// The fund's share of recoveries on called loans.
        guarantee_recoveries: Cents,
        /// Guarantee loss of capped lines.
        capped_loss: Cents,
        /// Open calls above the room at the horizon.
        calls_over_cap: Cents,
        /// Open calls within the room at the horizon.
        shortfall: Cents,
        /// 1 if in some quarter a call within the room could not be paid in full.
        shortfall_events: i64,
        /// 1 if calls were left above the room.
        cap_hits: i64,
        /// Interest received.
        interest: Cents,
        /// Premiums received.
        premiums: Cents,
        /// Performing fund-loan balances after the last quarter.
        outstanding_at_horizon: Cents,
        /// Gross grant equivalents of disbursed projects.
        gross_grant_equivalent: Cents,
        /// Common indicators of disbursed projects.
        indicators: Indicators,
    }
);

additive!(
    /// The common indicators of annex I of Reg. (EU) 1301/2013, of disbursed projects.
    Indicators {
        /// CO01: enterprises receiving support, each member of a project counted.
        enterprises: i64,
        /// CO02: of these, those whose project has a grant.
        with_grant: i64,
        /// CO03: of these, those whose project has a fund loan or a guarantee.
        with_instrument: i64,
        /// CO06: own funds and bank loans of projects with a grant.
        private_with_grant: Cents,
        /// CO07: own funds and bank loans of projects with a fund loan or a guarantee and no grant.
        private_with_instrument: Cents,
    }
);

impl Indicators {
    /// Those of one disbursed project.
    #[inline]
    pub fn of(package: &Package, members: u32) -> Indicators {
        let private = package.own_funds + package.bank_loan;
        let granted = package.grant.0 > 0;
        let financed = package.fund_loan.0 > 0 || package.guaranteed.0 > 0;
        let members_if = |counted: bool| if counted { i64::from(members) } else { 0 };
        let private_if = |counted: bool| if counted { private } else { Cents::ZERO };
        Indicators {
            enterprises: members_if(granted || financed),
            with_grant: members_if(granted),
            with_instrument: members_if(financed),
            private_with_grant: private_if(granted),
            private_with_instrument: private_if(financed && !granted),
        }
    }

    /// The same, to be taken away.
    pub fn negated(&self) -> Indicators {
        Indicators {
            enterprises: -self.enterprises,
            with_grant: -self.with_grant,
            with_instrument: -self.with_instrument,
            private_with_grant: -self.private_with_grant,
            private_with_instrument: -self.private_with_instrument,
        }
    }
}

impl std::ops::AddAssign for Indicators {
    fn add_assign(&mut self, other: Indicators) {
        self.add(&other);
    }
}

impl LineTotals {
    /// Fund-loan exposure at default less recoveries.
    pub fn loan_loss(&self) -> Cents {
        self.fund_exposure - self.fund_recoveries
    }

    /// Calls paid less the fund's share of recoveries.
    pub fn guarantee_loss(&self) -> Cents {
        self.calls_paid - self.guarantee_recoveries
    }

    /// Loan loss and guarantee loss.
    pub fn fund_loss(&self) -> Cents {
        self.loan_loss() + self.guarantee_loss()
    }

    /// What the banks lose after calls, and after passing on the fund's share of recoveries.
    pub fn bank_loss(&self) -> Cents {
        self.bank_exposure - self.bank_recoveries - self.calls_paid + self.guarantee_recoveries
    }
}

additive!(
    /// Totals of the fund as a whole.
    FundTotals {
        /// Interest on cash.
        treasury: Cents,
        /// Fees paid.
        fees_paid: Cents,
        /// Fees that nothing was left to pay.
        fees_unpaid: Cents,
        /// All envelopes at the horizon.
        closing_resources: Cents,
        /// Endowment never drawn.
        never_paid_in: Cents,
        /// Tranches paid ahead of the rule.
        tranches_advanced: i64,
        /// 1 if cash was below 0 at the end of some quarter.
        overdrafts: i64,
        /// Present value of tranches less present value of closing cash.
        subsidy_cost: Cents,
    }
);

additive!(
    /// Totals of one group: a theme, a product or a rating.
    GroupTotals {
        /// Applications (of a product: that prefer it).
        applications: i64,
        /// Projects disbursed (of a product: with it).
        projects: i64,
        /// Investment applied for.
        investment_applied: Cents,
        /// Investment of disbursed projects.
        investment_supported: Cents,
        /// Projects defaulted.
        defaults: i64,
        /// Fund loss.
        fund_loss: Cents,
        /// Common indicators of disbursed projects.
        indicators: Indicators,
    }
);

/// What the PDs of a rating promised on a path, beside what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifetimeCount {
    /// Projects disbursed.
    pub projects: i64,
    /// Sum of `F(k)` of these projects at the last age within tenor and horizon, in units of 1e-9.
    pub promised: i64,
    /// Defaults.
    pub defaults: i64,
}

/// The first project of a line disbursed on a path: nothing that happened before could depend on defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstProject {
    /// Rating by position.
    pub rating: usize,
    /// Theme by position.
    pub theme: usize,
    /// Legal form by position.
    pub legal_form: usize,
    /// Size by position.
    pub size: usize,
    /// Whether it is accompanied.
    pub accompanied: bool,
    /// Quarter of its disbursement.
    pub disbursed: u32,
    /// Age at its default, within tenor and horizon.
    pub default_age: Option<u32>,
}

/// Who applied to a line on a path, eligible or not, and who was funded first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineCensus {
    /// Applicants by theme.
    pub themes: [i64; 4],
    /// By legal form.
    pub legal_forms: [i64; 2],
    /// By size.
    pub sizes: [i64; 3],
    /// By rating.
    pub ratings: Vec<i64>,
    /// Those accompanied.
    pub accompanied: i64,
    /// Those that accept another product.
    pub accept_other: i64,
    /// The first project disbursed.
    pub first_project: Option<FirstProject>,
}

impl LineCensus {
    /// Nobody has applied yet.
    pub fn clear(&mut self, ratings: usize) {
        let mut kept = std::mem::take(&mut self.ratings);
        kept.clear();
        kept.resize(ratings, 0);
        *self = LineCensus { ratings: kept, ..LineCensus::default() };
    }

    /// Counts an applicant.
    pub fn count(&mut self, applicant: &Applicant) {
        self.themes[applicant.theme] += 1;
        self.legal_forms[applicant.legal_form] += 1;
        self.sizes[applicant.size] += 1;
        self.ratings[applicant.rating] += 1;
        self.accompanied += i64::from(applicant.accompanied);
        self.accept_other += i64::from(applicant.accepts_other);
    }

    /// Records a project unless another was first.
    pub fn disburse(&mut self, applicant: &Applicant, disbursed: u32, default_age: Option<u32>) {
        self.first_project.get_or_insert(FirstProject {
            rating: applicant.rating,
            theme: applicant.theme,
            legal_form: applicant.legal_form,
            size: applicant.size,
            accompanied: applicant.accompanied,
            disbursed,
            default_age,
        });
    }
}

/// What one path leaves behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathTotals {
    /// Each line, by slot.
    pub lines: Vec<LineTotals>,
    /// The fund.
    pub fund: FundTotals,
    /// By theme, by position.
    pub themes: Vec<GroupTotals>,
    /// By product, line after line.
    pub products: Vec<GroupTotals>,
    /// By rating, by position.
    pub ratings: Vec<GroupTotals>,
    /// Lifetime default probability by rating.
    pub lifetime: Vec<LifetimeCount>,
    /// Applicants and first project of each line, by slot.
    pub census: Vec<LineCensus>,
    /// Fund loss of listed borrowers that lost anything: slot, position in the line's list, loss. A borrower may stand here
    /// twice, with its loan loss and its guarantee loss.
    pub borrowers: Vec<(usize, u32, Cents)>,
}

impl PathTotals {
    /// The totals must tell the same story as the cash flows.
    ///
    /// # Errors
    /// [`InvariantBroken`] with the figure that differs.
    pub fn check(&self, plan: &Plan, path: u64, flows: &Flows) -> Result<(), InvariantBroken> {
        let mut all = LineTotals::default();
        self.lines.iter().for_each(|line| all.add(line));
        let pairs = [
            ("fund loans", all.fund_loans, flows.loans),
            ("grants paid", all.grants_paid, flows.grants),
            ("calls paid", all.calls_paid, flows.calls),
            ("interest", all.interest, flows.interest),
            ("premiums", all.premiums, flows.premiums),
            ("recoveries", all.fund_recoveries + all.guarantee_recoveries, flows.recoveries),
            ("grants clawed back", all.grants_recovered, flows.clawed_back),
            ("principal", all.fund_loans - all.fund_exposure - all.outstanding_at_horizon, flows.principal),
            ("fund loss by theme", self.themes.iter().map(|group| group.fund_loss).sum(), all.fund_loss()),
        ];
        for (name, total, flow) in pairs {
            if total != flow {
                let what = format!("{name}: totals say {total}, cash says {flow}");
                return Err(InvariantBroken { path, quarter: plan.quarters - 1, what });
            }
        }
        Ok(())
    }

    /// Becomes a copy of another one without allocating if the two have the same shape.
    pub(super) fn become_copy_of(&mut self, other: &PathTotals) {
        fn copy<T: Copy>(to: &mut Vec<T>, from: &[T]) {
            if to.len() == from.len() {
                to.copy_from_slice(from);
            } else {
                to.clear();
                to.extend_from_slice(from);
            }
        }
        copy(&mut self.lines, &other.lines);
        self.fund = other.fund;
        copy(&mut self.themes, &other.themes);
        copy(&mut self.products, &other.products);
        copy(&mut self.ratings, &other.ratings);
        copy(&mut self.lifetime, &other.lifetime);
        self.census.resize_with(other.census.len(), LineCensus::default);
        for (to, from) in self.census.iter_mut().zip(&other.census) {
            let mut ratings = std::mem::take(&mut to.ratings);
            copy(&mut ratings, &from.ratings);
            *to = LineCensus { ratings, ..*from };
        }
        copy(&mut self.borrowers, &other.borrowers);
    }

    /// Becomes a copy of another one, keeping its buffers.
    pub fn copy_from(&mut self, other: &PathTotals) {
        self.lines.clone_from(&other.lines);
        self.fund = other.fund;
        self.themes.clone_from(&other.themes);
        self.products.clone_from(&other.products);
        self.ratings.clone_from(&other.ratings);
        self.lifetime.clone_from(&other.lifetime);
        self.census.clone_from(&other.census);
        self.borrowers.clone_from(&other.borrowers);
    }
}

/// State of one line at the end of a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineRow {
    /// Fund loans outstanding.
    pub outstanding_fund_loans: Cents,
    /// Guarantee rate x performing bank balance.
    pub outstanding_guaranteed: Cents,
    /// The guarantee envelope.
    pub guarantee_reserve: Cents,
    /// Projects running.
    pub running_projects: i64,
    /// Defaults to date.
    pub defaults: i64,
    /// Projects disbursed to date.
    pub projects: i64,
    /// Exposure of fund loans less recoveries received, plus calls paid less recoveries on them, to date.
    pub fund_loss: Cents,
    /// Calls paid to date.
    pub calls_paid: Cents,
    /// Fund and bank loans disbursed to date.
    pub finance: Cents,
    /// Investment of projects disbursed to date.
    pub investment_supported: Cents,
}

/// State of the fund at the end of a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimelineRow {
    /// Cash in the bank.
    pub cash: Cents,
    /// Cash less what is blocked and what the promises may still cost.
    pub idle_cash: Cents,
    /// Lines by slot; unused slots stay at zero.
    pub lines: [LineRow; 2],
}
