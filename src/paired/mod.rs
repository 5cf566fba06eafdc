//! Many scenarios on the same luck: what a difference of two instrument mixes is, and how sure of it one can be.
//!
//! The n-th applicant of a line on a path is the same enterprise with the same luck in every scenario that shares seed and
//! pipeline ([`crate::random::Address`]). So path `i` of one scenario and path `i` of another are a pair, and the
//! differences path by path have far less noise than the two results have by themselves: common random numbers
//! (Glasserman and Yao 1992, Management Science 38(6)).
//!
//! ```text
//! Plan --FigureTable::simulate--> one column of integers per figure, one row per path
//! two columns, a statistic --PairedDifference::of--> difference, standard error, 95 % interval
//! many tables --comparison::compare, grid::grid--> a table of differences to the first, regrets over economies
//! a scenario, a shock or a lever --shock::ShockKind::of, lever::Lever::sets--> the --set options of a stress
//! a lever, a promise --breaking::search--> the smallest value of the lever at which the promise breaks, with its interval
//! two columns, what is better --Contest::of--> on how many paths the second is better, with its interval
//! ```
//!
//! Every statistic is told through its influence on each path ([`influence`]): to first order the error of a statistic is
//! the mean of the influences, so the error of a difference is that of the mean of their differences, whatever
//! the two have in common.

pub mod breaking;
pub mod comparison;
pub mod contest;
pub mod difference;
pub mod dominance;
pub mod figure_pieces;
pub mod figure_table;
pub mod grid;
pub mod influence;
pub mod lever;
pub mod measure;
pub mod measured;
pub mod mix;
pub mod shock;

pub use contest::Contest;
pub use difference::{Estimate, PairedDifference};
pub use figure_table::FigureTable;
pub use measure::{Direction, Measure};
pub use measured::{Measured, measured};
