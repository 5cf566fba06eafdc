//! What breaks each rule: one function a rule, in the order of the codes.

use super::Finding;
use crate::locale::{Pair, Told, pair, percent, told};
use crate::scenario::{
    GuaranteeKind, LegalForm, Line, LineNumber, Period, Pipeline, Product, Scenario, Size,
};
use crate::units::{Cents, Rate};
use rust_decimal::Decimal;

pub(super) fn finding(key: impl Into<String>, message: Told) -> Option<Finding> {
    Some(Finding { key: key.into(), message })
}

/// The first finding's key with all messages.
pub(super) fn joined(findings: Vec<Finding>) -> Option<Finding> {
    let message = Told::joined(findings.iter().map(|finding| &finding.message), "; ");
    findings.first().map(|first| Finding { key: first.key.clone(), message })
}

pub(super) fn key(line: &Line, name: &str) -> String {
    format!("line{}.{name}", line.number.word())
}

/// A computed share, rounded to four decimals of a percentage.
fn about_percent(share: Decimal) -> Told {
    percent(share.round_dp(6))
}

/// Several names of the format, or a single one.
fn names(words: &[&str]) -> String {
    words.join(", ")
}

/// Every product of every line that a test finds fault with.
fn products(
    scenario: &Scenario,
    fault: impl Fn(&Line, &Product) -> Option<(&'static str, Told)>,
) -> Option<Finding> {
    let mut findings = Vec::new();
    for line in scenario.lines() {
        for product in &line.products {
            if let Some((name, message)) = fault(line, product) {
                findings.extend(finding(key(line, &format!("product.{}.{name}", product.name)), message));
            }
        }
    }
    joined(findings)
}

pub(super) fn budgets_are_the_endowment(scenario: &Scenario) -> Option<Finding> {
    let budgets: Cents = scenario.lines().map(|line| line.budget.total()).sum();
    let (fees, endowment) = (scenario.fund.fees.budget, scenario.fund.endowment);
    let difference = budgets + fees - endowment;
    let judged = match difference.0.signum() {
        0 => return None,
        1 => told!("{difference} EUR di troppo", "{difference} EUR too much"; difference),
        _ => told!("mancano {missing} EUR", "{missing} EUR is missing"; missing = -difference),
    };
    let message = told!(
        "le dotazioni delle linee ({budgets} EUR) e quella per i costi di gestione ({fees} EUR) sommano a {sum} EUR, non alla dotazione del fondo di {endowment} EUR: {judged}",
        "the lines' budgets ({budgets} EUR) and the fees budget ({fees} EUR) add up to {sum} EUR, not to the endowment of {endowment} EUR: {judged}";
        budgets,
        fees,
        sum = budgets + fees,
        endowment,
        judged,
    );
    finding("fund.endowment", message)
}

pub(super) fn line1_is_for_large_projects(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::One)?;
    let least = line.min_investment;
    (least < Cents(100_000_000)).then(|| Finding {
        key: key(line, "min_investment"),
        message: told!(
            "la linea 1 ammette progetti da {least} EUR",
            "line 1 admits projects from {least} EUR";
            least,
        ),
    })
}

pub(super) fn line2_is_for_small_projects(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::Two)?;
    let most = line.max_investment;
    (most > Cents(10_000_000)).then(|| Finding {
        key: key(line, "max_investment"),
        message: told!(
            "la linea 2 ammette progetti fino a {most} EUR",
            "line 2 admits projects up to {most} EUR";
            most,
        ),
    })
}

pub(super) fn line1_gives_no_grants(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::One)?;
    let mut findings = Vec::new();
    if line.budget.grants != Cents::ZERO {
        findings.extend(finding(
            key(line, "budget.grants"),
            told!(
                "la linea 1 ha una dotazione per contributi di {grants} EUR",
                "line 1 has a grants budget of {grants} EUR";
                grants = line.budget.grants,
            ),
        ));
    }
    for product in line.products.iter().filter(|product| !product.grant.is_zero()) {
        findings.extend(finding(
            key(line, &format!("product.{}.grant", product.name)),
            told!(
                "il prodotto \"{name}\" della linea 1 dà come contributo una quota di {share}",
                "product \"{name}\" of line 1 grants {share}";
                name = product.name,
                share = percent(product.grant.decimal()),
            ),
        ));
    }
    joined(findings)
}

