//! One line: who may apply, for what, on which terms, and what that implies.

use super::{Text, words};
use crate::implied::{ImpliedLine, ImpliedProduct};
use crate::locale::Preposition;
use crate::scenario::{GuaranteeKind, Line, LineNumber, Pipeline, Product, QueueOrder, Scenario, Weight};
use crate::units::Share;

/// The paragraphs of a line.
pub(super) fn line(text: &mut Text, scenario: &Scenario, line: &Line, implied: &ImpliedLine) {
    match line.number {
        LineNumber::One => text.paragraph(
            "Line 1: significant investment programmes",
            "Linea 1: programmi di investimento significativi",
        ),
        LineNumber::Two => text.paragraph("Line 2: small projects", "Linea 2: piccoli progetti"),
    }
    budget(text, line);
    admission(text, line);
    applicants(text, scenario, line, implied);
    for (product, implied) in line.products.iter().zip(&implied.products) {
        package(text, scenario.named(&product.name), product, implied);
    }
    loan(text, line);
    guarantee(text, line);
    grants(text, line);
    loss(text, line);
    defaults(text, scenario, line, implied);
}

fn budget(text: &mut Text, line: &Line) {
    let n = text.numbers;
    let [total, loans, guarantees, grants] =
        [line.budget.total(), line.budget.loans, line.budget.guarantees, line.budget.grants]
            .map(|a| n.euros(a));
    text.say(
        format!("It has {total}: {loans} for loans, {guarantees} for guarantees, {grants} for grants."),
        format!("Ha {total}: {loans} per prestiti, {guarantees} per garanzie, {grants} per contributi."),
    );
}

fn admission(text: &mut Text, line: &Line) {
    let n = text.numbers;
    let (least, most) = (n.euros(line.min_investment), n.euros(line.max_investment));
    let forms: Vec<String> =
        line.legal_forms.iter().map(|form| text.pick(words::legal_form(*form)).to_string()).collect();
    let sizes: Vec<String> =
        line.sizes.iter().map(|size| text.pick(words::size(*size)).to_string()).collect();
    let (forms, sizes) = (n.and(&forms), n.and(&sizes));
    text.say(
        format!("It admits {forms} enterprises ({sizes}) with an investment from {least} to {most}."),
        format!("Ammette imprese {forms} ({sizes}) con un investimento da {least} a {most}."),
    );
    let wait = words::quarters(line.max_wait_quarters);
    let order = match line.queue {
        QueueOrder::Skip => (
            "a smaller application may pass a waiting larger one",
            "una domanda più piccola può superarne una più grande in attesa",
        ),
        QueueOrder::Strict => ("nobody passes a waiting application", "nessuno supera una domanda in attesa"),
    };
    text.say(
        format!("Applications are decided in order of arrival and wait at most {}; {}.", wait.0, order.0),
        format!("Le domande sono decise in ordine di arrivo e attendono al massimo {}; {}.", wait.1, order.1),
    );
    if line.products.len() > 1 {
        let share = n.percent(line.fallback.decimal());
        let il_share = Preposition::None.before(&share);
        text.say(
            format!("{share} of applicants accept another product if the one they prefer cannot be had."),
            format!(
                "Se il prodotto preferito non è disponibile, ne accetta un altro {il_share} dei richiedenti."
            ),
        );
    }
    if line.disbursement_lag_quarters > 0 || !line.withdrawal_rate.is_zero() {
        let lag = words::quarters(line.disbursement_lag_quarters);
        let rate = n.percent(line.withdrawal_rate.decimal());
        let il_rate = Preposition::None.before(&rate);
        text.say(
            format!("Approved projects are paid after {}; {rate} of them withdraw before.", lag.0),
            format!("I progetti approvati sono pagati dopo {}; {il_rate} si ritira prima.", lag.1),
        );
    }
}

