//! What happens on a path, told entry by entry to whoever listens, in the order of MODEL.md section 1.
//!
//! A [`Recorder`] hears every [`Event`]; a simulation without one has [`Silent`], and the compiler leaves nothing of
//! the telling behind. An event says which envelopes it moved by how much ([`Event::movements`]); the sum of all
//! movements of a path, with the tranches of the Region, is the closing cash.

use super::applicants::Applicant;
use super::books::CallSources;
use crate::plan::{Package, Plan};
use crate::units::Cents;

/// Who hears the events of a path.
pub trait Recorder {
    /// Whether anybody listens: what is only computed to be told is not computed otherwise.
    const LISTENS: bool;

    /// An event of a fund quarter.
    fn record(&mut self, quarter: u32, event: Event);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silent;

impl Recorder for Silent {
    const LISTENS: bool = false;

    #[inline(always)]
    fn record(&mut self, _quarter: u32, _event: Event) {}
}

/// An event with its fund quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// The fund quarter, counted from 0.
    pub quarter: u32,
    /// What happened.
    pub event: Event,
}

/// Keeps everything.
impl Recorder for Vec<Record> {
    const LISTENS: bool = true;

    fn record(&mut self, quarter: u32, event: Event) {
        self.push(Record { quarter, event });
    }
}

/// An applicant, later a project, of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// Slot of the line.
    pub slot: usize,
    /// Its number in the line, counted from 0: the order of arrival, or the position in the list of borrowers.
    pub number: u32,
}

impl Who {
    /// An applicant of a line.
    pub fn new(slot: usize, applicant: &Applicant) -> Who {
        Who { slot, number: applicant.number }
    }
}

/// Where money of the fund lies, by slot of the line where a line owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Envelope {
    /// A line's money for fund loans.
    Loans(usize),
    /// A line's money for guarantee calls.
    Guarantees(usize),
    /// A line's money for grants.
    Grants(usize),
    /// Management fees.
    Fees,
    /// Treasury income and interest.
    Income,
    /// Due back to the Region.
    Returned,
    /// Not an envelope of Books: what the Region has paid in so far, from 0 on. With it the movements of all envelopes
    /// add up to the change of cash.
    PaidIn,
}

impl Envelope {
    /// Where principal and recoveries of fund loans go: lent again if the fund revolves, else due back to the Region.
    #[inline]
    pub fn of_repayments(plan: &Plan, slot: usize) -> Envelope {
        if plan.revolving { Envelope::Loans(slot) } else { Envelope::Returned }
    }

    /// All envelopes of a plan: line by line, then those of the fund.
    pub fn each(plan: &Plan) -> Vec<Envelope> {
        let of_lines = (0..plan.lines.len())
            .flat_map(|slot| [Envelope::Loans(slot), Envelope::Guarantees(slot), Envelope::Grants(slot)]);
        of_lines.chain([Envelope::Fees, Envelope::Income, Envelope::Returned, Envelope::PaidIn]).collect()
    }

    /// What is in it before quarter 0.
    pub fn opening(self, plan: &Plan) -> Cents {
        match self {
            Envelope::Loans(slot) => plan.lines[slot].loans_budget,
            Envelope::Guarantees(slot) => plan.lines[slot].guarantees_budget,
            Envelope::Grants(slot) => plan.lines[slot].grants_budget,
            Envelope::Fees => plan.fees.budget,
            Envelope::Income | Envelope::Returned | Envelope::PaidIn => Cents::ZERO,
        }
    }

    /// Slot of the line that owns it.
    pub fn owner(self) -> Option<usize> {
        match self {
            Envelope::Loans(slot) | Envelope::Guarantees(slot) | Envelope::Grants(slot) => Some(slot),
            Envelope::Fees | Envelope::Income | Envelope::Returned | Envelope::PaidIn => None,
        }
    }
}

/// Why an application is refused at arrival; the first reason that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ineligibility {
    /// The investment is below the line's smallest.
    TooSmall,
    /// The investment is above the line's largest.
    TooLarge,
    /// The line does not admit the legal form.
    LegalForm,
    /// The line does not admit the size class.
    SizeClass,
    /// Every product is above the ceiling of state aid.
    AidCeiling,
}

