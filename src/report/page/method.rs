//! Method and limits: what was computed, what it does not say, and the words it uses.

use super::Page;
use crate::report::telling::{Telling, tell};
use crate::scenario::{Copula, Dependence};
use maud::{Markup, html};

/// The chapter.
pub(super) fn method(page: &Page) -> Markup {
    let telling = page.telling;
    html! {
        @for sentence in how(page) { p { (sentence) } }
        h3 { (tell!(telling, "Che cosa questi risultati non dicono", "What these results do not say")) }
        ul { @for limit in limits(page) { li { (limit) } } }
        h3 { (tell!(telling, "Parole", "Words")) }
        dl.words {
            @for (word, meaning) in words(telling) {
                dt { (word) }
                dd { (meaning) }
            }
        }
        h3 { (tell!(telling, "Fonti del metodo", "Sources of the method")) }
        ul { @for source in sources(page) { li { (source) } } }
    }
}

fn how(page: &Page) -> Vec<String> {
    let telling = page.telling;
    let quarters = telling.numbers.count(page.contents.plan.quarters.into());
    let dependence = match page.contents.facts.scenario.credit.dependence {
        Dependence::Static => tell!(
            telling,
            "Gli inadempimenti dipendono fra loro: una sorte comune a tutti e una per tema, estratte una volta per ogni futuro, rendono più o meno probabile che molte imprese cadano insieme.",
            "Defaults depend on each other: a luck common to all and one for each theme, drawn once for each future, make it more or less likely that many enterprises fail together."
        ),
        Dependence::Autoregressive => tell!(
            telling,
            "Gli inadempimenti dipendono fra loro: l’economia e i temi si muovono di trimestre in trimestre e conservano parte del loro stato, così che i tempi cattivi durano.",
            "Defaults depend on each other: the economy and the themes move from quarter to quarter and keep a part of their state, so that bad times last."
        ),
    };
    vec![
        tell!(
            telling,
            "Ogni futuro è simulato impresa per impresa e trimestre per trimestre ({quarters} trimestri): le domande arrivano, sono approvate finché i budget bastano, i prestiti sono erogati e rimborsati, qualche impresa è inadempiente, le garanzie sono escusse, si recupera qualcosa, le commissioni sono pagate, la cassa si muove.",
            "Each future is simulated enterprise by enterprise and quarter by quarter ({quarters} quarters): applications arrive, are approved while budgets last, loans are disbursed and repaid, some enterprises default, guarantees are called, something is recovered, fees are paid, cash moves."
        ),
        dependence,
        tell!(
            telling,
            "Gli importi sono centesimi interi: in ogni futuro entrate = uscite + cassa, al centesimo, e il programma si ferma se non è così. I numeri casuali sono una funzione di seme, futuro e impresa: un altro scenario con lo stesso seme incontra le stesse imprese con la stessa sorte.",
            "Amounts are whole cents: in each future receipts = payments + cash, to the cent, and the program stops if not. Random numbers are a function of seed, future and enterprise: another scenario with the same seed meets the same enterprises with the same luck."
        ),
        tell!(
            telling,
            "Intervalli al 95\u{a0}%: delle medie dalla legge normale, delle probabilità di Clopper e Pearson, dei quantili dalle statistiche d’ordine, dell’ES dalla sua funzione di influenza. Un estremo che cade fuori dal campione è «n.d.».",
            "95% intervals: of means by the normal law, of chances by Clopper and Pearson, of quantiles by order statistics, of ES by its influence function. A bound that lies beyond the sample is “n/a”."
        ),
    ]
}

fn limits(page: &Page) -> Vec<String> {
    let telling = page.telling;
    let deadweight = telling.phrases.plain_percent(page.contents.facts.scenario.fund.deadweight.to_f64());
    vec![
        tell!(
            telling,
            "L’effetto leva suppone che senza il fondo nessun prestito sarebbe stato concesso. L’effetto leva aggiuntivo toglie la parte che ci sarebbe stata comunque: qui {deadweight}, una cifra che nessuna simulazione può dare.",
            "Leverage assumes that no loan would have been made without the fund. Additional leverage takes out the part that would have been made anyway: here {deadweight}, a figure that no simulation can give."
        ),
        tell!(
            telling,
            "Le probabilità di inadempimento, le perdite e le correlazioni sono ipotesi dello scenario: il modello ne trae le conseguenze, non le verifica. Non sono state confrontate con gli esiti di un bando.",
            "Default probabilities, losses and correlations are assumptions of the scenario: the model draws their consequences, it does not check them. They were not compared with the outcome of a real call."
        ),
        tell!(
            telling,
            "Non sono simulati: rimborsi anticipati, moratorie e rinegoziazioni, seconde domande della stessa impresa, la scelta delle banche di non partecipare, i tempi e gli errori dell’istruttoria, controlli e revoche.",
            "Not simulated: early repayment, payment holidays and renegotiation, second applications of an enterprise, banks that choose not to take part, delays and errors of appraisal, audits and revocations."
        ),
        tell!(
            telling,
            "Il comportamento non cambia con le condizioni: chi chiede e quanto non dipende dal tasso o dalla garanzia offerta, se non per ciò che lo scenario dice.",
            "Behaviour does not change with the terms: who applies and for how much does not depend on the rate or the guarantee offered, but for what the scenario says."
        ),
        tell!(
            telling,
            "Il valore sociale dei progetti (posti di lavoro, servizi, persone aiutate) non è misurato: la domanda soddisfatta conta euro, non effetti.",
            "The social value of the projects (jobs, services, people helped) is not measured: demand met counts euros, not effects."
        ),
        tell!(
            telling,
            "Ciò che è ancora in essere a fine periodo è mostrato ma non seguito: le perdite che nascono dopo non sono contate.",
            "What is outstanding at the horizon is shown but not followed: losses that arise later are not counted."
        ),
        tell!(
            telling,
            "Imposte, inflazione e costi interni della Regione sono fuori dal modello; gli importi sono nominali, salvo il costo pubblico attualizzato.",
            "Taxes, inflation and the Region’s internal costs are outside the model; amounts are nominal, but for the public cost in present value."
        ),
    ]
}

