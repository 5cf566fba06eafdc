//! What every key of a scenario file means, in both languages.
//!
//! The English meanings stand in [`KEYS`]; the Italian ones here, by path. A key without an Italian meaning does not
//! compile.

use super::keys::{KEYS, Key};
use crate::locale::{Pair, pair};

/// What a key means, with its unit and range.
pub fn meaning(key: &Key) -> Pair {
    let italian = ITALIAN.iter().find(|(path, _)| *path == key.path).map(|(_, meaning)| *meaning);
    pair(italian.expect("every key has an Italian meaning: checked below, before it compiles"), key.meaning)
}

const _: () = {
    let mut index = 0;
    while index < KEYS.len() {
        assert!(is_translated(KEYS[index].path), "a key of KEYS has no meaning in ITALIAN");
        index += 1;
    }
};

const fn is_translated(path: &str) -> bool {
    let mut index = 0;
    while index < ITALIAN.len() {
        if is_same(path.as_bytes(), ITALIAN[index].0.as_bytes()) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = one.len();
    // From the end: paths begin alike.
    while at > 0 {
        at -= 1;
        if one[at] != other[at] {
            return false;
        }
    }
    true
}

const ITALIAN: &[(&str, &str)] = &[
    ("extends", "file o elenco di file da cui partire, relativi a questo file"),
    (
        "scenario.name",
        "lettere a-z, cifre e trattini; dà il nome alla cartella dei risultati; predefinito: il nome del file",
    ),
    ("scenario.title", "ciò che vede chi legge; predefinito: il nome"),
    ("scenario.title_it", "il titolo per chi legge in italiano; predefinito: title"),
    ("scenario.title_en", "il titolo per chi legge in inglese; predefinito: title"),
    ("scenario.description", "una frase o due"),
    ("scenario.description_it", "la descrizione per chi legge in italiano"),
    ("scenario.description_en", "la descrizione per chi legge in inglese"),
    ("scenario.lang", "lingua dei risultati: \"it\" o \"en\""),
    ("simulation.paths", "numero di percorsi simulati, da 1 a 1.000.000.000"),
    (
        "simulation.precision",
        "simulare finché le cifre principali hanno questa precisione, da 0,01 % a 50 %; 0: simulare `paths`",
    ),
    ("simulation.seed", "seme di tutti i numeri casuali, almeno 1"),
    ("fund.endowment", "tutto il denaro dell’accordo di finanziamento, EUR"),
    ("fund.start", "trimestre solare in cui il fondo parte"),
    (
        "fund.today",
        "controllo di un fondo in corso: il primo trimestre solare che non si conosce; ciò che lo precede è storia, raccontata dalle righe di `pipeline.borrowers` che hanno uno `status`",
    ),
    ("fund.horizon_years", "anni simulati, da 1 a 40 a passi di 0,25"),
    ("fund.availability_years", "anni in cui si approvano progetti, al massimo l’orizzonte"),
    ("fund.period", "periodo di programmazione: \"2014-2020\" o \"2021-2027\""),
    ("fund.revolving", "se il capitale rimborsato si presta di nuovo"),
    (
        "fund.union_share",
        "parte della dotazione a carico dell’Unione, maggiore di 0: denominatore della leva",
    ),
    (
        "fund.deadweight",
        "quota dei prestiti che sarebbe stata concessa anche senza il fondo; la leva aggiuntiva non la conta",
    ),
    (
        "fund.expected_leverage",
        "leva attesa dall’accordo di finanziamento, finanza ai destinatari finali per euro dell’Unione, da 0 a 1.000; predefinito: quanto implicano le dotazioni",
    ),
    ("fund.treasury_rate", "interesse annuo sulla liquidità; può essere negativo"),
    ("fund.discount_rate", "tasso annuo con cui si attualizza il costo pubblico; può essere negativo"),
    ("fund.tranches", "come è versata la dotazione; predefinito: tutta subito"),
    ("fund.tranches.shares", "quote della dotazione, che sommano a 1"),
    ("fund.tranches.triggers", "parte di quanto versato che deve prima essere spesa; la prima è 0"),
    (
        "fund.opening.fees",
        "controllo di un fondo in corso: EUR che oggi restano per i costi di gestione; altrimenti come ricavato dalla storia",
    ),
    (
        "fund.opening.income",
        "controllo di un fondo in corso: EUR di proventi di tesoreria e interessi in cassa oggi, anche negativi; altrimenti come ricavato dalla storia",
    ),
    (
        "fund.opening.returned",
        "controllo di un fondo in corso: EUR da restituire alla Regione e in cassa oggi; altrimenti come ricavato dalla storia",
    ),
    ("fund.fees.budget", "EUR riservati ai costi di gestione"),
    ("fund.fees.base", "quota annua della dotazione versata, per anno del fondo, l’ultima si ripete"),
    ("fund.fees.loans", "quota annua dei prestiti del fondo in essere"),
    ("fund.fees.guarantees", "quota annua degli accantonamenti in uso"),
    ("fund.fees.grants", "quota dei contributi pagati, una volta"),
    ("fund.fees.cap", "massimo che i costi possono prendere della dotazione in tutta la vita"),
    ("line1.min_investment", "minimo investimento ammesso, EUR"),
    ("line2.min_investment", "minimo investimento ammesso, EUR"),
    ("line1.max_investment", "massimo investimento ammesso, EUR"),
    ("line2.max_investment", "massimo investimento ammesso, EUR"),
    ("line1.legal_forms", "forme giuridiche ammesse"),
    ("line2.legal_forms", "forme giuridiche ammesse"),
    ("line1.sizes", "dimensioni d’impresa ammesse"),
    ("line2.sizes", "dimensioni d’impresa ammesse"),
    ("line.fallback", "se (o quale quota di) richiedenti accettano un prodotto diverso da quello preferito"),
    (
        "line.queue",
        "\"skip\": una domanda più piccola può superarne una più grande in attesa; \"strict\": non può",
    ),
    ("line.max_wait_quarters", "trimestri di attesa possibili per una domanda, da 0 a 160"),
    (
        "line.grant_clawback_years",
        "anni dal pagamento entro i quali un inadempimento fa revocare il contributo, da 0 a 40",
    ),
    ("line.grant_clawback_recovery", "quota di un contributo revocato che si recupera"),
    ("line.disbursement_lag_quarters", "trimestri dall’approvazione all’erogazione, da 0 a 160"),
    ("line.withdrawal_rate", "quota dei progetti approvati che rinunciano prima dell’erogazione"),
    (
        "line.grant_lag_quarters",
        "trimestri dall’erogazione al pagamento del contributo, al massimo la durata",
    ),
    ("line.pd_log_sd", "incertezza del livello delle PD: deviazione standard del logaritmo, da 0 a 2"),
    ("line.budget.total", "EUR della linea; se c’è, le tre dotazioni possono essere quote"),
    ("line.budget.loans", "EUR per prestiti del fondo, o una quota di `total`"),
    ("line.budget.guarantees", "EUR per garanzie, o una quota di `total`"),
    ("line.budget.grants", "EUR per contributi, o una quota di `total`"),
    (
        "line.opening.loans",
        "controllo di un fondo in corso: EUR per prestiti del fondo disponibili oggi; altrimenti come ricavato dalla storia",
    ),
    (
        "line.opening.guarantees",
        "controllo di un fondo in corso: EUR per escussioni disponibili oggi; altrimenti come ricavato dalla storia",
    ),
    (
        "line.opening.grants",
        "controllo di un fondo in corso: EUR per contributi disponibili oggi, compresi quelli promessi; altrimenti come ricavato dalla storia",
    ),
    (
        "line.pipeline.applications_per_year",
        "domande attese all’anno, o un elenco per anno del fondo, l’ultima si ripete; da 0 a 10.000",
    ),
    (
        "line.pipeline.applications_log_sd",
        "incertezza della domanda: deviazione standard del logaritmo, da 0 a 2",
    ),
    ("line.pipeline.investment.median", "investimento mediano prima del troncamento, EUR"),
    ("line.pipeline.investment.sigma", "deviazione standard del logaritmo dell’investimento, da 0 a 5"),
    ("line.pipeline.themes", "pesi dei temi; predefinito: tutti uguali"),
    ("line.pipeline.legal_form", "pesi delle forme giuridiche; predefinito: uguali tra quelle ammesse"),
    ("line.pipeline.size", "pesi delle dimensioni; predefinito: uguali tra quelle ammesse"),
    ("line.pipeline.ratings", "pesi delle classi di merito; predefinito: tutti uguali"),
    ("line.pipeline.accompanied", "quota dei richiedenti accompagnati"),
    ("line.product", "pacchetti di finanziamento, almeno uno"),
    ("line.product.*.name", "nome del pacchetto, da 1 a 80 caratteri"),
    ("line.product.*.demand", "peso tra i pacchetti preferiti"),
    ("line.product.*.own_funds", "quota dell’investimento pagata dal richiedente"),
    ("line.product.*.fund_loan", "quota dell’investimento prestata dal fondo"),
    ("line.product.*.bank_loan", "quota dell’investimento prestata dalla banca"),
    ("line.product.*.grant", "quota dell’investimento data come contributo"),
    ("line.product.*.guarantee_rate", "tasso di copertura: parte del prestito bancario garantita"),
    ("line.loan.tenor_quarters", "trimestri fino all’ultimo pagamento, da 1 a 160"),
    ("line.loan.grace_quarters", "trimestri di preammortamento, meno della durata"),
    (
        "line.loan.amortisation",
        "\"italian\" (quote capitali costanti), \"french\" (rate costanti) o \"bullet\" (tutto alla scadenza)",
    ),
    ("line.loan.fund_rate", "tasso annuo sul prestito del fondo, non negativo"),
    ("line.loan.bank_rate", "tasso annuo sul prestito bancario, non negativo"),
    ("line.guarantee.kind", "\"capped\" (con tetto) o \"uncapped\" (senza)"),
    (
        "line.guarantee.cap_rate",
        "con tetto: massimo che le escussioni nette possono prendere degli importi garantiti",
    ),
    ("line.guarantee.provision_rate", "senza tetto: accantonamento per euro garantito"),
    ("line.guarantee.call_lag_quarters", "trimestri dall’inadempimento al pagamento, da 0 a 160"),
    (
        "line.guarantee.backing",
        "che cosa paga le escussioni: \"envelope\", poi anche \"income\", poi anche \"fund\"",
    ),
    ("line.guarantee.premium_rate", "commissione annua sul debito garantito in bonis, non negativa"),
    ("line.loss.lgd_mean", "perdita media in caso di inadempimento"),
    ("line.loss.lgd_sd", "la sua deviazione standard; sd^2 minore di media x (1 - media)"),
    ("line.loss.cure_rate", "probabilità che un inadempimento non costi nulla"),
    ("line.loss.recovery", "quando arrivano i recuperi; quote che sommano a 1"),
    ("line.loss.recovery.*.after_quarters", "trimestri dopo l’inadempimento, da 0 a 160"),
    ("line.loss.recovery.*.share", "parte del recupero"),
    (
        "line.outcomes",
        "risultati sociali degli investimenti completati, per nomi di a-z, 0-9 e _, al massimo 40 segni",
    ),
    (
        "line.outcomes.*.per_million",
        "quanti ne porta un milione di euro di investimento completato, da 0 a 1.000.000",
    ),
    ("line.outcomes.*.unit", "che cosa si conta, da 1 a 80 caratteri"),
    ("pipeline.borrowers", "elenco dei richiedenti, relativo al file che lo nomina"),
    ("credit.dependence", "\"static\" o \"ar1\""),
    ("credit.copula", "\"gaussian\" o \"student_t\" (solo con static)"),
    ("credit.nu", "gradi di libertà di student_t, più di 2"),
    ("credit.systemic_correlation", "quota della varianza comune a tutti; con quella del tema meno di 1"),
    ("credit.theme_correlation", "quota della varianza comune a un tema"),
    ("credit.persistence", "autoregressione dell’economia per trimestre, con ar1; da 0 a meno di 1"),
    ("credit.pd_target", "che cosa promettono le PD con ar1: \"quarter\" o \"lifetime\""),
    ("credit.lgd_loading", "peso dell’economia sulla perdita in caso di inadempimento, da 0 a meno di 1"),
    ("credit.legal_form_multiplier.nonprofit", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.legal_form_multiplier.forprofit", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.theme_multiplier.health_wellbeing", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.theme_multiplier.demographic_change", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.theme_multiplier.poverty_exclusion", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.theme_multiplier.other", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.size_multiplier.micro", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.size_multiplier.small", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    ("credit.size_multiplier.medium", "fattore sul rischio di inadempimento, da 0 a 1.000"),
    (
        "credit.accompanied_multiplier",
        "fattore sul rischio di inadempimento dei richiedenti accompagnati, da 0 a 1.000",
    ),
    ("credit.rating", "classi di merito, almeno una"),
    ("credit.rating.*.name", "nome della classe, da 1 a 80 caratteri"),
    (
        "credit.rating.*.pd",
        "probabilità annua di inadempimento, o un elenco per anno di età, l’ultima si ripete; richiesta se non lo dice [credit.migration]",
    ),
    (
        "credit.migration.pd_multiplier",
        "fattore su ogni probabilità annua di inadempimento che segue dalla matrice, da 0 a 1.000",
    ),
    (
        "credit.migration.matrix",
        "al posto di `pd` delle classi: da ogni classe la probabilità annua di ogni classe e di `default`; ciò che non è nominato è 0, ogni riga somma a 1",
    ),
    ("credit.rating.*.reference_margin", "margine annuo sul tasso di riferimento (aiuti di Stato)"),
    ("credit.rating.*.guarantee_premium", "premio esente annuo (aiuti di Stato)"),
    (
        "macro.pd_multiplier",
        "fattore sul rischio di inadempimento per anno del fondo, l’ultimo si ripete, o per anno solare; da 0 a 1.000",
    ),
    (
        "macro.factor_shift",
        "spostamento dell’economia in deviazioni standard per anno del fondo, l’ultimo si ripete; da -10 a 10",
    ),
    (
        "macro.largest_fails_after_quarters",
        "uno stress: il progetto più grande di ogni futuro diventa inadempiente al più tardi dopo tanti trimestri dall’erogazione; 0: come vuole la sorte",
    ),
    ("programme.measures", "le misure della strategia"),
    ("programme.measures.*.name", "nome della misura"),
    ("programme.measures.*.amount", "la sua dotazione, EUR"),
    ("limit", "promesse che i risultati devono mantenere"),
    ("limit.*.metric", "id di una grandezza, o outcome_NOME di [lineN.outcomes]"),
    ("limit.*.line", "\"all\", \"1\" o \"2\""),
    ("limit.*.statistic", "\"mean\", \"sd\", un quantile \"99%\" o un expected shortfall \"es 99%\""),
    ("limit.*.max", "massimo valore permesso"),
    ("limit.*.min", "minimo valore permesso"),
    ("milestone", "quanto deve essere erogato entro quando (n+3)"),
    ("milestone.*.quarter", "trimestre solare, o trimestre del fondo contato da 0, alla cui fine si guarda"),
    (
        "milestone.*.min_disbursed",
        "minimo da erogare entro allora: EUR, più di 1, o una quota della dotazione",
    ),
    (
        "milestone.*.max_probability",
        "massima probabilità accettata di mancarlo; predefinito: la probabilità è un’informazione",
    ),
    ("rules.waive", "codici delle regole a cui si deroga consapevolmente"),
    ("sources", "da dove viene una cifra, per chiave con punti"),
    (
        "italian",
        "come si leggono in italiano i nomi di prodotti, misure, classi e richiedenti in elenco; i file per programmi tengono i nomi",
    ),
    (
        "english",
        "come si leggono in inglese i nomi di prodotti, misure, classi e richiedenti in elenco; i file per programmi tengono i nomi",
    ),
    (
        "uncertainty",
        "quanto le ipotesi possono essere sbagliate, per chiave con punti, per `fesr sensitivity`: un intervallo, oppure uniform = [a, b], triangular = [a, moda, b], lognormal = { median, sigma }; operation = \"set\", \"scale\" o \"shift\"",
    ),
    ("state_aid.regime", "\"none\" o \"de_minimis\""),
    ("state_aid.ceiling", "massimo aiuto a un’impresa, EUR"),
    ("state_aid.base_rate", "tasso di riferimento della Commissione; può essere negativo"),
    (
        "state_aid.route",
        "come si trova l’aiuto di prestiti e garanzie: \"reference_rate\" (garanzie: premio esente) o \"simplified\" (in proporzione alle soglie de minimis, dove si applicano)",
    ),
    (
        "state_aid.regulation",
        "regolamento de minimis delle soglie semplificate, \"1407/2013\" o \"2023/2831\"; se manca: quello del 2013 se il massimale è al più 200.000 EUR o 500.000 EUR (servizi di interesse economico generale), altrimenti quello del 2023",
    ),
    (
        "line.state_aid.ceiling",
        "massimo aiuto a un’impresa in questa linea, EUR; se manca: quello di [state_aid]",
    ),
    (
        "line.state_aid.prior_aid",
        "aiuti che ogni impresa ha già ricevuto e che contano per il massimale, EUR",
    ),
    (
        "line.pipeline.members",
        "pesi di quante imprese si candidano insieme come un solo richiedente, da 1 a 20",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Language;

    #[test]
    fn no_meaning_is_the_same_in_both_languages() {
        for key in KEYS {
            let meaning = meaning(key);
            let italian = meaning.text(Language::Italian);
            // Words of the format stand for themselves.
            let is_code = italian.split(" o ").all(|word| word.starts_with('"'));
            assert!(italian != meaning.text(Language::English) || is_code, "{}: {italian}", key.path);
            assert_eq!(ITALIAN.iter().filter(|(path, _)| *path == key.path).count(), 1, "{}", key.path);
        }
    }
}
