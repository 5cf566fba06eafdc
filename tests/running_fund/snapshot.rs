//! Today's books of a simulated path: the rows that a fund manager would write.

use fesr::engine::PathSimulator;
use fesr::engine::applicants::Applicant;
use fesr::engine::events::{Event, Record, Who};
use fesr::plan::{Package, Plan};
use fesr::scenario::{
    BookedProject, BookedStatus, Borrower, Choice, FundOpening, LegalForm, LineOpening, Pipeline, Scenario,
    Size, Theme,
};
use fesr::units::{Cents, Share};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// How well the books tell what was simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// As it was.
    True,
    /// With moratoria, early repayments and given balances here and there, after a number.
    Rough(usize),
}

/// What is known of a project today.
#[derive(Clone, Copy)]
struct Known {
    applicant: Applicant,
    product: usize,
    package: Package,
    disbursed: u32,
    default: Option<(u32, f64)>,
    matured: bool,
}

/// The fund of a scenario as its path stands at the beginning of quarter `today`: rows for all projects disbursed before it,
/// and the applicants of its list from then on.
pub fn running_fund(scenario: &Scenario, path: u64, today: u32, precision: Precision) -> Scenario {
    let plan = Plan::resolve(scenario);
    let mut simulator = PathSimulator::with_recorder(&plan, Vec::<Record>::new());
    simulator.run(path).unwrap_or_else(|broken| panic!("{broken}"));
    let records = simulator.into_recorder();
    let known = known_projects(records.iter().take_while(|record| record.quarter < today));
    let mut running = scenario.clone();
    running.fund.today_quarter = today;
    for (slot, line) in running.line1.iter_mut().chain(&mut running.line2).enumerate() {
        let of_line = known.values().filter(|(who, _)| who.slot == slot);
        line.booked = of_line
            .enumerate()
            .map(|(position, (who, project))| {
                let age = today - 1 - project.disbursed;
                let status = match project.default {
                    Some((quarter, loss)) => {
                        let loss = Decimal::from_f64_retain(loss).expect("a number").round_dp(6);
                        BookedStatus::Defaulted { quarter, loss_given_default: Share::new(loss).unwrap() }
                    }
                    None if project.matured => BookedStatus::Repaid,
                    None => status_of_running(project, position, age, precision),
                };
                BookedProject {
                    borrower: Borrower {
                        id: format!("{}.{}", line.number.word(), who.number),
                        line: line.number,
                        quarter: project.applicant.arrival,
                        investment: project.applicant.investment,
                        theme: Theme::VALUES[project.applicant.theme],
                        legal_form: LegalForm::VALUES[project.applicant.legal_form],
                        size: Size::VALUES[project.applicant.size],
                        rating: project.applicant.rating,
                        product: Some(project.product),
                        accompanied: project.applicant.accompanied,
                        members: project.applicant.members,
                        forced_default_quarter: None,
                    },
                    disbursed_quarter: project.disbursed,
                    status,
                }
            })
            .collect();
        if let Pipeline::List(rows) = &mut line.pipeline {
            rows.retain(|row| row.quarter >= today);
            rows.iter_mut().for_each(|row| row.id = format!("{} to come", row.id));
        }
        if let Precision::Rough(number) = precision
            && number % 3 == 1
        {
            // More than there was, which is always possible.
            let given = line.budget.loans + line.budget.grants + Cents(number as i64);
            let guarantees = Some(Cents(1_234_567));
            line.opening = LineOpening { loans: Some(given), guarantees, grants: None };
        }
    }
    if let Precision::Rough(number) = precision
        && number % 4 == 1
    {
        let fees = Some(Cents(number as i64 * 100_000));
        running.fund.opening = FundOpening { fees, income: Some(Cents(-5_000)), returned: None };
    }
    running
}

fn status_of_running(project: &Known, position: usize, age: u32, precision: Precision) -> BookedStatus {
    let package = project.package;
    let (outstanding_fund, outstanding_bank) = match precision {
        Precision::Rough(number) if age > 0 => match (number + position) % 5 {
            0 => (Some(package.fund_loan), None),
            1 => (None, Some(package.bank_loan.times(0.37))),
            2 => (Some(package.fund_loan.times(0.61)), Some(package.bank_loan.times(0.92))),
            3 if number % 2 == 0 => return BookedStatus::Repaid,
            _ => (None, None),
        },
        Precision::Rough(_) | Precision::True => (None, None),
    };
    BookedStatus::Running { outstanding_fund, outstanding_bank }
}

/// Projects by order of disbursement.
fn known_projects<'r>(records: impl Iterator<Item = &'r Record>) -> BTreeMap<usize, (Who, Known)> {
    let mut applicants: BTreeMap<Who, Applicant> = BTreeMap::new();
    let mut order: BTreeMap<Who, usize> = BTreeMap::new();
    let mut known: BTreeMap<usize, (Who, Known)> = BTreeMap::new();
    for record in records {
        match record.event {
            Event::Applied { who, applicant } => {
                applicants.insert(who, applicant);
            }
            Event::Disbursed { who, product, package } => {
                let position = known.len();
                order.insert(who, position);
                let project = Known {
                    applicant: applicants[&who],
                    product,
                    package,
                    disbursed: record.quarter,
                    default: None,
                    matured: false,
                };
                known.insert(position, (who, project));
            }
            Event::Defaulted { who, facts } => {
                let project = &mut known.get_mut(&order[&who]).expect("disbursed").1;
                project.default = Some((record.quarter, facts.loss_given_default));
            }
            Event::Matured { who } => known.get_mut(&order[&who]).expect("disbursed").1.matured = true,
            _ => {}
        }
    }
    known
}