fn applicants(text: &mut Text, scenario: &Scenario, line: &Line, implied: &ImpliedLine) {
    let n = text.numbers;
    let (expected, mean) = (n.about(implied.applications, 1), n.about_euros(implied.mean_investment));
    let pipeline = match &line.pipeline {
        Pipeline::List(borrowers) => {
            if borrowers.is_empty() {
                text.say(
                    "Nobody more is expected to apply.".into(),
                    "Non sono attesi altri richiedenti.".into(),
                );
                return;
            }
            let count = n.count(borrowers.len());
            let running = scenario.fund.today_quarter > 0;
            let (to_come, futuri) = if running { (" to come", " a venire") } else { ("", "") };
            text.say(
                format!("Its {count} applicants{to_come} are listed; those it admits invest {mean} on average."),
                format!(
                    "I suoi {count} richiedenti{futuri} sono in elenco; quelli ammessi investono in media {mean}."
                ),
            );
            return;
        }
        Pipeline::Statistical(pipeline) => pipeline,
    };
    let per_year: Vec<String> =
        pipeline.applications_per_year.iter().map(|rate| n.exact(rate.decimal())).collect();
    let per_year = per_year.join("; ");
    let running = scenario.fund.today_quarter > 0;
    let (from_today, da_oggi) = if running { (" from today on", " da oggi in poi") } else { ("", "") };
    text.say(
        format!("Applications per year: {per_year} (by fund year, the last repeats), {expected} in all on average{from_today}."),
        format!("Domande all’anno: {per_year} (per anno del fondo, l’ultimo si ripete), {expected} in tutto in media{da_oggi}."),
    );
    if !pipeline.applications_log_sd.is_zero() {
        let sd = n.exact(pipeline.applications_log_sd.decimal());
        text.say(
            format!("How strong demand will be is not known: its level varies with a log standard deviation of {sd}."),
            format!("Quanta domanda ci sarà non è noto: il suo livello varia con deviazione standard logaritmica {sd}."),
        );
    }
    let (median, sigma) = (n.euros(pipeline.investment_median), n.exact(pipeline.investment_sigma.decimal()));
    let within = n.about_percent(implied.share_within_bounds);
    let il_within = Preposition::None.before(&within);
    text.say(
        format!("Investments are log-normal with median {median} and sigma {sigma}; {within} of that lies within the bounds, where the mean is {mean}."),
        format!("Gli investimenti sono log-normali con mediana {median} e sigma {sigma}; {il_within} sta entro i limiti, dove la media è {mean}."),
    );
    let themes = shares(text, &pipeline.themes, |theme| text.pick(words::theme(theme)).to_string());
    let ratings = shares(text, &pipeline.ratings, |rating| {
        scenario.named(&scenario.credit.ratings[rating].name).to_string()
    });
    text.say(format!("Themes: {themes}. Ratings: {ratings}."), format!("Temi: {themes}. Classi: {ratings}."));
    if pipeline.members.iter().any(|entry| entry.category > 1) {
        let members = shares(text, &pipeline.members, |count| count.to_string());
        text.say(
            format!("Enterprises may apply together; by how many they are: {members}."),
            format!("Le imprese possono candidarsi insieme; per quante sono: {members}."),
        );
    }
    if !pipeline.accompanied.is_zero() {
        let share = n.percent(pipeline.accompanied.decimal());
        let il_share = Preposition::None.before(&share);
        text.say(
            format!("{share} of applicants are accompanied."),
            format!("È accompagnato {il_share} dei richiedenti."),
        );
    }
    // Shares are sums of products: a whole may fall short by a rounding.
    if implied.eligible_share < 0.999_95 {
        let share = n.about_percent(implied.eligible_share);
        let il_share = Preposition::None.before(&share);
        text.say(
            format!("Only {share} of applicants have a legal form and size that the line admits."),
            format!("Solo {il_share} dei richiedenti ha forma giuridica e dimensione ammesse dalla linea."),
        );
    }
}

fn shares<T: Copy>(text: &Text, weights: &[Weight<T>], name: impl Fn(T) -> String) -> String {
    let total: f64 = weights.iter().map(|weight| weight.weight.to_f64()).sum();
    let shares: Vec<String> = weights
        .iter()
        .map(|weight| {
            format!(
                "{}: {}",
                name(weight.category),
                text.numbers.about_percent(weight.weight.to_f64() / total)
            )
        })
        .collect();
    shares.join("; ")
}

