//! What the applicants of a path are called.

use crate::engine::events::Who;
use crate::plan::{ApplicantSource, LinePlan, Plan};
use crate::scenario::LineNumber;

/// The names of a plan's applicants: the id in the list of borrowers, else line and number of arrival from 1 on, as in
/// `L1-7` (which no spreadsheet takes for a date). Both stay the same on every path and in every scenario that shares
/// list, seed and pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// By slot: the line, and the ids by number if it has a list.
    lines: Vec<(LineNumber, Vec<String>)>,
}

impl Names {
    /// Of a plan.
    pub fn new(plan: &Plan) -> Names {
        Names { lines: plan.lines.iter().map(|line| (line.number, ids(line))).collect() }
    }

    /// The name of an applicant.
    pub fn of(&self, who: Who) -> String {
        let (line, ids) = &self.lines[who.slot];
        match ids.get(who.number as usize) {
            Some(id) => id.clone(),
            None => format!("L{}-{}", line.word(), u64::from(who.number) + 1),
        }
    }
}

fn ids(line: &LinePlan) -> Vec<String> {
    match &line.applicants {
        ApplicantSource::Statistical(_) => line.listed_ids().map(str::to_string).collect(),
        ApplicantSource::List(rows) => {
            let mut ids = vec![String::new(); rows.len()];
            rows.iter().for_each(|row| ids[row.number as usize].clone_from(&row.id));
            ids.extend(line.booked.iter().map(|project| project.id.clone()));
            ids
        }
    }
}
