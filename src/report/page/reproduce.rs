//! How to do it again: the command, the hashes, and how to check.

use super::Page;
use super::table::{Kind, Table, text};
use crate::report::run_record::sha256;
use crate::report::telling::tell;
use crate::resolved::{BORROWERS_FILE, RESOLVED_FILE, borrowers_csv, resolved_toml};
use maud::{Markup, html};

/// The chapter.
pub(super) fn reproduce(page: &Page) -> Markup {
    let telling = page.telling;
    let facts = page.contents.facts;
    let scenario = facts.scenario;
    let mut table = Table::new(
        tell!(
            telling,
            "Che cosa fa questi risultati e nessun altro",
            "What makes these results and no others"
        ),
        vec![
            (tell!(telling, "Che cosa", "What"), Kind::Words),
            (tell!(telling, "Valore", "Value"), Kind::Exact),
        ],
    );
    let mut row = |name: String, value: String| table.row(vec![text(name), html! { code { (value) } }]);
    row(tell!(telling, "Scenario", "Scenario"), scenario.identity.name.clone());
    row(
        tell!(telling, "SHA-256 di {RESOLVED_FILE}", "SHA-256 of {RESOLVED_FILE}"),
        sha256(resolved_toml(scenario).as_bytes()),
    );
    if let Some(borrowers) = borrowers_csv(scenario) {
        row(
            tell!(telling, "SHA-256 di {BORROWERS_FILE}", "SHA-256 of {BORROWERS_FILE}"),
            sha256(borrowers.as_bytes()),
        );
    }
    row(tell!(telling, "Seme", "Seed"), scenario.simulation.seed.to_string());
    row(tell!(telling, "Percorsi", "Paths"), facts.paths.to_string());
    row(tell!(telling, "Programma", "Program"), format!("fesr {}", facts.version));
    html! {
        p { (tell!(
            telling,
            "Dalla cartella di questi risultati, con la stessa versione del programma, il comando seguente dà le stesse cifre, su qualunque numero di processori:",
            "In the folder of these results, with the same version of the program, this command gives the same figures, on any number of processors:"
        )) }
        pre tabindex="0" { code { (command(page)) } }
        p { (tell!(
            telling,
            "Questo invece rifà tutto e dice se ogni file, anche questa pagina, è identico al byte:",
            "And this one does it all again and says whether every file, this page among them, is the same to the byte:"
        )) }
        pre tabindex="0" { code { "fesr verify ." } }
        (table.render())
        @if facts.interrupted() {
            @let planned = telling.numbers.count(facts.planned);
            p { (tell!(
                telling,
                "La simulazione è stata interrotta: erano previsti {planned} percorsi, il comando ne chiede solo quanti ne sono stati simulati.",
                "The run was interrupted: {planned} paths were planned, the command asks for as many as were simulated."
            )) }
        }
        p { (tell!(
            telling,
            "Lo scenario completo, con tutti i valori predefiniti e le modifiche da riga di comando, è in {RESOLVED_FILE}; le opzioni e le impronte di tutti i file sono in run.json; le cifre in summary.csv, nel tempo in timeline.csv, per gruppo in groups.csv, dietro ogni figura in charts/.",
            "The complete scenario, with all defaults and what was changed on the command line, is in {RESOLVED_FILE}; the options and the hashes of all files are in run.json; figures are in summary.csv, over time in timeline.csv, by group in groups.csv, behind each picture in charts/."
        )) }
    }
}

/// The command that gives the same figures.
fn command(page: &Page) -> String {
    let facts = page.contents.facts;
    let mut command = format!("fesr run {RESOLVED_FILE}");
    if facts.interrupted() {
        command += &format!(" --paths {}", facts.paths);
    }
    if page.contents.summary.tail.is_some() {
        command += " --tail";
    }
    if page.contents.summary.uncertain.is_some() {
        command += " --uncertain";
    }
    if page.contents.books.is_some_and(|books| !books.annual.is_empty()) {
        command += " --annual-report";
    }
    if page.contents.png {
        command += " --png";
    }
    if let Some(csv) = page.contents.csv {
        command += &format!(" --csv {}", csv.word());
    }
    command
}
