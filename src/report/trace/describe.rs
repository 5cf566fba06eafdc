//! One entry of the ledger in words.

use crate::engine::events::{Envelope, Event, Ineligibility, Obstacle, Who};
use crate::ledger::{Entry, EntryKind, Names};
use crate::plan::{Package, Plan};
use crate::report::layout::printable;
use crate::report::telling::{Telling, tell};
use crate::scenario::Scenario;
use crate::units::Cents;

/// Tells the events of one path.
pub(super) struct Teller<'a> {
    pub telling: Telling,
    pub scenario: &'a Scenario,
    pub plan: &'a Plan,
    pub names: &'a Names,
}

impl Teller<'_> {
    /// A project's name, harmless to the terminal.
    pub fn name(&self, who: Who) -> String {
        printable(&self.names.of(who))
    }

    /// "line 1".
    pub fn line(&self, slot: usize) -> String {
        self.telling.line(self.plan.lines[slot].number)
    }

    /// "Q3 2022".
    pub fn quarter(&self, quarter: u32) -> String {
        self.telling.quarter(self.plan.start.plus(quarter))
    }

    /// An amount to the cent; whole euros without idle decimals.
    pub fn money(&self, amount: Cents) -> String {
        if amount.0 % 100 == 0 {
            self.telling.numbers.euros(amount.to_f64() / 100.0, 0)
        } else {
            self.telling.numbers.cents(amount)
        }
    }

    /// An envelope, short: "loans 1", "income".
    pub fn envelope(&self, envelope: Envelope) -> String {
        let words = self.telling.words;
        let word = match envelope {
            Envelope::Loans(_) => words.envelope_loans,
            Envelope::Guarantees(_) => words.envelope_guarantees,
            Envelope::Grants(_) => words.envelope_grants,
            Envelope::Fees => words.envelope_fees,
            Envelope::Income => words.envelope_income,
            Envelope::Returned => words.envelope_returned,
            Envelope::PaidIn => words.envelope_paid_in,
        };
        match envelope.owner() {
            Some(slot) => format!("{word} {}", self.plan.lines[slot].number.word()),
            None => word.to_string(),
        }
    }

    pub fn obstacle(&self, obstacle: Obstacle) -> &'static str {
        match obstacle {
            Obstacle::Needs => self.telling.words.needs_not_met,
            Obstacle::Queue => self.telling.words.strict_queue,
        }
    }

    fn ineligibility(&self, reason: Ineligibility) -> &'static str {
        let words = self.telling.words;
        match reason {
            Ineligibility::TooSmall => words.investment_too_small,
            Ineligibility::TooLarge => words.investment_too_large,
            Ineligibility::LegalForm => words.legal_form_not_admitted,
            Ineligibility::SizeClass => words.size_not_admitted,
            Ineligibility::AidCeiling => words.above_aid_ceiling,
        }
    }

    fn product(&self, slot: usize, product: usize) -> String {
        printable(self.scenario.named(&self.plan.lines[slot].products[product].name))
    }

    /// An entry in words.
    pub fn entry(&self, entry: &Entry) -> String {
        let telling = self.telling;
        let subject = entry.event.who().map_or(String::new(), |who| self.name(who));
        match entry.event {
            Event::TranchePaid { number, advanced, .. } => {
                let number = number + 1;
                if advanced {
                    tell!(
                        telling,
                        "{number}ª quota della Regione, anticipata",
                        "tranche {number} of the Region, advanced"
                    )
                } else {
                    tell!(telling, "{number}ª quota della Regione", "tranche {number} of the Region")
                }
            }
            Event::TreasuryReceived { .. } => tell!(telling, "interessi sulla liquidità", "interest on cash"),
            Event::BalanceCorrected { .. } => tell!(
                telling,
                "saldo di apertura dato, meno quello ricavato dalla storia",
                "given opening balance, less what history derives"
            ),
            Event::FeesPaid { unpaid, .. } if entry.kind == EntryKind::FeesUnpaid => {
                let unpaid = self.money(unpaid);
                tell!(
                    telling,
                    "costi di gestione per {unpaid} restano non pagati",
                    "management fees of {unpaid} are left unpaid"
                )
            }
            Event::FeesPaid { .. } => tell!(telling, "costi di gestione", "management fees"),
            Event::PrincipalPaid { .. } => {
                tell!(telling, "{subject} rimborsa capitale", "{subject} repays principal")
            }
            Event::InterestPaid { .. } => {
                tell!(telling, "{subject} paga interessi", "{subject} pays interest")
            }
            Event::PremiumPaid { .. } => {
                tell!(telling, "commissione di garanzia, {subject}", "guarantee fee, {subject}")
            }
            Event::GrantPaid { .. } => tell!(telling, "contributo a {subject}", "grant to {subject}"),
            Event::Defaulted { .. } => self.default(entry, &subject),
            Event::Matured { .. } => {
                tell!(telling, "{subject} conclude il suo piano", "{subject} reaches the end of its plan")
            }
            Event::CallSettled { open, short, .. } if entry.kind == EntryKind::CallOpen => {
                let (left, lacking) = (self.money(open), self.money(short));
                if short.0 == 0 {
                    tell!(
                        telling,
                        "escussione di {subject}: {left} restano aperti, oltre il cap",
                        "call of {subject}: {left} stay open, above the cap"
                    )
                } else if short == open {
                    tell!(
                        telling,
                        "escussione di {subject}: mancano i fondi per {lacking}",
                        "call of {subject}: the money for {lacking} is lacking"
                    )
                } else {
                    tell!(
                        telling,
                        "escussione di {subject}: {left} restano aperti; entro il cap mancano i fondi per {lacking}",
                        "call of {subject}: {left} stay open; within the cap the money for {lacking} is lacking"
                    )
                }
            }
            Event::CallSettled { .. } => {
                tell!(telling, "escussione pagata per {subject}", "call paid for {subject}")
            }
            Event::LoanRecovered { .. } => {
                tell!(telling, "recuperato da {subject}", "recovered from {subject}")
            }
            Event::GrantRecovered { .. } => {
                tell!(telling, "contributo restituito da {subject}", "grant clawed back from {subject}")
            }
            Event::CallRecovered { .. } => {
                tell!(telling, "recupero sull’escussione di {subject}", "recovered on the call of {subject}")
            }
            Event::Withdrawn { package, .. } => {
                let freed = self.amounts(&package, false);
                tell!(
                    telling,
                    "{subject} rinuncia; tornano liberi: {freed}",
                    "{subject} withdraws; free again: {freed}"
                )
            }
            Event::Disbursed { who, product, .. } => {
                let product = self.product(who.slot, product);
                tell!(telling, "{subject} parte ({product})", "{subject} starts ({product})")
            }
            Event::Applied { applicant, .. } => {
                let investment = self.money(applicant.investment);
                let rating =
                    printable(self.scenario.named(&self.scenario.credit.ratings[applicant.rating].name));
                tell!(
                    telling,
                    "{subject} fa domanda: investimento {investment}, classe {rating}",
                    "{subject} applies: investment {investment}, rating {rating}"
                )
            }
            Event::FoundIneligible { reason, .. } => {
                let reason = self.ineligibility(reason);
                tell!(telling, "{subject} non ammessa: {reason}", "{subject} is not eligible: {reason}")
            }
            Event::Approved { who, product, package, due } => {
                let (product, amounts) = (self.product(who.slot, product), self.amounts(&package, true));
                let approved = tell!(
                    telling,
                    "{subject} approvata ({product}): {amounts}",
                    "{subject} approved ({product}): {amounts}"
                );
                let due_text = self.quarter(due);
                if due == entry.quarter {
                    approved
                } else {
                    tell!(telling, "{approved}; erogazione {due_text}", "{approved}; disbursed {due_text}")
                }
            }
            Event::Waits { obstacle, .. } => {
                let obstacle = self.obstacle(obstacle);
                tell!(telling, "{subject} attende: {obstacle}", "{subject} waits: {obstacle}")
            }
            Event::Lost { obstacle, .. } => {
                let obstacle = self.obstacle(obstacle);
                tell!(telling, "{subject} respinta: {obstacle}", "{subject} is turned down: {obstacle}")
            }
        }
    }

    fn default(&self, entry: &Entry, subject: &str) -> String {
        let telling = self.telling;
        let Event::Defaulted { facts, .. } = entry.event else { return String::new() };
        match entry.kind {
            EntryKind::Cure => {
                return tell!(
                    telling,
                    "{subject}: l’inadempimento rientra, nessuna perdita",
                    "{subject}: the default cures, nothing is lost"
                );
            }
            EntryKind::CallDemanded => {
                let (call, due) = (self.money(facts.call), self.quarter(facts.call_due));
                return tell!(
                    telling,
                    "garanzia di {subject} escussa per {call}, da pagare dal {due}",
                    "guarantee of {subject} called for {call}, to be paid from {due}"
                );
            }
            _ => {}
        }
        let owed: Vec<String> = [
            (facts.fund_exposure, tell!(telling, "al fondo", "to the fund")),
            (facts.bank_exposure, tell!(telling, "alla banca", "to the bank")),
        ]
        .into_iter()
        .filter(|(amount, _)| amount.0 > 0)
        .map(|(amount, to)| format!("{} {to}", self.money(amount)))
        .collect();
        let mut text = if owed.is_empty() {
            tell!(telling, "{subject} inadempiente, senza debiti", "{subject} fails, owing nothing")
        } else {
            let owed = owed.join(", ");
            let lost = telling.percent(facts.loss_given_default);
            tell!(
                telling,
                "{subject} inadempiente: deve {owed}; perdita {lost}",
                "{subject} defaults: owes {owed}; {lost} is lost"
            )
        };
        if facts.grant_freed.0 > 0 {
            let grant = self.money(facts.grant_freed);
            text +=
                &tell!(telling, "; contributo di {grant} liberato", "; its grant of {grant} is free again");
        }
        if facts.grant_clawed_back.0 > 0 {
            let grant = self.money(facts.grant_clawed_back);
            text += &tell!(
                telling,
                "; contributo da restituire {grant}",
                "; {grant} of its grant will come back"
            );
        }
        text
    }

    /// The parts of a package that concern the fund, and with `all` also the bank's.
    fn amounts(&self, package: &Package, all: bool) -> String {
        let telling = self.telling;
        let bank = if all { package.bank_loan } else { Cents::ZERO };
        let guaranteed = if all { package.guaranteed } else { Cents::ZERO };
        let parts: Vec<String> = [
            (package.fund_loan, tell!(telling, "prestito", "loan")),
            (package.grant, tell!(telling, "contributo", "grant")),
            (bank, tell!(telling, "banca", "bank")),
            (guaranteed, tell!(telling, "garantiti", "guaranteed")),
            (package.reserve, tell!(telling, "accantonamento", "reserve")),
        ]
        .into_iter()
        .filter(|(amount, _)| amount.0 > 0)
        .map(|(amount, what)| format!("{what} {}", self.money(amount)))
        .collect();
        if parts.is_empty() { tell!(telling, "nulla", "nothing") } else { parts.join(", ") }
    }
}
