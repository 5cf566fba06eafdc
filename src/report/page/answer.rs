//! The answer in sentences: what is lost, how far the money reaches, whether guarantees are honoured, what comes back.

use super::Page;
use super::uncertain::uncertain_sentence;
use super::verdict::FEWEST_PATHS;
use crate::metrics::MetricId as M;
use crate::report::limits::Verdict;
use crate::report::region;
use crate::report::telling::{Preposition, sentence, tell};
use crate::today::told::what_is_history;
use maud::{Markup, html};

/// The chapter.
pub(super) fn answer(page: &Page) -> Markup {
    let telling = page.telling;
    let sentences = sentences(page);
    let contents = page.contents;
    let counts = (contents.facts.paths, contents.facts.planned);
    let warnings: Vec<String> =
        page.figures.warnings.iter().map(|warning| sentence(&warning.text(telling, counts))).collect();
    html! {
        @for sentence in &sentences { p.sentence { (sentence) } }
        @if !warnings.is_empty() {
            h3 { (tell!(telling, "Da sapere prima di fidarsi", "Before you rely on it")) }
            ul { @for warning in &warnings { li { (warning) } } }
        }
        p.small { (tell!(
            telling,
            "Un «futuro» è una storia possibile del fondo, simulata dal primo all’ultimo trimestre. Ogni cifra vale se valgono le ipotesi elencate più avanti.",
            "A “future” is one possible story of the fund, simulated from the first to the last quarter. Every figure holds if the assumptions listed below hold."
        )) }
    }
}

fn sentences(page: &Page) -> Vec<String> {
    let telling = page.telling;
    if !page.has_paths() {
        return vec![tell!(
            telling,
            "Nessun percorso è stato simulato: non c’è ancora una risposta.",
            "No path was simulated: there is no answer yet."
        )];
    }
    let scenario = page.contents.facts.scenario;
    let mut sentences = Vec::new();
    if page.contents.plan.has_history() {
        sentences.push(what_is_history(scenario, scenario.identity.language));
    }
    sentences.extend([loss(page), demand(page), leverage(page), guarantees(page)]);
    sentences.push(back(page));
    sentences.extend(uncertain_sentence(telling, page.contents.summary));
    sentences.push(limits(page));
    sentences
}

fn loss(page: &Page) -> String {
    let telling = page.telling;
    let loss = page.metric(M::FundLoss, None);
    let paths = telling.phrases.paths(page.contents.summary.paths);
    if page.is_zero(M::FundLoss) {
        return tell!(
            telling,
            "In nessuno dei futuri simulati ({paths}) il fondo perde denaro.",
            "In none of the simulated futures ({paths}) does the fund lose money."
        );
    }
    let euros = |amount: f64| telling.numbers.euros_short(amount);
    let cents = |carried: i64| euros(carried as f64 / 100.0);
    let endowment = page.contents.plan.endowment.to_f64() / 100.0;
    let mean = page.mean(M::FundLoss, None);
    let (average, share) = (euros(mean), telling.the_percent(Preposition::None, mean / endowment));
    let whole = euros(endowment);
    if page.contents.summary.paths == 1 {
        return tell!(
            telling,
            "Nell’unico futuro simulato il fondo perde {average}, {share} della dotazione di {whole}.",
            "In the only future simulated the fund loses {average}, {share} of the endowment of {whole}."
        );
    }
    let first = tell!(
        telling,
        "Su prestiti e garanzie il fondo perde in media {average}, {share} della dotazione di {whole}",
        "On loans and guarantees the fund loses {average} on average, {share} of the endowment of {whole}"
    );
    let quantile = loss.quantile(990).filter(|_| page.contents.summary.paths >= FEWEST_PATHS);
    let Some(quantile) = quantile else {
        let worst = cents(loss.moments.max);
        return tell!(
            telling,
            "{first}; nel peggiore dei futuri simulati perde {worst}.",
            "{first}; in the worst of the simulated futures it loses {worst}."
        );
    };
    let at_most = cents(quantile.value);
    let second = tell!(
        telling,
        "{first}; in 99\u{a0}futuri su\u{a0}100 non perde più di {at_most}",
        "{first}; in 99\u{a0}futures in\u{a0}100 it loses no more than {at_most}"
    );
    match loss.shortfall(990).and_then(|shortfall| shortfall.estimate) {
        Some((worst, _)) => {
            let worst = euros(worst / 100.0);
            tell!(
                telling,
                "{second}, e nel centesimo peggiore in media {worst}.",
                "{second}, and {worst} on average in the worst hundredth."
            )
        }
        None => format!("{second}."),
    }
}

