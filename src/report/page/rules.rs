//! Rules of the measure: kept, broken with a warning, waived; with reason and source.

use super::Page;
use super::table::{Kind, Table, text};
use crate::locale::Pair;
use crate::report::telling::{Telling, tell};
use crate::rules::{Broken, Kind as RuleKind, Rule, check};
use maud::{Markup, html};

/// The chapter.
pub(super) fn rules(page: &Page) -> Markup {
    let telling = page.telling;
    let report = check(page.contents.facts.scenario);
    let count = |length: usize| telling.numbers.count(length as u64);
    let (kept, warned, waived) =
        (count(report.kept.len()), count(report.warned.len()), count(report.waived.len()));
    html! {
        p { (tell!(
            telling,
            "Regole rispettate: {kept}; non rispettate, con avviso: {warned}; derogate consapevolmente: {waived}.",
            "Rules kept: {kept}; broken, with a warning: {warned}; knowingly waived: {waived}."
        )) }
        (broken(telling, tell!(telling, "Derogate consapevolmente", "Knowingly waived"), &report.waived))
        (broken(telling, tell!(telling, "Non rispettate, con avviso", "Broken, with a warning"), &report.warned))
        // A run with broken rules does not start; a page never hides one all the same.
        (broken(telling, tell!(telling, "Non rispettate", "Broken"), &report.broken_errors))
        @if !report.waived_without_need.is_empty() {
            @let codes: Vec<&str> = report.waived_without_need.iter().map(|rule| rule.code).collect();
            @let codes = codes.join(", ");
            p { (tell!(
                telling,
                "Derogate senza bisogno, perché lo scenario le rispetta: {codes}.",
                "Waived without need, for the scenario keeps them: {codes}."
            )) }
        }
        details {
            summary { (tell!(telling, "Le regole rispettate", "The rules kept")) }
            (kept_table(telling, &report.kept).render())
        }
    }
}

fn broken(telling: Telling, caption: String, list: &[Broken]) -> Markup {
    if list.is_empty() {
        return html! {};
    }
    let mut table = Table::new(
        caption,
        vec![
            (tell!(telling, "Regola", "Rule"), Kind::Words),
            (tell!(telling, "Che cosa chiede", "What it demands"), Kind::Prose),
            (tell!(telling, "Che cosa c’è nello scenario", "What the scenario has"), Kind::Prose),
            (tell!(telling, "Perché la regola", "Why the rule"), Kind::Prose),
            (tell!(telling, "Fonte", "Source"), Kind::Prose),
        ],
    );
    for Broken { rule, finding } in list {
        let in_words = |words: Pair| text(words.text(telling.language));
        table.row(vec![
            html! { (rule.code) " " span.small { (kind(telling, rule)) } },
            in_words(rule.demand),
            text(finding.message.text(telling.language)),
            in_words(rule.reason),
            in_words(rule.source),
        ]);
    }
    table.render()
}

fn kept_table(telling: Telling, kept: &[&Rule]) -> Table {
    let mut table = Table::new(
        tell!(telling, "Regole rispettate", "Rules kept"),
        vec![
            (tell!(telling, "Regola", "Rule"), Kind::Words),
            (tell!(telling, "Che cosa chiede", "What it demands"), Kind::Prose),
            (tell!(telling, "Fonte", "Source"), Kind::Prose),
        ],
    );
    for rule in kept {
        let in_words = |words: Pair| text(words.text(telling.language));
        table.row(vec![text(rule.code), in_words(rule.demand), in_words(rule.source)]);
    }
    table
}

fn kind(telling: Telling, rule: &Rule) -> String {
    match rule.kind {
        RuleKind::Error => tell!(telling, "vincolante", "binding"),
        RuleKind::Warning => tell!(telling, "avviso", "warning"),
    }
}
