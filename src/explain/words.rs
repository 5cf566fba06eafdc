//! The closed words of the format, as readers say them.

use crate::scenario::{Amortisation, Backing, LegalForm, Size, Theme};

/// A word in English and Italian.
pub type Pair = (&'static str, &'static str);

/// A number of quarters.
pub fn quarters(count: u32) -> (String, String) {
    match count {
        1 => ("1 quarter".to_string(), "1 trimestre".to_string()),
        _ => (format!("{count} quarters"), format!("{count} trimestri")),
    }
}

/// A theme.
pub fn theme(theme: Theme) -> Pair {
    match theme {
        Theme::HealthWellbeing => ("health and wellbeing", "salute e benessere"),
        Theme::DemographicChange => ("demographic change", "cambiamento demografico"),
        Theme::PovertyExclusion => ("poverty and social exclusion", "povertà ed esclusione sociale"),
        Theme::Other => ("other themes", "altri temi"),
    }
}

/// A legal form, of several enterprises.
pub fn legal_form(form: LegalForm) -> Pair {
    match form {
        LegalForm::Nonprofit => ("non-profit", "non profit"),
        LegalForm::Forprofit => ("for-profit", "profit"),
    }
}

/// A size class, of several enterprises.
pub fn size(size: Size) -> Pair {
    match size {
        Size::Micro => ("micro", "micro"),
        Size::Small => ("small", "piccole"),
        Size::Medium => ("medium", "medie"),
    }
}

/// How loans are repaid.
pub fn amortisation(amortisation: Amortisation) -> Pair {
    match amortisation {
        Amortisation::Italian => ("in equal parts of principal", "a quote capitali costanti"),
        Amortisation::French => ("in equal instalments", "a rate costanti"),
        Amortisation::Bullet => ("all at the end", "tutto alla scadenza"),
    }
}

/// What pays guarantee calls.
pub fn backing(backing: Backing) -> Pair {
    match backing {
        Backing::Envelope => {
            ("the line’s guarantees budget only", "solo la dotazione per garanzie della linea")
        }
        Backing::Income => (
            "the line’s guarantees budget, then the fund’s income",
            "la dotazione per garanzie della linea, poi i proventi del fondo",
        ),
        Backing::Fund => (
            "the line’s guarantees budget, then the fund’s income, then what is due back to the Region",
            "la dotazione per garanzie della linea, poi i proventi del fondo, poi quanto è dovuto alla Regione",
        ),
    }
}
