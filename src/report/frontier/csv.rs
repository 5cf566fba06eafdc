//! `frontier.csv`: one number of one mix a row; `mixes.csv`: one mix a row.

use super::{Envelope, Frontier, MixPoint};
use crate::report::limits::Verdict;
use crate::report::number_text::{fixed, natural};
use crate::report::table_shape::studies;
use crate::report::tables::{Table, statistic_name};

fn shares(point: &MixPoint) -> [String; 3] {
    point.shares.map(|share| fixed(share, 6))
}

/// Every objective of every mix that was simulated; `mix` is the row's number in `mixes.csv`, 0 the scenario's own.
pub fn frontier_csv(frontier: &Frontier) -> String {
    let mut table = Table::shaped(&studies::FRONTIER);
    for (number, point) in frontier.points.iter().enumerate() {
        for (measure, value) in frontier.objectives.iter().zip(&point.values) {
            let Some(value) = value else { continue };
            let unit = measure.metric.unit();
            let [guarantees, loans, grants] = shares(point);
            let numbers =
                [value.estimate.value, value.estimate.std_error, value.interval.0, value.interval.1];
            let [number_text, error, low, high] = numbers.map(|number| natural(unit, number));
            table.row(&[
                number.to_string(),
                guarantees,
                loans,
                grants,
                measure.metric.id().to_string(),
                "all".to_string(),
                unit.word().to_string(),
                statistic_name(measure.statistic),
                number_text,
                error,
                low,
                high,
                point.paths.to_string(),
            ]);
        }
    }
    table.into_text()
}

/// Every mix: its money, what of it was used, and how it was judged.
pub fn mixes_csv(frontier: &Frontier) -> String {
    let mut table = Table::shaped(&studies::MIXES);
    for (number, point) in frontier.points.iter().enumerate() {
        let mut cells = vec![number.to_string()];
        cells.extend(shares(point));
        cells.extend(point.budget.map(|part| part.to_string()));
        cells.extend(match point.used {
            None => [const { String::new() }; 3],
            Some(used) => used.map(|amount| fixed(amount, 4)),
        });
        cells.push(point.unused().map_or(String::new(), |amount| fixed(amount, 4)));
        let binding = point.binding();
        cells.push(binding.map_or("", |(envelope, _)| envelope.word()).to_string());
        cells.push(binding.map_or(String::new(), |(_, use_)| fixed(use_, 6)));
        cells.push(
            point.missing.iter().map(|envelope: &Envelope| envelope.word()).collect::<Vec<_>>().join(" "),
        );
        cells.push(point.forbidden.join(" "));
        let count = |verdict| point.limits.iter().filter(|limit| limit.verdict == verdict).count();
        cells.push(count(Verdict::Broken).to_string());
        cells.push(count(Verdict::NotSettled).to_string());
        cells.push(point.dominated_by.map_or(String::new(), |other| other.to_string()));
        let wanted: Vec<&str> = frontier
            .recommendations
            .iter()
            .filter(|recommendation| recommendation.best.is_some_and(|(best, _)| best == number))
            .map(|recommendation| recommendation.preference.word())
            .collect();
        cells.push(wanted.join(" "));
        table.row(&cells);
    }
    table.into_text()
}
