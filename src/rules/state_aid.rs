//! What breaks the rules on state aid: R118 to R120.

use super::Finding;
use super::conditions::{finding, joined, key};
use crate::locale::{Told, told};
use crate::plan::{LinePlan, Misfit, Plan, guarantee_misfit, loan_misfit};
use crate::scenario::{AidRoute, Line, Pipeline, Regime, Regulation, Scenario};
use crate::units::Cents;

/// The smallest and the largest investment that a line admits of those that occur.
fn investments(line: &Line) -> Option<(Cents, Cents)> {
    match &line.pipeline {
        Pipeline::Statistical(_) => Some((line.min_investment, line.max_investment)),
        Pipeline::List(borrowers) => {
            let admitted = borrowers
                .iter()
                .map(|borrower| borrower.investment)
                .filter(|investment| (line.min_investment..=line.max_investment).contains(investment));
            admitted.clone().min().zip(admitted.max())
        }
    }
}

/// The largest association that occurs.
fn most_members(line: &Line) -> u32 {
    let most = match &line.pipeline {
        Pipeline::Statistical(pipeline) => pipeline.members.iter().map(|entry| entry.category).max(),
        Pipeline::List(borrowers) => borrowers.iter().map(|borrower| borrower.members).max(),
    };
    most.unwrap_or(1)
}

/// Aid grows with the amount, but for the ends of simplified brackets, where it may fall: the smallest investment and those
/// just beyond such ends are the ones that a product is most likely to be open to.
pub(super) fn some_product_is_within_the_ceiling(scenario: &Scenario) -> Option<Finding> {
    match scenario.state_aid.regime {
        Regime::None => return None,
        Regime::DeMinimis => {}
    }
    let plan = Plan::resolve_for_few_paths(scenario);
    let findings = scenario
        .lines()
        .zip(&plan.lines)
        .filter_map(|(line, terms)| {
            let (smallest, largest) = investments(line)?;
            let (least, investment) = least_aid(scenario, terms, smallest, largest)?;
            let members = most_members(line);
            if terms.aid_fits(least, members) {
                return None;
            }
            let ceiling = scenario.aid_ceiling(line);
            let prior = line.state_aid.prior_aid;
            let already = match prior {
                Cents::ZERO => told!("", ""),
                prior => told!(", di cui {prior} EUR già ricevuti", ", of which {prior} EUR already received"; prior),
            };
            let among = match members {
                1 => told!("", ""),
                members => told!(" fra al massimo {members} imprese", " among at most {members} enterprises"; members),
            };
            Some(Finding {
                key: match line.state_aid.ceiling {
                    Some(_) => key(line, "state_aid.ceiling"),
                    None => "state_aid.ceiling".to_string(),
                },
                message: told!(
                    "ogni prodotto della linea {number} dà almeno {least} EUR di aiuto, a un progetto di {investment} EUR{among}; il massimale per impresa è {ceiling} EUR{already}",
                    "every product of line {number} gives at least {least} EUR of aid, to a project of {investment} EUR{among}; the ceiling per enterprise is {ceiling} EUR{already}";
                    number = line.number.word(),
                    least,
                    investment,
                    among,
                    ceiling,
                    already,
                ),
            })
        })
        .collect();
    joined(findings)
}

/// The least aid of any product and rating, and the investment that gets it.
fn least_aid(
    scenario: &Scenario,
    terms: &LinePlan,
    smallest: Cents,
    largest: Cents,
) -> Option<(Cents, Cents)> {
    let beyond = terms.bracket_ends().into_iter().map(|euros| Cents((euros + 2) * 100));
    let candidates = beyond.filter(|amount| (smallest..=largest).contains(amount)).chain([smallest]);
    candidates
        .flat_map(|investment| {
            (0..terms.products.len()).flat_map(move |product| {
                (0..scenario.credit.ratings.len()).map(move |rating| {
                    let package = terms.package(product, investment);
                    (terms.gross_grant_equivalent(product, rating, &package), investment)
                })
            })
        })
        .min()
}