pub(super) fn line1_admits_nonprofits(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::One)?;
    let others: Vec<&str> = line
        .legal_forms
        .iter()
        .filter(|form| **form != LegalForm::Nonprofit)
        .map(|form| form.word())
        .collect();
    if others.is_empty() {
        return None;
    }
    let message = told!("la linea 1 ammette {others}", "line 1 admits {others}"; others = names(&others));
    finding(key(line, "legal_forms"), message)
}

pub(super) fn line2_admits_micro_and_small(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::Two)?;
    let others: Vec<&str> = line
        .sizes
        .iter()
        .filter(|size| !matches!(size, Size::Micro | Size::Small))
        .map(|size| size.word())
        .collect();
    if others.is_empty() {
        return None;
    }
    let message = told!(
        "la linea 2 ammette imprese {others}",
        "line 2 admits {others} enterprises";
        others = names(&others),
    );
    finding(key(line, "sizes"), message)
}

pub(super) fn support_is_within_the_investment(scenario: &Scenario) -> Option<Finding> {
    products(scenario, |_, product| {
        let (own, fund, bank, grant) = (
            product.own_funds.decimal(),
            product.fund_loan.decimal(),
            product.bank_loan.decimal(),
            product.grant.decimal(),
        );
        let total = own + fund + bank + grant;
        let support = fund + bank * product.guarantee_rate.decimal() + grant;
        if total != Decimal::ONE {
            let message = told!(
                "le quote di \"{name}\" sommano a {total}",
                "the shares of \"{name}\" add up to {total}";
                name = product.name,
                total = about_percent(total),
            );
            Some(("own_funds", message))
        } else if support > Decimal::ONE {
            let message = told!(
                "il sostegno di \"{name}\" è {support} dell’investimento",
                "\"{name}\" supports {support} of the investment";
                name = product.name,
                support = about_percent(support),
            );
            Some(("fund_loan", message))
        } else {
            None
        }
    })
}

pub(super) fn bank_keeps_a_risk(scenario: &Scenario) -> Option<Finding> {
    products(scenario, |_, product| {
        let rate = product.guarantee_rate.decimal();
        (rate > Decimal::new(80, 2)).then(|| {
            let message = told!(
                "il tasso di copertura di \"{name}\" è {rate} del prestito bancario",
                "\"{name}\" guarantees {rate} of the bank loan";
                name = product.name,
                rate = percent(rate),
            );
            ("guarantee_rate", message)
        })
    })
}

pub(super) fn cap_is_within_the_standard(scenario: &Scenario) -> Option<Finding> {
    let findings = scenario.lines().filter_map(|line| match line.guarantee.as_ref()?.kind {
        GuaranteeKind::Capped { cap_rate } if cap_rate.decimal() > Decimal::new(25, 2) => finding(
            key(line, "guarantee.cap_rate"),
            told!(
                "il tasso di cap della linea {number} è {rate}",
                "the cap rate of line {number} is {rate}";
                number = line.number.word(),
                rate = percent(cap_rate.decimal()),
            ),
        ),
        GuaranteeKind::Capped { .. } | GuaranteeKind::Uncapped { .. } => None,
    });
    joined(findings.collect())
}

/// Applies to products in which both lend.
pub(super) fn bank_lends_a_quarter(scenario: &Scenario) -> Option<Finding> {
    products(scenario, |_, product| {
        let (fund, bank) = (product.fund_loan.decimal(), product.bank_loan.decimal());
        if fund.is_zero() || bank.is_zero() || fund <= Decimal::new(75, 2) * (fund + bank) {
            return None;
        }
        Some((
            "fund_loan",
            told!(
                "la parte del fondo nei prestiti di \"{name}\" è {share}",
                "the fund lends {share} of the loans of \"{name}\"";
                share = about_percent(fund / (fund + bank)),
                name = product.name,
            ),
        ))
    })
}

