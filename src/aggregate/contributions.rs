//! Who makes the loss, and who makes its tail: mean and ES 99 % of the fund loss split by line, theme, product, rating
//! and listed borrower (Euler allocation: Tasche 1999, the part of X in the expected shortfall of L is E[X | tail of L]).
//!
//! For the tail every path among the worst 1 % is kept with the losses of its groups. Paths with equal loss enter in
//! order of their number, so that the tail is the same set however the work was split; of the last one only the
//! fraction counts that fills the tail up to exactly 1 %.
//!
//! A share of a run keeps fewer of its worst paths, as [`super::distribution`] says of tails: all those with at least some
//! loss, its floor, but no more than the whole run keeps.

use super::distribution::reach_of_share;
use super::groups::Dimension;
use crate::engine::totals::PathTotals;
use crate::plan::{ApplicantSource, Plan};

/// What a loss is split by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Split {
    /// By line.
    Line,
    /// By theme, product or rating.
    Group(Dimension),
    /// By listed borrower.
    Borrower,
}

impl Split {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Split::Line => "line",
            Split::Group(dimension) => dimension.word(),
            Split::Borrower => "borrower",
        }
    }
}

/// One part of a split.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Of which split.
    pub split: Split,
    /// Its name in files.
    pub name: String,
    /// The line: of a product or borrower its own, of a line itself, else `all`.
    pub line: &'static str,
}

/// The parts of all splits of a plan.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Lines, then groups, then borrowers line after line.
    pub all: Vec<Part>,
    /// Position of the first borrower of each slot.
    first_borrower: Vec<usize>,
    lines: usize,
    groups: usize,
    /// Borrowers' rows do not cover lines with a statistical pipeline; their loss is one part of its own.
    not_listed: Option<usize>,
}

impl Parts {
    /// Of a plan. The split by borrower exists if some line has a list.
    pub fn new(plan: &Plan) -> Parts {
        let mut all: Vec<Part> = plan
            .lines
            .iter()
            .map(|line| Part {
                split: Split::Line,
                name: line.number.word().to_string(),
                line: line.number.word(),
            })
            .collect();
        let lines = all.len();
        let groups = super::groups::groups(plan);
        let group_count = groups.len();
        all.extend(groups.into_iter().map(|group| Part {
            split: Split::Group(group.dimension),
            name: group.name,
            line: group.line,
        }));
        let mut first_borrower = Vec::new();
        let (mut listed_lines, mut any_listed) = (0, false);
        for line in &plan.lines {
            first_borrower.push(all.len());
            let ids: Vec<&str> = line.listed_ids().collect();
            // A line that draws its applicants has some who are not listed, whoever is on its books.
            listed_lines += usize::from(matches!(line.applicants, ApplicantSource::List(_)));
            any_listed |= !ids.is_empty();
            all.extend(ids.iter().map(|id| Part {
                split: Split::Borrower,
                name: id.to_string(),
                line: line.number.word(),
            }));
        }
        let not_listed = (any_listed && listed_lines < lines).then(|| {
            all.push(Part { split: Split::Borrower, name: "(not listed)".to_string(), line: "all" });
            all.len() - 1
        });
        Parts { all, first_borrower, lines, groups: group_count, not_listed }
    }

    /// Writes the losses of a path that are not 0, by part.
    pub(super) fn write(&self, path: &PathTotals, losses: &mut Vec<(u32, i64)>) {
        losses.clear();
        let mut push = |part: usize, loss: i64| {
            if loss != 0 {
                losses.push((part as u32, loss));
            }
        };
        for (slot, line) in path.lines.iter().enumerate() {
            push(slot, line.fund_loss().0);
        }
        let groups = path.themes.iter().chain(&path.products).chain(&path.ratings);
        for (position, group) in groups.enumerate() {
            push(self.lines + position, group.fund_loss.0);
        }
        debug_assert_eq!(path.themes.len() + path.products.len() + path.ratings.len(), self.groups);
        let mut listed = 0;
        let mut by_borrower: Vec<(usize, i64)> = Vec::with_capacity(path.borrowers.len());
        for &(slot, position, loss) in &path.borrowers {
            by_borrower.push((self.first_borrower[slot] + position as usize, loss.0));
            listed += loss.0;
        }
        // A borrower's loan loss and guarantee loss are one part.
        by_borrower.sort_unstable_by_key(|entry| entry.0);
        by_borrower.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        by_borrower.into_iter().for_each(|(part, loss)| push(part, loss));
        if let Some(part) = self.not_listed {
            push(part, path.lines.iter().map(|line| line.fund_loss().0).sum::<i64>() - listed);
        }
    }
}

/// A path that may belong to the tail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TailPath {
    /// Its fund loss in cents.
    pub loss: i64,
    /// Its number.
    pub path: u64,
    /// The losses of the parts, where not 0.
    pub parts: Vec<(u32, i64)>,
}