/// Why an application was not approved this quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// No product that it accepts has its needs met (or is within the ceiling of state aid).
    Needs,
    /// Strict queue: somebody before it could not be approved.
    Queue,
}

/// What a default sets off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultFacts {
    /// Fund loan outstanding.
    pub fund_exposure: Cents,
    /// Bank loan outstanding.
    pub bank_exposure: Cents,
    /// Part of both that is lost.
    pub loss_given_default: f64,
    /// Whether it cures: no loss, no call.
    pub cured: bool,
    /// Recoveries to come on the fund loan.
    pub fund_recovery: Cents,
    /// Recoveries to come on the bank loan; they are the bank's, but for the fund's share in those of a called loan.
    pub bank_recovery: Cents,
    /// Call on the guarantee.
    pub call: Cents,
    /// Quarter from which the call is paid.
    pub call_due: u32,
    /// Grant not yet paid that is freed.
    pub grant_freed: Cents,
    /// Grant paid that will come back.
    pub grant_clawed_back: Cents,
}

/// One event of a path. Amounts are what moved, never negative but for treasury income and corrections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The Region paid a tranche.
    TranchePaid {
        /// Which, counted from 0.
        number: usize,
        /// How much.
        amount: Cents,
        /// Ahead of the rule, because a payment needed it.
        advanced: bool,
    },
    /// Interest on cash; negative where the rate is.
    TreasuryReceived {
        /// How much.
        amount: Cents,
    },
    /// Today's books of a running fund differ from what its history derives: the given balance wins.
    BalanceCorrected {
        /// Which envelope.
        envelope: Envelope,
        /// Given less derived; may be negative.
        amount: Cents,
    },
    /// Management fees of the quarter.
    FeesPaid {
        /// From *fees*.
        from_fees: Cents,
        /// From *income*.
        from_income: Cents,
        /// Left unpaid for good.
        unpaid: Cents,
    },
    /// Principal of a fund loan.
    PrincipalPaid {
        /// By whom.
        who: Who,
        /// How much.
        amount: Cents,
        /// Envelope that receives it.
        to: Envelope,
    },
    /// Interest on a fund loan.
    InterestPaid {
        /// By whom.
        who: Who,
        /// How much.
        amount: Cents,
    },
    /// A guarantee premium.
    PremiumPaid {
        /// For whose loan.
        who: Who,
        /// How much.
        amount: Cents,
    },
    /// A grant.
    GrantPaid {
        /// To whom.
        who: Who,
        /// How much.
        amount: Cents,
    },
    /// A default.
    Defaulted {
        /// Whose.
        who: Who,
        /// What it sets off.
        facts: DefaultFacts,
    },
    /// The last payment was made: the project leaves the books.
    Matured {
        /// Which.
        who: Who,
    },
    /// A call that is due, paid as far as the cap and the funds allow.
    CallSettled {
        /// Whose guarantee.
        who: Who,
        /// What was paid, and from where; may be nothing.
        sources: CallSources,
        /// What stays open.
        open: Cents,
        /// The part of it that is within the cap, for which the money was lacking.
        short: Cents,
    },
    /// A recovery on a fund loan.
    LoanRecovered {
        /// From whom.
        who: Who,
        /// How much.
        amount: Cents,
        /// Envelope that receives it.
        to: Envelope,
    },
    /// A grant clawed back, or a part of it.
    GrantRecovered {
        /// From whom.
        who: Who,
        /// How much.
        amount: Cents,
    },
    /// The fund's share of a recovery on a called loan.
    CallRecovered {
        /// From whom.
        who: Who,
        /// How much.
        amount: Cents,
    },
    /// An approved project withdrew: what was blocked is free again.
    Withdrawn {
        /// Who.
        who: Who,
        /// What it would have got.
        package: Package,
    },
    /// A project gets its loans and starts to run.
    Disbursed {
        /// Who.
        who: Who,
        /// Product by position in the line.
        product: usize,
        /// Amounts.
        package: Package,
    },
    /// An application arrived.
    Applied {
        /// Who.
        who: Who,
        /// Everything about it.
        applicant: Applicant,
    },
    /// An application was refused at arrival.
    FoundIneligible {
        /// Whose.
        who: Who,
        /// Why.
        reason: Ineligibility,
    },
    /// An application was approved: its loan and grant are blocked, its reserve is set aside.
    Approved {
        /// Whose.
        who: Who,
        /// Product by position in the line.
        product: usize,
        /// Amounts.
        package: Package,
        /// Quarter of disbursement.
        due: u32,
    },
    /// An application waits for the next quarter.
    Waits {
        /// Whose.
        who: Who,
        /// Why.
        obstacle: Obstacle,
    },
    /// An application waited as long as it could: lost (`rejected_budget`).
    Lost {
        /// Whose.
        who: Who,
        /// Why it was not approved in its last quarter.
        obstacle: Obstacle,
    },
}