pub(super) fn tenor_is_within_the_standard(scenario: &Scenario) -> Option<Finding> {
    let findings =
        scenario.lines().filter(|line| !(4..=40).contains(&line.loan.tenor_quarters)).filter_map(|line| {
            let months = line.loan.tenor_quarters * 3;
            finding(
                key(line, "loan.tenor_quarters"),
                told!(
                    "i prestiti della linea {number} durano {months} mesi",
                    "loans of line {number} run {months} months";
                    number = line.number.word(),
                    months,
                ),
            )
        });
    joined(findings.collect())
}

/// In 2014-2020 by instrument, the cap on the whole being the mean weighted by the budgets; from 2021 one cap for the whole
/// (art. 68(4): 7 % of what a specific fund disburses or sets aside, at most the endowment once).
pub(super) fn fees_are_within_the_thresholds(scenario: &Scenario) -> Option<Finding> {
    match scenario.fund.period {
        Period::From2014 => fees_are_within_those_of_2014(scenario),
        Period::From2021 => fees_are_within_that_of_2021(scenario),
    }
}

/// Whether anything is charged at all.
fn charges(scenario: &Scenario) -> bool {
    let fees = &scenario.fund.fees;
    fees.base.iter().chain([&fees.loans, &fees.guarantees, &fees.grants]).any(|rate| !rate.is_zero())
}

fn fees_are_within_that_of_2021(scenario: &Scenario) -> Option<Finding> {
    let (cap, most) = (scenario.fund.fees.cap.decimal(), Decimal::new(7, 2));
    if !charges(scenario) || cap <= most {
        return None;
    }
    let message = told!(
        "i costi di gestione possono arrivare a {cap} della dotazione, la soglia 2021-2027 è {most}",
        "fees may reach {cap} of the endowment, the threshold of 2021-2027 is {most}";
        cap = percent(cap),
        most = percent(most),
    );
    finding("fund.fees.cap", message)
}

fn fees_are_within_those_of_2014(scenario: &Scenario) -> Option<Finding> {
    let fees = &scenario.fund.fees;
    let thousandths = |number| Decimal::new(number, 3);
    let mut findings = Vec::new();
    let mut above = |name: &str, what: Pair, rate: Rate, most: Decimal| {
        if rate.decimal() > most {
            let message = told!(
                "{what}: {rate}, la soglia è {most}",
                "{what}: {rate}, the threshold is {most}";
                what,
                rate = percent(rate.decimal()),
                most = percent(most),
            );
            findings.extend(finding(format!("fund.fees.{name}"), message));
        }
    };
    if let Some(highest) = fees.base.iter().max() {
        above("base", pair("costo base", "base fee"), *highest, thousandths(5));
    }
    above("loans", pair("costo sui prestiti", "fee on loans"), fees.loans, thousandths(10));
    above("guarantees", pair("costo sulle garanzie", "fee on guarantees"), fees.guarantees, thousandths(15));
    above("grants", pair("costo sui contributi", "fee on grants"), fees.grants, thousandths(5));
    let most = weighted_cap(scenario);
    if charges(scenario) && fees.cap.decimal() > most {
        let message = told!(
            "i costi di gestione possono arrivare a {cap} della dotazione, la soglia pesata sulle dotazioni è {most}",
            "fees may reach {cap} of the endowment, the threshold weighted by the budgets is {most}";
            cap = percent(fees.cap.decimal()),
            most = about_percent(most),
        );
        findings.extend(finding("fund.fees.cap", message));
    }
    joined(findings)
}

