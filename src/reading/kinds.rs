//! What may be written under each key: the kind of value, its words, its bounds.
//!
//! [`super::keys`] says what a key means, this says what it takes; the JSON Schema ([`super::schema`]) is made of both.
//! The reader's own checks stand where values are read, with messages for every slip; tests hold the two together, key
//! by key and value by value.

use super::line::LONGEST;
use crate::scenario::{
    AidRoute, Amortisation, Backing, Copula, Dependence, Language, LegalForm, MEMBER_COUNTS, PdTarget,
    Period, QueueOrder, Regime, Regulation, Size, Theme,
};

/// The kind of value that a key takes. Bounds are those of the reader, ends included; where the reader excludes an end, the
/// key's meaning says so.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// Letters a-z, digits and hyphens.
    Name,
    /// A name that people read: 1 to 80 characters.
    Label,
    /// `true` or `false`.
    Flag,
    /// A whole number, without quotes.
    Whole(u64, u64),
    /// Years in steps of a quarter, without quotes.
    Years(f64, f64),
    /// A number, plain or in quotes.
    Number(f64, f64),
    /// A part of a whole: a number from 0 to 1 or a percentage in quotes.
    Share,
    /// A yearly rate: a number or a percentage in quotes.
    Rate(f64, f64),
    /// 0, or the precision wanted, as a number or a percentage.
    Precision,
    /// Euros with at most two decimals, at least so many.
    Amount(f64),
    /// Euros, or a share of the line's total.
    Envelope,
    /// A calendar quarter: `2018-Q4`.
    Quarter,
    /// A calendar quarter, or a quarter of the fund counted from 0.
    FundQuarter,
    /// Euros, or a share of the endowment.
    AmountOrShare,
    /// A table of tables under names that the scenario gives.
    NamedTables,
    /// One of some words.
    Word(&'static [&'static str]),
    /// One of some words, or a list of them.
    Words(&'static [&'static str]),
    /// `true`, `false` or a share.
    FlagOrShare,
    /// One value, or a list of at most so many.
    OneOrMore(&'static Kind, usize),
    /// A number by fund year, or a table of numbers by calendar year.
    ByYear(&'static Kind, usize),
    /// Id of a metric, or `outcome_` and the name of an outcome.
    MetricOrOutcome,
    /// Weights of some words.
    Weights(&'static [&'static str]),
    /// Weights of names that the scenario gives.
    WeightsOfNames,
    /// From each of the names that the scenario gives, the share that goes to each of them.
    SharesBetweenNames,
    /// The whole fund or one of its lines.
    AboutLine,
    /// A statistic of a figure: `mean`, `sd`, `99%`, `es 99%`.
    Statistic,
    /// Any number or percentage.
    Bound,
    /// Codes of rules that can be waived.
    RuleCodes,
    /// Texts by dotted key.
    TextsByKey,
    /// Laws of uncertain values by dotted key.
    LawsByKey,
    /// A table whose keys have rows of their own.
    Table,
    /// A list of at most so many tables whose keys have rows of their own.
    Entries(Option<usize>),
}

/// Largest amount, EUR.
pub(super) const LARGEST_EUROS: f64 = 1_000_000_000.0;

const CENT: f64 = 0.01;
const QUARTERS: Kind = Kind::Whole(0, LONGEST as u64);
const RATE: Kind = Kind::Rate(0.0, 10.0);
const FACTOR: Kind = Kind::Number(0.0, 1_000.0);
const LOG_SD: Kind = Kind::Number(0.0, 2.0);
const PROBABILITY: Kind = Kind::Rate(0.0, 0.999_999_999_999);

