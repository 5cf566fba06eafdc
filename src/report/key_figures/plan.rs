//! What is about to be simulated, in a few lines.

use crate::aggregate::precision::MOST_PATHS;
use crate::plan::{ApplicantSource, LinePlan, Plan};
use crate::report::layout::{Accent, COLUMNS, Paint, labelled, printable, wrap};
use crate::report::precision::target_text;
use crate::report::telling::{Telling, sentence, tell};
use crate::scenario::Scenario;
use crate::units::Cents;

/// Labels and what they say.
type Rows = Vec<(String, String)>;

/// The widest label: "Applications".
const LABEL_COLUMNS: usize = 12;

/// The plan of a run: who, how much, how long, how many paths. At most 80 columns; `styled`: headings in bold.
pub fn plan_text(scenario: &Scenario, plan: &Plan, styled: bool) -> String {
    let telling = Telling::new(scenario.identity.language);
    let paint = Paint { styled };
    let mut parts: Vec<(Option<String>, Rows)> = vec![(None, fund_rows(telling, plan))];
    for line in &plan.lines {
        parts.push((
            Some(telling.line_name(Some(line.number)).to_string()),
            line_rows(telling, scenario, line),
        ));
    }
    let heading = tell!(telling, "Simulazione", "Simulation");
    parts.push((Some(heading), run_rows(telling, scenario)));

    let identity = &scenario.identity;
    let title = printable(&identity.title);
    let title = if identity.title == identity.name { title } else { format!("{title} ({})", identity.name) };
    let mut text = String::new();
    for line in wrap(&title, COLUMNS) {
        text += &format!("{}\n", paint.apply(Accent::Heading, &line));
    }
    for (heading, rows) in parts {
        if let Some(heading) = heading {
            text += &format!("{}\n", paint.apply(Accent::Heading, &heading));
        }
        for (label, content) in rows {
            text += &labelled(&label, LABEL_COLUMNS, &content);
        }
    }
    text
}

fn fund_rows(telling: Telling, plan: &Plan) -> Rows {
    let euros = |amount: Cents| whole_euros(telling, amount);
    let mut parts: Vec<String> = plan
        .lines
        .iter()
        .map(|line| format!("{} {}", telling.line(line.number), euros(line.contribution())))
        .collect();
    if plan.fees.budget.0 > 0 {
        parts.push(format!("{} {}", telling.words.fees, euros(plan.fees.budget)));
    }
    let (endowment, parts) = (euros(plan.endowment), parts.join(", "));
    let tranches = plan.tranches.len();
    let paid_in = match tranches {
        1 => tell!(telling, "versata tutta all’inizio", "paid in at the start"),
        _ => tell!(telling, "versata in {tranches} quote", "paid in {tranches} tranches"),
    };
    let repaid = if plan.revolving {
        tell!(telling, "i rientri si prestano di nuovo", "repayments are lent again")
    } else {
        tell!(telling, "i rientri restano per la Regione", "repayments are kept for the Region")
    };
    let horizon = telling.horizon(plan.start, plan.quarters);
    let quarters = plan.quarters;
    let open = telling.years(plan.open_quarters);
    let mut rows = vec![
        (tell!(telling, "Dotazione", "Endowment"), format!("{endowment}: {parts}; {paid_in}; {repaid}")),
        (
            tell!(telling, "Periodo", "Life"),
            tell!(
                telling,
                "{horizon}, {quarters} trimestri; domande nei primi {open} anni",
                "{horizon}, {quarters} quarters; applications in the first {open} years"
            ),
        ),
    ];
    if plan.has_history() {
        let (last, today) = (plan.start.plus(plan.today - 1), plan.start.plus(plan.today));
        let (last, today) = (telling.quarter(last), telling.quarter(today));
        let booked: usize = plan.lines.iter().map(|line| line.booked.len()).sum();
        let said = tell!(
            telling,
            "{today}: storia fino al {last} ({booked} progetti erogati), poi previsione",
            "{today}: history to {last} ({booked} projects disbursed), then forecast"
        );
        rows.push((tell!(telling, "Oggi", "Today"), said));
    }
    rows
}

fn line_rows(telling: Telling, scenario: &Scenario, line: &LinePlan) -> Rows {
    let euros = |amount: Cents| whole_euros(telling, amount);
    let envelopes: Vec<String> = [
        (telling.words.fund_loans, line.loans_budget),
        (telling.words.guarantees, line.guarantees_budget),
        (telling.words.grants, line.grants_budget),
    ]
    .into_iter()
    .filter(|(_, amount)| amount.0 > 0)
    .map(|(name, amount)| format!("{name} {}", euros(amount)))
    .collect();
    let demanded = |index: usize| line.demand.probability(index);
    let products: Vec<String> = line
        .products
        .iter()
        .enumerate()
        .map(|(index, product)| {
            format!("{} {}", printable(scenario.named(&product.name)), telling.percent(demanded(index)))
        })
        .collect();
    let range = {
        let (min, max) = (euros(line.min_investment), euros(line.max_investment));
        tell!(telling, "investimenti da {min} a {max}", "investments from {min} to {max}")
    };
    let applications = match &line.applicants {
        ApplicantSource::Statistical(source) => {
            let expected: f64 = source.arrivals.iter().sum();
            let expected = telling.numbers.decimal(expected, if expected < 100.0 { 1 } else { 0 });
            tell!(telling, "{expected} attese in media", "{expected} expected on average")
        }
        ApplicantSource::List(rows) => {
            let count = rows.len();
            tell!(telling, "{count} in elenco", "{count} listed")
        }
    };
    vec![
        (tell!(telling, "Risorse", "Envelopes"), envelopes.join(", ")),
        (tell!(telling, "Domande", "Applications"), format!("{applications}; {range}")),
        (tell!(telling, "Prodotti", "Products"), products.join(", ")),
    ]
}

fn run_rows(telling: Telling, scenario: &Scenario) -> Rows {
    let seed = scenario.simulation.seed;
    let count = match scenario.simulation.precision {
        None => telling.numbers.count(scenario.simulation.paths),
        Some(target) => {
            let (target, most) = (target_text(telling, target), telling.numbers.count(MOST_PATHS));
            tell!(
                telling,
                "quanti ne servono per {target} (IC 95\u{a0}%), al massimo {most}",
                "as many as {target} takes (95% CI), at most {most}"
            )
        }
    };
    vec![(sentence(telling.words.paths), tell!(telling, "{count}; seme {seed}", "{count}; seed {seed}"))]
}

/// The files that will be written to a folder, in the form of a line of [`plan_text`].
pub fn files_text(scenario: &Scenario, folder: &str, files: &[&str]) -> String {
    let telling = Telling::new(scenario.identity.language);
    let (folder, files) = (printable(folder), files.join(", "));
    let label = tell!(telling, "File", "Files");
    labelled(&label, LABEL_COLUMNS, &format!("{folder}: {files}"))
}

/// Whole euros; cents only where there are any.
fn whole_euros(telling: Telling, amount: Cents) -> String {
    if amount.0 % 100 == 0 {
        telling.numbers.euros(amount.to_f64() / 100.0, 0)
    } else {
        telling.numbers.cents(amount)
    }
}