fn demand(page: &Page) -> String {
    let telling = page.telling;
    if page.is_zero(M::Applications) {
        return tell!(
            telling,
            "In nessun futuro simulato arriva una domanda.",
            "No application arrives in any simulated future."
        );
    }
    let count = |metric: M| telling.numbers.decimal(page.mean(metric, None), 0);
    let (applications, projects) = (count(M::Applications), count(M::Projects));
    let coverage = page.mean(M::DemandCoverage, None);
    let met = telling.the_percent(Preposition::None, coverage);
    let on_average = sentence(telling.on_average(page.contents.summary.paths));
    tell!(
        telling,
        "{on_average}, su {applications} domande sono finanziati {projects} progetti: è sostenuto {met} degli investimenti richiesti.",
        "{on_average} {projects} projects are funded out of {applications} applications: {met} of the investment applied for is supported."
    )
}

fn leverage(page: &Page) -> String {
    let telling = page.telling;
    if page.is_zero(M::LeverageEffect) {
        return tell!(
            telling,
            "Non viene erogato alcun prestito: non c’è effetto leva.",
            "No loan is disbursed: there is no leverage."
        );
    }
    let mean = page.mean(M::LeverageEffect, None);
    let effect = telling.numbers.decimal(mean, 2);
    let on_average = telling.on_average(page.contents.summary.paths);
    let base = if page.contents.plan.union_share < 1.0 {
        tell!(telling, "Ogni euro dell’Unione europea", "Each euro of the Union")
    } else {
        tell!(telling, "Ogni euro della dotazione", "Each euro of the endowment")
    };
    let first = tell!(
        telling,
        "{base} porta alle imprese {on_average} {effect} euro di prestiti, del fondo e delle banche",
        "{base} brings enterprises {effect} euros of loans {on_average}, from the fund and from banks"
    );
    let deadweight = page.contents.facts.scenario.fund.deadweight;
    if deadweight.is_zero() {
        return tell!(
            telling,
            "{first}; lo scenario suppone che senza il fondo nessuno di questi prestiti sarebbe stato concesso.",
            "{first}; the scenario assumes that none of them would have been made without the fund."
        );
    }
    let additional = telling.numbers.decimal(page.additional_leverage(mean), 2);
    let share = telling.the_chosen_percent(Preposition::None, deadweight.to_f64());
    tell!(
        telling,
        "{first}; sono aggiuntivi {additional} euro, perché {share} dei prestiti sarebbe stato concesso comunque.",
        "{first}; {additional} euros are additional, for {share} of the loans would have been made anyway."
    )
}