fn words(telling: Telling) -> Vec<(String, String)> {
    let word = |word: String, meaning: String| (word, meaning);
    vec![
        word(
            tell!(telling, "Futuro, percorso", "Future, path"),
            tell!(
                telling,
                "Una storia possibile del fondo, dal primo all’ultimo trimestre.",
                "One possible story of the fund, from the first to the last quarter."
            ),
        ),
        word(
            tell!(telling, "Perdita del fondo", "Loss of the fund"),
            tell!(
                telling,
                "Capitale dei prestiti non rimborsato e escussioni pagate, meno i recuperi. I contributi non sono una perdita: sono spesi per lo scopo.",
                "Principal of loans not repaid and calls paid, less recoveries. Grants are no loss: they are spent on their purpose."
            ),
        ),
        word(
            tell!(telling, "Perdita attesa", "Expected loss"),
            tell!(
                telling,
                "La media della perdita su tutti i futuri.",
                "The mean of the loss over all futures."
            ),
        ),
        word(
            tell!(telling, "VaR\u{a0}99\u{a0}%", "VaR\u{a0}99%"),
            tell!(
                telling,
                "La perdita che 99 futuri su 100 non superano.",
                "The loss that 99 futures in 100 do not exceed."
            ),
        ),
        word(
            tell!(telling, "ES\u{a0}99\u{a0}%", "ES\u{a0}99%"),
            tell!(
                telling,
                "La perdita media nel centesimo peggiore dei futuri (expected shortfall).",
                "The mean loss in the worst hundredth of the futures (expected shortfall)."
            ),
        ),
        word(
            tell!(telling, "Effetto leva", "Leverage effect"),
            tell!(
                telling,
                "Prestiti del fondo e delle banche ai destinatari finali, per ogni euro del contributo dell’Unione (Regolamento finanziario 2018/1046, art. 2).",
                "Loans of the fund and of banks to final recipients, for each euro of the Union’s contribution (Financial Regulation 2018/1046, art. 2)."
            ),
        ),
        word(
            tell!(telling, "Domanda soddisfatta", "Demand met"),
            tell!(
                telling,
                "Investimenti dei progetti finanziati, sugli investimenti richiesti.",
                "Investment of funded projects, of the investment applied for."
            ),
        ),
        word(
            tell!(telling, "Cap", "Cap"),
            tell!(
                telling,
                "Il tetto alle escussioni nette di una garanzia di portafoglio: tasso di copertura × prestito × tasso di cap, sommato sui prestiti garantiti. Oltre, la perdita resta alla banca.",
                "The ceiling on the net calls of a portfolio guarantee: guarantee rate × loan × cap rate, over the guaranteed loans. Beyond it banks bear the loss."
            ),
        ),
        word(
            tell!(telling, "Assorbimento", "Absorption"),
            tell!(
                telling,
                "Prestiti del fondo, accantonamenti e contributi, sulla dotazione.",
                "Fund loans, reserves and grants, of the endowment."
            ),
        ),
        word(
            tell!(telling, "Torna alla Regione", "Back to the Region"),
            tell!(
                telling,
                "Tutto ciò che è nel fondo a fine periodo, compreso ciò che non è mai stato versato.",
                "All that is in the fund at the horizon, with what was never paid in."
            ),
        ),
    ]
}

fn sources(page: &Page) -> Vec<String> {
    let telling = page.telling;
    let credit = &page.contents.facts.scenario.credit;
    let mut sources = vec![tell!(
        telling,
        "Dipendenza degli inadempimenti: Vasicek 2002 (un fattore), Li 2000 (copula).",
        "Dependence of defaults: Vasicek 2002 (one factor), Li 2000 (copula)."
    )];
    if credit.dependence == Dependence::Static && credit.copula == Copula::StudentT {
        sources.push(tell!(
            telling,
            "Copula t di Student: Demarta e McNeil 2005.",
            "Student t copula: Demarta and McNeil 2005."
        ));
    }
    sources.extend([
        tell!(
            telling,
            "Intervalli dei quantili: David e Nagaraja 2003, sez. 7.1; errore dell’ES: Manistre e Hancock 2005; probabilità: Clopper e Pearson 1934; contributi alla coda: Tasche 1999.",
            "Intervals of quantiles: David and Nagaraja 2003, section 7.1; error of ES: Manistre and Hancock 2005; chances: Clopper and Pearson 1934; contributions to the tail: Tasche 1999."
        ),
        tell!(
            telling,
            "Effetto leva: Regolamento (UE, Euratom) 2018/1046, art. 2; strumenti finanziari: Reg. (UE) 1303/2013, artt. 37-46; Reg. (UE) 480/2014, artt. 8 e 13; Reg. (UE) 964/2014.",
            "Leverage: Regulation (EU, Euratom) 2018/1046, art. 2; financial instruments: Reg. (EU) 1303/2013, arts 37-46; Reg. (EU) 480/2014, arts 8 and 13; Reg. (EU) 964/2014."
        ),
    ]);
    sources
}
