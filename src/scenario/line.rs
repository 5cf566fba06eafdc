//! `[line1]` and `[line2]`: who may apply, for what, and on which terms; and the list of borrowers.

use super::{
    Amortisation, Backing, BookedProject, LegalForm, LineNumber, LineOpening, Outcome, QueueOrder, Size,
    Theme,
};
use crate::units::{Cents, Multiplier, Quantity, Rate, Share};

/// One line of the measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which line this is.
    pub number: LineNumber,
    /// Smallest project investment admitted.
    pub min_investment: Cents,
    /// Largest project investment admitted.
    pub max_investment: Cents,
    /// Legal forms admitted; never empty.
    pub legal_forms: Vec<LegalForm>,
    /// Sizes admitted; never empty.
    pub sizes: Vec<Size>,
    /// Share of applicants who accept another product than the one they prefer (`true` = 1).
    pub fallback: Share,
    /// Order of the queue.
    pub queue: QueueOrder,
    /// How many quarters after its arrival an application may still be approved.
    pub max_wait_quarters: u32,
    /// Years after the payment within which a default claws the grant back.
    pub grant_clawback_years: Quantity,
    /// Share of the grant that comes back then.
    pub grant_clawback_recovery: Share,
    /// Quarters from approval to disbursement.
    pub disbursement_lag_quarters: u32,
    /// Probability that an approved project withdraws before disbursement.
    pub withdrawal_rate: Share,
    /// Quarters from disbursement to the payment of the grant; at most the tenor.
    pub grant_lag_quarters: u32,
    /// Standard deviation of the logarithm of the PD level, 0 to 2.
    pub pd_log_sd: Quantity,
    /// Envelopes of the line.
    pub budget: Budget,
    /// Where applicants come from.
    pub pipeline: Pipeline,
    /// Projects disbursed before today, in file order; empty unless the fund is running.
    pub booked: Vec<BookedProject>,
    /// Balances of its envelopes today, where they are given.
    pub opening: LineOpening,
    /// Financing packages; never empty.
    pub products: Vec<Product>,
    /// Terms shared by the fund loan and the bank loan of a project.
    pub loan: LoanTerms,
    /// Guarantee terms; present if a product has a guarantee.
    pub guarantee: Option<Guarantee>,
    /// What a default costs, and when money comes back.
    pub loss: Loss,
    /// Ceiling and earlier aid of the line's own.
    pub state_aid: LineAid,
    /// `[lineN.outcomes]`: social results of completed investments, in the order of their names.
    pub outcomes: Vec<Outcome>,
}

/// `[lineN.budget]` in euros, whichever form was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Budget {
    /// For fund loans.
    pub loans: Cents,
    /// For guarantee calls.
    pub guarantees: Cents,
    /// For capital grants.
    pub grants: Cents,
}

impl Budget {
    /// The three envelopes together.
    pub fn total(&self) -> Cents {
        self.loans + self.guarantees + self.grants
    }
}

/// Where the applicants of a line come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Pipeline {
    /// Drawn from distributions.
    Statistical(Box<StatisticalPipeline>),
    /// The rows of the borrowers' file that name this line, in file order.
    List(Vec<Borrower>),
}

/// `[lineN.pipeline]`.
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticalPipeline {
    /// Mean number of applications by fund year; the last repeats; never empty.
    pub applications_per_year: Vec<Multiplier>,
    /// Standard deviation of the logarithm of demand.
    pub applications_log_sd: Quantity,
    /// Median investment of the log-normal before truncation.
    pub investment_median: Cents,
    /// Standard deviation of the logarithm of the investment.
    pub investment_sigma: Quantity,
    /// Themes and their weights; at least one weight above 0.
    pub themes: Vec<Weight<Theme>>,
    /// Legal forms and their weights.
    pub legal_forms: Vec<Weight<LegalForm>>,
    /// Sizes and their weights.
    pub sizes: Vec<Weight<Size>>,
    /// Ratings (index into [`super::Credit::ratings`]) and their weights.
    pub ratings: Vec<Weight<usize>>,
    /// Share of applicants who are accompanied.
    pub accompanied: Share,
    /// How many enterprises apply together (1 to [`MEMBER_COUNTS`]' last) and the weights; at least one above 0.
    pub members: Vec<Weight<u32>>,
}

