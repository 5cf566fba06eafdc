//! Italian and English: how numbers are written and which words are used, in one place.
//!
//! - [`Numbers`] writes counts, amounts, percentages and ratios for a reader. Machine files never use it: they are
//!   locale-free.
//! - [`Words`] is the table of fixed words; a word without both languages does not compile.
//! - [`VerificationWords`] are the sentences of `fesr verify`.
//! - [`Told`] is a text in both languages, for what is found before anybody knows who reads it: problems of a
//!   scenario, findings of rules, failures of a command.
//! - [`Preposition`] is the Italian article before a number.
//! - [`metric_name`] names every metric; [`Phrases`] builds the few phrases that contain a
//!   value.
//!
//! The language itself is [`crate::scenario::Language`], chosen by the scenario or by `--lang`.

mod metric;
mod number;
mod phrase;
mod preposition;
mod told;
mod verification;
mod word;

pub use metric::{metric_name, shown_as_percent};
pub use number::{Magnitude, Numbers, UnitSign};
pub use phrase::{Phrases, rounded};
pub use preposition::Preposition;
pub(crate) use told::told;
pub use told::{InLanguage, Pair, Told, pair, percent};
pub use verification::VerificationWords;
pub use word::{Words, words};
