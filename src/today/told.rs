//! Today's books in words and rows, for the terminal, the page and `fesr check`.

use super::TodaysBooks;
use crate::engine::events::Envelope;
use crate::engine::path::today::LineToday;
use crate::explain::Figures;
use crate::locale::{Pair, pair, told, words};
use crate::scenario::{Language, Scenario};
use crate::units::Cents;

/// Today's books, as a reader sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BooksTold {
    /// What is history and what is forecast.
    pub what_is_history: String,
    /// What stands on the books, in a sentence.
    pub on_the_books: String,
    /// How many opening balances are given, and what they change.
    pub balances_given: String,
    /// What stands on the books, row by row: what, then one cell a line.
    pub rows: Vec<(String, Vec<String>)>,
    /// The envelopes: name, derived, given (empty if it is not), used.
    pub balances: Vec<BalanceTold>,
}

/// An envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceTold {
    /// Its name, with its line.
    pub name: String,
    /// As history derives it.
    pub derived: String,
    /// As the scenario gives it; empty if it does not.
    pub given: String,
    /// What the forecast starts from.
    pub used: String,
}

impl BooksTold {
    /// The books in the words of a language.
    pub fn new(scenario: &Scenario, books: &TodaysBooks, language: Language) -> BooksTold {
        let n = Figures::new(language);
        let rows = ROWS.iter().map(|(name, cell)| {
            (name.text(language).to_string(), books.lines.iter().map(|line| cell(n, line)).collect())
        });
        let balances = books.balances.iter().map(|balance| BalanceTold {
            name: envelope_name(scenario, balance.envelope, language),
            derived: n.euros(balance.derived),
            given: balance.given.map_or(String::new(), |given| n.euros(given)),
            used: n.euros(balance.used()),
        });
        BooksTold {
            what_is_history: what_is_history(scenario, language),
            on_the_books: on_the_books(books, language),
            balances_given: balances_given(books, language),
            rows: rows.collect(),
            balances: balances.collect(),
        }
    }
}

type Row = (Pair, fn(Figures, &LineToday) -> String);

/// What is told of each line.
const ROWS: [Row; 10] = [
    (pair("Progetti in corso", "Projects running"), |n, line| n.count(line.running as usize)),
    (pair("Progetti inadempienti", "Projects defaulted"), |n, line| n.count(line.defaulted as usize)),
    (pair("Progetti rimborsati", "Projects repaid"), |n, line| n.count(line.repaid as usize)),
    (pair("Prestiti del fondo in essere", "Fund loans outstanding"), |n, line| {
        n.euros(line.outstanding_fund)
    }),
    (pair("Prestiti bancari in essere", "Bank loans outstanding"), |n, line| n.euros(line.outstanding_bank)),
    (pair("di cui garantiti", "of which guaranteed"), |n, line| n.euros(line.outstanding_guaranteed)),
    (pair("Escussioni non pagate", "Calls not paid"), |n, line| n.euros(line.open_calls)),
    (pair("Le garanzie possono ancora costare", "Guarantees may still cost"), |n, line| {
        n.euros(line.promises)
    }),
    (pair("Contributi promessi e non pagati", "Grants promised, not paid"), |n, line| {
        n.euros(line.grants_promised)
    }),
    (pair("Perdita del fondo finora", "Fund loss so far"), |n, line| n.euros(line.fund_loss)),
];

/// What is history and what is forecast, in a sentence.
pub fn what_is_history(scenario: &Scenario, language: Language) -> String {
    let (fund, n) = (&scenario.fund, Figures::new(language));
    let today = fund.today_quarter;
    let told = told!(
        "Il fondo è in corso: i {past} trimestri fino al {last} sono storia, uguale in ogni futuro; dal {first} in poi è previsione. Le cifre sull’intera vita comprendono entrambe.",
        "The fund is running: the {past} quarters to {last} are history, the same in every future; from {first} on it is forecast. Figures over the whole life include both.";
        past = n.count(today as usize),
        last = n.quarter(fund.start.plus(today - 1)),
        first = n.quarter(fund.start.plus(today)),
    );
    told.text(language).to_string()
}

/// Projects by status and what they owe, over all lines.
fn on_the_books(books: &TodaysBooks, language: Language) -> String {
    let n = Figures::new(language);
    let count = |of: fn(&LineToday) -> i64| n.count(books.lines.iter().map(of).sum::<i64>() as usize);
    let amount = |of: fn(&LineToday) -> Cents| n.euros(books.lines.iter().map(of).sum());
    let told = told!(
        "Nei libri di oggi: progetti in corso {running}, inadempienti {defaulted}, rimborsati {repaid}; sono in essere {fund} di prestiti del fondo e {bank} di prestiti bancari, di cui {guaranteed} garantiti; in cassa ci sono {cash}.",
        "On today’s books: {running} projects running, {defaulted} defaulted, {repaid} repaid; {fund} of fund loans and {bank} of bank loans are outstanding, {guaranteed} of these guaranteed; there is {cash} of cash.";
        running = count(|line| line.running),
        defaulted = count(|line| line.defaulted),
        repaid = count(|line| line.repaid),
        fund = amount(|line| line.outstanding_fund),
        bank = amount(|line| line.outstanding_bank),
        guaranteed = amount(|line| line.outstanding_guaranteed),
        cash = n.euros(books.cash),
    );
    told.text(language).to_string()
}

fn balances_given(books: &TodaysBooks, language: Language) -> String {
    let n = Figures::new(language);
    let given: Vec<Cents> = books
        .balances
        .iter()
        .filter_map(|balance| balance.given.map(|given| given - balance.derived))
        .collect();
    if given.is_empty() {
        let text = pair(
            "I saldi di apertura sono ricavati dalla storia con le regole del fondo.",
            "Opening balances are derived from history by the fund’s rules.",
        );
        return text.text(language).to_string();
    }
    let told = told!(
        "Saldi di apertura dati: {given} su {all}; valgono al posto di quelli ricavati dalla storia, da cui insieme differiscono di {difference}.",
        "Opening balances given: {given} of {all}; they stand in place of those that history derives, and together differ from them by {difference}.";
        all = n.count(books.balances.len()),
        given = n.count(given.len()),
        difference = n.euros(given.into_iter().sum()),
    );
    told.text(language).to_string()
}

/// The name of an envelope with its line: "loans, line 1".
fn envelope_name(scenario: &Scenario, envelope: Envelope, language: Language) -> String {
    let words = words(language);
    let name = match envelope {
        Envelope::Loans(_) => words.envelope_loans,
        Envelope::Guarantees(_) => words.envelope_guarantees,
        Envelope::Grants(_) => words.envelope_grants,
        Envelope::Fees => words.envelope_fees,
        Envelope::Income => words.envelope_income,
        Envelope::Returned => words.envelope_returned,
        Envelope::PaidIn => words.envelope_paid_in,
    };
    match envelope.owner().and_then(|slot| scenario.lines().nth(slot)) {
        Some(line) => {
            let word = pair("linea", "line").text(language);
            format!("{name}, {word} {}", line.number.word())
        }
        None => name.to_string(),
    }
}