impl Event {
    /// The envelopes that it moves, with the signed amounts; those that do not move are left out.
    pub fn movements(&self) -> impl Iterator<Item = (Envelope, Cents)> + use<> {
        const NONE: (Envelope, Cents) = (Envelope::PaidIn, Cents::ZERO);
        let moves = match *self {
            Event::TranchePaid { amount, .. } => [(Envelope::PaidIn, amount), NONE, NONE],
            Event::TreasuryReceived { amount } | Event::InterestPaid { amount, .. } => {
                [(Envelope::Income, amount), NONE, NONE]
            }
            Event::BalanceCorrected { envelope, amount } => [(envelope, amount), NONE, NONE],
            Event::FeesPaid { from_fees, from_income, .. } => {
                [(Envelope::Fees, -from_fees), (Envelope::Income, -from_income), NONE]
            }
            Event::PrincipalPaid { amount, to, .. } | Event::LoanRecovered { amount, to, .. } => {
                [(to, amount), NONE, NONE]
            }
            Event::PremiumPaid { who, amount } | Event::CallRecovered { who, amount } => {
                [(Envelope::Guarantees(who.slot), amount), NONE, NONE]
            }
            Event::GrantPaid { who, amount } => [(Envelope::Grants(who.slot), -amount), NONE, NONE],
            Event::CallSettled { who, sources, .. } => [
                (Envelope::Guarantees(who.slot), -sources.guarantees),
                (Envelope::Income, -sources.income),
                (Envelope::Returned, -sources.returned),
            ],
            Event::GrantRecovered { amount, .. } => [(Envelope::Returned, amount), NONE, NONE],
            Event::Disbursed { who, package, .. } => {
                [(Envelope::Loans(who.slot), -package.fund_loan), NONE, NONE]
            }
            Event::Defaulted { .. }
            | Event::Matured { .. }
            | Event::Withdrawn { .. }
            | Event::Applied { .. }
            | Event::FoundIneligible { .. }
            | Event::Approved { .. }
            | Event::Waits { .. }
            | Event::Lost { .. } => [NONE, NONE, NONE],
        };
        moves.into_iter().filter(|(_, amount)| amount.0 != 0)
    }

    /// Whose event it is; the fund's own have nobody.
    pub fn who(&self) -> Option<Who> {
        match *self {
            Event::TranchePaid { .. }
            | Event::TreasuryReceived { .. }
            | Event::BalanceCorrected { .. }
            | Event::FeesPaid { .. } => None,
            Event::PrincipalPaid { who, .. }
            | Event::InterestPaid { who, .. }
            | Event::PremiumPaid { who, .. }
            | Event::GrantPaid { who, .. }
            | Event::Defaulted { who, .. }
            | Event::Matured { who }
            | Event::CallSettled { who, .. }
            | Event::LoanRecovered { who, .. }
            | Event::GrantRecovered { who, .. }
            | Event::CallRecovered { who, .. }
            | Event::Withdrawn { who, .. }
            | Event::Disbursed { who, .. }
            | Event::Applied { who, .. }
            | Event::FoundIneligible { who, .. }
            | Event::Approved { who, .. }
            | Event::Waits { who, .. }
            | Event::Lost { who, .. } => Some(who),
        }
    }
}
