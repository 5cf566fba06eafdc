//! `[credit]` and `[macro]`.

use super::field::{Field, Sign};
use super::migration;
use super::section::Section;
use super::tree::{Node, Value};
use crate::diagnostic::Problem;
use crate::locale::{pair, told};
use crate::scenario::{Copula, Credit, Dependence, Economy, LegalForm, PdMultiplier, Rating, Size, Theme};
use crate::units::{Multiplier, Probability, Share};
use rust_decimal::Decimal;

/// Largest factor on a hazard.
const LARGEST_FACTOR: u32 = 1_000;
/// Most rating classes.
const MOST_RATINGS: usize = 100;
/// Most years that a list may name.
const MOST_YEARS: usize = 200;

/// The names of the ratings as written, whether or not the rest of `[credit]` is sound.
pub fn rating_names(tree: &Node) -> Vec<String> {
    names_of(tree.at(&["credit", "rating"]))
}

fn names_of(ratings: Option<&Node>) -> Vec<String> {
    match ratings.map(|node| &node.value) {
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
        let message = told!(
            "`copula = \"student_t\"` va solo con `dependence = \"static\"`",
            "`copula = \"student_t\"` goes with `dependence = \"static\"` only"
        );
        section.refuse::<()>(
            "copula",
            "E123",
            message,
            pair(
                "scrivere copula = \"gaussian\", oppure dependence = \"static\"",
                "write copula = \"gaussian\", or dependence = \"static\"",
            ),
        );
    }
    let nu = section.read("nu", |field| {
        let nu = field.quantity(2..=1_000_000)?;
        match nu.decimal() > Decimal::TWO {
            true => Some(nu),
            false => field.refuse(
                "E106",
                told!("`credit.nu` deve essere maggiore di 2, non 2", "`credit.nu` must be above 2, not 2"),
                &field.example(),
            ),
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
    let given = migration::is_given(&section);
    let mut ratings = ratings(&section, given);
    let migration = match given {
        false => Some(None),
        true => migration::migration(&section, &names_of(section.node("rating"))).map(Some),
    };
    if let (Some(Some(matrix)), Some(ratings)) = (&migration, &mut ratings) {
        sound &= migration::derive(&section, matrix, ratings).is_some();
    }
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
        migration: migration?,
    })
}

/// What is left for the borrower's own luck must be more than a rounding.
const LARGEST_CORRELATION: Decimal = Decimal::from_parts(999_999, 0, 0, false, 6);

fn correlations_leave_room(section: &Section<'_>, systemic: Share, theme: Share) -> bool {
    let sum = systemic.decimal() + theme.decimal();
    if sum <= LARGEST_CORRELATION {
        return true;
    }
    let message = told!(
        "`systemic_correlation` + `theme_correlation` deve essere minore di 1 (al massimo {most}), è {sum}",
        "`systemic_correlation` + `theme_correlation` must be below 1 (at most {most}), they are {sum}";
        most = LARGEST_CORRELATION,
        sum,
    );
    let key = if section.has("theme_correlation") { "theme_correlation" } else { "systemic_correlation" };
    let hint = pair(
        "diminuirne una: il resto è proprio dell’impresa",
        "lower one of them: the rest is the borrower's own",
    );
    section.refuse::<()>(key, "E124", message, hint);
    false
}

fn multipliers(credit: &Section<'_>, name: &str, words: &[&str]) -> Option<Vec<Multiplier>> {
    let section = credit.section_or_empty(name)?;
    let read: Vec<Option<Multiplier>> =
        words.iter().map(|word| section.read(word, |field| field.multiplier(LARGEST_FACTOR))).collect();
    read.into_iter().collect()
}

/// `[[credit.rating]]`; with a matrix the PDs are left at 0, to be derived.
fn ratings(credit: &Section<'_>, from_matrix: bool) -> Option<Vec<Rating>> {
    let entries = credit.entries("rating")?;
    if entries.len() > MOST_RATINGS {
        let message = told!(
            "le classi di merito sono al massimo {most}, non {count}",
            "there are at most {most} ratings, not {count}";
            most = MOST_RATINGS,
            count = entries.len(),
        );
        return credit.refuse("rating", "E106", message, pair("unire quelle simili", "join similar ones"));
    }
    let read: Vec<Option<Rating>> = entries
        .iter()
        .map(|entry| {
            let name = entry.read("name", |field| field.label());
            let pd = pd(entry, from_matrix);
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
            let message = told!(
                "due classi di merito si chiamano \"{name}\"",
                "two ratings are named \"{name}\"";
                name = rating.name,
            );
            let hint = pair("dare a ciascuna il suo nome", "give each its own name");
            entries[index].refuse::<()>("name", "E109", message, hint);
        }
    }
    sound.then_some(ratings)
}

/// The PD list of a rating, which a matrix takes the place of.
fn pd(entry: &Section<'_>, from_matrix: bool) -> Option<Vec<Probability>> {
    match (from_matrix, entry.has("pd")) {
        (false, false) => {
            entry.missing("pd");
            None
        }
        (false, true) => entry.read("pd", |field| field.list(MOST_YEARS, |entry| entry.probability())),
        (true, false) => Some(vec![Probability::default()]),
        (true, true) => {
            let message = told!(
                "`{key}` e `credit.migration` dicono entrambi quanti falliscono",
                "`{key}` and `credit.migration` both say how many fail";
                key = format!("{}.pd", entry.path.join(".")),
            );
            let hint = pair(
                "tenere `pd` di ogni classe oppure [credit.migration], non entrambi",
                "keep the `pd` of every rating or [credit.migration], not both",
            );
            entry.refuse("pd", "E130", message, hint)
        }
    }
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
                pair(
                    "`macro.factor_shift` non ha effetto con `dependence = \"static\"`",
                    "`macro.factor_shift` has no effect with `dependence = \"static\"`",
                ),
            )
            .hint(pair(
                "scrivere dependence = \"ar1\" in [credit], oppure usare `pd_multiplier`",
                "write dependence = \"ar1\" in [credit], or use `pd_multiplier`",
            )),
        );
    }
    let largest_fails = section.read("largest_fails_after_quarters", |field| field.count(0..=160));
    Some(Economy {
        pd_multiplier: pd_multiplier?,
        factor_shift: factor_shift?,
        // 0, the default: nobody is made to fail.
        largest_fails_after_quarters: Some(largest_fails?).filter(|&quarters| quarters > 0),
    })
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
                    let message = told!(
                        "`{key}`: `{shown}` non è un anno solare",
                        "`{key}`: `{shown}` is not a calendar year";
                        key = field.key(),
                        shown,
                    );
                    let problem = Problem::error("E106", &node.key, message);
                    field.context.report(problem.hint(pair(
                        "scrivere per esempio { \"2020\" = 1.8, \"2021\" = 1.2 }",
                        "write for example { \"2020\" = 1.8, \"2021\" = 1.2 }",
                    )));
                    None
                }
            }
        })
        .collect();
    read.into_iter().collect::<Option<_>>().map(PdMultiplier::ByCalendarYear)
}