fn package(text: &mut Text, name: &str, product: &Product, implied: &ImpliedProduct) {
    let n = text.numbers;
    let parts = [
        (product.own_funds, ("own funds", "mezzi propri")),
        (product.fund_loan, ("fund loan", "prestito del fondo")),
        (product.bank_loan, ("bank loan", "prestito bancario")),
        (product.grant, ("grant", "contributo")),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(share, _)| !share.is_zero())
        .map(|(share, pair)| format!("{} {}", n.percent(share.decimal()), text.pick(*pair)))
        .collect();
    let (parts, demand) = (parts.join(", "), n.exact(product.demand.decimal()));
    let guaranteed = match product.guarantee_rate.is_zero() {
        true => (String::new(), String::new()),
        false => {
            let rate = n.percent(product.guarantee_rate.decimal());
            (
                format!(", {rate} of the bank loan guaranteed"),
                format!(", prestito bancario garantito per {}", Preposition::None.before(&rate)),
            )
        }
    };
    text.say(
        format!("Product {name} (weight {demand}): {parts}{}.", guaranteed.0),
        format!("Prodotto {name} (peso {demand}): {parts}{}.", guaranteed.1),
    );
    let covered = [
        (implied.loans_covered, ("loans", "prestiti")),
        (implied.guarantees_covered, ("guarantees", "garanzie")),
        (implied.grants_covered, ("grants", "contributi")),
    ];
    let covered: Vec<String> = covered
        .iter()
        .filter_map(|(count, pair)| count.map(|count| format!("{} {}", n.about(count, 1), text.pick(*pair))))
        .collect();
    if !covered.is_empty() {
        let covered = n.and(&covered);
        text.detail(
            format!("Of mean size, the budget carries {covered} of this product at once."),
            format!("Di dimensione media, la dotazione regge {covered} di questo prodotto alla volta."),
        );
    }
    if let Some(multiplier) = implied.guarantee_multiplier {
        let multiplier = n.about(multiplier, 2);
        text.detail(
            format!("Each euro of reserve carries {multiplier} euros of bank loans (multiplier)."),
            format!("Ogni euro accantonato sostiene {multiplier} euro di prestiti bancari (moltiplicatore)."),
        );
    }
}

fn loan(text: &mut Text, line: &Line) {
    let (n, loan) = (text.numbers, &line.loan);
    let (tenor, grace) = (words::quarters(loan.tenor_quarters), loan.grace_quarters);
    let (fund_rate, bank_rate) = (n.percent(loan.fund_rate.decimal()), n.percent(loan.bank_rate.decimal()));
    let (english, italian) = words::amortisation(loan.amortisation);
    text.say(
        format!("Loans run {}, {grace} of them interest only, repaid {english}; the fund asks {fund_rate} a year, the bank {bank_rate}.", tenor.0),
        format!("I prestiti durano {}, di cui {grace} di preammortamento, rimborsati {italian}; il fondo chiede {fund_rate} l’anno, la banca {bank_rate}.", tenor.1),
    );
}

fn guarantee(text: &mut Text, line: &Line) {
    let n = text.numbers;
    let Some(guarantee) = &line.guarantee else { return };
    match guarantee.kind {
        GuaranteeKind::Capped { cap_rate } => {
            let rate = n.percent(cap_rate.decimal());
            let il_rate = Preposition::None.before(&rate);
            text.say(
                format!("Guarantees are capped: net calls never exceed {rate} of the guaranteed amounts."),
                format!("Le garanzie hanno un tetto: le escussioni nette non superano mai {il_rate} degli importi garantiti."),
            );
        }
        GuaranteeKind::Uncapped { provision_rate } => {
            let rate = n.percent(provision_rate.decimal());
            let il_rate = Preposition::None.before(&rate);
            text.say(
                format!("Guarantees are not capped; {rate} of the guaranteed amounts is set aside."),
                format!("Le garanzie non hanno tetto; è accantonato {il_rate} degli importi garantiti."),
            );
        }
    }
    let lag = words::quarters(guarantee.call_lag_quarters);
    let premium = n.percent(guarantee.premium_rate.decimal());
    let (english, italian) = words::backing(guarantee.backing);
    text.say(
        format!("Calls are paid {} after default from {english}; the premium is {premium} a year.", lag.0),
        format!("Le escussioni sono pagate {} dopo l’inadempimento; le paga {italian}; la commissione di garanzia è {premium} l’anno.", lag.1),
    );
}

