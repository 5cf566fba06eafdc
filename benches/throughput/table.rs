//! Rows of work measured in turn, and the median of their rounds.

use std::time::Instant;

/// A row of a table: a name, and work over so many paths.
pub struct Row<'a> {
    name: String,
    paths: usize,
    work: Box<dyn FnMut(usize) + 'a>,
    rounds: Vec<f64>,
}

impl<'a> Row<'a> {
    /// A row that was not measured yet.
    pub fn new(name: impl Into<String>, paths: usize, work: impl FnMut(usize) + 'a) -> Row<'a> {
        Row { name: name.into(), paths, work: Box::new(work), rounds: Vec::new() }
    }

    /// Least time of a path in microseconds.
    fn best(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Median time of a path in microseconds.
    pub fn median(&self) -> f64 {
        median(&self.rounds)
    }
}

/// The middle value.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Runs all rows one after the other, so many times over and once before to warm up: what else the machine does then
/// meets all rows alike.
pub fn measure(rows: &mut [Row], rounds: usize) {
    for round in 0..=rounds {
        for row in rows.iter_mut() {
            let started = Instant::now();
            (row.work)(row.paths);
            let microseconds = started.elapsed().as_secs_f64() * 1e6 / row.paths as f64;
            if round > 0 {
                row.rounds.push(microseconds);
            }
        }
    }
}

/// Prints rows that were measured.
pub fn print(title: &str, rows: &[Row]) {
    println!("\n{title}");
    let first = rows[0].median();
    for row in rows {
        let median = row.median();
        println!("  {:<34} {median:>9.3} us a path   first row / this {:>7.2}", row.name, first / median);
    }
}

/// How many times as long one row takes as another, each at its best: what was not interrupted.
pub fn ratio(slow: &Row, fast: &Row) -> f64 {
    slow.best() / fast.best()
}
