//! The ledger as `fesr/trace/1`: numbers without locale, ids of MODEL.md, and what an event says beyond its amounts.

use super::Trace;
use super::csv::{line, owner};
use crate::engine::events::{Event, Ineligibility, Obstacle};
use crate::ledger::entry::envelope_word;
use crate::ledger::{Account, Entry, EntryKind};
use crate::metrics::Unit;
use crate::report::number_text::{fixed, value};
use crate::units::Cents;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// The schema of the document.
const SCHEMA: &str = "fesr/trace/1";

/// A value of the document.
enum Json {
    Text(String),
    Number(Box<RawValue>),
    Flag(bool),
    Nothing,
    Object(Vec<(&'static str, Json)>),
    List(Vec<Json>),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Text(text) => serializer.serialize_str(text),
            Json::Number(number) => number.serialize(serializer),
            Json::Flag(flag) => serializer.serialize_bool(*flag),
            Json::Nothing => serializer.serialize_none(),
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Json::List(items) => serializer.collect_seq(items),
        }
    }
}

fn text(words: impl Into<String>) -> Json {
    Json::Text(words.into())
}

fn number(digits: String) -> Json {
    Json::Number(RawValue::from_string(digits).expect("fixed decimals are a JSON number"))
}

fn count(count: impl Into<u64>) -> Json {
    number(count.into().to_string())
}

fn euros(amount: Cents) -> Json {
    number(amount.to_string())
}

fn carried(unit: Unit, figure: i64) -> Json {
    number(value(unit, figure))
}

/// A line's word, or null for the fund's own.
fn line_or_null(word: &str) -> Json {
    if word.is_empty() { Json::Nothing } else { text(word) }
}

