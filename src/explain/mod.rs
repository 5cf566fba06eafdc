//! A scenario read back in plain sentences, in English or Italian, with what its assumptions imply.
//!
//! One paragraph a subject, in lines of at most 80 columns. Whoever wrote the file can check that it says what was meant, and whoever only reads the
//! results can learn what was assumed.

mod credit;
mod line;
mod numbers;
mod uncertainty;
mod words;

pub use numbers::Figures;

use crate::aggregate::precision::MOST_PATHS;
use crate::implied::implied;
use crate::layout::{COLUMNS, left, printable, wrap};
use crate::locale::{Preposition, metric_name, shown_as_percent};
use crate::metrics::Unit;
use crate::rules::{Broken, Rule, check};
use crate::scenario::{
    AidRoute, Language, LegalForm, Limit, LimitStatistic, LineAid, LineNumber, OUTCOME_PREFIX, Outcome,
    PdMultiplier, Regime, Scenario, Size,
};
use crate::today::todays_books;
use crate::today::told::BooksTold;
use crate::units::Multiplier;
use rust_decimal::Decimal;

/// A subject of the scenario, in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its title.
    pub title: String,
    /// What is said of it.
    pub sentences: Vec<Sentence>,
}

/// A sentence, or a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub place: SentencePlace,
}

/// Where a sentence stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentencePlace {
    /// By itself.
    Alone,
    /// It is about what the last one was about.
    Detail,
    /// In a list, after a short name; names of one list are as wide as `columns`.
    Item {
        /// The name.
        name: String,
        /// Columns that all names of the list have.
        columns: usize,
    },
}

/// The scenario in plain sentences, in lines of at most 80 columns.
pub fn explain(scenario: &Scenario, language: Language) -> String {
    let texts: Vec<String> = paragraphs(scenario, language).iter().map(Paragraph::to_text).collect();
    texts.join("\n")
}

impl Paragraph {
    fn to_text(&self) -> String {
        let title = wrap(&printable(&self.title), COLUMNS).join("\n");
        let sentences = self.sentences.iter().map(Sentence::to_text).collect::<String>();
        format!("{title}\n{sentences}")
    }
}

impl Sentence {
    /// In lines that begin two columns in, later ones two more or under the text of an item.
    fn to_text(&self) -> String {
        let start = match &self.place {
            SentencePlace::Alone => String::new(),
            SentencePlace::Detail => "  ".to_string(),
            SentencePlace::Item { name, columns } => format!("{}  ", left(name, *columns)),
        };
        let hang = start.chars().count().max(2);
        let mut text = String::new();
        for (index, line) in wrap(&printable(&self.text), COLUMNS - 2 - hang).iter().enumerate() {
            text += &match index {
                0 => format!("  {start}{line}\n"),
                _ => format!("  {}{line}\n", " ".repeat(hang)),
            };
        }
        text
    }
}

/// A legal form, as readers say it of several enterprises.
pub fn legal_form_name(form: LegalForm, language: Language) -> &'static str {
    Text::new(language).pick(words::legal_form(form))
}

/// A size class, as readers say it of several enterprises.
pub fn size_name(size: Size, language: Language) -> &'static str {
    Text::new(language).pick(words::size(size))
}

/// The scenario in plain sentences, subject by subject.
pub fn paragraphs(scenario: &Scenario, language: Language) -> Vec<Paragraph> {
    let mut text = Text::new(language);
    fund(&mut text, scenario);
    fees(&mut text, scenario);
    todays_books_told(&mut text, scenario);
    let implied = implied(scenario);
    for (line, implied) in scenario.lines().zip(&implied.lines) {
        line::line(&mut text, scenario, line, implied);
    }
    credit::credit(&mut text, scenario);
    economy(&mut text, scenario);
    state_aid(&mut text, scenario);
    simulation(&mut text, scenario);
    uncertainty::uncertainties(&mut text, scenario);
    milestones(&mut text, scenario);
    outcomes(&mut text, scenario);
    promises(&mut text, scenario);
    rules(&mut text, scenario);
    text.paragraphs
}

/// Sentences in one of the two languages, gathered into paragraphs.
pub(crate) struct Text {
    language: Language,
    /// How numbers are written.
    pub numbers: Figures,
    paragraphs: Vec<Paragraph>,
}

impl Text {
    fn new(language: Language) -> Text {
        Text { language, numbers: Figures::new(language), paragraphs: Vec::new() }
    }

