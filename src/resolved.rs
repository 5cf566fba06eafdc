//! A scenario written back as text: complete, with every default filled in, and the same for the same scenario.
//!
//! Reading the text gives an equal scenario, whatever files and options it was first made of.

use crate::reading::{BORROWER_COLUMNS, grouped};
use crate::scenario::{
    BookedProject, BookedStatus, Borrower, Credit, Fund, GuaranteeKind, Language, Law, LegalForm, Limit,
    LimitStatistic, Line, LineNumber, OUTCOME_PREFIX, OutcomeLimit, PdMultiplier, Pipeline, Scenario, Size,
    StateAid, StatisticalPipeline, Theme, Translation, Uncertainty, Weight,
};
use crate::spreadsheet::safe;
use crate::units::{Cents, Multiplier, Probability, Quantity, Rate, Share};
use rust_decimal::Decimal;

/// Name of the borrowers' file that [`resolved_toml`] refers to.
pub const BORROWERS_FILE: &str = "borrowers.csv";

/// Name of the file with [`resolved_toml`].
pub const RESOLVED_FILE: &str = "scenario.resolved.toml";

/// The scenario as a complete TOML text.
pub fn resolved_toml(scenario: &Scenario) -> String {
    let mut text = Writer::default();
    text.comment("Resolved by fesr: what was inherited, set on the command line or left to its default is written out.");
    identity(&mut text, scenario);
    fund(&mut text, &scenario.fund);
    for line in scenario.lines() {
        write_line(&mut text, line, scenario);
    }
    let is_listed = |line: &Line| matches!(line.pipeline, Pipeline::List(_)) || !line.booked.is_empty();
    if scenario.lines().any(is_listed) {
        text.table("pipeline", "a list in place of drawn applicants");
        text.key("borrowers", quoted(BORROWERS_FILE));
    }
    credit(&mut text, &scenario.credit);
    economy(&mut text, scenario);
    surroundings(&mut text, scenario);
    state_aid(&mut text, &scenario.state_aid);
    text.0
}

