//! Demand, reason and source of each rule in the reader's language.

use crate::rules::Rule;
use crate::scenario::Language;

/// What a rule says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RuleWords {
    pub demand: &'static str,
    pub reason: &'static str,
    pub source: &'static str,
}

/// A rule in a language.
pub(super) fn rule_words(rule: &Rule, language: Language) -> RuleWords {
    let english = RuleWords { demand: rule.demand, reason: rule.reason, source: rule.source };
    match language {
        Language::English => english,
        Language::Italian => match italian(rule.code) {
            Some((demand, reason, source)) => {
                RuleWords { demand, reason, source: if source.is_empty() { rule.source } else { source } }
            }
            None => english,
        },
    }
}

/// Demand, reason, and the source where it is not the name of an act.
fn italian(code: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match code {
        "R101" => (
            "somma dei budget e delle commissioni = dotazione, al centesimo",
            "ogni euro della dotazione ha una destinazione",
            "contabilità",
        ),
        "R102" => (
            "linea 1: min_investment ≥ 1.000.000 EUR",
            "la linea 1 è per programmi di investimento rilevanti",
            "WECARE, misura FESR, linea 1",
        ),
        "R103" => (
            "linea 2: max_investment ≤ 100.000 EUR",
            "la linea 2 è per progetti di piccolo taglio",
            "WECARE, misura FESR, linea 2",
        ),
        "R104" => (
            "nessun contributo nella linea 1",
            "i contributi in conto capitale sono limitati ai progetti di piccolo taglio",
            "WECARE, misura FESR: «contributi in conto capitale limitato ai progetti di piccolo taglio»",
        ),
        "R105" => (
            "la linea 1 ammette solo PMI non profit",
            "la linea 1 è per imprese non profit, singole o associate",
            "WECARE, misura FESR, linea 1",
        ),
        "R106" => (
            "la linea 2 ammette solo micro e piccole imprese",
            "la linea 2 è per micro e piccole imprese",
            "WECARE, misura FESR, linea 2",
        ),
        "R107" => (
            "le quote sommano a 1; prestito del fondo + prestito garantito + contributo ≤ investimento",
            "il sostegno non può superare ciò che sostiene",
            "Reg. (UE) 1303/2013 art. 37(8)-(9)",
        ),
        "R108" => (
            "tasso di copertura della garanzia ≤ 80\u{a0}%",
            "la banca deve tenere una parte del rischio",
            "Reg. (UE) 964/2014 allegato III; comunicazione sulle garanzie 2008/C 155/02",
        ),
        "R109" => (
            "tasso di cap ≤ 25\u{a0}%",
            "la garanzia standard con cap limita le escussioni nette a un quarto del portafoglio",
            "Reg. (UE) 964/2014 allegato III",
        ),
        "R110" => (
            "quota del fondo in un prestito con la banca ≤ 75\u{a0}%",
            "nel prestito standard con condivisione del rischio la banca presta almeno un quarto",
            "Reg. (UE) 964/2014 allegato II",
        ),
        "R111" => (
            "durata dei prestiti da 12 a 120 mesi, preammortamento compreso",
            "gli strumenti standard hanno prestiti da uno a dieci anni",
            "Reg. (UE) 964/2014 allegati II e III",
        ),
        "R112" => (
            "commissioni: base ≤ 0,5\u{a0}%, rendimento ≤ 1\u{a0}% / 1,5\u{a0}% / 0,5\u{a0}%, massimo ≤ 8 / 10 / 6\u{a0}% (prestiti / garanzie / contributi)",
            "i costi di gestione sono ammissibili fino a queste soglie",
            "Reg. (UE) 480/2014 art. 13",
        ),
        "R113" => (
            "quote di versamento ≤ 25\u{a0}% ciascuna, soglie di spesa 60\u{a0}% e poi 85\u{a0}%",
            "la dotazione è versata con domande di pagamento scaglionate",
            "Reg. (UE) 1303/2013 art. 41",
        ),
        "R114" => (
            "dotazione 5.000.000 EUR, approvazioni entro il 31 dicembre 2023 (2014-2020), reimpiego per altri 8 anni",
            "la misura e il suo periodo di ammissibilità",
            "WECARE; Reg. (UE) 1303/2013 artt. 45 e 65",
        ),
        "R115" => (
            "contributi insieme allo strumento solo dal 2021",
            "nel 2014-2020 i contributi sono un’operazione a parte, con una contabilità propria",
            "Reg. (UE) 2021/1060 art. 58(5)",
        ),
        "R116" => (
            "un progetto prende al massimo il 25\u{a0}% del budget della sua linea",
            "una linea non deve dipendere da un solo progetto",
            "prudenza",
        ),
        "R117" => (
            "orizzonte ≥ periodo di apertura + tempo di erogazione + durata più lunga + ultimo recupero",
            "resterebbe denaro in essere a fine periodo",
            "modello",
        ),
        "R118" => (
            "in ogni linea qualche prodotto è entro il massimale di aiuto per qualche classe di merito ammessa",
            "una linea i cui prodotti danno tutti troppo aiuto non può finanziare nessuno",
            "aiuti di Stato: Reg. (UE) 1407/2013 o 2023/2831, art. 3",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn every_rule_speaks_italian() {
        for rule in RULES {
            let words = rule_words(rule, Language::Italian);
            assert!(
                italian(rule.code)
                    .is_some_and(|(demand, reason, _)| !demand.is_empty() && !reason.is_empty()),
                "{}",
                rule.code
            );
            assert_ne!(words.reason, rule.reason, "{}", rule.code);
        }
    }
}
