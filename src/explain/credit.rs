//! What the scenario assumes of defaults.

use super::{Text, words};
use crate::locale::Preposition;
use crate::scenario::{Copula, Dependence, Migration, PdTarget, Scenario};
use crate::units::{Multiplier, Share};

/// How defaults are thought of, and how far they go together.
pub(super) fn credit(text: &mut Text, scenario: &Scenario) {
    let (credit, n) = (&scenario.credit, text.numbers);
    text.paragraph("Defaults", "Inadempimenti");
    match &credit.migration {
        Some(matrix) => migration(text, scenario, matrix),
        None => pd_lists(text, scenario),
    }
    multipliers(text, scenario);
    let (systemic, theme) =
        (n.percent(credit.systemic_correlation.decimal()), n.percent(credit.theme_correlation.decimal()));
    text.say(
        format!("Defaults move together: {systemic} of what decides them is common to all and {theme} common to a theme."),
        format!("Gli inadempimenti si muovono insieme: {} di ciò che li decide è comune a tutti e {} comune a un tema.", Preposition::None.before(&systemic), Preposition::None.before(&theme)),
    );
    match credit.dependence {
        Dependence::Static => match credit.copula {
            Copula::Gaussian => text.say(
                "The economy is drawn once for the whole life (Gaussian copula).".into(),
                "L’economia è estratta una volta per tutta la vita (copula gaussiana).".into(),
            ),
            Copula::StudentT => {
                let nu = n.exact(credit.nu.decimal());
                text.say(
                    format!("The economy is drawn once for the whole life, with fat tails (Student-t copula, {nu} degrees of freedom)."),
                    format!("L’economia è estratta una volta per tutta la vita, con code pesanti (copula t di Student, {nu} gradi di libertà)."),
                );
            }
        },
        Dependence::Autoregressive => {
            let persistence = n.percent(credit.persistence.decimal());
            let target = match credit.pd_target {
                PdTarget::Quarter => {
                    ("the PDs hold quarter by quarter", "le PD valgono trimestre per trimestre")
                }
                PdTarget::Lifetime => {
                    ("the PDs hold over the life of a loan", "le PD valgono sull’intera vita di un prestito")
                }
            };
            text.say(
                format!(
                    "The economy moves from quarter to quarter and keeps {persistence} of its state; {}.",
                    target.0
                ),
                format!(
                    "L’economia si muove di trimestre in trimestre e conserva {} del suo stato; {}.",
                    Preposition::None.before(&persistence),
                    target.1
                ),
            );
        }
    }
    if !credit.lgd_loading.is_zero() {
        let loading = n.exact(credit.lgd_loading.decimal());
        text.say(
            format!("In bad times defaults also cost more (loading {loading})."),
            format!("Nei tempi cattivi gli inadempimenti costano anche di più (peso {loading})."),
        );
    }
}

/// The PDs of each rating as they were written.
fn pd_lists(text: &mut Text, scenario: &Scenario) {
    let n = text.numbers;
    for rating in &scenario.credit.ratings {
        let pds: Vec<String> = rating.pd.iter().map(|pd| n.percent(pd.decimal())).collect();
        let (name, pds) = (scenario.named(&rating.name), pds.join("; "));
        let repeats = if rating.pd.len() > 1 {
            (" by year of age, the last repeats", " per anno di età, l’ultima si ripete")
        } else {
            ("", "")
        };
        text.say(
            format!("Rating {name}: {pds} a year{}.", repeats.0),
            format!("Classe {name}: {pds} l’anno{}.", repeats.1),
        );
    }
}

/// The matrix row by row, and the PDs that follow from it.
fn migration(text: &mut Text, scenario: &Scenario, migration: &Migration) {
    let (ratings, n) = (&scenario.credit.ratings, text.numbers);
    text.say(
        "Enterprises move between ratings from year to year; the PD of each year of age is that of the survivors, spread evenly over its quarters.".into(),
        "Le imprese passano da una classe all’altra di anno in anno; la PD di ogni anno di età è quella dei sopravvissuti, distribuita in modo uniforme sui suoi trimestri.".into(),
    );
    if migration.pd_multiplier != Multiplier::ONE {
        let factor = n.exact(migration.pd_multiplier.decimal());
        text.say(
            format!("Every PD that follows from the matrix is multiplied by {factor}."),
            format!("Ogni PD che segue dalla matrice è moltiplicata per {factor}."),
        );
    }
    for (rating, row) in ratings.iter().zip(&migration.rows) {
        let (default, to) = row.split_last().expect("a row has the default state");
        let moves: Vec<String> = ratings
            .iter()
            .zip(to)
            .filter(|(_, share)| **share != Share::ZERO)
            .map(|(to, share)| format!("{} in {}", n.percent(share.decimal()), scenario.named(&to.name)))
            .collect();
        let moves = moves.join("; ");
        let pds: Vec<String> = rating.pd.iter().take(5).map(|pd| n.about_percent(pd.to_f64())).collect();
        let (name, default, pds) =
            (scenario.named(&rating.name), n.percent(default.decimal()), pds.join("; "));
        text.say(
            format!("Rating {name}, a year later: {moves}; {default} fail. PD by year of age, the first years: {pds}."),
            format!("Classe {name}, un anno dopo: {moves}; {default} inadempienti. PD per anno di età, i primi anni: {pds}."),
        );
    }
}

fn multipliers(text: &mut Text, scenario: &Scenario) {
    let (credit, n) = (&scenario.credit, text.numbers);
    let mut factors = Vec::new();
    let mut note = |pair: words::Pair, factor: Multiplier, text: &Text| {
        if factor != Multiplier::ONE {
            factors.push(format!("{} x{}", text.pick(pair), n.exact(factor.decimal())));
        }
    };
    for (form, factor) in crate::scenario::LegalForm::ALL.iter().zip(credit.legal_form_multiplier) {
        note(words::legal_form(*form), factor, text);
    }
    for (theme, factor) in crate::scenario::Theme::ALL.iter().zip(credit.theme_multiplier) {
        note(words::theme(*theme), factor, text);
    }
    for (size, factor) in crate::scenario::Size::ALL.iter().zip(credit.size_multiplier) {
        note(words::size(*size), factor, text);
    }
    note(("accompanied", "accompagnate"), credit.accompanied_multiplier, text);
    if !factors.is_empty() {
        let factors = factors.join("; ");
        text.say(
            format!("The hazard of default is multiplied: {factors}."),
            format!("Il rischio di inadempimento è moltiplicato: {factors}."),
        );
    }
}