/// Why the loan or the guarantee of a product fits no bracket at an investment.
pub fn misfits(
    scenario: &Scenario,
    line: &Line,
    terms: &LinePlan,
    product: usize,
    investment: Cents,
) -> Vec<Told> {
    let regulation = scenario.state_aid.regulation;
    let quarters = line.loan.tenor_quarters;
    let package = terms.package(product, investment);
    let told = |amount: Cents, misfit: Misfit| misfit_told(quarters, amount, misfit);
    let mut misfits = Vec::new();
    if package.fund_loan > Cents::ZERO
        && let Some(misfit) = loan_misfit(regulation, quarters, package.fund_loan)
    {
        let why = told(package.fund_loan, misfit);
        misfits.push(told!("il prestito del fondo {why}", "the fund loan {why}"; why));
    }
    if package.guaranteed > Cents::ZERO {
        let rate = line.products[product].guarantee_rate;
        if let Some(misfit) = guarantee_misfit(regulation, quarters, rate, package.guaranteed) {
            let why = told(package.guaranteed, misfit);
            misfits.push(told!("la garanzia {why}", "the guarantee {why}"; why));
        }
    }
    misfits
}

fn misfit_told(quarters: u32, amount: Cents, misfit: Misfit) -> Told {
    match misfit {
        Misfit::TooLong => told!(
            "dura {months} mesi, più dei 120 della soglia",
            "runs {months} months, longer than the 120 of the bracket";
            months = quarters * 3,
        ),
        Misfit::TooLarge { largest } => told!(
            "è {amount} EUR per {months} mesi, più dei {largest} EUR della soglia",
            "is {amount} EUR for {months} months, above the {largest} EUR of the bracket";
            amount,
            months = quarters * 3,
            largest,
        ),
        Misfit::CoversTooMuch => {
            told!("copre più dell’80 % del prestito", "covers more than 80% of the loan")
        }
    }
}

/// At the largest investment, where amounts are largest.
pub(super) fn brackets_fit(scenario: &Scenario) -> Option<Finding> {
    match scenario.state_aid.route {
        AidRoute::ReferenceRate => return None,
        AidRoute::Simplified => {}
    }
    let plan = Plan::resolve_for_few_paths(scenario);
    let mut findings = Vec::new();
    for (line, terms) in scenario.lines().zip(&plan.lines) {
        let Some((_, largest)) = investments(line) else { continue };
        for (position, product) in line.products.iter().enumerate() {
            for why in misfits(scenario, line, terms, position, largest) {
                let message = told!(
                    "\"{name}\" della linea {number}, progetto di {largest} EUR: {why}",
                    "\"{name}\" of line {number}, project of {largest} EUR: {why}";
                    name = product.name,
                    number = line.number.word(),
                    largest,
                    why,
                );
                findings.extend(finding("state_aid.route", message));
            }
        }
    }
    joined(findings)
}

/// The ceilings are those of the regulation, and it is in force while projects are approved.
pub(super) fn ceiling_is_that_of_the_regulation(scenario: &Scenario) -> Option<Finding> {
    match scenario.state_aid.regime {
        Regime::None => return None,
        Regime::DeMinimis => {}
    }
    let regulation = scenario.state_aid.regulation;
    let (most, of_interest) = (regulation.ceiling(), regulation.ceiling_of_general_interest());
    let mut findings: Vec<Finding> = scenario
        .lines()
        .filter_map(|line| {
            let ceiling = scenario.aid_ceiling(line);
            let name = match line.state_aid.ceiling {
                Some(_) => key(line, "state_aid.ceiling"),
                None => "state_aid.ceiling".to_string(),
            };
            let message = told!(
                "il massimale della linea {number} è {ceiling} EUR, il Reg. (UE) {regulation} ne ammette {most} ({of_interest} per i servizi di interesse economico generale)",
                "the ceiling of line {number} is {ceiling} EUR, Reg. (EU) {regulation} admits {most} ({of_interest} for services of general economic interest)";
                number = line.number.word(),
                ceiling,
                regulation = regulation.word(),
                most,
                of_interest,
            );
            (ceiling > most && ceiling != of_interest).then_some(Finding { key: name, message })
        })
        .collect();
    let fund = &scenario.fund;
    let last = fund.start.plus(fund.availability_quarters.saturating_sub(1));
    let out_of_force = match regulation {
        Regulation::Of2013 => last.year() > 2023,
        Regulation::Of2023 => fund.start.year() < 2024 || last.year() > 2030,
    };
    if out_of_force {
        let message = told!(
            "i progetti sono approvati da {first} a {last}, il Reg. (UE) {regulation} vale {when}",
            "projects are approved from {first} to {last}, Reg. (EU) {regulation} holds {when}";
            first = fund.start.to_string(),
            last = last.to_string(),
            regulation = regulation.word(),
            when = match regulation {
                Regulation::Of2013 => told!("fino al 2023", "until 2023"),
                Regulation::Of2023 => told!("dal 2024 al 2030", "from 2024 to 2030"),
            },
        );
        findings.extend(finding("state_aid.regulation", message));
    }
    joined(findings)
}
