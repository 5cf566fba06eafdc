//! The table of rules and the function of each.

use super::{Finding, Kind, Rule};
use crate::locale::Numbers;
use crate::scenario::{
    GuaranteeKind, Language, LegalForm, Line, LineNumber, Period, Pipeline, Product, Scenario, Size,
};
use crate::units::{Cents, Rate};
use rust_decimal::Decimal;

/// All rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: "R101",
        kind: Kind::Error,
        waivable: false,
        demand: "budgets + fees budget = endowment, to the cent",
        reason: "every euro of the endowment has a purpose",
        source: "accounting",
        change: "change a budget or the endowment so that they agree",
        broken_by: budgets_are_the_endowment,
    },
    Rule {
        code: "R102",
        kind: Kind::Error,
        waivable: true,
        demand: "line 1 min_investment >= 1,000,000 EUR",
        reason: "line 1 is for significant investment programmes",
        source: "WECARE, FESR measure, line 1",
        change: "write min_investment = 1_000_000 or more in [line1]",
        broken_by: line1_is_for_large_projects,
    },
    Rule {
        code: "R103",
        kind: Kind::Error,
        waivable: true,
        demand: "line 2 max_investment <= 100,000 EUR",
        reason: "line 2 is for small projects",
        source: "WECARE, FESR measure, line 2",
        change: "write max_investment = 100_000 or less in [line2]",
        broken_by: line2_is_for_small_projects,
    },
    Rule {
        code: "R104",
        kind: Kind::Error,
        waivable: true,
        demand: "no grants in line 1",
        reason: "capital grants are limited to small projects",
        source: "WECARE, FESR measure: \"contributi in conto capitale limitato ai progetti di piccolo taglio\"",
        change: "set the grants budget and every grant share of line 1 to 0",
        broken_by: line1_gives_no_grants,
    },
    Rule {
        code: "R105",
        kind: Kind::Error,
        waivable: true,
        demand: "line 1 admits non-profit SMEs only",
        reason: "line 1 is for non-profit enterprises, alone or associated",
        source: "WECARE, FESR measure, line 1",
        change: "write legal_forms = [\"nonprofit\"] in [line1]",
        broken_by: line1_admits_nonprofits,
    },
    Rule {
        code: "R106",
        kind: Kind::Error,
        waivable: true,
        demand: "line 2 admits micro and small enterprises only",
        reason: "line 2 is for micro and small enterprises",
        source: "WECARE, FESR measure, line 2",
        change: "write sizes = [\"micro\", \"small\"] in [line2]",
        broken_by: line2_admits_micro_and_small,
    },
    Rule {
        code: "R107",
        kind: Kind::Error,
        waivable: false,
        demand: "shares add up to 1; fund loan + guaranteed loan + grant <= the investment",
        reason: "support must not exceed what it supports",
        source: "Reg. (EU) 1303/2013 art. 37(8)-(9)",
        change: "change the shares of the product",
        broken_by: support_is_within_the_investment,
    },
    Rule {
        code: "R108",
        kind: Kind::Error,
        waivable: true,
        demand: "guarantee rate <= 80%",
        reason: "the bank must keep a part of the risk",
        source: "Reg. (EU) 964/2014 annex III; guarantee notice 2008/C 155/02",
        change: "write guarantee_rate = \"80%\" or less",
        broken_by: bank_keeps_a_risk,
    },
    Rule {
        code: "R109",
        kind: Kind::Warning,
        waivable: true,
        demand: "cap rate <= 25%",
        reason: "the standard capped guarantee limits net calls to a quarter of the portfolio",
        source: "Reg. (EU) 964/2014 annex III",
        change: "write cap_rate = \"25%\" or less",
        broken_by: cap_is_within_the_standard,
    },
    Rule {
        code: "R110",
        kind: Kind::Warning,
        waivable: true,
        demand: "fund share of a co-loan <= 75%",
        reason: "in the standard risk-sharing loan the bank lends at least a quarter",
        source: "Reg. (EU) 964/2014 annex II",
        change: "lower fund_loan or raise bank_loan",
        broken_by: bank_lends_a_quarter,
    },
    Rule {
        code: "R111",
        kind: Kind::Warning,
        waivable: true,
        demand: "tenor 12 to 120 months, grace included",
        reason: "the standard instruments have loans of one to ten years",
        source: "Reg. (EU) 964/2014 annexes II, III",
        change: "write tenor_quarters between 4 and 40",
        broken_by: tenor_is_within_the_standard,
    },
    Rule {
        code: "R112",
        kind: Kind::Warning,
        waivable: true,
        demand: "fees: base <= 0.5%, performance <= 1% / 1.5% / 0.5%, cap <= 8 / 10 / 6% (loans / guarantees / grants)",
        reason: "management costs are eligible up to these thresholds",
        source: "Reg. (EU) 480/2014 art. 13",
        change: "lower the fees or their cap in [fund.fees]",
        broken_by: fees_are_within_the_thresholds,
    },
    Rule {
        code: "R113",
        kind: Kind::Warning,
        waivable: true,
        demand: "tranches <= 25% each, triggers 60% then 85%",
        reason: "the endowment is claimed in phased applications for payment",
        source: "Reg. (EU) 1303/2013 art. 41",
        change: "write tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] } in [fund]",
        broken_by: endowment_comes_in_tranches,
    },
    Rule {
        code: "R114",
        kind: Kind::Warning,
        waivable: true,
        demand: "endowment 5,000,000 EUR, availability to 31 Dec 2023 (2014-2020), re-use 8 years after",
        reason: "the measure and its period of eligibility",
        source: "WECARE; Reg. (EU) 1303/2013 arts 45, 65",
        change: "change endowment, start, availability_years or horizon_years in [fund]",
        broken_by: measure_is_as_decided,
    },
    Rule {
        code: "R115",
        kind: Kind::Warning,
        waivable: true,
        demand: "grants together with the instrument only from 2021",
        reason: "in 2014-2020 grants are a separate operation with its own ledger",
        source: "Reg. (EU) 2021/1060 art. 58(5)",
        change: "give grants in a product of their own, or write period = \"2021-2027\"",
        broken_by: grants_stand_alone_before_2021,
    },
    Rule {
        code: "R116",
        kind: Kind::Warning,
        waivable: true,
        demand: "one project takes at most 25% of its line's budget",
        reason: "a line should not depend on one project",
        source: "prudence",
        change: "lower max_investment or the fund's shares, or enlarge the line",
        broken_by: no_project_takes_a_quarter,
    },
    Rule {
        code: "R117",
        kind: Kind::Warning,
        waivable: true,
        demand: "horizon >= availability + disbursement lag + longest tenor + last recovery",
        reason: "money would be outstanding at the horizon",
        source: "model",
        change: "lengthen horizon_years",
        broken_by: horizon_sees_the_end,
    },
];

