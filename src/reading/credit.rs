//! `[credit]` and `[macro]`.

use super::field::{Field, Sign};
use super::section::Section;
use super::tree::{Node, Value};
use crate::diagnostic::Problem;
use crate::scenario::{Copula, Credit, Dependence, Economy, LegalForm, PdMultiplier, Rating, Size, Theme};
use crate::units::{Multiplier, Share};
use rust_decimal::Decimal;

/// Largest factor on a hazard.
const LARGEST_FACTOR: u32 = 1_000;
/// Most rating classes.
const MOST_RATINGS: usize = 100;
/// Most years that a list may name.
const MOST_YEARS: usize = 200;

/// The names of the ratings as written, whether or not the rest of `[credit]` is sound.
pub fn rating_names(tree: &Node) -> Vec<String> {
    match tree.at(&["credit", "rating"]).map(|node| &node.value) {
        Some(Value::List(entries)) => {
            entries.iter().map(|entry| entry.entry_name().unwrap_or_default().to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// `[credit]`.
pub fn credit(root: &Section<'_>) -> Option<Credit> {
    let section = root.section("credit")?;
    let dependence: Option<Dependence> = section.read("dependence", |field| field.word());
    let copula: Option<Copula> = section.read("copula", |field| field.word());
    let mut sound = true;
    if (dependence, copula) == (Some(Dependence::Autoregressive), Some(Copula::StudentT)) {
        sound = false;
        let message = "`copula = \"student_t\"` goes with `dependence = \"static\"` only".to_string();
        section.refuse::<()>(
            "copula",
            "E123",
            message,
            "write copula = \"gaussian\", or dependence = \"static\"",
        );
    }
    let nu = section.read("nu", |field| {
        let nu = field.quantity(2..=1_000_000)?;
        match nu.decimal() > Decimal::TWO {
            true => Some(nu),
            false => field.refuse("E106", "`credit.nu` must be above 2, not 2".to_string(), &field.example()),
        }
    });
    let systemic_correlation = section.read("systemic_correlation", |field| field.share_below_one());
    let theme_correlation = section.read("theme_correlation", |field| field.share_below_one());
    if let (Some(systemic), Some(theme)) = (systemic_correlation, theme_correlation) {
        sound &= correlations_leave_room(&section, systemic, theme);
    }
    let persistence = section.read("persistence", |field| field.share_below_one());
    let pd_target = section.read("pd_target", |field| field.word());
    let lgd_loading = section.read("lgd_loading", |field| field.share_below_one());
    let legal_form_multiplier = multipliers(&section, "legal_form_multiplier", LegalForm::WORDS);
    let theme_multiplier = multipliers(&section, "theme_multiplier", Theme::WORDS);
    let size_multiplier = multipliers(&section, "size_multiplier", Size::WORDS);
    let accompanied_multiplier =
        section.read("accompanied_multiplier", |field| field.multiplier(LARGEST_FACTOR));
    let ratings = ratings(&section);
    if !sound {
        return None;
    }
    Some(Credit {
        dependence: dependence?,
        copula: copula?,
        nu: nu?,
        systemic_correlation: systemic_correlation?,
        theme_correlation: theme_correlation?,
        persistence: persistence?,
        pd_target: pd_target?,
        lgd_loading: lgd_loading?,
        legal_form_multiplier: legal_form_multiplier?.try_into().ok()?,
        theme_multiplier: theme_multiplier?.try_into().ok()?,
        size_multiplier: size_multiplier?.try_into().ok()?,
        accompanied_multiplier: accompanied_multiplier?,
        ratings: ratings?,
    })
}

/// What is left for the borrower's own luck must be more than a rounding.
const LARGEST_CORRELATION: Decimal = Decimal::from_parts(999_999, 0, 0, false, 6);

fn correlations_leave_room(section: &Section<'_>, systemic: Share, theme: Share) -> bool {
    let sum = systemic.decimal() + theme.decimal();
    if sum <= LARGEST_CORRELATION {
        return true;
    }
    let message = format!(
        "`systemic_correlation` + `theme_correlation` must be below 1 (at most {LARGEST_CORRELATION}), they are {sum}"
    );
    let key = if section.has("theme_correlation") { "theme_correlation" } else { "systemic_correlation" };
    section.refuse::<()>(key, "E124", message, "lower one of them: the rest is the borrower's own");
    false
}

fn multipliers(credit: &Section<'_>, name: &str, words: &[&str]) -> Option<Vec<Multiplier>> {
    let section = credit.section_or_empty(name)?;
    let read: Vec<Option<Multiplier>> =
        words.iter().map(|word| section.read(word, |field| field.multiplier(LARGEST_FACTOR))).collect();
    read.into_iter().collect()
}

/// `[[credit.rating]]`.
fn ratings(credit: &Section<'_>) -> Option<Vec<Rating>> {
    let entries = credit.entries("rating")?;
    if entries.len() > MOST_RATINGS {
        let message = format!("there are at most {MOST_RATINGS} ratings, not {}", entries.len());
        return credit.refuse("rating", "E106", message, "join similar ones");
    }
    let read: Vec<Option<Rating>> = entries
        .iter()
        .map(|entry| {
            let name = entry.read("name", |field| field.label());
            let pd = entry.read("pd", |field| field.list(MOST_YEARS, |entry| entry.probability()));
            let reference_margin = entry.read("reference_margin", |field| field.rate(Sign::NotNegative));
            let guarantee_premium = entry.read("guarantee_premium", |field| field.rate(Sign::NotNegative));
            Some(Rating {
                name: name?,
                pd: pd?,
                reference_margin: reference_margin?,
                guarantee_premium: guarantee_premium?,
            })
        })
        .collect();
    let ratings: Vec<Rating> = read.into_iter().collect::<Option<_>>()?;
    let mut sound = true;
    for (index, rating) in ratings.iter().enumerate() {
        if ratings[..index].iter().any(|other| other.name == rating.name) {
            sound = false;
            let message = format!("two ratings are named \"{}\"", rating.name);
            entries[index].refuse::<()>("name", "E109", message, "give each its own name");
        }
    }
    sound.then_some(ratings)
}

/// `[macro]`.
pub fn economy(root: &Section<'_>, dependence: Option<Dependence>) -> Option<Economy> {
    let section = root.section_or_empty("macro")?;
    let pd_multiplier = section.read("pd_multiplier", pd_multiplier);
    let factor_shift =
        section.read("factor_shift", |field| field.list(MOST_YEARS, |entry| entry.quantity(-10..=10)));
    if let (Some(Dependence::Static), Some(shifts)) = (dependence, &factor_shift)
        && shifts.iter().any(|shift| !shift.is_zero())
    {
        section.context.report(
            Problem::warning(
                "W104",
                section.place_of("factor_shift"),
                "`macro.factor_shift` has no effect with `dependence = \"static\"`",
            )
            .hint("write dependence = \"ar1\" in [credit], or use `pd_multiplier`"),
        );
    }
    Some(Economy { pd_multiplier: pd_multiplier?, factor_shift: factor_shift? })
}

fn pd_multiplier(field: &Field<'_>) -> Option<PdMultiplier> {
    let Value::Table(years) = &field.node.value else {
        return field
            .list(MOST_YEARS, |entry| entry.multiplier(LARGEST_FACTOR))
            .map(PdMultiplier::ByFundYear);
    };
    let read: Vec<Option<(i32, Multiplier)>> = years
        .iter()
        .map(|(year, node)| {
            let mut path = field.path.clone();
            path.push(year.clone());
            let multiplier = Field { context: field.context, node, path }.multiplier(LARGEST_FACTOR);
            match year.parse::<i32>() {
                Ok(number) if year.len() == 4 && (1900..=2300).contains(&number) => {
                    Some((number, multiplier?))
                }
                _ => {
                    let shown: String = year.chars().take(60).collect();
                    let message = format!("`{}`: `{shown}` is not a calendar year", field.key());
                    let problem = Problem::error("E106", &node.key, message);
                    field
                        .context
                        .report(problem.hint("write for example { \"2020\" = 1.8, \"2021\" = 1.2 }"));
                    None
                }
            }
        })
        .collect();
    read.into_iter().collect::<Option<_>>().map(PdMultiplier::ByCalendarYear)
}
