//! `fesr run --uncertain`: which scenarios can be run so, and what is said of those that cannot.

use super::Failure;
use crate::aggregate::uncertain::MOST_PATHS;
use crate::locale::told;
use crate::scenario::Scenario;
use crate::sensitivity::{DrawnWorlds, NoWorlds, Refused};

/// The worlds of a scenario.
///
/// # Errors
/// [`Failure::Usage`] if it has no `[uncertainty]`, if a row of it changes what the fund is, if it asks for a precision, or
/// for more paths than can be added up exactly.
pub fn drawn_worlds(scenario: &Scenario) -> Result<DrawnWorlds, Failure> {
    let name = &scenario.identity.name;
    if let Some(precision) = scenario.simulation.precision {
        return Err(Failure::Usage(told!(
            "{name}: --uncertain richiede un numero di percorsi, ma lo scenario dice precision = \"{precision}\" sotto [simulation]: la regola che ferma la simulazione conosce gli intervalli di percorsi indipendenti, e questi lo sono a gruppi.\nAggiungere --paths N, oppure togliere --uncertain.",
            "{name}: --uncertain needs a number of paths, but the scenario says precision = \"{precision}\" under [simulation]: the rule that stops the run knows the intervals of independent paths, and these are so in groups.\nAdd --paths N, or leave --uncertain out.";
            name,
            precision = precision.to_string(),
        )));
    }
    if scenario.simulation.paths > MOST_PATHS {
        return Err(Failure::Usage(told!(
            "--uncertain accetta al massimo {most} percorsi, non {paths}",
            "--uncertain takes at most {most} paths, not {paths}";
            most = MOST_PATHS,
            paths = scenario.simulation.paths,
        )));
    }
    DrawnWorlds::new(scenario).map_err(|why| match why {
        NoWorlds::NothingUncertain => Failure::Usage(told!(
            "{name}: --uncertain sorteggia ciò che lo scenario dice incerto, ma manca una tabella [uncertainty].\nPer esempio:\n  [uncertainty]\n  \"credit.rating.*.pd\" = {example}",
            "{name}: --uncertain draws what the scenario says is not known, but it has no [uncertainty] table.\nFor example:\n  [uncertainty]\n  \"credit.rating.*.pd\" = {example}";
            name,
            example = "{ lognormal = { median = 1, sigma = 0.46 }, operation = \"scale\" }",
        )),
        NoWorlds::ChangesTheFund(key) => Failure::Usage(told!(
            "{name}: --uncertain non può sorteggiare `{key}`: durata, dotazione e budget sono decisioni, e cifre divise per importi diversi non si lasciano sommare.\nTogliere la riga, o confrontare le alternative con `fesr compare` e `fesr sensitivity`.",
            "{name}: --uncertain cannot draw `{key}`: horizon, endowment and budgets are decisions, and figures divided by different amounts cannot be told as one.\nLeave the row out, or look at the alternatives with `fesr compare` and `fesr sensitivity`.";
            name,
            key,
        )),
    })
}

/// The failure of a run one of whose draws made no valid scenario.
pub fn refused_world(scenario: &Scenario, refused: &Refused) -> Failure {
    Failure::Usage(told!(
        "{name}: --uncertain ha sorteggiato valori che insieme non danno uno scenario valido: {values}: {why}\nRestringere le righe di [uncertainty] perché ogni combinazione sia valida.",
        "{name}: --uncertain drew values that make no valid scenario together: {values}: {why}\nNarrow the rows of [uncertainty] so that every combination is valid.";
        name = scenario.identity.name,
        values = refused.values.join(", "),
        why = refused.why.clone(),
    ))
}