fn guarantees(page: &Page) -> String {
    let telling = page.telling;
    if !page.has_guarantees() {
        return tell!(telling, "Lo scenario non prevede garanzie.", "The scenario has no guarantees.");
    }
    if page.is_zero(M::CallsDemanded) {
        return tell!(
            telling,
            "Garanzie: nessuna è escussa in nessun futuro simulato.",
            "Guarantees: none is called in any simulated future."
        );
    }
    // Beyond the cap nothing is owed.
    let owed = match page.has_capped_guarantees() {
        true => tell!(telling, "entro il cap", "within the cap"),
        false => tell!(telling, "dovuta", "that is owed"),
    };
    let late = match page.mean(M::ShortfallEvent, None) {
        0.0 => tell!(
            telling,
            "ogni escussione {owed} è pagata alla scadenza in tutti i futuri simulati",
            "every call {owed} is paid when due in all simulated futures"
        ),
        share => {
            let futures = telling.futures(share, page.contents.summary.paths);
            tell!(
                telling,
                "in {futures} un’escussione {owed} non è pagata per intero alla scadenza",
                "in {futures} a call {owed} is not paid in full when due"
            )
        }
    };
    if !page.has_capped_guarantees() {
        return tell!(telling, "Garanzie: {late}.", "Guarantees: {late}.");
    }
    match page.mean(M::CapHit, None) {
        0.0 => tell!(
            telling,
            "Garanzie: il cap non lascia escussioni impagate in nessun futuro simulato, ma può farne attendere; {late}.",
            "Guarantees: the cap leaves no call unpaid in any simulated future, though it may delay some; {late}."
        ),
        share => {
            let futures = telling.futures(share, page.contents.summary.paths);
            tell!(
                telling,
                "Garanzie: in {futures} escussioni oltre il cap restano impagate alla fine e la perdita alle banche (quelle che il cap fa solo attendere non sono contate); {late}.",
                "Guarantees: in {futures} calls beyond the cap are still unpaid at the end and banks bear the loss (those that the cap only delays are not counted); {late}."
            )
        }
    }
}

fn back(page: &Page) -> String {
    let telling = page.telling;
    let plan = page.contents.plan;
    let last = telling.quarter(plan.start.plus(plan.quarters.max(1) - 1));
    let euros = |metric: M| telling.numbers.euros_short(page.mean(metric, None));
    let closing = euros(M::ClosingResources);
    let share = telling.the_percent(Preposition::None, page.mean(M::ClosingRatio, None));
    let on_average = telling.on_average(page.contents.summary.paths);
    let first = tell!(
        telling,
        "Alla fine ({last}) tornano alla Regione {on_average} {closing}, {share} della dotazione",
        "At the end ({last}) {closing} come back to the Region {on_average}, {share} of the endowment"
    );
    let mut back = first;
    if page.mean(M::NeverPaidIn, None) >= 1.0 {
        let never = euros(M::NeverPaidIn);
        back +=
            &tell!(telling, ", di cui {never} mai versati al fondo", ", of which {never} were never paid in");
    }
    if page.mean(M::OutstandingAtHorizon, None) >= 1.0 {
        let outstanding = euros(M::OutstandingAtHorizon);
        back += &tell!(
            telling,
            "; altri {outstanding} sono prestiti ancora da rimborsare",
            "; another {outstanding} are loans still to be repaid"
        );
    }
    format!("{back}.")
}

fn limits(page: &Page) -> String {
    let telling = page.telling;
    let scenario = page.contents.facts.scenario;
    let of_books = page.contents.books.map_or(Vec::new(), |books| region::verdicts(scenario, books));
    let limits = page.contents.limits.iter().map(|result| result.verdict);
    let limits: Vec<Verdict> = limits.chain(of_books).collect();
    let count = |verdict: Verdict| limits.iter().filter(|&&found| found == verdict).count();
    let (kept, broken, open) = (count(Verdict::Kept), count(Verdict::Broken), count(Verdict::NotSettled));
    match limits.len() {
        0 => tell!(
            telling,
            "Lo scenario non pone limiti: non c’è un verdetto.",
            "The scenario sets no limits: there is no verdict."
        ),
        all if all > page.contents.limits.len() => tell!(
            telling,
            "Promesse dello scenario (limiti, traguardi di spesa, risultati sociali): {all}; rispettate {kept}, non rispettate {broken}, non decise {open}.",
            "Promises of the scenario (limits, milestones of spending, social results): {all}; kept {kept}, broken {broken}, not settled {open}."
        ),
        all => tell!(
            telling,
            "Limiti posti dallo scenario: {all}; rispettati {kept}, non rispettati {broken}, non decisi {open}.",
            "Limits set by the scenario: {all}; kept {kept}, broken {broken}, not settled {open}."
        ),
    }
}