/// Numbers of enterprises that may apply together, as weight tables write them: 1, 2, ...
pub const MEMBER_COUNTS: [&str; 20] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
    "20",
];

/// `[lineN.state_aid]`: what one enterprise may get in this line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineAid {
    /// Its own ceiling; `None`: that of `[state_aid]`.
    pub ceiling: Option<Cents>,
    /// Aid that each enterprise has already received and that counts towards the ceiling.
    pub prior_aid: Cents,
}

/// One category of a weight table, in the order of the categories (themes, forms, sizes, ratings), not of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight<T> {
    /// The category.
    pub category: T,
    /// Its weight, not normalised.
    pub weight: Multiplier,
}

/// `[[lineN.product]]`: a financing package.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its name, unique in the line.
    pub name: String,
    /// Weight among the applicants' preferred products.
    pub demand: Multiplier,
    /// Share of the investment paid by the applicant.
    pub own_funds: Share,
    /// Share lent by the fund.
    pub fund_loan: Share,
    /// Share lent by the bank.
    pub bank_loan: Share,
    /// Share granted.
    pub grant: Share,
    /// Part of the bank loan that is guaranteed.
    pub guarantee_rate: Share,
}

/// `[lineN.loan]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoanTerms {
    /// Quarters to the last payment, 1 to 160.
    pub tenor_quarters: u32,
    /// Quarters of interest only, below the tenor.
    pub grace_quarters: u32,
    /// Form of repayment.
    pub amortisation: Amortisation,
    /// Yearly rate on the fund's part; not negative.
    pub fund_rate: Rate,
    /// Yearly rate on the bank's part; not negative.
    pub bank_rate: Rate,
}

/// `[lineN.guarantee]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guarantee {
    /// Capped or uncapped, with its rate.
    pub kind: GuaranteeKind,
    /// Quarters from default to the call's due date.
    pub call_lag_quarters: u32,
    /// What pays the calls.
    pub backing: Backing,
    /// Yearly premium on the guaranteed performing balance; not negative.
    pub premium_rate: Rate,
}

/// Whether calls are limited to a cap on the portfolio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GuaranteeKind {
    /// Net calls never exceed `cap_rate` of the guaranteed amounts.
    Capped {
        /// The cap rate.
        cap_rate: Share,
    },
    /// Every call is owed; a provision is set aside.
    Uncapped {
        /// The provision rate.
        provision_rate: Share,
    },
}

impl GuaranteeKind {
    /// Reserve per euro guaranteed: cap rate or provision rate.
    pub fn reserve_rate(self) -> Share {
        match self {
            GuaranteeKind::Capped { cap_rate } => cap_rate,
            GuaranteeKind::Uncapped { provision_rate } => provision_rate,
        }
    }
}

/// `[lineN.loss]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// Mean loss given default.
    pub lgd_mean: Share,
    /// Its standard deviation; its square below mean x (1 - mean).
    pub lgd_sd: Share,
    /// Probability that a default costs nothing.
    pub cure_rate: Share,
    /// When recoveries arrive; shares add up to exactly 1; in order of time; never empty.
    pub recovery: Vec<RecoveryStep>,
}

/// One instalment of what is recovered after a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryStep {
    /// Quarters after the default.
    pub after_quarters: u32,
    /// Part of the total recovery.
    pub share: Share,
}

/// One row of the borrowers' file.
#[derive(Clone, Debug, PartialEq)]
pub struct Borrower {
    /// As typed; unique in the file.
    pub id: String,
    /// The line applied to.
    pub line: LineNumber,
    /// Fund quarter of the application, inside the availability period.
    pub quarter: u32,
    /// Project investment.
    pub investment: Cents,
    /// Theme.
    pub theme: Theme,
    /// Legal form.
    pub legal_form: LegalForm,
    /// Size class.
    pub size: Size,
    /// Index into [`super::Credit::ratings`].
    pub rating: usize,
    /// Index into [`Line::products`]; drawn by `demand` if none was given.
    pub product: Option<usize>,
    /// Whether the applicant is accompanied.
    pub accompanied: bool,
    /// How many enterprises apply together, at least 1.
    pub members: u32,
    /// The fund quarter in which its project defaults, whatever its luck; `None`: as its luck says
    /// ([`crate::engine::forced`]).
    pub forced_default_quarter: Option<u32>,
}