/// The listed borrowers of all lines as CSV; `None` if no line has a list. Ids and names that a spreadsheet would run as
/// formulas are marked as texts, which the reader knows.
pub fn borrowers_csv(scenario: &Scenario) -> Option<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut rows: Vec<[String; BORROWER_COLUMNS.len()]> = Vec::new();
    for line in scenario.lines() {
        let booked = line.booked.iter().map(|project| booked_cells(project, line, scenario));
        rows.extend(booked);
        if let Pipeline::List(borrowers) = &line.pipeline {
            rows.extend(borrowers.iter().map(|borrower| borrower_cells(borrower, line, scenario)));
        }
    }
    if rows.is_empty() {
        return None;
    }
    // Columns that few lists need are written only where they say something.
    let written: Vec<usize> = (0..BORROWER_COLUMNS.len())
        .filter(|&column| {
            let silent = if BORROWER_COLUMNS[column] == "members" { "1" } else { "" };
            column < EVERY_LIST || rows.iter().any(|row| row[column] != silent)
        })
        .collect();
    writer.write_record(written.iter().map(|&column| BORROWER_COLUMNS[column])).ok()?;
    for row in &rows {
        writer.write_record(written.iter().map(|&column| &row[column])).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// Columns that every list has.
const EVERY_LIST: usize = 10;

fn borrower_cells(borrower: &Borrower, line: &Line, scenario: &Scenario) -> [String; BORROWER_COLUMNS.len()] {
    let [status, disbursed, default, fund, bank, loss] = Default::default();
    [
        safe(&borrower.id),
        borrower.line.word().to_string(),
        borrower.quarter.to_string(),
        borrower.investment.to_string(),
        borrower.theme.word().to_string(),
        borrower.legal_form.word().to_string(),
        borrower.size.word().to_string(),
        safe(&scenario.credit.ratings[borrower.rating].name),
        borrower.product.map_or(String::new(), |product| safe(&line.products[product].name)),
        if borrower.accompanied { "yes" } else { "no" }.to_string(),
        borrower.forced_default_quarter.map_or(String::new(), |quarter| quarter.to_string()),
        borrower.members.to_string(),
        status,
        disbursed,
        default,
        fund,
        bank,
        loss,
    ]
}

/// A row with its history.
fn booked_cells(
    project: &BookedProject,
    line: &Line,
    scenario: &Scenario,
) -> [String; BORROWER_COLUMNS.len()] {
    let mut cells = borrower_cells(&project.borrower, line, scenario);
    let amount = |amount: Option<Cents>| amount.map_or(String::new(), |amount| amount.to_string());
    let (status, rest) = match project.status {
        BookedStatus::Running { outstanding_fund, outstanding_bank } => {
            ("running", [String::new(), amount(outstanding_fund), amount(outstanding_bank), String::new()])
        }
        BookedStatus::Defaulted { quarter, loss_given_default } => {
            let loss = plain(loss_given_default.decimal());
            ("defaulted", [quarter.to_string(), String::new(), String::new(), loss])
        }
        BookedStatus::Repaid => ("repaid", Default::default()),
    };
    let history = [status.to_string(), project.disbursed_quarter.to_string()].into_iter().chain(rest);
    cells[BORROWER_COLUMNS.len() - 6..].iter_mut().zip(history).for_each(|(cell, text)| *cell = text);
    cells
}

/// The text so far.
#[derive(Default)]
struct Writer(String);

impl Writer {
    fn comment(&mut self, words: &str) {
        self.0.push_str(&format!("# {words}\n"));
    }

    fn table(&mut self, path: &str, words: &str) {
        self.header(&format!("[{path}]"), words);
    }

    fn entry(&mut self, path: &str) {
        self.header(&format!("[[{path}]]"), "");
    }

    fn header(&mut self, header: &str, words: &str) {
        let gap = if words.is_empty() { "" } else { " # " };
        self.0.push_str(&format!("\n{header}{gap}{words}\n"));
    }

    fn key(&mut self, name: &str, value: impl std::fmt::Display) {
        self.0.push_str(&format!("{name} = {value}\n"));
    }
}

/// A value as the format writes it, so that it is read back exactly.
trait Written {
    fn written(&self) -> String;
}

impl Written for Cents {
    fn written(&self) -> String {
        grouped(self.to_euros().normalize())
    }
}
impl Written for Share {
    fn written(&self) -> String {
        percentage(self.decimal())
    }
}
impl Written for Rate {
    fn written(&self) -> String {
        percentage(self.decimal())
    }
}
impl Written for Probability {
    fn written(&self) -> String {
        percentage(self.decimal())
    }
}
impl Written for Multiplier {
    fn written(&self) -> String {
        plain(self.decimal())
    }
}
impl Written for Quantity {
    fn written(&self) -> String {
        plain(self.decimal())
    }
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Percentages in quotes; nothing and the whole as plain numbers.
fn percentage(value: Decimal) -> String {
    match value.checked_mul(Decimal::ONE_HUNDRED) {
        Some(hundredfold) if !value.is_zero() && value != Decimal::ONE => {
            format!("\"{}%\"", plain(hundredfold))
        }
        _ => plain(value),
    }
}

/// A text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A text as a key, always on one line.
fn quoted_key(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list<T>(values: &[T], written: impl Fn(&T) -> String) -> String {
    let written: Vec<String> = values.iter().map(written).collect();
    format!("[{}]", written.join(", "))
}

/// One value alone, several as a list.
fn by_year<T: Written>(values: &[T]) -> String {
    match values {
        [value] => value.written(),
        _ => list(values, T::written),
    }
}

fn weights<T: Copy>(weights: &[Weight<T>], name: impl Fn(T) -> String) -> String {
    let entries: Vec<String> = weights
        .iter()
        .map(|weight| format!("{} = {}", name(weight.category), weight.weight.written()))
        .collect();
    format!("{{ {} }}", entries.join(", "))
}

fn words<T: Copy>(values: &[T], word: impl Fn(T) -> &'static str) -> String {
    list(values, |value| quoted(word(*value)))
}

/// Quarters as years: 5, 2.25.
fn years(quarters: u32) -> String {
    plain(Decimal::new(i64::from(quarters) * 25, 2))
}

fn identity(text: &mut Writer, scenario: &Scenario) {
    let identity = &scenario.identity;
    text.table("scenario", "");
    text.key("name", quoted(&identity.name));
    text.key("title", quoted(&identity.title));
    text.key("description", quoted(&identity.description));
    for language in [Language::Italian, Language::English] {
        let Translation { title, description, .. } = scenario.translations.of(language);
        for (key, shown) in [("title", title), ("description", description)] {
            if let Some(shown) = shown {
                text.key(&format!("{key}_{}", language.word()), quoted(shown));
            }
        }
    }
    text.key("lang", quoted(identity.language.word()));
    text.table("simulation", "");
    text.key("paths", grouped(Decimal::from(scenario.simulation.paths)));
    if let Some(precision) = scenario.simulation.precision {
        text.key("precision", quoted(&precision.to_string()));
    }
    text.key("seed", scenario.simulation.seed);
}

fn fund(text: &mut Writer, fund: &Fund) {
    text.table("fund", "amounts in EUR, rates per year");
    text.key("endowment", fund.endowment.written());
    text.key("start", quoted(&fund.start.to_string()));
    if fund.today_quarter > 0 {
        text.key("today", quoted(&fund.start.plus(fund.today_quarter).to_string()));
    }
    text.key("horizon_years", years(fund.horizon_quarters));
    text.key("availability_years", years(fund.availability_quarters));
    text.key("period", quoted(fund.period.word()));
    text.key("revolving", fund.revolving);
    text.key("union_share", fund.union_share.written());
    text.key("deadweight", fund.deadweight.written());
    if let Some(leverage) = fund.expected_leverage {
        text.key("expected_leverage", leverage.written());
    }
    text.key("treasury_rate", fund.treasury_rate.written());
    text.key("discount_rate", fund.discount_rate.written());
    text.table("fund.tranches", "");
    text.key("shares", list(&fund.tranches, |tranche| tranche.share.written()));
    text.key("triggers", list(&fund.tranches, |tranche| tranche.trigger.written()));
    text.table("fund.fees", "");
    text.key("budget", fund.fees.budget.written());
    text.key("base", list(&fund.fees.base, Rate::written));
    text.key("loans", fund.fees.loans.written());
    text.key("guarantees", fund.fees.guarantees.written());
    text.key("grants", fund.fees.grants.written());
    text.key("cap", fund.fees.cap.written());
    let opening = fund.opening;
    write_opening(
        text,
        "fund",
        [("fees", opening.fees), ("income", opening.income), ("returned", opening.returned)],
    );
}

/// Balances of a running fund that are given.
fn write_opening(text: &mut Writer, owner: &str, balances: [(&str, Option<Cents>); 3]) {
    let mut given = balances.into_iter().filter_map(|(name, balance)| Some((name, balance?))).peekable();
    if given.peek().is_some() {
        text.table(&format!("{owner}.opening"), "balances today");
    }
    for (name, balance) in given {
        text.key(name, balance.written());
    }
}

fn write_line(text: &mut Writer, line: &Line, scenario: &Scenario) {
    let name = format!("line{}", line.number.word());
    text.table(&name, "");
    text.key("min_investment", line.min_investment.written());
    text.key("max_investment", line.max_investment.written());
    text.key("legal_forms", words(&line.legal_forms, LegalForm::word));
    text.key("sizes", words(&line.sizes, Size::word));
    text.key("fallback", line.fallback.written());
    text.key("queue", quoted(line.queue.word()));
    text.key("max_wait_quarters", line.max_wait_quarters);
    text.key("grant_clawback_years", line.grant_clawback_years.written());
    text.key("grant_clawback_recovery", line.grant_clawback_recovery.written());
    text.key("disbursement_lag_quarters", line.disbursement_lag_quarters);
    text.key("withdrawal_rate", line.withdrawal_rate.written());
    text.key("grant_lag_quarters", line.grant_lag_quarters);
    text.key("pd_log_sd", line.pd_log_sd.written());
    text.table(&format!("{name}.budget"), "");
    text.key("loans", line.budget.loans.written());
    text.key("guarantees", line.budget.guarantees.written());
    text.key("grants", line.budget.grants.written());
    let opening = line.opening;
    let balances = [("loans", opening.loans), ("guarantees", opening.guarantees), ("grants", opening.grants)];
    write_opening(text, &name, balances);
    if let Pipeline::Statistical(pipeline) = &line.pipeline {
        statistical(text, &name, pipeline, scenario);
    }
    for product in &line.products {
        text.entry(&format!("{name}.product"));
        text.key("name", quoted(&product.name));
        text.key("demand", product.demand.written());
        text.key("own_funds", product.own_funds.written());
        text.key("fund_loan", product.fund_loan.written());
        text.key("bank_loan", product.bank_loan.written());
        text.key("grant", product.grant.written());
        text.key("guarantee_rate", product.guarantee_rate.written());
    }
    text.table(&format!("{name}.loan"), "");
    text.key("tenor_quarters", line.loan.tenor_quarters);
    text.key("grace_quarters", line.loan.grace_quarters);
    text.key("amortisation", quoted(line.loan.amortisation.word()));
    text.key("fund_rate", line.loan.fund_rate.written());
    text.key("bank_rate", line.loan.bank_rate.written());
    if let Some(guarantee) = &line.guarantee {
        text.table(&format!("{name}.guarantee"), "");
        match guarantee.kind {
            GuaranteeKind::Capped { cap_rate } => {
                text.key("kind", quoted("capped"));
                text.key("cap_rate", cap_rate.written());
            }
            GuaranteeKind::Uncapped { provision_rate } => {
                text.key("kind", quoted("uncapped"));
                text.key("provision_rate", provision_rate.written());
            }
        }
        text.key("call_lag_quarters", guarantee.call_lag_quarters);
        text.key("backing", quoted(guarantee.backing.word()));
        text.key("premium_rate", guarantee.premium_rate.written());
    }
    text.table(&format!("{name}.loss"), "");
    text.key("lgd_mean", line.loss.lgd_mean.written());
    text.key("lgd_sd", line.loss.lgd_sd.written());
    text.key("cure_rate", line.loss.cure_rate.written());
    let steps = list(&line.loss.recovery, |step| {
        format!("{{ after_quarters = {}, share = {} }}", step.after_quarters, step.share.written())
    });
    text.key("recovery", steps);
    if !line.outcomes.is_empty() {
        text.table(&format!("{name}.outcomes"), "per million EUR of investment completed");
        for outcome in &line.outcomes {
            let (per_million, unit) = (outcome.per_million.written(), quoted_key(&outcome.unit));
            text.key(&outcome.name, format!("{{ per_million = {per_million}, unit = {unit} }}"));
        }
    }
    text.table(&format!("{name}.state_aid"), "");
    if let Some(ceiling) = line.state_aid.ceiling {
        text.key("ceiling", ceiling.written());
    }
    text.key("prior_aid", line.state_aid.prior_aid.written());
}

fn statistical(text: &mut Writer, line: &str, pipeline: &StatisticalPipeline, scenario: &Scenario) {
    text.table(&format!("{line}.pipeline"), "");
    text.key("applications_per_year", by_year(&pipeline.applications_per_year));
    text.key("applications_log_sd", pipeline.applications_log_sd.written());
    let (median, sigma) = (pipeline.investment_median.written(), pipeline.investment_sigma.written());
    text.key("investment", format!("{{ median = {median}, sigma = {sigma} }}"));
    text.key("themes", weights(&pipeline.themes, |theme: Theme| theme.word().to_string()));
    text.key("legal_form", weights(&pipeline.legal_forms, |form| form.word().to_string()));
    text.key("size", weights(&pipeline.sizes, |size| size.word().to_string()));
    text.key(
        "ratings",
        weights(&pipeline.ratings, |rating| quoted_key(&scenario.credit.ratings[rating].name)),
    );
    text.key("accompanied", pipeline.accompanied.written());
    text.key("members", weights(&pipeline.members, |count| quoted_key(&count.to_string())));
}

fn credit(text: &mut Writer, credit: &Credit) {
    text.table("credit", "");
    text.key("dependence", quoted(credit.dependence.word()));
    text.key("copula", quoted(credit.copula.word()));
    text.key("nu", credit.nu.written());
    text.key("systemic_correlation", plain(credit.systemic_correlation.decimal()));
    text.key("theme_correlation", plain(credit.theme_correlation.decimal()));
    text.key("persistence", plain(credit.persistence.decimal()));
    text.key("pd_target", quoted(credit.pd_target.word()));
    text.key("lgd_loading", plain(credit.lgd_loading.decimal()));
    text.key("accompanied_multiplier", credit.accompanied_multiplier.written());
    let tables: [(&str, &[&str], &[Multiplier]); 3] = [
        ("legal_form_multiplier", LegalForm::WORDS, &credit.legal_form_multiplier),
        ("theme_multiplier", Theme::WORDS, &credit.theme_multiplier),
        ("size_multiplier", Size::WORDS, &credit.size_multiplier),
    ];
    for (name, words, multipliers) in tables {
        let entries: Vec<String> =
            words.iter().zip(multipliers).map(|(word, m)| format!("{word} = {}", m.written())).collect();
        text.key(name, format!("{{ {} }}", entries.join(", ")));
    }
    if let Some(migration) = &credit.migration {
        text.table("credit.migration", "");
        text.key("pd_multiplier", migration.pd_multiplier.written());
        text.table("credit.migration.matrix", "from each rating, per year; PDs by age follow from it");
        let names = credit.ratings.iter().map(|rating| quoted(&rating.name));
        let states: Vec<String> = names.chain(["default".to_string()]).collect();
        for (from, row) in states.iter().zip(&migration.rows) {
            let entries: Vec<String> = states
                .iter()
                .zip(row)
                .filter(|(_, share)| **share != Share::ZERO)
                .map(|(to, share)| format!("{to} = {}", plain(share.decimal())))
                .collect();
            text.key(from, format!("{{ {} }}", entries.join(", ")));
        }
    }
    for rating in &credit.ratings {
        text.entry("credit.rating");
        text.key("name", quoted(&rating.name));
        if credit.migration.is_none() {
            text.key("pd", by_year(&rating.pd));
        }
        text.key("reference_margin", rating.reference_margin.written());
        text.key("guarantee_premium", rating.guarantee_premium.written());
    }
}

fn economy(text: &mut Writer, scenario: &Scenario) {
    text.table("macro", "");
    let multiplier = match &scenario.economy.pd_multiplier {
        PdMultiplier::ByFundYear(multipliers) => list(multipliers, Multiplier::written),
        PdMultiplier::ByCalendarYear(multipliers) => {
            let entries: Vec<String> =
                multipliers.iter().map(|(year, m)| format!("\"{year}\" = {}", m.written())).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    };
    text.key("pd_multiplier", multiplier);
    text.key("factor_shift", list(&scenario.economy.factor_shift, Quantity::written));
    if let Some(quarters) = scenario.economy.largest_fails_after_quarters {
        text.key("largest_fails_after_quarters", quarters);
    }
}

fn surroundings(text: &mut Writer, scenario: &Scenario) {
    if !scenario.programme.is_empty() {
        text.table("programme", "");
        let measures = list(&scenario.programme, |measure| {
            format!("{{ name = {}, amount = {} }}", quoted(&measure.name), measure.amount.written())
        });
        text.key("measures", measures);
    }
    for limit in &scenario.limits {
        text.entry("limit");
        write_limit(text, limit);
    }
    for limit in &scenario.outcome_limits {
        text.entry("limit");
        let OutcomeLimit { outcome, line, statistic, min, max } = limit;
        write_promise(text, &format!("{OUTCOME_PREFIX}{outcome}"), *line, *statistic, [*min, *max]);
    }
    for milestone in &scenario.milestones {
        text.entry("milestone");
        text.key("quarter", quoted(&scenario.fund.start.plus(milestone.quarter).to_string()));
        text.key("min_disbursed", milestone.min_disbursed.written());
        if let Some(most) = milestone.max_probability {
            text.key("max_probability", most.written());
        }
    }
    text.table("rules", "");
    text.key("waive", list(&scenario.waived_rules, |code| quoted(code)));
    if !scenario.sources.is_empty() {
        text.table("sources", "");
        for (key, words) in &scenario.sources {
            text.key(&quoted_key(key), quoted(words));
        }
    }
    let translations = &scenario.translations;
    for (table, translation) in [("italian", &translations.italian), ("english", &translations.english)] {
        if !translation.names.is_empty() {
            text.table(table, "");
            for (name, shown) in &translation.names {
                text.key(&quoted_key(name), quoted(shown));
            }
        }
    }
    if !scenario.uncertainties.is_empty() {
        text.table("uncertainty", "");
        for row in &scenario.uncertainties {
            text.key(&quoted_key(&row.key), law(row));
        }
    }
}

fn law(row: &Uncertainty) -> String {
    let law = match row.law {
        Law::Range { low, base, high } => {
            format!("low = {}, base = {}, high = {}", plain(low), plain(base), plain(high))
        }
        Law::Uniform { low, high } => format!("uniform = [{}, {}]", plain(low), plain(high)),
        Law::Triangular { low, mode, high } => {
            format!("triangular = [{}, {}, {}]", plain(low), plain(mode), plain(high))
        }
        Law::Lognormal { median, sigma } => {
            format!("lognormal = {{ median = {}, sigma = {} }}", plain(median), plain(sigma))
        }
    };
    format!("{{ operation = {}, {law} }}", quoted(row.change.word()))
}

fn write_limit(text: &mut Writer, limit: &Limit) {
    write_promise(text, limit.metric.id(), limit.line, limit.statistic, [limit.min, limit.max]);
}

fn write_promise(
    text: &mut Writer,
    metric: &str,
    line: Option<LineNumber>,
    statistic: LimitStatistic,
    [min, max]: [Option<Decimal>; 2],
) {
    text.key("metric", quoted(metric));
    text.key("line", quoted(line.map_or("all", |line| line.word())));
    let level = |share: Share| format!("{}%", plain(share.decimal() * Decimal::ONE_HUNDRED));
    let statistic = match statistic {
        LimitStatistic::Mean => "mean".to_string(),
        LimitStatistic::StandardDeviation => "sd".to_string(),
        LimitStatistic::Quantile(share) => level(share),
        LimitStatistic::ExpectedShortfall(share) => format!("es {}", level(share)),
    };
    text.key("statistic", quoted(&statistic));
    for (name, bound) in [("min", min), ("max", max)] {
        if let Some(bound) = bound {
            text.key(name, plain(bound));
        }
    }
}

fn state_aid(text: &mut Writer, aid: &StateAid) {
    text.table("state_aid", "");
    text.key("regime", quoted(aid.regime.word()));
    text.key("ceiling", aid.ceiling.written());
    text.key("base_rate", aid.base_rate.written());
    text.key("route", quoted(aid.route.word()));
    text.key("regulation", quoted(aid.regulation.word()));
}
