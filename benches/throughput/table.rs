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

    /// Another round.
    fn measure(&mut self) {
        let started = Instant::now();
        (self.work)(self.paths);
        self.rounds.push(started.elapsed().as_secs_f64() * 1e6 / self.paths as f64);
    }

    /// Least time of a path in microseconds.
    fn best(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Median time of a path in microseconds.
    fn median(&self) -> f64 {
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
    rows.iter_mut().for_each(|row| (row.work)(row.paths));
    for _ in 0..rounds {
        rows.iter_mut().for_each(Row::measure);
    }
}

/// A table of rows.
#[derive(Clone, Copy)]
pub struct Table<'t> {
    pub title: &'static str,
    /// Rounds that count.
    pub rounds: usize,
    /// Only the rows whose names contain this, once.
    pub only: Option<&'t str>,
}

impl Table<'_> {
    /// Measures the rows and prints them.
    pub fn measure_and_print(self, mut rows: Vec<Row>) {
        if let Some(only) = self.only {
            rows.retain(|row| row.name.contains(only));
            rows.iter_mut().for_each(Row::measure);
        } else {
            measure(&mut rows, self.rounds);
        }
        let Some(first) = rows.first().map(Row::median) else { return };
        println!("\n{}", self.title);
        for row in &rows {
            let median = row.median();
            println!("  {:<34} {median:>9.3} us a path   first row / this {:>7.2}", row.name, first / median);
        }
    }
}

/// How many times as long one row takes as another, each at its best: what was not interrupted.
pub fn ratio(slow: &Row, fast: &Row) -> f64 {
    slow.best() / fast.best()
}