fn finding(key: impl Into<String>, message: impl Into<String>) -> Option<Finding> {
    Some(Finding { key: key.into(), message: message.into() })
}

/// The first finding's key with all messages.
fn joined(findings: Vec<Finding>) -> Option<Finding> {
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    let message = messages.join("; ");
    findings.first().map(|first| Finding { key: first.key.clone(), message })
}

fn key(line: &Line, name: &str) -> String {
    format!("line{}.{name}", line.number.word())
}

/// An amount for an English message: 1,000,000.00 EUR.
fn euros(amount: Cents) -> String {
    format!("{} EUR", Numbers::new(Language::English).decimal(amount.to_f64() / 100.0, 2))
}

fn percent(value: Decimal) -> String {
    format!("{}%", (value * Decimal::ONE_HUNDRED).round_dp(4).normalize())
}

/// Every product of every line that a test finds fault with.
fn products(
    scenario: &Scenario,
    fault: impl Fn(&Line, &Product) -> Option<(&'static str, String)>,
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

fn budgets_are_the_endowment(scenario: &Scenario) -> Option<Finding> {
    let budgets: Cents = scenario.lines().map(|line| line.budget.total()).sum();
    let (fees, endowment) = (scenario.fund.fees.budget, scenario.fund.endowment);
    let difference = budgets + fees - endowment;
    let judged = match difference.0.signum() {
        0 => return None,
        1 => format!("{} too much", euros(difference)),
        _ => format!("{} is missing", euros(-difference)),
    };
    let message = format!(
        "the lines' budgets ({}) and the fees budget ({}) add up to {}, not to the endowment of {}: {judged}",
        euros(budgets),
        euros(fees),
        euros(budgets + fees),
        euros(endowment)
    );
    finding("fund.endowment", message)
}

fn line1_is_for_large_projects(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::One)?;
    let least = line.min_investment;
    (least < Cents(100_000_000)).then(|| Finding {
        key: key(line, "min_investment"),
        message: format!("line 1 admits projects from {}", euros(least)),
    })
}

fn line2_is_for_small_projects(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::Two)?;
    let most = line.max_investment;
    (most > Cents(10_000_000)).then(|| Finding {
        key: key(line, "max_investment"),
        message: format!("line 2 admits projects up to {}", euros(most)),
    })
}