    /// Begins a paragraph with its title.
    pub fn paragraph(&mut self, english: &str, italian: &str) {
        let title = self.pick((english, italian)).to_string();
        self.paragraphs.push(Paragraph { title, sentences: Vec::new() });
    }

    /// Adds a sentence.
    pub fn say(&mut self, english: String, italian: String) {
        self.add(english, italian, SentencePlace::Alone);
    }

    /// Adds a sentence about what the last one was about.
    pub fn detail(&mut self, english: String, italian: String) {
        self.add(english, italian, SentencePlace::Detail);
    }

    /// Adds a line of a list: a short name, then what it stands for.
    fn item(&mut self, name: &str, columns: usize, meaning: &str) {
        let place = SentencePlace::Item { name: name.to_string(), columns };
        self.add(meaning.to_string(), meaning.to_string(), place);
    }

    fn add(&mut self, english: String, italian: String, place: SentencePlace) {
        let text = match self.language {
            Language::English => english,
            Language::Italian => italian,
        };
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.sentences.push(Sentence { text, place });
        }
    }

    /// The word of the language.
    pub fn pick<'w>(&self, (english, italian): (&'w str, &'w str)) -> &'w str {
        match self.language {
            Language::English => english,
            Language::Italian => italian,
        }
    }
}

/// Of a running fund: what is history, and the books that the forecast starts from.
fn todays_books_told(text: &mut Text, scenario: &Scenario) {
    let Some(books) = todays_books(scenario) else { return };
    text.paragraph("Today’s books", "I libri di oggi");
    let [english, italian] =
        [Language::English, Language::Italian].map(|language| BooksTold::new(scenario, &books, language));
    text.say(english.what_is_history, italian.what_is_history);
    text.say(english.on_the_books, italian.on_the_books);
    text.say(english.balances_given, italian.balances_given);
}

fn fund(text: &mut Text, scenario: &Scenario) {
    let (fund, n) = (&scenario.fund, text.numbers);
    text.paragraph(&scenario.identity.title, &scenario.identity.title);
    if !scenario.identity.description.is_empty() {
        text.say(scenario.identity.description.clone(), scenario.identity.description.clone());
    }
    let (endowment, start) = (n.euros(fund.endowment), n.quarter(fund.start));
    let last = n.quarter(fund.start.plus(fund.availability_quarters - 1));
    let (horizon, open) = (n.years(fund.horizon_quarters), n.years(fund.availability_quarters));
    let end = n.quarter(fund.start.plus(fund.horizon_quarters - 1));
    text.say(
        format!("The fund has {endowment} and starts in {start}; projects are approved for {open} years (to {last}) and everything is followed for {horizon} years (to {end})."),
        format!("Il fondo ha {endowment} e parte nel {start}; i progetti sono approvati per {open} anni (fino al {last} compreso) e tutto è seguito per {horizon} anni (fino al {end} compreso)."),
    );
    match fund.revolving {
        true => text.say(
            "It revolves: repaid principal and recoveries are lent again while the fund is open.".into(),
            "È rotativo: il capitale rimborsato e i recuperi sono prestati di nuovo finché il fondo è aperto.".into(),
        ),
        false => text.say(
            "It does not revolve: repaid principal and recoveries go back to the Region.".into(),
            "Non è rotativo: il capitale rimborsato e i recuperi tornano alla Regione.".into(),
        ),
    }
    if let [_, _, ..] = fund.tranches.as_slice() {
        let shares: Vec<String> =
            fund.tranches.iter().map(|tranche| n.percent(tranche.share.decimal())).collect();
        let triggers: Vec<String> =
            fund.tranches.iter().skip(1).map(|tranche| n.percent(tranche.trigger.decimal())).collect();
        let (shares, triggers) = (n.and(&shares), n.and(&triggers));
        text.say(
            format!("The Region pays in tranches of {shares}; after the first, each when {triggers} of what was paid in is spent."),
            format!("La Regione versa in quote di {shares}; dopo la prima, ciascuna quando è speso {triggers} di quanto versato."),
        );
    } else {
        text.say(
            "The Region pays everything at the start.".into(),
            "La Regione versa tutto all’inizio.".into(),
        );
    }
    let (treasury, discount) =
        (n.percent(fund.treasury_rate.decimal()), n.percent(fund.discount_rate.decimal()));
    text.say(
        format!("Idle cash earns {treasury} a year; the Region discounts at {discount} a year."),
        format!(
            "La liquidità rende {treasury} l’anno; il tasso di sconto della Regione è {discount} l’anno."
        ),
    );
    if fund.union_share != crate::units::Share::ONE {
        let share = n.percent(fund.union_share.decimal());
        text.say(
            format!("The Union’s part, on which leverage is measured, is {share}."),
            format!("La parte dell’Unione, su cui si misura la leva, è {share}."),
        );
    }
    if let Some(leverage) = fund.expected_leverage {
        let leverage = n.exact(leverage.decimal());
        text.say(
            format!("The funding agreement expects {leverage} of finance to final recipients per euro of the Union."),
            format!("L'accordo di finanziamento prevede {leverage} di finanza ai destinatari finali per euro dell'Unione."),
        );
    }
    if !fund.deadweight.is_zero() {
        let share = n.percent(fund.deadweight.decimal());
        text.say(
            format!("Of the loans {share} would have been made without the fund too: additional leverage leaves them out."),
            format!("Dei prestiti {} sarebbe stato concesso anche senza il fondo: l’effetto leva aggiuntivo non lo conta.", Preposition::None.before(&share)),
        );
    }
}

