//! Section 2: envelopes, the ledger, cash and tranches.

use super::money::{from_cents, times};
use fesr::scenario::Scenario;
use rust_decimal::Decimal;

/// Where money lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    Loans(usize),
    Guarantees(usize),
    Grants(usize),
    Fees,
    Income,
    Returned,
}

/// Why money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Treasury,
    Fee,
    Principal,
    Interest,
    Premium,
    FundLoan,
    Grant,
    Call,
    FundRecovery,
    GuaranteeRecovery,
    GrantRecovered,
    Correction,
}

/// A movement of an envelope, positive when money comes in.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub quarter: u32,
    /// The line whose business it is, by slot; none for the fund's own.
    pub slot: Option<usize>,
    /// The project it is about, by order of approval.
    pub project: Option<usize>,
    pub event: Event,
    pub envelope: Envelope,
    pub amount: Decimal,
}

/// A tranche of the endowment, paid in.
#[derive(Clone, Copy, Debug)]
pub struct TranchePaid {
    pub quarter: u32,
    pub amount: Decimal,
    /// Whether the Region had to pay ahead of the rule.
    pub advanced: bool,
}

/// All the money of a path.
#[derive(Clone, Debug)]
pub struct Cash {
    opening: Vec<(Envelope, Decimal)>,
    balances: Vec<(Envelope, Decimal)>,
    pub ledger: Vec<Entry>,
    /// Amount and trigger of every tranche of the agreement.
    agreed: Vec<(Decimal, f64)>,
    /// Those paid in, in order.
    pub tranches: Vec<TranchePaid>,
    endowment: Decimal,
}

impl Cash {
    /// The envelopes of the funding agreement; the first tranche is there at quarter 0.
    pub fn new(scenario: &Scenario) -> Cash {
        let mut opening = Vec::new();
        for (slot, line) in scenario.lines().enumerate() {
            opening.push((Envelope::Loans(slot), line.budget.loans.to_euros()));
            opening.push((Envelope::Guarantees(slot), line.budget.guarantees.to_euros()));
            opening.push((Envelope::Grants(slot), line.budget.grants.to_euros()));
        }
        opening.push((Envelope::Fees, scenario.fund.fees.budget.to_euros()));
        opening.push((Envelope::Income, from_cents(0)));
        opening.push((Envelope::Returned, from_cents(0)));
        let endowment = scenario.fund.endowment.to_euros();
        // Cumulative shares of the endowment, rounded half-even.
        let shares: Vec<Decimal> =
            scenario.fund.tranches.iter().map(|tranche| tranche.share.decimal()).collect();
        let up_to = |count: usize| {
            let cumulative: Decimal = shares[..count].iter().sum();
            times(endowment, nearest_f64(cumulative))
        };
        let agreed = scenario
            .fund
            .tranches
            .iter()
            .enumerate()
            .map(|(j, tranche)| (up_to(j + 1) - up_to(j), tranche.trigger.to_f64()))
            .collect();
        let mut cash = Cash {
            balances: opening.clone(),
            opening,
            ledger: Vec::new(),
            agreed,
            tranches: Vec::new(),
            endowment,
        };
        cash.pay_in_next(0, false);
        cash
    }

    /// Balance of an envelope.
    pub fn balance(&self, envelope: Envelope) -> Decimal {
        self.balances.iter().find(|(named, _)| *named == envelope).expect("every envelope is open").1
    }

    /// All envelopes together.
    pub fn resources(&self) -> Decimal {
        self.balances.iter().map(|(_, balance)| *balance).sum()
    }

    /// Endowment paid in so far.
    pub fn paid_in(&self) -> Decimal {
        self.tranches.iter().map(|tranche| tranche.amount).sum()
    }

    /// Endowment not paid in.
    pub fn not_paid_in(&self) -> Decimal {
        self.endowment - self.paid_in()
    }

    /// Sum of all envelopes - endowment not yet paid in.
    pub fn in_the_bank(&self) -> Decimal {
        self.resources() - self.not_paid_in()
    }

    /// Writes a movement down.
    pub fn book(&mut self, entry: Entry) {
        let (_, balance) = self
            .balances
            .iter_mut()
            .find(|(named, _)| *named == entry.envelope)
            .expect("every envelope is open");
        *balance += entry.amount;
        assert!(
            *balance >= Decimal::ZERO || entry.envelope == Envelope::Income,
            "{entry:?} overdraws its envelope"
        );
        self.ledger.push(entry);
    }

    /// What moved for a reason, over all or for one line.
    pub fn total(&self, event: Event, slot: Option<usize>) -> Decimal {
        let entries =
            self.ledger.iter().filter(|entry| entry.event == event && (slot.is_none() || entry.slot == slot));
        entries.map(|entry| entry.amount).sum()
    }

    /// The next tranche that the Region still owes: amount and trigger.
    pub fn next_tranche(&self) -> Option<(Decimal, f64)> {
        self.agreed.get(self.tranches.len()).copied()
    }

    /// The Region pays the next tranche.
    pub fn pay_in_next(&mut self, quarter: u32, advanced: bool) {
        let (amount, _) = self.next_tranche().expect("a tranche is owed");
        self.tranches.push(TranchePaid { quarter, amount, advanced });
    }

    /// A payment that the cash cannot meet draws the next tranches early, as many as needed.
    pub fn draw_for(&mut self, payment: Decimal, quarter: u32) {
        while payment > Decimal::ZERO && self.in_the_bank() < payment && self.next_tranche().is_some() {
            self.pay_in_next(quarter, true);
        }
    }

    /// The balances are the opening ones and what the ledger moved; receipts = payments + closing cash.
    pub fn check_against_ledger(&self) {
        for ((envelope, opening), (_, balance)) in self.opening.iter().zip(&self.balances) {
            let moved: Decimal = self
                .ledger
                .iter()
                .filter(|entry| entry.envelope == *envelope)
                .map(|entry| entry.amount)
                .sum();
            assert_eq!(*opening + moved, *balance, "{envelope:?}");
        }
        let moved: Decimal = self.ledger.iter().map(|entry| entry.amount).sum();
        assert_eq!(self.paid_in() + moved, self.in_the_bank());
    }
}

fn nearest_f64(value: Decimal) -> f64 {
    value.to_string().parse().expect("a decimal is a number")
}
