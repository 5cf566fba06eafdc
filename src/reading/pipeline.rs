//! `[lineN.pipeline]`: how applicants are drawn, where no list of borrowers names the line.

use super::booked::BookedRow;
use super::field::Field;
use super::section::{Section, did_you_mean};
use super::tree::Value;
use crate::diagnostic::{Problem, nearest};
use crate::locale::{pair, told};
use crate::scenario::{
    Borrower, LegalForm, MEMBER_COUNTS, Pipeline, Size, StatisticalPipeline, Theme, Weight,
};
use crate::units::{Cents, Multiplier};

/// Most fund years that a list by year may name.
const MOST_YEARS: usize = 40;

/// Where the applicants of a line come from.
pub struct Applicants<'a> {
    /// Names of the ratings, in order.
    pub ratings: &'a [String],
    /// Rows of the borrowers' file that name this line: who applies.
    pub listed: Vec<Borrower>,
    /// Those that were disbursed before today.
    pub booked: Vec<BookedRow>,
    /// The first quarter that is not history; 0: a fund that starts.
    pub today: u32,
    /// Whether there is a borrowers' file that could not be read: what is missing may be in it.
    pub list_is_broken: bool,
}

/// The pipeline of a line: the list if it names the line, else the distributions.
pub fn pipeline(
    line: &Section<'_>,
    admitted: Option<(&[LegalForm], &[Size])>,
    range: Option<(Cents, Cents)>,
    applicants: Applicants<'_>,
) -> Option<Pipeline> {
    // A line whose only rows are history has nobody more to come, unless they are drawn.
    let is_listed = !applicants.listed.is_empty() || !applicants.booked.is_empty();
    if !line.has("pipeline") && (applicants.list_is_broken || is_listed) {
        return (!applicants.list_is_broken).then_some(Pipeline::List(applicants.listed));
    }
    let section = line.section("pipeline")?;
    let statistical = statistical(&section, admitted, range, applicants.ratings)?;
    match applicants.listed.is_empty() {
        true => Some(Pipeline::Statistical(Box::new(statistical))),
        false => Some(Pipeline::List(applicants.listed)),
    }
}

fn statistical(
    section: &Section<'_>,
    admitted: Option<(&[LegalForm], &[Size])>,
    range: Option<(Cents, Cents)>,
    ratings: &[String],
) -> Option<StatisticalPipeline> {
    let applications_per_year = section
        .read("applications_per_year", |field| field.list(MOST_YEARS, |entry| entry.multiplier(10_000)));
    let applications_log_sd = section.read("applications_log_sd", |field| field.quantity(0..=2));
    let (median, sigma) = match section.section("investment") {
        Some(investment) => (
            investment.read("median", |field| {
                let median = field.amount(Cents(1))?;
                warn_if_outside(field, median, range);
                Some(median)
            }),
            investment.read("sigma", |field| field.quantity(0..=5)),
        ),
        None => (None, None),
    };
    let themes = section.optional("themes", |field| weights(field, Theme::WORDS));
    let legal_forms = section.optional("legal_form", |field| weights(field, LegalForm::WORDS));
    let sizes = section.optional("size", |field| weights(field, Size::WORDS));
    let rating_names: Vec<&str> = ratings.iter().map(String::as_str).collect();
    let rating_weights = section.optional("ratings", |field| weights(field, &rating_names));
    let accompanied = section.read("accompanied", |field| field.share());
    let members = section.read("members", |field| weights(field, &MEMBER_COUNTS));
    let counts: Vec<u32> = (1..=MEMBER_COUNTS.len() as u32).collect();
    let (admitted_forms, admitted_sizes) = admitted?;
    Some(StatisticalPipeline {
        applications_per_year: applications_per_year?,
        applications_log_sd: applications_log_sd?,
        investment_median: median?,
        investment_sigma: sigma?,
        themes: of(themes?, Theme::ALL).unwrap_or_else(|| of_all(Theme::ALL)),
        legal_forms: of(legal_forms?, LegalForm::ALL).unwrap_or_else(|| of_all(admitted_forms)),
        sizes: of(sizes?, Size::ALL).unwrap_or_else(|| of_all(admitted_sizes)),
        ratings: rating_weights?.unwrap_or_else(|| of_all(&(0..ratings.len()).collect::<Vec<_>>())),
        accompanied: accompanied?,
        members: of(Some(members?), &counts)?,
    })
}

/// Weights by position as weights by category.
fn of<T: Copy>(weights: Option<Vec<Weight<usize>>>, all: &[T]) -> Option<Vec<Weight<T>>> {
    let weights = weights?;
    Some(
        weights
            .iter()
            .map(|weight| Weight { category: all[weight.category], weight: weight.weight })
            .collect(),
    )
}

/// Equal weights.
fn of_all<T: Copy>(categories: &[T]) -> Vec<Weight<T>> {
    categories.iter().map(|category| Weight { category: *category, weight: Multiplier::ONE }).collect()
}

/// A weight table: position of each category among `names` and its weight, in the order of `names`; categories of
/// weight 0 are left out.
fn weights(field: &Field<'_>, names: &[&str]) -> Option<Vec<Weight<usize>>> {
    let Value::Table(table) = &field.node.value else {
        let message = told!(
            "`{key}` richiede una tabella di pesi, non {kind}",
            "`{key}` takes a table of weights, not {kind}";
            key = field.key(),
            kind = field.node.value.kind(),
        );
        return field.refuse("E103", message, &field.example());
    };
    let mut sound = true;
    let mut weights = Vec::new();
    for (name, node) in table {
        let mut path = field.path.clone();
        path.push(name.clone());
        let weight = Field { context: field.context, node, path }.multiplier(1_000_000);
        match names.iter().position(|known| known == name) {
            Some(category) => weights.extend(weight.map(|weight| Weight { category, weight })),
            None => {
                sound = false;
                let shown: String = name.chars().take(60).collect();
                let message = told!(
                    "`{key}` non conosce `{shown}`",
                    "`{key}` does not know `{shown}`";
                    key = field.key(),
                    shown,
                );
                let hint = match nearest(name, names.iter().copied()) {
                    Some(near) => did_you_mean(near),
                    None => told!("nomi noti: {names}", "known: {names}"; names = names.join(", ")),
                };
                field.context.report(Problem::error("E101", &node.key, message).hint(hint));
            }
        }
        sound &= weight.is_some();
    }
    weights.retain(|weight| !weight.weight.is_zero());
    weights.sort_by_key(|weight| weight.category);
    if sound && weights.is_empty() {
        let message = told!(
            "`{key}` richiede almeno un peso maggiore di 0",
            "`{key}` needs at least one weight above 0";
            key = field.key(),
        );
        return field.refuse("E125", message, &field.example());
    }
    sound.then_some(weights)
}

/// A median outside the line's range is admitted, but the mean of what is left is near its edge.
fn warn_if_outside(field: &Field<'_>, median: Cents, range: Option<(Cents, Cents)>) {
    let Some((min, max)) = range else { return };
    if median < min || median > max {
        let message = told!(
            "l’investimento mediano di {median} EUR è fuori da ciò che la linea ammette (da {min} a {max} EUR)",
            "the median investment of {median} EUR lies outside what the line admits ({min} to {max} EUR)";
            median,
            min,
            max,
        );
        field.context.report(Problem::warning("W102", &field.node.place, message).hint(pair(
            "gli investimenti sono estratti solo entro l’intervallo; controllare mediana e intervallo",
            "investments are drawn inside the range only; check the median and the range",
        )));
    }
}