/// 8 % for loans, 10 % for guarantees, 6 % for grants, weighted by what the lines set aside for each.
fn weighted_cap(scenario: &Scenario) -> Decimal {
    let mut sums = [Decimal::ZERO; 2];
    for budget in scenario.lines().map(|line| line.budget) {
        for (amount, hundredths) in [(budget.loans, 8), (budget.guarantees, 10), (budget.grants, 6)] {
            sums[0] += amount.to_euros() * Decimal::new(hundredths, 2);
            sums[1] += amount.to_euros();
        }
    }
    if sums[1].is_zero() { Decimal::ONE } else { sums[0] / sums[1] }
}

pub(super) fn endowment_comes_in_tranches(scenario: &Scenario) -> Option<Finding> {
    match scenario.fund.period {
        Period::From2014 => tranches_are_those_of_2014(scenario),
        Period::From2021 => payments_follow_expenditure(scenario),
    }
}

/// An advance of at most 30 %, then payments of what was spent: those after the advance never add up to more than what must
/// have been spent by then.
fn payments_follow_expenditure(scenario: &Scenario) -> Option<Finding> {
    let mut findings = Vec::new();
    let (mut paid, mut claimed) = (Decimal::ZERO, Decimal::ZERO);
    for (index, tranche) in scenario.fund.tranches.iter().enumerate() {
        let (share, spent) = (tranche.share.decimal(), tranche.trigger.decimal() * paid);
        paid += share;
        if index == 0 {
            if share > Decimal::new(30, 2) {
                let message = told!(
                    "l’anticipo è {share} della dotazione",
                    "the advance is {share} of the endowment";
                    share = percent(share),
                );
                findings.extend(finding("fund.tranches.shares", message));
            }
            continue;
        }
        claimed += share;
        if claimed > spent {
            let message = told!(
                "con il versamento {number} i pagamenti dopo l’anticipo arrivano a {claimed} della dotazione, con una spesa di {spent}",
                "tranche {number} brings payments after the advance to {claimed} of the endowment, with {spent} spent";
                number = index + 1,
                claimed = about_percent(claimed),
                spent = about_percent(spent),
            );
            findings.extend(finding("fund.tranches.triggers", message));
        }
    }
    joined(findings)
}

fn tranches_are_those_of_2014(scenario: &Scenario) -> Option<Finding> {
    let mut findings = Vec::new();
    for (index, tranche) in scenario.fund.tranches.iter().enumerate() {
        let (share, trigger) = (tranche.share.decimal(), tranche.trigger.decimal());
        let least = match index {
            0 => Decimal::ZERO,
            1 => Decimal::new(60, 2),
            _ => Decimal::new(85, 2),
        };
        if share > Decimal::new(25, 2) {
            let message = told!(
                "il versamento {number} è {share} della dotazione",
                "tranche {number} is {share} of the endowment";
                number = index + 1,
                share = percent(share),
            );
            findings.extend(finding("fund.tranches.shares", message));
        }
        if trigger < least {
            let message = told!(
                "il versamento {number} è dovuto a {trigger} di spesa, non a {least}",
                "tranche {number} is due at {trigger} spent, not at {least}";
                number = index + 1,
                trigger = percent(trigger),
                least = percent(least),
            );
            findings.extend(finding("fund.tranches.triggers", message));
        }
    }
    joined(findings)
}

pub(super) fn measure_is_as_decided(scenario: &Scenario) -> Option<Finding> {
    let fund = &scenario.fund;
    let mut findings = Vec::new();
    if fund.endowment != Cents(500_000_000) {
        let message = told!(
            "la dotazione è {endowment} EUR",
            "the endowment is {endowment} EUR";
            endowment = fund.endowment,
        );
        findings.extend(finding("fund.endowment", message));
    }
    let last = fund.start.plus(fund.availability_quarters.saturating_sub(1));
    let (first_year, last_year) = match fund.period {
        Period::From2014 => (2014, 2023),
        Period::From2021 => (2021, 2029),
    };
    if fund.start.year() < first_year {
        let message = told!(
            "il fondo parte nel {start}, l’ammissibilità {period} dal {first_year}",
            "the fund starts in {start}, eligibility of {period} in {first_year}";
            start = fund.start.to_string(),
            period = fund.period.word(),
            first_year = first_year.to_string(),
        );
        findings.extend(finding("fund.start", message));
    }
    if last.year() > last_year {
        let message = told!(
            "i progetti sono approvati fino a {last}",
            "projects are approved until {last}";
            last = last.to_string(),
        );
        findings.extend(finding("fund.availability_years", message));
    }
    let after = fund.horizon_quarters.saturating_sub(fund.availability_quarters);
    if after < 32 {
        let years = Decimal::new(i64::from(after) * 25, 2).normalize();
        let message = told!(
            "l’orizzonte è {years} anni dopo il periodo di disponibilità, il riutilizzo ne dura 8",
            "the horizon is {years} years after the availability period, re-use lasts 8";
            years,
        );
        findings.extend(finding("fund.horizon_years", message));
    }
    joined(findings)
}