fn fees(text: &mut Text, scenario: &Scenario) {
    let (fees, n) = (&scenario.fund.fees, text.numbers);
    text.paragraph("Management fees", "Costi di gestione");
    let rates = fees.base.iter().chain([&fees.loans, &fees.guarantees, &fees.grants]);
    if rates.clone().all(|rate| rate.is_zero()) && fees.budget.0 == 0 {
        text.say("None are charged.".into(), "Nessuno.".into());
        return;
    }
    let base: Vec<String> = fees.base.iter().map(|rate| n.percent(rate.decimal())).collect();
    let (base, budget, cap) = (base.join("; "), n.euros(fees.budget), n.percent(fees.cap.decimal()));
    let [loans, guarantees, grants] =
        [fees.loans, fees.guarantees, fees.grants].map(|rate| n.percent(rate.decimal()));
    text.say(
        format!("{budget} of the endowment is set aside. Per year: {base} of what was paid in (by fund year, the last repeats), {loans} of outstanding fund loans, {guarantees} of reserves in use; once: {grants} of grants paid. Over the life at most {cap} of the endowment."),
        format!("Sono riservati {budget} della dotazione. All’anno: {base} di quanto versato (per anno del fondo, l’ultimo si ripete), {loans} dei prestiti in essere, {guarantees} degli accantonamenti in uso; una volta: {grants} dei contributi pagati. In tutto al massimo {cap} della dotazione."),
    );
}

fn economy(text: &mut Text, scenario: &Scenario) {
    let (economy, n) = (&scenario.economy, text.numbers);
    let factor = |multiplier: &Multiplier| format!("x{}", n.exact(multiplier.decimal()));
    match &economy.pd_multiplier {
        PdMultiplier::ByFundYear(factors) if factors.iter().all(|factor| *factor == Multiplier::ONE) => {}
        PdMultiplier::ByFundYear(factors) => {
            let factors: Vec<String> = factors.iter().map(factor).collect();
            let factors = factors.join("; ");
            text.say(
                format!("By fund year the economy multiplies the hazard by {factors} (the last repeats)."),
                format!(
                    "Per anno del fondo l’economia moltiplica il rischio per {factors} (l’ultimo si ripete)."
                ),
            );
        }
        PdMultiplier::ByCalendarYear(years) => {
            let years: Vec<String> = years.iter().map(|(year, f)| format!("{year} {}", factor(f))).collect();
            if !years.is_empty() {
                let years = years.join("; ");
                text.say(
                    format!("In some years the economy multiplies the hazard: {years}."),
                    format!("In alcuni anni l’economia moltiplica il rischio: {years}."),
                );
            }
        }
    }
    if economy.factor_shift.iter().any(|shift| !shift.is_zero()) {
        let shifts: Vec<String> = economy.factor_shift.iter().map(|shift| n.exact(shift.decimal())).collect();
        let shifts = shifts.join("; ");
        text.say(
            format!("By fund year the economy is shifted by {shifts} standard deviations (negative is bad)."),
            format!(
                "Per anno del fondo l’economia è spostata di {shifts} deviazioni standard (negativo è male)."
            ),
        );
    }
    if let Some(quarters) = economy.largest_fails_after_quarters {
        text.say(
            format!("A stress: in every future the largest project defaults {quarters} quarters after its disbursement at the latest."),
            format!("Uno stress: in ogni futuro il progetto più grande diventa inadempiente al più tardi {quarters} trimestri dopo l’erogazione."),
        );
    }
}