/// The kind of value of a key of [`super::keys::KEYS`], by its path there; `None` if there is no such key.
pub fn kind(path: &str) -> Option<Kind> {
    Some(match path {
        "extends" => Kind::OneOrMore(&Kind::Text, 64),
        "scenario.name" => Kind::Name,
        "scenario.title"
        | "scenario.title_it"
        | "scenario.title_en"
        | "scenario.description"
        | "scenario.description_it"
        | "scenario.description_en" => Kind::Text,
        "scenario.lang" => Kind::Word(Language::WORDS),
        "simulation.paths" => Kind::Whole(1, 1_000_000_000),
        "simulation.precision" => Kind::Precision,
        "simulation.seed" => Kind::Whole(1, u64::MAX),
        "fund.endowment" => Kind::Amount(CENT),
        "fund.start" | "fund.today" => Kind::Quarter,
        "fund.horizon_years" => Kind::Years(1.0, 40.0),
        "fund.availability_years" => Kind::Years(0.25, 40.0),
        "fund.period" => Kind::Word(Period::WORDS),
        "fund.revolving" => Kind::Flag,
        "fund.union_share" => Kind::Rate(0.000_1, 1.0),
        "fund.treasury_rate" => Kind::Rate(-0.5, 0.5),
        "fund.discount_rate" => Kind::Rate(-0.2, 0.5),
        "fund.deadweight" => Kind::Share,
        "fund.expected_leverage" => Kind::Number(0.0, 1_000.0),
        "fund.tranches" => Kind::Table,
        "fund.tranches.shares" | "fund.tranches.triggers" => Kind::OneOrMore(&Kind::Share, 100),
        "fund.fees.budget" => Kind::Amount(0.0),
        "fund.fees.base" => Kind::OneOrMore(&RATE, 160),
        "fund.fees.loans" | "fund.fees.guarantees" | "fund.fees.grants" => RATE,
        "fund.fees.cap" => Kind::Share,
        "line1.min_investment" | "line2.min_investment" => Kind::Amount(0.0),
        "line1.max_investment" | "line2.max_investment" => Kind::Amount(CENT),
        "line1.legal_forms" | "line2.legal_forms" => Kind::Words(LegalForm::WORDS),
        "line1.sizes" | "line2.sizes" => Kind::Words(Size::WORDS),
        "line.fallback" => Kind::FlagOrShare,
        "line.queue" => Kind::Word(QueueOrder::WORDS),
        "line.max_wait_quarters" | "line.disbursement_lag_quarters" | "line.grant_lag_quarters" => QUARTERS,
        "line.grant_clawback_years" => Kind::Number(0.0, 40.0),
        "line.grant_clawback_recovery" | "line.withdrawal_rate" => Kind::Share,
        "line.pd_log_sd" => LOG_SD,
        "fund.opening.fees" | "fund.opening.returned" => Kind::Amount(0.0),
        "fund.opening.income" => Kind::Amount(-LARGEST_EUROS),
        "line.opening.loans" | "line.opening.guarantees" | "line.opening.grants" => Kind::Amount(0.0),
        "line.budget.total" => Kind::Amount(0.0),
        "line.budget.loans" | "line.budget.guarantees" | "line.budget.grants" => Kind::Envelope,
        "line.pipeline.applications_per_year" => Kind::OneOrMore(&Kind::Number(0.0, 10_000.0), 40),
        "line.pipeline.applications_log_sd" => LOG_SD,
        "line.pipeline.investment.median" => Kind::Amount(CENT),
        "line.pipeline.investment.sigma" => Kind::Number(0.0, 5.0),
        "line.pipeline.themes" => Kind::Weights(Theme::WORDS),
        "line.pipeline.legal_form" => Kind::Weights(LegalForm::WORDS),
        "line.pipeline.size" => Kind::Weights(Size::WORDS),
        "line.pipeline.ratings" => Kind::WeightsOfNames,
        "line.pipeline.accompanied" => Kind::Share,
        "line.pipeline.members" => Kind::Weights(&MEMBER_COUNTS),
        "line.product" => Kind::Entries(Some(100)),
        "line.product.*.name" => Kind::Label,
        "line.product.*.demand" => Kind::Number(0.0, 1_000_000.0),
        "line.product.*.own_funds" | "line.product.*.fund_loan" | "line.product.*.bank_loan" => Kind::Share,
        "line.product.*.grant" | "line.product.*.guarantee_rate" => Kind::Share,
        "line.loan.tenor_quarters" => Kind::Whole(1, LONGEST as u64),
        "line.loan.grace_quarters" => QUARTERS,
        "line.loan.amortisation" => Kind::Word(Amortisation::WORDS),
        "line.loan.fund_rate" | "line.loan.bank_rate" => RATE,
        "line.guarantee.kind" => Kind::Word(&["capped", "uncapped"]),
        "line.guarantee.cap_rate" | "line.guarantee.provision_rate" => Kind::Share,
        "line.guarantee.call_lag_quarters" => QUARTERS,
        "line.guarantee.backing" => Kind::Word(Backing::WORDS),
        "line.guarantee.premium_rate" => RATE,
        "line.loss.lgd_mean" | "line.loss.lgd_sd" | "line.loss.cure_rate" => Kind::Share,
        "line.loss.recovery" => Kind::Entries(None),
        "line.loss.recovery.*.after_quarters" => QUARTERS,
        "line.loss.recovery.*.share" => Kind::Share,
        "line.outcomes" => Kind::NamedTables,
        "line.outcomes.*.per_million" => Kind::Number(0.0, 1_000_000.0),
        "line.outcomes.*.unit" => Kind::Label,
        "pipeline.borrowers" => Kind::Text,
        "credit.dependence" => Kind::Word(Dependence::WORDS),
        "credit.copula" => Kind::Word(Copula::WORDS),
        "credit.nu" => Kind::Number(2.0, 1_000_000.0),
        "credit.systemic_correlation" | "credit.theme_correlation" | "credit.persistence" => Kind::Share,
        "credit.pd_target" => Kind::Word(PdTarget::WORDS),
        "credit.lgd_loading" => Kind::Share,
        "credit.legal_form_multiplier.nonprofit" | "credit.legal_form_multiplier.forprofit" => FACTOR,
        "credit.theme_multiplier.health_wellbeing" | "credit.theme_multiplier.demographic_change" => FACTOR,
        "credit.theme_multiplier.poverty_exclusion" | "credit.theme_multiplier.other" => FACTOR,
        "credit.size_multiplier.micro" | "credit.size_multiplier.small" => FACTOR,
        "credit.size_multiplier.medium" | "credit.accompanied_multiplier" => FACTOR,
        "credit.rating" => Kind::Entries(Some(100)),
        "credit.rating.*.name" => Kind::Label,
        "credit.rating.*.pd" => Kind::OneOrMore(&PROBABILITY, 200),
        "credit.rating.*.reference_margin" | "credit.rating.*.guarantee_premium" => RATE,
        "credit.migration.pd_multiplier" => FACTOR,
        "credit.migration.matrix" => Kind::SharesBetweenNames,
        "macro.pd_multiplier" => Kind::ByYear(&FACTOR, 200),
        "macro.largest_fails_after_quarters" => QUARTERS,
        "macro.factor_shift" => Kind::OneOrMore(&Kind::Number(-10.0, 10.0), 200),
        "programme.measures" => Kind::Entries(None),
        "programme.measures.*.name" => Kind::Text,
        "programme.measures.*.amount" => Kind::Amount(0.0),
        "limit" => Kind::Entries(None),
        "limit.*.metric" => Kind::MetricOrOutcome,
        "limit.*.line" => Kind::AboutLine,
        "limit.*.statistic" => Kind::Statistic,
        "limit.*.max" | "limit.*.min" => Kind::Bound,
        "milestone" => Kind::Entries(Some(100)),
        "milestone.*.quarter" => Kind::FundQuarter,
        "milestone.*.min_disbursed" => Kind::AmountOrShare,
        "milestone.*.max_probability" => Kind::Share,
        "rules.waive" => Kind::RuleCodes,
        "sources" | "italian" | "english" => Kind::TextsByKey,
        "uncertainty" => Kind::LawsByKey,
        "state_aid.regime" => Kind::Word(Regime::WORDS),
        "state_aid.ceiling" => Kind::Amount(0.0),
        "state_aid.route" => Kind::Word(AidRoute::WORDS),
        "state_aid.regulation" => Kind::Word(Regulation::WORDS),
        "line.state_aid.ceiling" | "line.state_aid.prior_aid" => Kind::Amount(0.0),
        "state_aid.base_rate" => Kind::Rate(-1.0, 10.0),
        _ => return None,
    })
}