impl Trace<'_> {
    /// The whole ledger as one JSON document.
    pub fn to_json(&self) -> String {
        let (plan, ledger) = (self.plan, self.ledger);
        let identity = &self.scenario.identity;
        let last = plan.start.plus(plan.quarters - 1);
        let figures = ledger.figures.iter().map(|(column, figure)| {
            let unit = column.metric.unit();
            Json::Object(vec![
                ("metric", text(column.metric.id())),
                ("line", text(column.about.word())),
                ("unit", text(unit.word())),
                ("value", carried(unit, *figure)),
            ])
        });
        let document = Json::Object(vec![
            ("schema", text(SCHEMA)),
            ("scenario", text(&*identity.name)),
            ("title", text(&*identity.title)),
            ("path", count(ledger.path)),
            ("seed", count(plan.seed)),
            ("version", text(self.version)),
            ("horizon", text(format!("{}..{last}", plan.start))),
            ("selection", self.selection_json()),
            ("file", text(&*self.file)),
            ("figures", Json::List(figures.collect())),
            (
                "envelopes",
                Json::List(ledger.accounts.iter().map(|account| self.account_json(account)).collect()),
            ),
            ("never_paid_in", euros(ledger.not_paid_in(plan))),
            ("closing_cash", euros(ledger.cash.last().copied().unwrap_or_default())),
            ("entries", Json::List(ledger.entries.iter().map(|entry| self.entry_json(entry)).collect())),
        ]);
        let mut document = serde_json::to_string_pretty(&document).expect("plain data is JSON");
        document.push('\n');
        document
    }

    fn selection_json(&self) -> Json {
        let Some(selection) = &self.selection else { return Json::Nothing };
        let found = &selection.found;
        Json::Object(vec![
            ("metric", text(selection.metric.id())),
            ("line", text(selection.line.map_or("all", |line| line.word()))),
            ("quantile", text(&*selection.quantile)),
            ("paths", count(found.paths)),
            ("rank", count(found.rank)),
            ("value", carried(selection.metric.unit(), found.value)),
            ("paths_with_this_value", count(found.ties)),
            ("paths_above", count(found.above)),
        ])
    }

    fn account_json(&self, account: &Account) -> Json {
        Json::Object(vec![
            ("line", line_or_null(owner(self.plan, account.envelope))),
            ("envelope", text(envelope_word(account.envelope))),
            ("opening", euros(account.opening)),
            ("received", euros(account.received)),
            ("paid", euros(account.paid)),
            ("closing", euros(account.closing)),
        ])
    }

    fn entry_json(&self, entry: &Entry) -> Json {
        let mut members = vec![
            ("quarter", count(entry.quarter)),
            ("label", text(self.plan.start.plus(entry.quarter).to_string())),
            ("line", line_or_null(line(self.plan, entry))),
            ("project", entry.event.who().map_or(Json::Nothing, |who| text(self.ledger.names.of(who)))),
            ("event", text(entry.kind.word())),
        ];
        if let Some(movement) = &entry.movement {
            members.extend([
                ("envelope", text(envelope_word(movement.envelope))),
                ("amount", euros(movement.amount)),
                ("balance", euros(movement.balance)),
            ]);
        }
        let details = self.details(entry);
        if !details.is_empty() {
            members.push(("details", Json::Object(details)));
        }
        Json::Object(members)
    }

    /// What an entry says beyond its amount.
    fn details(&self, entry: &Entry) -> Vec<(&'static str, Json)> {
        let product_name = |slot: usize, product: usize| text(&*self.plan.lines[slot].products[product].name);
        match entry.event {
            Event::TranchePaid { number, .. } => vec![("tranche", count(number as u64 + 1))],
            Event::FeesPaid { unpaid, .. } if entry.kind == EntryKind::FeesUnpaid => {
                vec![("unpaid", euros(unpaid))]
            }
            Event::Defaulted { facts, .. } => match entry.kind {
                EntryKind::Cure => Vec::new(),
                EntryKind::CallDemanded => {
                    let due = self.plan.start.plus(facts.call_due);
                    vec![("demanded", euros(facts.call)), ("due", text(due.to_string()))]
                }
                _ => vec![
                    ("fund_exposure", euros(facts.fund_exposure)),
                    ("bank_exposure", euros(facts.bank_exposure)),
                    ("loss_given_default", number(fixed(facts.loss_given_default, 9))),
                    ("cured", Json::Flag(facts.cured)),
                    ("fund_recovery", euros(facts.fund_recovery)),
                    ("bank_recovery", euros(facts.bank_recovery)),
                    ("grant_freed", euros(facts.grant_freed)),
                    ("grant_clawed_back", euros(facts.grant_clawed_back)),
                ],
            },
            Event::CallSettled { open, short, .. } if entry.kind == EntryKind::CallOpen => {
                vec![("open", euros(open)), ("of_which_within_cap", euros(short))]
            }
            Event::Withdrawn { package, .. } => vec![
                ("fund_loan_freed", euros(package.fund_loan)),
                ("grant_freed", euros(package.grant)),
                ("reserve_freed", euros(package.reserve)),
            ],
            Event::Disbursed { who, product, package } => vec![
                ("product", product_name(who.slot, product)),
                ("fund_loan", euros(package.fund_loan)),
                ("bank_loan", euros(package.bank_loan)),
                ("guaranteed", euros(package.guaranteed)),
                ("reserve", euros(package.reserve)),
                ("grant", euros(package.grant)),
                ("own_funds", euros(package.own_funds)),
            ],
            Event::Applied { who, applicant } => vec![
                ("investment", euros(applicant.investment)),
                ("rating", text(&*self.scenario.credit.ratings[applicant.rating].name)),
                ("preferred_product", product_name(who.slot, applicant.preferred)),
                ("accepts_other", Json::Flag(applicant.accepts_other)),
                ("accompanied", Json::Flag(applicant.accompanied)),
            ],
            Event::FoundIneligible { reason, .. } => vec![("reason", text(ineligibility_word(reason)))],
            Event::Approved { who, product, package, due } => vec![
                ("product", product_name(who.slot, product)),
                ("fund_loan_blocked", euros(package.fund_loan)),
                ("grant_blocked", euros(package.grant)),
                ("bank_loan", euros(package.bank_loan)),
                ("guaranteed", euros(package.guaranteed)),
                ("reserve", euros(package.reserve)),
                ("disbursement", text(self.plan.start.plus(due).to_string())),
            ],
            Event::Waits { obstacle, .. } | Event::Lost { obstacle, .. } => {
                vec![("reason", text(obstacle_word(obstacle)))]
            }
            Event::TreasuryReceived { .. }
            | Event::BalanceCorrected { .. }
            | Event::FeesPaid { .. }
            | Event::PrincipalPaid { .. }
            | Event::InterestPaid { .. }
            | Event::PremiumPaid { .. }
            | Event::GrantPaid { .. }
            | Event::Matured { .. }
            | Event::CallSettled { .. }
            | Event::LoanRecovered { .. }
            | Event::GrantRecovered { .. }
            | Event::CallRecovered { .. } => Vec::new(),
        }
    }
}

fn ineligibility_word(reason: Ineligibility) -> &'static str {
    match reason {
        Ineligibility::TooSmall => "investment_too_small",
        Ineligibility::TooLarge => "investment_too_large",
        Ineligibility::LegalForm => "legal_form",
        Ineligibility::SizeClass => "size",
        Ineligibility::AidCeiling => "aid_ceiling",
    }
}

fn obstacle_word(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Needs => "needs_not_met",
        Obstacle::Queue => "strict_queue",
    }
}