fn state_aid(text: &mut Text, scenario: &Scenario) {
    let (aid, n) = (&scenario.state_aid, text.numbers);
    match aid.regime {
        Regime::None => {}
        Regime::DeMinimis => {
            text.paragraph("State aid", "Aiuti di Stato");
            let (ceiling, base) = (n.euros(aid.ceiling), n.percent(aid.base_rate.decimal()));
            text.say(
                format!("De minimis: an enterprise may receive a gross grant equivalent of at most {ceiling} (reference rate {base})."),
                format!("De minimis: un'impresa può ricevere un equivalente sovvenzione lordo di al massimo {ceiling} (tasso di riferimento {base})."),
            );
            match aid.route {
                AidRoute::ReferenceRate => {}
                AidRoute::Simplified => {
                    let regulation = aid.regulation.word();
                    text.say(
                        format!("Loans and guarantees count in proportion to the simplified brackets of Reg. (EU) {regulation}, where these fit; elsewhere by reference rate and safe-harbour premium."),
                        format!("Prestiti e garanzie contano in proporzione alle soglie semplificate del Reg. (UE) {regulation}, dove si applicano; altrove con il tasso di riferimento e il premio esente."),
                    );
                }
            }
            for line in scenario.lines().filter(|line| line.state_aid != LineAid::default()) {
                let (number, ceiling) = (line.number.word(), n.euros(scenario.aid_ceiling(line)));
                let prior = n.euros(line.state_aid.prior_aid);
                text.say(
                    format!("Line {number}: at most {ceiling} for each enterprise, of which {prior} already received."),
                    format!("Linea {number}: al massimo {ceiling} per ogni impresa, di cui {prior} già ricevuti."),
                );
            }
        }
    }
}

/// Only where the scenario asks for more than a number of paths.
fn simulation(text: &mut Text, scenario: &Scenario) {
    let Some(precision) = scenario.simulation.precision else { return };
    let (target, most) = (text.numbers.percent(precision.decimal()), text.numbers.count(MOST_PATHS as usize));
    text.paragraph("Simulation", "Simulazione");
    text.say(
        format!("It goes on until expected loss, VaR 99% and ES 99% of the loss, leverage and demand met are known to ±{target} and the chance of hitting the cap to ±0.5 points (95% intervals, twice running), at most {most} paths."),
        format!("Continua finché perdita attesa, VaR 99\u{a0}% ed ES 99\u{a0}% della perdita, effetto leva e domanda soddisfatta sono noti a ±{target} e la probabilità di raggiungere il tetto a ±0,5 punti (intervalli al 95\u{a0}%, due volte di seguito), al massimo {most} percorsi."),
    );
}

/// What must be disbursed by when.
fn milestones(text: &mut Text, scenario: &Scenario) {
    if scenario.milestones.is_empty() {
        return;
    }
    let n = text.numbers;
    text.paragraph("Milestones of spending", "Traguardi di spesa");
    for milestone in &scenario.milestones {
        let (quarter, least) =
            (scenario.fund.start.plus(milestone.quarter), n.euros(milestone.min_disbursed));
        let accepted = milestone.max_probability.map(|most| n.percent(most.decimal()));
        let (english, italian) = match accepted {
            Some(most) => (
                format!("; it may be missed with a probability of at most {most}"),
                format!("; lo si può mancare con probabilità al massimo del {most}"),
            ),
            None => (String::new(), String::new()),
        };
        text.say(
            format!("By the end of {quarter} at least {least} must be disbursed: fund loans, reserves of guaranteed loans and grants paid{english}."),
            format!("Entro la fine del {quarter} devono essere erogati almeno {least}: prestiti del fondo, accantonamenti dei prestiti garantiti e contributi pagati{italian}."),
        );
    }
}