fn grants(text: &mut Text, line: &Line) {
    let n = text.numbers;
    if line.products.iter().all(|product| product.grant.is_zero()) {
        return;
    }
    let lag = words::quarters(line.grant_lag_quarters);
    text.say(
        format!("Grants are paid {} after disbursement.", lag.0),
        format!("I contributi sono pagati {} dopo l’erogazione.", lag.1),
    );
    if !line.grant_clawback_years.is_zero() {
        let years = n.exact(line.grant_clawback_years.decimal());
        let share = n.percent(line.grant_clawback_recovery.decimal());
        let il_share = Preposition::None.before(&share);
        text.say(
            format!("If a project defaults within {years} years after, {share} of its grant comes back."),
            format!(
                "Se un progetto fallisce entro {years} anni dal pagamento, torna {il_share} del contributo."
            ),
        );
    }
}

fn loss(text: &mut Text, line: &Line) {
    let (n, loss) = (text.numbers, &line.loss);
    let (mean, sd) = (n.percent(loss.lgd_mean.decimal()), n.percent(loss.lgd_sd.decimal()));
    let il_mean = Preposition::None.before(&mean);
    text.say(
        format!("A default costs {mean} of what is outstanding on average (standard deviation {sd})."),
        format!("Un inadempimento costa in media {il_mean} del debito residuo (deviazione standard {sd})."),
    );
    if !loss.cure_rate.is_zero() {
        let rate = n.percent(loss.cure_rate.decimal());
        let il_rate = Preposition::None.before(&rate);
        text.say(
            format!("{rate} of defaults cost nothing."),
            format!("Non costa nulla {il_rate} degli inadempimenti."),
        );
    }
    let steps: Vec<String> = loss
        .recovery
        .iter()
        .filter(|step| step.share != Share::ZERO)
        .map(|step| {
            let (english, italian) = words::quarters(step.after_quarters);
            let after = text.pick(("after", "dopo"));
            format!("{} {after} {}", n.percent(step.share.decimal()), text.pick((&english, &italian)))
        })
        .collect();
    let steps = steps.join(", ");
    text.say(format!("Recoveries arrive: {steps}."), format!("I recuperi arrivano: {steps}."));
}

fn defaults(text: &mut Text, scenario: &Scenario, line: &Line, implied: &ImpliedLine) {
    let n = text.numbers;
    let ratings: Vec<String> = implied
        .ratings
        .iter()
        .filter(|rating| rating.share > 0.0)
        .map(|rating| format!("{}: {}", scenario.named(&rating.name), n.about_percent(rating.lifetime_pd)))
        .collect();
    if ratings.is_empty() {
        return;
    }
    let (ratings, mean) = (ratings.join("; "), n.about_percent(implied.mean_lifetime_pd));
    text.say(
        format!("Over the life of a loan, in a neutral economy, that means a default probability by rating of {ratings}; {mean} for the average applicant with all its multipliers."),
        format!("Sulla vita di un prestito, in un’economia neutra, ciò significa una probabilità di inadempimento per classe di {ratings}; {mean} per il richiedente medio con tutti i suoi moltiplicatori."),
    );
    if !line.pd_log_sd.is_zero() {
        let sd = n.exact(line.pd_log_sd.decimal());
        text.say(
            format!("How high that level is, is not known: it varies from path to path with a log standard deviation of {sd}."),
            format!("Quanto sia alto quel livello non è noto: varia da percorso a percorso con deviazione standard logaritmica {sd}."),
        );
    }
}
