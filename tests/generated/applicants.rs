//! Who applies: statistical pipelines, and rows of a list of borrowers.

use super::credit::RATINGS;
use super::{euros, one_of};
use proptest::prelude::*;

/// First row of the list.
pub const HEADER: &str =
    "id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied,members";

/// Where the applicants of a line come from.
#[derive(Clone, Debug)]
pub enum ApplicantsDraft {
    /// A pipeline, by the typical investment of the line in euros.
    Statistical(PipelineDraft),
    /// Rows of the list.
    Listed(Vec<RowDraft>),
}

/// A statistical pipeline.
#[derive(Clone, Debug)]
pub struct PipelineDraft {
    /// Median investment in hundredths of the typical one.
    median_percent: u64,
    text: String,
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct RowDraft {
    quarter_choice: u32,
    /// Investment in thousandths of the typical one, and cents more.
    per_mille: u64,
    cents: u64,
    traits: String,
    product_choice: Option<usize>,
    accompanied: &'static str,
    members: &'static str,
}

impl PipelineDraft {
    /// `[lineN.pipeline]`.
    pub fn text(&self, number: u8, typical_cents: u64) -> String {
        format!(
            "[line{number}.pipeline]\n{}investment.median = {}\n",
            self.text,
            euros(typical_cents * self.median_percent / 100)
        )
    }
}

impl RowDraft {
    /// Investment in cents, at least one.
    pub fn investment_cents(&self, typical_cents: u64) -> u64 {
        (typical_cents * self.per_mille / 1_000 + self.cents).max(1)
    }

    /// The row as text.
    pub fn text(
        &self,
        position: usize,
        number: u8,
        typical_cents: u64,
        open_quarters: u32,
        products: usize,
    ) -> String {
        let product = self.product_choice.map(|choice| format!("p{}", choice % products)).unwrap_or_default();
        format!(
            "n{number}-{position},{number},{},{},{},{product},{},{}",
            self.quarter_choice % open_quarters,
            euros(self.investment_cents(typical_cents)),
            self.traits,
            self.accompanied,
            self.members
        )
    }
}

pub fn statistical() -> impl Strategy<Value = ApplicantsDraft> {
    let weights = (
        one_of(&[
            "",
            "themes = { health_wellbeing = 0.5, other = 0.2 }\n",
            "themes = { poverty_exclusion = 1 }\n",
        ]),
        one_of(&["", "legal_form = { nonprofit = 3, forprofit = 1 }\n", "legal_form = { forprofit = 1 }\n"]),
        one_of(&[
            "",
            "size = { micro = 1, small = 1, medium = 1 }\n",
            "size = { small = 0.3, micro = 0.7 }\n",
        ]),
        one_of(&["", "ratings = { A = 0.2, C = 0.7 }\n", "ratings = { B = 1 }\n"]),
        one_of(&["0", "0.5", "1"]),
        one_of(&["", "", "members = { 1 = 0.7, 3 = 0.3 }\n", "members = { \"20\" = 1, \"2\" = 2 }\n"]),
    );
    let demand = (
        one_of(&["[3]", "[12]", "[0, 9]", "[20, 2]", "[6.5]"]),
        one_of(&["0", "0.3", "1.1"]),
        prop_oneof![3 => 60_u64..160, 1 => Just(20), 1 => Just(420)],
        one_of(&["0", "0.35", "1.3"]),
    );
    (weights, demand).prop_map(|((themes, forms, sizes, ratings, accompanied, members), (per_year, log_sd, median, sigma))| {
        let text = format!(
            "applications_per_year = {per_year}\napplications_log_sd = {log_sd}\n{themes}{forms}{sizes}{ratings}\
             accompanied = {accompanied}\n{members}investment.sigma = {sigma}\n"
        );
        ApplicantsDraft::Statistical(PipelineDraft { median_percent: median, text })
    })
}

pub fn listed(rows: usize) -> impl Strategy<Value = ApplicantsDraft> {
    prop::collection::vec(row(), 1..=rows).prop_map(ApplicantsDraft::Listed)
}

fn row() -> impl Strategy<Value = RowDraft> {
    let traits = (
        one_of(&["health_wellbeing", "demographic_change", "poverty_exclusion", "other"]),
        prop_oneof![4 => Just("nonprofit"), 1 => Just("forprofit")],
        prop_oneof![3 => Just("micro"), 3 => Just("small"), 1 => Just("medium")],
        prop::sample::select(&RATINGS[..]),
    )
        .prop_map(|(theme, form, size, rating)| format!("{theme},{form},{size},{rating}"));
    // Mostly inside the line's range (0.4 to 2 of the typical investment), now and then outside.
    let per_mille =
        prop_oneof![8 => 450_u64..1_900, 1 => Just(30), 1 => Just(2_500), 1 => Just(400), 1 => Just(2_000)];
    let cents = prop_oneof![Just(0), 1_u64..100];
    let product = prop::option::weighted(0.5, 0_usize..12);
    let members = one_of(&["", "", "", "1", "2", "5", "20"]);
    (0_u32..96, per_mille, cents, traits, product, one_of(&["1", "0", ""]), members).prop_map(
        |(quarter_choice, per_mille, cents, traits, product_choice, accompanied, members)| RowDraft {
            quarter_choice,
            per_mille,
            cents,
            traits,
            product_choice,
            accompanied,
            members,
        },
    )
}
