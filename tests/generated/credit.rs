//! `[credit]`, its three ratings and `[macro]`.

use super::{Family, one_of};
use proptest::prelude::*;

/// Names of the ratings of every generated scenario.
pub const RATINGS: [&str; 3] = ["A", "B", "C"];

pub fn text(family: Family) -> impl Strategy<Value = String> {
    (dependence(family), multipliers(), ratings(), economy()).prop_map(
        |(dependence, multipliers, ratings, economy)| {
            format!("[credit]\n{dependence}{multipliers}{ratings}{economy}")
        },
    )
}

fn dependence(family: Family) -> impl Strategy<Value = String> {
    let correlations =
        (one_of(&["0", "0.1", "0.35"]), one_of(&["0", "0.05", "0.3"]), one_of(&["0", "0.3", "0.9"]))
            .prop_map(|(global, theme, lgd)| {
                format!("systemic_correlation = {global}\ntheme_correlation = {theme}\nlgd_loading = {lgd}\n")
            });
    let gaussian = Just("dependence = \"static\"\n".to_string());
    let student = one_of(&["2.5", "5", "40"]).prop_map(|nu| format!("copula = \"student_t\"\nnu = {nu}\n"));
    // The scale that makes lifetime defaults keep their promise is slow to find: rarely.
    let target = prop_oneof![9 => Just("quarter"), 1 => Just("lifetime")];
    let autoregressive = (one_of(&["0", "0.6", "0.9"]), target).prop_map(|(persistence, target)| {
        format!("dependence = \"ar1\"\npersistence = {persistence}\npd_target = \"{target}\"\n")
    });
    let kind = match family {
        Family::Any => prop_oneof![2 => gaussian, 1 => student, 2 => autoregressive].boxed(),
        Family::Ample => prop_oneof![2 => gaussian, 1 => student].boxed(),
    };
    (correlations, kind).prop_map(|(correlations, kind)| format!("{kind}{correlations}"))
}

fn multipliers() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        3 => (
            one_of(&["{ nonprofit = 0.8, forprofit = 1.3 }", "{ nonprofit = 0 }"]),
            one_of(&["{ health_wellbeing = 0.5, other = 3 }", "{ poverty_exclusion = 12 }"]),
            one_of(&["{ micro = 1.25, small = 1, medium = 0.85 }", "{ medium = 2.2 }"]),
            one_of(&["1", "0.6"]),
        )
            .prop_map(|(form, theme, size, accompanied)| {
                format!(
                    "legal_form_multiplier = {form}\ntheme_multiplier = {theme}\nsize_multiplier = {size}\n\
                     accompanied_multiplier = {accompanied}\n"
                )
            }),
    ]
}

fn ratings() -> impl Strategy<Value = String> {
    let pd =
        one_of(&["\"1.5%\"", "0", "[\"25%\", \"4%\"]", "\"60%\"", "[\"2%\", \"9%\", \"30%\"]", "\"12%\""]);
    let aid = one_of(&["", "reference_margin = \"2.2%\"\nguarantee_premium = \"3.8%\"\n"]);
    prop::collection::vec((pd, aid), RATINGS.len()).prop_map(|ratings| {
        RATINGS
            .iter()
            .zip(ratings)
            .map(|(name, (pd, aid))| format!("[[credit.rating]]\nname = \"{name}\"\npd = {pd}\n{aid}"))
            .collect()
    })
}

fn economy() -> impl Strategy<Value = String> {
    let multiplier = one_of(&[
        "[1]",
        "[1, 2.6, 0.7]",
        "{ \"2019\" = 1.8, \"2022\" = 3.5 }",
        "[0, 5]",
        "{ \"2015\" = 0.2 }",
    ]);
    let shift = one_of(&["[0]", "[0, -1.5, 0.5]", "[-0.7]"]);
    (multiplier, shift).prop_map(|(multiplier, shift)| {
        format!("[macro]\npd_multiplier = {multiplier}\nfactor_shift = {shift}\n")
    })
}
