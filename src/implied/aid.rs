//! What a scenario's products are worth as state aid: gross grant equivalents by product, rating and size of the project.

use crate::locale::Told;
use crate::plan::{ApplicantSource, Plan};
use crate::rules::misfits;
use crate::scenario::{AidRoute, Line, LineNumber, Scenario};
use crate::units::Cents;

/// Gross grant equivalents of one line.
#[derive(Clone, Debug)]
pub struct LineAidTable {
    /// Which line.
    pub number: LineNumber,
    /// Largest aid of one enterprise, if it is limited.
    pub ceiling: Option<Cents>,
    /// What each enterprise has got before.
    pub prior_aid: Cents,
    /// Smallest, median and largest investment: the ends of what the line admits and the median of what is drawn between
    /// them, or those of the admitted borrowers listed.
    pub investments: [Cents; 3],
    /// By product and rating; one row of all ratings where they make no difference.
    pub rows: Vec<AidRow>,
    /// Where a simplified bracket does not fit.
    pub misfits: Vec<BracketMisfit>,
}

/// Gross grant equivalents of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AidRow {
    /// Name of the product.
    pub product: String,
    /// Name of the rating; `None`: all.
    pub rating: Option<String>,
    /// At the smallest, median and largest investment.
    pub aid: [AidCell; 3],
}

/// The gross grant equivalent of one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AidCell {
    /// The amount.
    pub gross_grant_equivalent: Cents,
    /// Whether the ceiling leaves it open to an enterprise alone.
    pub open: bool,
}

/// Why a product fits no bracket at one of the three investments.
#[derive(Clone, Debug)]
pub struct BracketMisfit {
    /// Name of the product.
    pub product: String,
    /// The investment.
    pub investment: Cents,
    /// Why.
    pub reason: Told,
}

/// The tables of all lines; empty where aid is neither limited nor described.
pub fn aid_tables(scenario: &Scenario) -> Vec<LineAidTable> {
    let plan = Plan::resolve_for_few_paths(scenario);
    if !plan.reports_aid {
        return Vec::new();
    }
    let lines = scenario.lines().zip(&plan.lines).enumerate();
    lines.filter_map(|(slot, (line, _))| aid_table(scenario, line, &plan, slot)).collect()
}

fn aid_table(scenario: &Scenario, line: &Line, plan: &Plan, slot: usize) -> Option<LineAidTable> {
    let terms = &plan.lines[slot];
    let (investments, occurs) = investments(plan, slot)?;
    let cell = |product: usize, rating: usize, investment: Cents| {
        let package = terms.package(product, investment);
        let gross_grant_equivalent = terms.gross_grant_equivalent(product, rating, &package);
        AidCell { gross_grant_equivalent, open: terms.aid_fits(gross_grant_equivalent, 1) }
    };
    let ratings: Vec<usize> = (0..plan.credit.hazards.len()).filter(|&rating| occurs(rating)).collect();
    let mut rows = Vec::new();
    let mut found = Vec::new();
    for (position, product) in line.products.iter().enumerate() {
        let of_rating = |rating: usize| investments.map(|investment| cell(position, rating, investment));
        let cells: Vec<[AidCell; 3]> = ratings.iter().map(|&rating| of_rating(rating)).collect();
        let alike = cells.windows(2).all(|pair| pair[0] == pair[1]);
        for (&rating, &aid) in ratings.iter().zip(&cells).take(if alike { 1 } else { cells.len() }) {
            let rating = (!alike).then(|| plan.credit.rating_names[rating].clone());
            rows.push(AidRow { product: product.name.clone(), rating, aid });
        }
        match scenario.state_aid.route {
            AidRoute::ReferenceRate => {}
            AidRoute::Simplified => {
                let mut before = None;
                for investment in
                    investments.into_iter().filter(|&amount| before.replace(amount) != Some(amount))
                {
                    for reason in misfits(scenario, line, terms, position, investment) {
                        found.push(BracketMisfit { product: product.name.clone(), investment, reason });
                    }
                }
            }
        }
    }
    Some(LineAidTable {
        number: line.number,
        ceiling: terms.aid_room.map(|_| scenario.aid_ceiling(line)),
        prior_aid: line.state_aid.prior_aid,
        investments,
        rows,
        misfits: found,
    })
}

/// Whether a rating occurs among a line's applicants.
type Occurs<'a> = Box<dyn Fn(usize) -> bool + 'a>;

/// Smallest, median and largest investment, and which ratings occur; `None` for a list that has nobody whom the line admits.
fn investments(plan: &Plan, slot: usize) -> Option<([Cents; 3], Occurs<'_>)> {
    let line = &plan.lines[slot];
    match &line.applicants {
        ApplicantSource::Statistical(source) => {
            let median = source.investment.draw(0.5);
            let smallest = line.min_investment.min(median);
            let largest = line.max_investment.max(median);
            Some(([smallest, median, largest], Box::new(|rating| source.ratings.probability(rating) > 0.0)))
        }
        ApplicantSource::List(rows) => {
            let admitted = line.min_investment..=line.max_investment;
            let mut amounts: Vec<Cents> =
                rows.iter().map(|row| row.investment).filter(|amount| admitted.contains(amount)).collect();
            amounts.sort_unstable();
            let (smallest, largest) = (*amounts.first()?, *amounts.last()?);
            let median = amounts[(amounts.len() - 1) / 2];
            Some((
                [smallest, median, largest],
                Box::new(|rating| rows.iter().any(|row| row.rating == rating)),
            ))
        }
    }
}