/// What a table of the format is about, by its path in [`super::keys::KEYS`]; `None` if there is no such table.
pub fn table_meaning(path: &str) -> Option<&'static str> {
    Some(match path {
        "scenario" => {
            "what the scenario is called and in which language its results are told; never inherited"
        }
        "simulation" => "how many futures are simulated, and their luck",
        "fund" => "the fund: its money, its calendar, how it is paid in",
        "fund.fees" => "what the fund's manager may charge",
        "fund.opening" => "what is in the fund's own envelopes today, if the fund is running",
        "line.opening" => "what is in the line's envelopes today, if the fund is running",
        "line1" => "line 1 of the measure: significant investment programmes by non-profit SMEs",
        "line2" => "line 2 of the measure: small projects by micro and small enterprises",
        "line.budget" => "the line's money by instrument; budgets and fees add up to the endowment",
        "line.pipeline" => "who applies: how many, for how much, of which kinds",
        "line.pipeline.investment" => "size of the projects (lognormal, cut to what the line admits)",
        "line.loan" => "terms of the loans of fund and bank",
        "line.guarantee" => "terms of the guarantees; required if a product has a guarantee",
        "line.loss" => "what is lost when a project fails, and when recoveries arrive",
        "pipeline" => "a list of applicants in place of the statistical pipelines of the lines that it names",
        "credit" => "how likely projects fail, and how much they fail together",
        "credit.legal_form_multiplier" => "factors on the default hazard by legal form",
        "credit.theme_multiplier" => "factors on the default hazard by theme",
        "credit.size_multiplier" => "factors on the default hazard by size",
        "credit.migration" => "how enterprises move between ratings, in place of the ratings' PDs",
        "macro" => "what the economy does",
        "programme" => "the strategy around the fund, for the report's header",
        "rules" => "rules of the measure knowingly broken",
        "state_aid" => "limits of the aid that one enterprise may get",
        "line.state_aid" => "what one enterprise may get in this line, and what it has got before",
        _ => return None,
    })
}