fn line1_gives_no_grants(scenario: &Scenario) -> Option<Finding> {
    let line = scenario.line(LineNumber::One)?;
    let mut findings = Vec::new();
    if line.budget.grants != Cents::ZERO {
        findings.extend(finding(
            key(line, "budget.grants"),
            format!("line 1 has a grants budget of {}", euros(line.budget.grants)),
        ));
    }
    for product in line.products.iter().filter(|product| !product.grant.is_zero()) {
        findings.extend(finding(
            key(line, &format!("product.{}.grant", product.name)),
            format!("product \"{}\" of line 1 grants {}", product.name, percent(product.grant.decimal())),
        ));
    }
    joined(findings)
}

fn line1_admits_nonprofits(scenario: &Scenario) -> Option<Finding> {
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
    finding(key(line, "legal_forms"), format!("line 1 admits {}", others.join(", ")))
}

fn line2_admits_micro_and_small(scenario: &Scenario) -> Option<Finding> {
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
    finding(key(line, "sizes"), format!("line 2 admits {} enterprises", others.join(", ")))
}

fn support_is_within_the_investment(scenario: &Scenario) -> Option<Finding> {
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
            Some(("own_funds", format!("the shares of \"{}\" add up to {}", product.name, percent(total))))
        } else if support > Decimal::ONE {
            Some((
                "fund_loan",
                format!("\"{}\" supports {} of the investment", product.name, percent(support)),
            ))
        } else {
            None
        }
    })
}

fn bank_keeps_a_risk(scenario: &Scenario) -> Option<Finding> {
    products(scenario, |_, product| {
        let rate = product.guarantee_rate.decimal();
        (rate > Decimal::new(80, 2)).then(|| {
            ("guarantee_rate", format!("\"{}\" guarantees {} of the bank loan", product.name, percent(rate)))
        })
    })
}

fn cap_is_within_the_standard(scenario: &Scenario) -> Option<Finding> {
    let findings = scenario.lines().filter_map(|line| match line.guarantee.as_ref()?.kind {
        GuaranteeKind::Capped { cap_rate } if cap_rate.decimal() > Decimal::new(25, 2) => finding(
            key(line, "guarantee.cap_rate"),
            format!("the cap rate of line {} is {}", line.number.word(), percent(cap_rate.decimal())),
        ),
        GuaranteeKind::Capped { .. } | GuaranteeKind::Uncapped { .. } => None,
    });
    joined(findings.collect())
}

/// Applies to products in which both lend.
fn bank_lends_a_quarter(scenario: &Scenario) -> Option<Finding> {
    products(scenario, |_, product| {
        let (fund, bank) = (product.fund_loan.decimal(), product.bank_loan.decimal());
        if fund.is_zero() || bank.is_zero() || fund <= Decimal::new(75, 2) * (fund + bank) {
            return None;
        }
        Some((
            "fund_loan",
            format!("the fund lends {} of the loans of \"{}\"", percent(fund / (fund + bank)), product.name),
        ))
    })
}

fn tenor_is_within_the_standard(scenario: &Scenario) -> Option<Finding> {
    let findings =
        scenario.lines().filter(|line| !(4..=40).contains(&line.loan.tenor_quarters)).filter_map(|line| {
            let months = line.loan.tenor_quarters * 3;
            finding(
                key(line, "loan.tenor_quarters"),
                format!("loans of line {} run {months} months", line.number.word()),
            )
        });
    joined(findings.collect())
}