/// Sum and sum of squares of the loss of one part over all paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartSums {
    /// Sum in cents.
    pub sum: i128,
    /// Sum of squares.
    pub squares: u128,
}

/// What a block contributes.
#[derive(Clone, Debug)]
pub struct BlockContributions {
    sums: Vec<PartSums>,
    candidates: Vec<TailPath>,
    /// Losses of the path last added: kept for its memory.
    losses: Vec<(u32, i64)>,
}

impl BlockContributions {
    /// Without paths.
    pub fn new(parts: &Parts) -> BlockContributions {
        BlockContributions {
            sums: vec![PartSums::default(); parts.all.len()],
            candidates: Vec::new(),
            losses: Vec::new(),
        }
    }

    /// Adds a path; it is a candidate for the tail unless its loss is below `floor`.
    pub fn add(&mut self, parts: &Parts, path: u64, totals: &PathTotals, floor: i64) {
        parts.write(totals, &mut self.losses);
        for &(part, loss) in &self.losses {
            let sums = &mut self.sums[part as usize];
            sums.sum += loss as i128;
            sums.squares += loss.unsigned_abs() as u128 * loss.unsigned_abs() as u128;
        }
        let loss = totals.lines.iter().map(|line| line.fund_loss().0).sum();
        if loss >= floor {
            self.candidates.push(TailPath { loss, path, parts: self.losses.clone() });
        }
    }
}

/// Mean and tail of all parts.
#[derive(Clone, Debug)]
pub struct Contributions {
    /// The parts.
    pub parts: Parts,
    /// Sums over all paths, by part.
    pub sums: Vec<PartSums>,
    pub(super) tail: Vec<TailPath>,
    /// How many of the worst paths the whole run keeps.
    pub(super) keep: usize,
    /// How many of them a share makes sure of, with all those of equal loss; of the whole run all.
    reach: usize,
    pub(super) floor: i64,
    /// Length at which the tail is pruned.
    prune_at: usize,
}

impl Contributions {
    /// For a number of paths that is not exceeded; of fewer paths the tail is the same.
    pub fn for_paths(plan: &Plan, paths: u64) -> Contributions {
        Contributions::for_share(plan, paths, paths)
    }

    /// For `share` paths of a run of `planned` paths, to be merged with the others.
    pub fn for_share(plan: &Plan, planned: u64, share: u64) -> Contributions {
        let parts = Parts::new(plan);
        let keep = (planned / 100 + 2) as usize;
        let reach = reach_of_share(keep, planned, share);
        Contributions {
            sums: vec![PartSums::default(); parts.all.len()],
            parts,
            tail: Vec::new(),
            keep,
            reach,
            floor: i64::MIN,
            prune_at: 2 * reach + 4_096,
        }
    }

    /// No path below this loss can be among the worst any more.
    pub fn floor(&self) -> i64 {
        self.floor
    }

    /// Adds a block.
    pub fn absorb(&mut self, block: BlockContributions) {
        for (mine, theirs) in self.sums.iter_mut().zip(&block.sums) {
            mine.sum += theirs.sum;
            mine.squares += theirs.squares;
        }
        self.tail.extend(block.candidates);
        if self.tail.len() > self.prune_at {
            self.prune();
        }
    }

    /// Drops the paths that cannot be among the worst of the run, or that a share need not keep.
    pub(super) fn prune(&mut self) {
        if self.tail.len() > self.reach {
            self.tail.select_nth_unstable_by(self.reach - 1, by_loss);
            let floor = self.tail[self.reach - 1].loss;
            // Equal losses count in order of path: those of a share may all come before those of the others.
            self.tail.retain(|path| path.loss >= floor);
            self.floor = floor;
        }
        if self.tail.len() > self.keep {
            self.tail.select_nth_unstable_by(self.keep - 1, by_loss);
            self.tail.truncate(self.keep);
        }
        self.prune_at = 2 * self.reach.max(self.tail.len()) + 4_096;
    }

    /// Adds the paths of another share. Below the higher floor one of them is incomplete: nothing there is of use.
    pub fn merge(&mut self, other: Contributions) {
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.sum += theirs.sum;
            mine.squares += theirs.squares;
        }
        self.floor = self.floor.max(other.floor);
        self.tail.extend(other.tail);
        self.tail.retain(|path| path.loss >= self.floor);
        self.reach = self.keep;
        self.prune();
    }

    /// Whether the tails that shares kept reach as far as a run of all their `paths` would have kept them.
    pub fn reaches(&self, paths: u64) -> bool {
        self.tail.len() as u64 >= (paths / 100 + 1).min(paths)
    }

    /// The worst paths, worst first; at least 1 % of all.
    pub fn worst(&mut self) -> &[TailPath] {
        self.tail.sort_unstable_by(by_loss);
        &self.tail
    }
}

/// Largest loss first; equal losses in order of path.
pub(super) fn by_loss(a: &TailPath, b: &TailPath) -> std::cmp::Ordering {
    b.loss.cmp(&a.loss).then(a.path.cmp(&b.path))
}