/// What completed investments bring.
fn outcomes(text: &mut Text, scenario: &Scenario) {
    if scenario.lines().all(|line| line.outcomes.is_empty()) {
        return;
    }
    let n = text.numbers;
    text.paragraph("Social results", "Risultati sociali");
    for line in scenario.lines() {
        for outcome in &line.outcomes {
            let Outcome { name, per_million, unit } = outcome;
            let (name, unit) = (scenario.named(name), scenario.named(unit));
            let (number, per_million) = (line.number.word(), n.exact(per_million.decimal()));
            text.say(
                format!("Line {number}, {name}: {per_million} {unit} per million euros of investment completed."),
                format!("Linea {number}, {name}: {per_million} {unit} per milione di euro di investimento completato."),
            );
        }
    }
}

fn promises(text: &mut Text, scenario: &Scenario) {
    if scenario.limits.is_empty() && scenario.outcome_limits.is_empty() {
        return;
    }
    text.paragraph("Promises that the results must keep", "Promesse che i risultati devono mantenere");
    for limit in &scenario.limits {
        let sentence = promise(text, limit);
        text.say(sentence.clone(), sentence);
    }
    for limit in &scenario.outcome_limits {
        let n = text.numbers;
        let sentence = promised(
            text,
            (scenario.named(&limit.outcome), &format!("{OUTCOME_PREFIX}{}", limit.outcome)),
            limit.line,
            limit.statistic,
            [limit.min, limit.max].map(|bound| bound.map(|bound| n.exact(bound))),
        );
        text.say(sentence.clone(), sentence);
    }
}

fn promise(text: &Text, limit: &Limit) -> String {
    let n = text.numbers;
    let value = |bound: Decimal| match limit.metric.unit() {
        Unit::Euro => n.exact_euros(bound),
        Unit::Ratio if !shown_as_percent(limit.metric) => n.exact(bound),
        Unit::Count => n.exact(bound),
        Unit::Ratio | Unit::Probability => n.percent(bound),
    };
    let bounds = [limit.min, limit.max].map(|bound| bound.map(value));
    let name = (metric_name(limit.metric, text.language), limit.metric.id());
    promised(text, name, limit.line, limit.statistic, bounds)
}

/// A promise about a figure with a name and an id.
fn promised(
    text: &Text,
    (name, id): (&str, &str),
    line: Option<LineNumber>,
    statistic: LimitStatistic,
    [min, max]: [Option<String>; 2],
) -> String {
    let n = text.numbers;
    let statistic = match statistic {
        LimitStatistic::Mean => text.pick(("mean", "media")).to_string(),
        LimitStatistic::StandardDeviation => {
            text.pick(("standard deviation", "deviazione standard")).to_string()
        }
        LimitStatistic::Quantile(level) => {
            format!("{} {}", text.pick(("quantile", "quantile")), n.percent(level.decimal()))
        }
        LimitStatistic::ExpectedShortfall(level) => {
            format!(
                "{} {}",
                text.pick(("expected shortfall", "expected shortfall")),
                n.percent(level.decimal())
            )
        }
    };
    let line =
        line.map_or(String::new(), |line| format!(" ({} {})", text.pick(("line", "linea")), line.word()));
    let mut bounds = Vec::new();
    bounds.extend(min.map(|min| format!("{} {min}", text.pick(("at least", "almeno")))));
    bounds.extend(max.map(|max| format!("{} {max}", text.pick(("at most", "al massimo")))));
    format!("{name}{line} ({id}), {statistic}: {}.", bounds.join(", "))
}

fn rules(text: &mut Text, scenario: &Scenario) {
    let report = check(scenario);
    text.paragraph("Rules of the measure", "Regole della misura");
    let rules = |broken: &[Broken]| -> Vec<&'static Rule> { broken.iter().map(|b| b.rule).collect() };
    let lists = [
        (report.kept, ("Kept:", "Rispettate:")),
        (rules(&report.broken_errors), ("Broken, the run stops:", "Violate, l’esecuzione si ferma:")),
        (rules(&report.warned), ("Broken, with a warning:", "Violate, con un avviso:")),
        (rules(&report.waived), ("Knowingly broken:", "Violate consapevolmente, con deroga:")),
        (report.waived_without_need, ("Waived without need:", "Derogate senza bisogno:")),
    ];
    for (rules, heading) in lists {
        if rules.is_empty() {
            continue;
        }
        text.say(heading.0.to_string(), heading.1.to_string());
        for rule in rules {
            text.item(&format!("  {}", rule.code), 6, rule.demand.text(text.language));
        }
    }
}