pub(super) fn grants_stand_alone_before_2021(scenario: &Scenario) -> Option<Finding> {
    if scenario.fund.period == Period::From2021 {
        return None;
    }
    products(scenario, |_, product| {
        let instrument = !product.fund_loan.is_zero()
            || (!product.guarantee_rate.is_zero() && !product.bank_loan.is_zero());
        (instrument && !product.grant.is_zero()).then(|| {
            let message = told!(
                "\"{name}\" unisce un contributo a un prestito o a una garanzia del fondo",
                "\"{name}\" combines a grant with a loan or guarantee of the fund";
                name = product.name,
            );
            ("grant", message)
        })
    })
}

pub(super) fn no_project_takes_a_quarter(scenario: &Scenario) -> Option<Finding> {
    products(scenario, |line, product| {
        let largest = match &line.pipeline {
            Pipeline::Statistical(_) => line.max_investment,
            Pipeline::List(borrowers) => {
                let fits = |amount: &Cents| (line.min_investment..=line.max_investment).contains(amount);
                borrowers.iter().map(|borrower| borrower.investment).filter(fits).max().unwrap_or(Cents::ZERO)
            }
        };
        let reserve =
            line.guarantee.map_or(Decimal::ZERO, |guarantee| guarantee.kind.reserve_rate().decimal());
        let guaranteed = product.bank_loan.decimal() * product.guarantee_rate.decimal();
        let share = product.fund_loan.decimal() + product.grant.decimal() + guaranteed * reserve;
        let need = largest.to_euros() * share;
        let budget = line.budget.total().to_euros();
        (need > budget * Decimal::new(25, 2)).then(|| {
            let need = Cents::from_euros(need.round_dp(2)).unwrap_or(largest);
            let message = told!(
                "un progetto di {largest} EUR con \"{name}\" prende {need} EUR dei {budget} EUR della linea {number}",
                "a project of {largest} EUR with \"{name}\" takes {need} EUR of the {budget} EUR of line {number}";
                largest,
                name = product.name,
                need,
                budget = line.budget.total(),
                number = line.number.word(),
            );
            ("name", message)
        })
    })
}

pub(super) fn horizon_sees_the_end(scenario: &Scenario) -> Option<Finding> {
    let fund = &scenario.fund;
    let needed = |line: &Line| {
        let recovery = line.loss.recovery.last().map_or(0, |step| step.after_quarters);
        fund.availability_quarters + line.disbursement_lag_quarters + line.loan.tenor_quarters + recovery
    };
    let longest = scenario.lines().max_by_key(|line| needed(line))?;
    if needed(longest) <= fund.horizon_quarters {
        return None;
    }
    let years = |quarters: u32| Decimal::new(i64::from(quarters) * 25, 2).normalize();
    finding(
        "fund.horizon_years",
        told!(
            "la linea {number} dura {needed} anni fino all’ultimo recupero, l’orizzonte è di {horizon}",
            "line {number} runs {needed} years to its last recovery, the horizon is {horizon}";
            number = longest.number.word(),
            needed = years(needed(longest)),
            horizon = years(fund.horizon_quarters),
        ),
    )
}
