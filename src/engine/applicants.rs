//! Who applies: the enterprises of a path, each with its own luck, addressed by line and number.
//!
//! The n-th applicant of a line on path p is the same enterprise with the same luck in every scenario that shares
//! seed and pipeline, whatever the mix: nothing here depends on budgets, products or what happened before.

use super::events::Ineligibility;
use crate::numeric::poisson::{poisson_parts, poisson_quantile};
use crate::plan::{ApplicantSource, LinePlan, Plan};
use crate::random::{Address, Purpose};
use crate::units::Cents;

/// One application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Number of the applicant in its line on this path: addresses its luck.
    pub number: u32,
    /// Position in the line's list of borrowers, if it has one.
    pub listed: Option<u32>,
    /// Quarter of arrival.
    pub arrival: u32,
    /// Investment of the project.
    pub investment: Cents,
    /// Theme by position.
    pub theme: usize,
    /// Legal form by position.
    pub legal_form: usize,
    /// Size by position.
    pub size: usize,
    /// Rating by position.
    pub rating: usize,
    /// Whether it is accompanied.
    pub accompanied: bool,
    /// Enterprises that apply together as this applicant.
    pub members: u32,
    /// Preferred product by position.
    pub preferred: usize,
    /// Whether it accepts another product.
    pub accepts_other: bool,
}

impl Applicant {
    /// Why the line does not admit investment, legal form or size; `None` if it does.
    pub fn refused_by(&self, line: &LinePlan) -> Option<Ineligibility> {
        if self.investment < line.min_investment {
            Some(Ineligibility::TooSmall)
        } else if self.investment > line.max_investment {
            Some(Ineligibility::TooLarge)
        } else if !line.admits_legal_form[self.legal_form] {
            Some(Ineligibility::LegalForm)
        } else if !line.admits_size[self.size] {
            Some(Ineligibility::SizeClass)
        } else {
            None
        }
    }
}

/// Draws the applicants of one path, quarter after quarter.
pub struct Arrivals<'p> {
    plan: &'p Plan,
    path: u64,
    /// Applicants of each line so far; of a list, rows of it. Numbers of drawn ones follow those on the books.
    drawn: Vec<u32>,
}

impl<'p> Arrivals<'p> {
    /// Nobody has applied yet.
    pub fn new(plan: &'p Plan, path: u64) -> Self {
        let first = |line: &LinePlan| match line.applicants {
            ApplicantSource::Statistical(_) => line.booked.len() as u32,
            ApplicantSource::List(_) => 0,
        };
        Arrivals { plan, path, drawn: plan.lines.iter().map(first).collect() }
    }

    /// Appends the applicants of a line (by slot) in an open quarter, in order of arrival.
    pub fn append(&mut self, slot: usize, quarter: u32, demand_level: f64, applicants: &mut Vec<Applicant>) {
        let line = &self.plan.lines[slot];
        match &line.applicants {
            ApplicantSource::Statistical(source) => {
                let mean = source.arrivals[quarter as usize] * demand_level;
                let count = self.arrivals(line, quarter, mean);
                for _ in 0..count {
                    let number = self.drawn[slot];
                    self.drawn[slot] += 1;
                    let mut stream = self.address(line, Purpose::Enterprise, number).stream();
                    let investment = source.investment.draw(stream.uniform());
                    let theme = source.themes.pick(stream.uniform());
                    let legal_form = source.legal_forms.pick(stream.uniform());
                    let size = source.sizes.pick(stream.uniform());
                    let rating = source.ratings.pick(stream.uniform());
                    let accompanied = stream.uniform() < source.accompanied;
                    let members = match &source.members {
                        None => 1,
                        Some(law) => {
                            law.pick(self.address(line, Purpose::Members, number).uniforms()[0]) as u32 + 1
                        }
                    };
                    let (preferred, accepts_other) = self.preference(line, number, None);
                    applicants.push(Applicant {
                        number,
                        listed: None,
                        arrival: quarter,
                        investment,
                        theme,
                        legal_form,
                        size,
                        rating,
                        accompanied,
                        members,
                        preferred,
                        accepts_other,
                    });
                }
            }
            ApplicantSource::List(rows) => {
                while let Some(row) = rows.get(self.drawn[slot] as usize).filter(|row| row.quarter == quarter)
                {
                    let position = self.drawn[slot];
                    self.drawn[slot] += 1;
                    let (preferred, accepts_other) = self.preference(line, row.number, row.product);
                    applicants.push(Applicant {
                        number: row.number,
                        listed: Some(position),
                        arrival: quarter,
                        investment: row.investment,
                        theme: row.theme,
                        legal_form: row.legal_form,
                        size: row.size,
                        rating: row.rating,
                        accompanied: row.accompanied,
                        members: row.members,
                        preferred,
                        accepts_other,
                    });
                }
            }
        }
    }

    fn address(&self, line: &LinePlan, purpose: Purpose, index: u32) -> Address {
        Address { seed: self.plan.seed, path: self.path, purpose, line: line.number.index() as u8 + 1, index }
    }

    /// Poisson number of arrivals of a quarter.
    fn arrivals(&self, line: &LinePlan, quarter: u32, mean: f64) -> u64 {
        let (parts, mean_of_each) = poisson_parts(mean);
        let mut stream = self.address(line, Purpose::Arrivals, quarter).stream();
        (0..parts).map(|_| poisson_quantile(mean_of_each, stream.uniform())).sum()
    }

    /// Preferred product, named or drawn by demand, and whether another is accepted.
    fn preference(&self, line: &LinePlan, number: u32, named: Option<usize>) -> (usize, bool) {
        let [demand, acceptance] = self.address(line, Purpose::Preference, number).uniforms();
        (named.unwrap_or_else(|| line.demand.pick(demand)), acceptance < line.fallback)
    }
}
