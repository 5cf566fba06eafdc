//! Texts with one mistake each, and a part of what Italian and English say of it.

use crate::history_mistakes::histories;
use crate::matrix_mistakes::transition_matrices;
use crate::sample::SMALL;
use crate::warnings::warnings;

/// A mistake: what is changed in which text, what it is called, and a part of what each language says of it.
pub struct Mistake {
    pub code: &'static str,
    pub files: Vec<(&'static str, Vec<u8>)>,
    pub options: Vec<&'static str>,
    pub italian: &'static str,
    pub english: &'static str,
}

/// One text of the small scenario replaced.
pub fn changed(
    code: &'static str,
    from: &str,
    to: &str,
    italian: &'static str,
    english: &'static str,
) -> Mistake {
    assert!(SMALL.contains(from), "{from}");
    let text = SMALL.replacen(from, to, 1).into_bytes();
    Mistake { code, files: vec![("main.toml", text)], options: Vec::new(), italian, english }
}

/// A text added at the end of the small scenario.
pub fn added(code: &'static str, more: &str, italian: &'static str, english: &'static str) -> Mistake {
    let text = format!("{SMALL}{more}").into_bytes();
    Mistake { code, files: vec![("main.toml", text)], options: Vec::new(), italian, english }
}

fn option(code: &'static str, option: &'static str, italian: &'static str, english: &'static str) -> Mistake {
    let files = vec![("main.toml", SMALL.as_bytes().to_vec())];
    Mistake { code, files, options: vec![option], italian, english }
}

pub fn listed(code: &'static str, rows: &str, italian: &'static str, english: &'static str) -> Mistake {
    let main = format!("{SMALL}[pipeline]\nborrowers = \"list.csv\"\n").into_bytes();
    let files = vec![("main.toml", main), ("list.csv", rows.as_bytes().to_vec())];
    Mistake { code, files, options: Vec::new(), italian, english }
}

pub fn row(row: &str) -> String {
    format!("id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n{row}\n")
}

fn raw(code: &'static str, bytes: &[u8], italian: &'static str, english: &'static str) -> Mistake {
    let files = vec![("main.toml", bytes.to_vec())];
    Mistake { code, files, options: Vec::new(), italian, english }
}

const RATING: &str = "[[credit.rating]]";

fn files_and_what_they_build_on() -> Vec<Mistake> {
    let extends = |name: &str| format!("extends = \"{name}\"\n{SMALL}").into_bytes();
    let many: Vec<String> = (0..70).map(|number| format!("\"{number}.toml\"")).collect();
    let mut chain = vec![("main.toml", format!("extends = [{}]\n{SMALL}", many.join(", ")).into_bytes())];
    let names: Vec<&'static str> =
        (0..70).map(|number| &*Box::leak(format!("{number}.toml").into_boxed_str())).collect();
    chain.extend(names.into_iter().map(|name| (name, Vec::new())));
    vec![
        raw("E001", &extends("no.toml"), "il file `no.toml` non esiste", "there is no file `no.toml`"),
        raw("E002", &vec![b'#'; 1024 * 1024], "più di 524.288 byte", "more than 524,288 bytes"),
        raw(
            "E008",
            &(0..600).flat_map(|number| format!("k{number} = 1\n").into_bytes()).collect::<Vec<u8>>(),
            "altri dopo i primi 500",
            "more after the first 500",
        ),
        raw(
            "E132",
            SMALL
                .replacen(
                    "applications_per_year = 12",
                    "applications_per_year = 10_000\napplications_log_sd = 2",
                    1,
                )
                .as_bytes(),
            "più di 10.000.000 candidature",
            "more than 10,000,000 applicants",
        ),
        raw("E003", b"[fund]\xff", "non è un testo UTF-8: il byte 7", "not UTF-8 text: byte 7"),
        raw("E004", b"[fund]\n\0", "ha un byte NUL", "has a NUL byte"),
        raw("E005", b"start = 2018-Q4\n", "scrivere testi, trimestri e percentuali", "put texts, quarters"),
        raw("E005", b"start =\n", "scrivere un valore dopo `=`", "write a value after the `=`"),
        raw("E010", &extends("main.toml"), "gira in cerchio: main.toml", "in a circle: main.toml"),
        Mistake {
            code: "E011",
            files: chain,
            options: Vec::new(),
            italian: "al massimo 64 file",
            english: "at most 64 files",
        },
        raw(
            "E103",
            format!("extends = 3\n{SMALL}").as_bytes(),
            "nomi di file, non un numero",
            "names of files, not a number",
        ),
        raw("E102", b"[scenario]\nname = \"x\"\n", "lo scenario non ha linee", "the scenario has no line"),
        raw(
            "E102",
            b"[scenario]\nname = \"x\"\n",
            "aggiungere una tabella [fund] con endowment",
            "add a table [fund] with endowment",
        ),
    ]
}

fn what_ifs() -> Vec<Mistake> {
    vec![
        option("E012", "fund.fees.base=[1,", "questo non è un valore", "this is not a value"),
        option("E012", "fund.endowment*=x", "`x` non è un numero", "`x` is not a number"),
        option("E013", "line2.product.nobody.demand=1", "le sue voci sono loan", "its entries are loan"),
        option("E013", "line2.product.loan=1", "un’intera voce di elenco", "a whole list entry"),
        option(
            "E013",
            "fund.period.x=2",
            "è un testo, non ha una chiave `x`",
            "is a text, it has no key `x`",
        ),
        option("E014", "line1.max_investment*=2", "né uno predefinito", "no default to start from"),
        option("E014", "fund.period*=2", "non si può scalare", "cannot be scaled"),
        option(
            "E101",
            "fund.endowmnet=1",
            "si intendeva `fund.endowment`?",
            "did you mean `fund.endowment`?",
        ),
        option("E101", "nothing.at.all=1", "chiavi note qui:", "known here:"),
    ]
}

fn keys_and_values() -> Vec<Mistake> {
    vec![
        changed(
            "E101",
            "[line2]\n",
            "[line2]\nendowmnet = 3\n",
            "chiave sconosciuta `endowmnet` in [line2]",
            "unknown key `endowmnet` in [line2]",
        ),
        changed(
            "E101",
            "[line2]\n",
            "[line2]\ntenor_quarters = 3\n",
            "appartiene a [line.loan]",
            "belongs to [line.loan]",
        ),
        changed("E101", "[fund]", "zzz = 1\n[fund]", "all’inizio del file", "at the top of the file"),
        changed("E101", "investment =", "ratings = { \"5\" = 1 }\ninvestment =", "nomi noti: 2", "known: 2"),
        changed("E102", "period = \"2014-2020\"\n", "", "manca `fund.period`", "`fund.period` is missing"),
        changed(
            "E102",
            "period = \"2014-2020\"\n",
            "",
            "scrivere per esempio period = \"2014-2020\" (periodo",
            "write for example period = \"2014-2020\" (programming",
        ),
        changed(
            "E103",
            "horizon_years = 12",
            "horizon_years = \"12\"",
            "un numero di anni, senza virgolette, non un testo",
            "a number of years, without quotes, not a text",
        ),
        changed(
            "E103",
            "[[line2.product]]",
            "[line2.product]",
            "con due parentesi quadre",
            "with two brackets",
        ),
        changed("E103", "start = \"2019-Q1\"", "start = 2019-01-01", "non una data", "not a date"),
        changed(
            "E103",
            "[fund]",
            "fund = 3\n[other]",
            "è una tabella, non un numero",
            "is a table, not a number",
        ),
        changed(
            "E103",
            "investment =",
            "ratings = 5\ninvestment =",
            "una tabella di pesi, non un numero",
            "a table of weights, not a number",
        ),
        changed("E104", "\"italian\"", "\"frensh\"", "si intendeva \"french\"?", "did you mean \"french\"?"),
        changed(
            "E104",
            "\"italian\"",
            "\"frensh\"",
            "scrivere uno di \"italian\"",
            "write one of \"italian\"",
        ),
        changed(
            "E105",
            "1_000_000\nstart",
            "nan\nstart",
            "nan non è un numero finito",
            "nan is not a finite number",
        ),
        changed("E105", "1_000_000\nstart", "1e300\nstart", "1e300 è troppo grande", "1e300 is too large"),
        changed(
            "E105",
            "pd = 0.01",
            "pd = 1e-300",
            "più decimali di quanti",
            "more decimals than can be kept",
        ),
        changed(
            "E106",
            "1_000_000\nstart",
            "1_000_000_001\nstart",
            "tra 0,01 e 1.000.000.000 EUR, non 1.000.000.001",
            "between 0.01 and 1,000,000,000 EUR, not 1,000,000,001",
        ),
        changed(
            "E106",
            "1_000_000\nstart",
            "1250.505\nstart",
            "frazioni di centesimo: 1.250,505",
            "fractions of a cent: 1,250.505",
        ),
        changed(
            "E106",
            "horizon_years = 12",
            "horizon_years = 41",
            "tra 1 e 40 anni, non 41",
            "between 1 and 40 years, not 41",
        ),
        changed("E106", "horizon_years = 12", "horizon_years = 12.1", "multiplo di 0.25", "multiple of 0.25"),
        changed("E106", "pd = 0.01", "pd = 1", "almeno 0 e minore di 1", "at least 0 and below 1"),
        changed(
            "E106",
            "bank_rate = 0.04",
            "bank_rate = \"-1,5 %\"",
            "non può essere negativo, è \u{2212}1,5\u{a0}%",
            "must not be negative, it is \u{2212}1.5%",
        ),
        changed(
            "E106",
            "bank_rate = 0.04",
            "bank_rate = 40",
            "si intendeva \"40%\"?",
            "did you mean \"40%\"?",
        ),
        changed(
            "E106",
            "start = \"2019-Q1\"",
            "start = \"Q1\"",
            "un trimestre si scrive come \"2018-Q4\"",
            "a quarter is written like \"2018-Q4\"",
        ),
        changed(
            "E106",
            "[fund]",
            "simulation.paths = 0\n[fund]",
            "tra 1 e 1.000.000.000, non 0",
            "between 1 and 1,000,000,000, not 0",
        ),
        changed(
            "E106",
            "[fund]",
            "simulation.precision = \"60%\"\n[fund]",
            "una precisione deve essere tra 0,0001 e 0,5",
            "a precision must be between 0.0001 and 0.5",
        ),
        changed(
            "E106",
            "start =",
            "treasury_rate = 0.6\nstart =",
            "tra \u{2212}50\u{a0}% e 50\u{a0}% all’anno, è 60\u{a0}%",
            "between \u{2212}50% and 50% per year, it is 60%",
        ),
        changed("E106", "start =", "union_share = 0\nstart =", "almeno 0,01\u{a0}%", "at least 0.01%"),
        changed("E106", RATING, "[credit]\nnu = 2\n[[credit.rating]]", "maggiore di 2", "above 2"),
        changed(
            "E106",
            RATING,
            "[macro]\npd_multiplier = { x = 2 }\n[[credit.rating]]",
            "non è un anno solare",
            "not a calendar year",
        ),
        changed(
            "E107",
            "1_000_000\nstart",
            "\"5 M€\"\nstart",
            "senza unità e senza punti: 5_000_000",
            "without unit and grouping: 5_000_000",
        ),
        changed(
            "E107",
            "1_000_000\nstart",
            "\"20%\"\nstart",
            "euro, non una percentuale",
            "euros, not a percentage",
        ),
        changed("E107", "loans = 1_000_000", "loans = \"100%\"", "non c’è un `total`", "there is no `total`"),
        changed("E108", "name = \"2\"", "name = \" A\"", "spazi alle estremità", "spaces at its ends"),
        changed("E108", "[fund]", "scenario.name = \"A B\"\n[fund]", "scrivere \"a-b\"", "write \"a-b\""),
        changed(
            "E109",
            RATING,
            "[[credit.rating]]\nname = \"2\"\npd = 0\n[[credit.rating]]",
            "due classi di merito si chiamano \"2\"",
            "two ratings are named \"2\"",
        ),
        changed(
            "E109",
            "[line2.loan]",
            "[[line2.product]]\nname = \"loan\"\nown_funds = 1\n[line2.loan]",
            "due prodotti si chiamano \"loan\"",
            "two products are named \"loan\"",
        ),
        changed(
            "E109",
            "lgd_mean = 0.5",
            "lgd_mean = 0.5\nrecovery = [{ after_quarters = 4, share = 0.5 }, { after_quarters = 4, share = 0.5 }]",
            "due recuperi arrivano dopo 4 trimestri",
            "two recoveries arrive after 4 quarters",
        ),
    ]
}

fn contradictions() -> Vec<Mistake> {
    let limit =
        |code, lines: &str, italian, english| added(code, &format!("[[limit]]\n{lines}\n"), italian, english);
    let ar1 = "[credit]\ndependence = \"ar1\"\ncopula = \"student_t\"\n[[credit.rating]]";
    let correlations = "[credit]\nsystemic_correlation = 0.6\ntheme_correlation = 0.4\n[[credit.rating]]";
    let kinds = "[line2.guarantee]\nkind = \"capped\"\ncap_rate = 0.2\nprovision_rate = 0.1\n[line2.loss]";
    vec![
        changed(
            "E120",
            "own_funds = 0.2",
            "own_funds = \"19,99 %\"",
            "sommano a 99,99\u{a0}%, non a 100\u{a0}%",
            "add up to 99.99%, not 100%",
        ),
        changed("E120", "own_funds = 0.2", "own_funds = 0.25", "5\u{a0}% di troppo", "5% is too much"),
        changed(
            "E120",
            "loans = 1_000_000",
            "total = 900_000.5\nloans = 1_000_000",
            "non al totale di 900.000,50 EUR",
            "not to the total of 900,000.50 EUR",
        ),
        changed(
            "E121",
            "start =",
            "tranches = { shares = [0.5, 0.5], triggers = [0] }\nstart =",
            "2 quote ma 1 soglie",
            "2 shares but 1 triggers",
        ),
        changed(
            "E121",
            "start =",
            "tranches = { shares = [1], triggers = [0.5] }\nstart =",
            "la prima soglia deve essere 0",
            "the first trigger must be 0",
        ),
        changed(
            "E122",
            "[line2]\n",
            "[line2]\nmin_investment = 200_000\n",
            "(200.000 EUR) supera `max_investment` (100.000 EUR)",
            "(200,000 EUR) is above `max_investment` (100,000 EUR)",
        ),
        limit(
            "E122",
            "metric = \"cap_hit\"\nstatistic = \"mean\"\nmax = 0.1\nmin = 0.2",
            "`min` (0,2) supera `max` (0,1)",
            "`min` (0.2) is above `max` (0.1)",
        ),
        changed("E123", RATING, ar1, "va solo con `dependence", "goes with `dependence"),
        changed("E123", "[line2.loss]", kinds, "all’altro tipo di garanzia", "the other kind of guarantee"),
        changed(
            "E123",
            "loans = 1_000_000\nguarantees = 0",
            "total = 2_000_000\nloans = 0.5\nguarantees = 1_000_000",
            "mescola quote del totale",
            "mixes shares of the total",
        ),
        changed(
            "E124",
            "availability_years = 4",
            "availability_years = 12.25",
            "non può essere più lungo",
            "must not be longer",
        ),
        changed(
            "E124",
            "tenor_quarters = 20",
            "tenor_quarters = 20\ngrace_quarters = 20",
            "minore della durata (20)",
            "below the tenor (20)",
        ),
        changed("E124", "lgd_mean = 0.5", "lgd_mean = 0.5\nlgd_sd = 0.5", "minore di 50\u{a0}%", "below 50%"),
        changed(
            "E124",
            "[line2]\n",
            "[line2]\ngrant_lag_quarters = 21\n",
            "cioè 20 trimestri",
            "the tenor of 20 quarters",
        ),
        changed("E124", RATING, correlations, "(al massimo 0,999999), è 1", "(at most 0.999999), they are 1"),
        changed(
            "E125",
            "name = \"loan\"",
            "name = \"loan\"\ndemand = 0",
            "nessuno potrebbe candidarsi",
            "nobody could apply",
        ),
        changed(
            "E125",
            "investment =",
            "ratings = { \"2\" = 0 }\ninvestment =",
            "almeno un peso maggiore di 0",
            "at least one weight above 0",
        ),
        limit(
            "E104",
            "metric = \"cap_hit\"\nstatistic = \"98%\"\nmax = 0.1",
            "sono riportati 0.1%, 1%",
            "reported are 0.1%, 1%",
        ),
        limit(
            "E102",
            "metric = \"cap_hit\"\nstatistic = \"mean\"",
            "un limite richiede `max` o `min`",
            "a limit needs `max` or `min`",
        ),
        limit(
            "E107",
            "metric = \"fund_loss\"\nstatistic = \"mean\"\nmax = \"10%\"",
            "non è una quota",
            "is not a share",
        ),
        limit(
            "E126",
            "metric = \"cap_hit\"\nstatistic = \"es 99%\"\nmax = 0.1",
            "non ha expected shortfall",
            "has no expected shortfall",
        ),
        limit(
            "E126",
            "metric = \"cap_hit\"\nline = \"1\"\nstatistic = \"mean\"\nmax = 0.1",
            "che lo scenario non ha",
            "which the scenario does not have",
        ),
        limit(
            "E126",
            "metric = \"closing_ratio\"\nline = \"2\"\nstatistic = \"mean\"\nmax = 1",
            "solo per l’intero fondo",
            "for the whole fund only",
        ),
        added(
            "E127",
            "[rules]\nwaive = [\"R101\"]",
            "non si può mai derogare: ogni euro",
            "can never be waived: every euro",
        ),
        added(
            "E128",
            "[sources]\n\"credit.systemic_corelation\" = \"x\"",
            "si intendeva `credit.systemic_correlation`?",
            "did you mean `credit.systemic_correlation`?",
        ),
        added("E128", "[sources]\n\"credit.rating.9.pd\" = \"x\"", "le voci sono 2", "the entries are 2"),
    ]
}

fn rows() -> Vec<Mistake> {
    let good = "a,2,0,50000,other,nonprofit,small,2,,";
    vec![
        listed("E201", "", "nemmeno l’intestazione", "not even a header line"),
        listed("E201", &row(""), "nessuna riga", "no rows"),
        listed(
            "E202",
            &row(good).replacen("theme", "tema", 1),
            "colonna sconosciuta `tema`",
            "unknown column `tema`",
        ),
        listed(
            "E203",
            &row(good).replacen("theme", "line", 1),
            "due colonne si chiamano `line`",
            "two columns are called `line`",
        ),
        listed("E203", "id,line\na,2\n", "mancano le colonne quarter", "lacks the columns quarter"),
        listed(
            "E204",
            &row("a,2,0,lots,other,nonprofit,small,2,,"),
            "riga 2, colonna `investment`: \"lots\" non è un numero",
            "row 2, column `investment`: \"lots\" is not a number",
        ),
        listed(
            "E204",
            &row("a,2,0,-1,other,nonprofit,small,2,,"),
            "al massimo 1.000.000.000 EUR, non \u{2212}1",
            "at most 1,000,000,000 EUR, not \u{2212}1",
        ),
        listed(
            "E204",
            &row("a,2,99,50000,other,nonprofit,small,2,,"),
            "vanno da 0 a 15",
            "quarters are 0 to 15",
        ),
        listed(
            "E204",
            &row("a,2,x,50000,other,nonprofit,small,2,,"),
            "il primo trimestre del fondo è 0",
            "first quarter is 0",
        ),
        listed(
            "E205",
            &row("a,2,0,50000,othr,nonprofit,small,2,,"),
            "si intendeva \"other\"?",
            "did you mean \"other\"?",
        ),
        listed(
            "E205",
            &row("a,2,0,50000,other,nonprofit,small,2,,perhaps"),
            "non è né sì né no",
            "is neither yes nor no",
        ),
        listed(
            "E205",
            &row(",2,0,50000,other,nonprofit,small,2,,"),
            "dare un id a ogni richiedente",
            "give every applicant an id",
        ),
        listed(
            "E206",
            &row("a,2,0,50000,other,nonprofit,small,2,,,x"),
            "l’intestazione nomina 10 colonne",
            "the header names 10 columns",
        ),
        listed(
            "E207",
            &row(&format!("{good}\n{good}")),
            "è già l’id della riga 2",
            "is already the id of row 2",
        ),
        listed("E208", &row("a,1,0,50000,other,nonprofit,small,2,,"), "non ha la linea 1", "has no line 1"),
    ]
}

/// Every kind of mistake.
pub fn all_mistakes() -> Vec<Mistake> {
    [
        files_and_what_they_build_on(),
        what_ifs(),
        keys_and_values(),
        contradictions(),
        transition_matrices(),
        rows(),
        warnings(),
        histories(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