/// Thresholds of the period 2014-2020; the cap on the whole is their mean weighted by the budgets.
fn fees_are_within_the_thresholds(scenario: &Scenario) -> Option<Finding> {
    if scenario.fund.period != Period::From2014 {
        return None;
    }
    let fees = &scenario.fund.fees;
    let thousandths = |number| Decimal::new(number, 3);
    let mut findings = Vec::new();
    let mut above = |name: &str, rate: Rate, most: Decimal| {
        if rate.decimal() > most {
            let message =
                format!("the {name} fee is {}, the threshold {}", percent(rate.decimal()), percent(most));
            findings.extend(finding(format!("fund.fees.{name}"), message));
        }
    };
    if let Some(highest) = fees.base.iter().max() {
        above("base", *highest, thousandths(5));
    }
    above("loans", fees.loans, thousandths(10));
    above("guarantees", fees.guarantees, thousandths(15));
    above("grants", fees.grants, thousandths(5));
    let charges =
        fees.base.iter().chain([&fees.loans, &fees.guarantees, &fees.grants]).any(|rate| !rate.is_zero());
    let most = weighted_cap(scenario);
    if charges && fees.cap.decimal() > most {
        let message = format!(
            "fees may reach {} of the endowment, the threshold weighted by the budgets is {}",
            percent(fees.cap.decimal()),
            percent(most)
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

fn endowment_comes_in_tranches(scenario: &Scenario) -> Option<Finding> {
    if scenario.fund.period != Period::From2014 {
        return None;
    }
    let mut findings = Vec::new();
    for (index, tranche) in scenario.fund.tranches.iter().enumerate() {
        let (share, trigger) = (tranche.share.decimal(), tranche.trigger.decimal());
        let least = match index {
            0 => Decimal::ZERO,
            1 => Decimal::new(60, 2),
            _ => Decimal::new(85, 2),
        };
        if share > Decimal::new(25, 2) {
            let message = format!("tranche {} is {} of the endowment", index + 1, percent(share));
            findings.extend(finding("fund.tranches.shares", message));
        }
        if trigger < least {
            let message = format!(
                "tranche {} is due at {} spent, not at {}",
                index + 1,
                percent(trigger),
                percent(least)
            );
            findings.extend(finding("fund.tranches.triggers", message));
        }
    }
    joined(findings)
}

fn measure_is_as_decided(scenario: &Scenario) -> Option<Finding> {
    let fund = &scenario.fund;
    let mut findings = Vec::new();
    if fund.endowment != Cents(500_000_000) {
        findings.extend(finding("fund.endowment", format!("the endowment is {}", euros(fund.endowment))));
    }
    let last = fund.start.plus(fund.availability_quarters.saturating_sub(1));
    if fund.period == Period::From2014 && last.year() > 2023 {
        findings.extend(finding("fund.availability_years", format!("projects are approved until {last}")));
    }
    let after = fund.horizon_quarters.saturating_sub(fund.availability_quarters);
    if after < 32 {
        let years = Decimal::new(i64::from(after) * 25, 2).normalize();
        let message = format!("the horizon is {years} years after the availability period, re-use lasts 8");
        findings.extend(finding("fund.horizon_years", message));
    }
    joined(findings)
}

fn grants_stand_alone_before_2021(scenario: &Scenario) -> Option<Finding> {
    if scenario.fund.period == Period::From2021 {
        return None;
    }
    products(scenario, |_, product| {
        let instrument = !product.fund_loan.is_zero()
            || (!product.guarantee_rate.is_zero() && !product.bank_loan.is_zero());
        (instrument && !product.grant.is_zero()).then(|| {
            ("grant", format!("\"{}\" combines a grant with a loan or guarantee of the fund", product.name))
        })
    })
}

fn no_project_takes_a_quarter(scenario: &Scenario) -> Option<Finding> {
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
            let (largest, need, budget) = (euros(largest), euros(need), euros(line.budget.total()));
            let (name, number) = (&product.name, line.number.word());
            (
                "name",
                format!(
                    "a project of {largest} with \"{name}\" takes {need} of the {budget} of line {number}"
                ),
            )
        })
    })
}

fn horizon_sees_the_end(scenario: &Scenario) -> Option<Finding> {
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
        format!(
            "line {} runs {} years to its last recovery, the horizon is {}",
            longest.number.word(),
            years(needed(longest)),
            years(fund.horizon_quarters)
        ),
    )
}
