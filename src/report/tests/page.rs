//! `report.html` of small runs: well formed, whole in both languages, closed to the network, and text is data.

use super::sample::{degenerate, mixed, simulated};
use crate::books::RegionBooks;
use crate::locale::metric_name;
use crate::plan::Plan;
use crate::report::limits::Verdict;
use crate::report::page::PAGE_FILE;
use crate::report::result_files::{Extras, result_files};
use crate::scenario::{Language, Measure, Milestone, Outcome, Scenario};
use crate::units::{Cents, Quantity, Share};
use roxmltree::{Document, Node, ParsingOptions};

/// The chapters, in the order that readers are promised.
const CHAPTERS: [&str; 11] = [
    "answer",
    "key-figures",
    "what-can-go-wrong",
    "over-time",
    "money",
    "how-sure",
    "assumptions",
    "rules",
    "programme",
    "method",
    "reproduce",
];

/// Most bytes of a page.
const MOST_BYTES: usize = 1_500_000;

fn page_of(scenario: &Scenario, paths: u64, planned: u64) -> String {
    simulated(scenario, paths, planned, |facts, plan, summary, limits| {
        let files = result_files(facts, plan, summary, limits, &Extras::default()).files;
        let page = files.into_iter().find(|file| file.name == PAGE_FILE).expect("a page");
        String::from_utf8(page.bytes).expect("UTF-8")
    })
}

/// The page as XML: HTML but for its elements without end.
fn as_xml(page: &str) -> String {
    let mut parts = page.split("<meta ");
    let mut xml = parts.next().unwrap_or_default().to_string();
    for part in parts {
        xml += &format!("<meta {}", part.replacen('>', "/>", 1));
    }
    xml.replace("<wbr>", "<wbr/>")
}

/// Parses a page and hands the document to `look`.
fn parsed<T>(page: &str, look: impl FnOnce(&Document) -> T) -> T {
    let xml = as_xml(page);
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(&xml, options).unwrap_or_else(|error| panic!("{error}\n{page:.2000}"));
    look(&document)
}

fn visible_text(node: Node) -> String {
    let texts = node
        .descendants()
        .filter(|inner| inner.is_text() && !inner.ancestors().any(|outer| outer.has_tag_name("style")));
    texts.filter_map(|inner| inner.text()).collect::<Vec<_>>().join(" ")
}

/// What must hold of every page, whatever the results.
fn check(name: &str, page: &str) {
    assert!(page.len() < MOST_BYTES, "{name}: {} bytes", page.len());
    parsed(page, |document| {
        let sections: Vec<&str> = document
            .descendants()
            .filter(|node| node.has_tag_name("section"))
            .filter_map(|node| node.attribute("id"))
            .collect();
        let (books, others): (Vec<&str>, Vec<&str>) = sections.iter().partition(|id| **id == "region");
        assert_eq!(others, CHAPTERS, "{name}");
        assert!(books.len() <= 1 && books.len() == usize::from(name.contains("books")), "{name}");
        let mut ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: an id stands twice");
        for node in document.descendants().filter(Node::is_element) {
            closed_to_the_network(name, &node, &ids);
            if node.has_tag_name("table") {
                let parts = ["caption", "thead", "tbody"];
                let found =
                    parts.map(|part| node.children().filter(|child| child.has_tag_name(part)).count());
                assert_eq!(found, [1; 3], "{name}: parts of a table");
            }
            if node.has_tag_name("th") {
                assert!(
                    matches!(node.attribute("scope"), Some("col" | "row")),
                    "{name}: a head without scope"
                );
            }
            if node.has_tag_name("tr") {
                let cells = |row: &Node| row.children().filter(Node::is_element).count();
                let table =
                    node.ancestors().find(|outer| outer.has_tag_name("table")).expect("rows are in tables");
                let head = table.descendants().find(|inner| inner.has_tag_name("tr")).expect("a head");
                assert_eq!(cells(&node), cells(&head), "{name}: a row of another length");
            }
        }
        let text = visible_text(document.root_element());
        for nonsense in
            ["NaN", " inf ", "-0 ", "\u{2212}0 ", "\u{2212}0%", "\u{2212}0,00\u{a0}", "{", "}", "()"]
        {
            assert!(!text.contains(nonsense), "{name}: {nonsense:?}");
        }
    });
}

/// Nothing in the page asks a network for anything, and nothing in it runs.
fn closed_to_the_network(name: &str, node: &Node, ids: &[&str]) {
    let tag = node.tag_name().name();
    for forbidden in
        ["script", "link", "img", "image", "iframe", "object", "embed", "form", "base", "use", "video"]
    {
        assert_ne!(tag, forbidden, "{name}");
    }
    for attribute in node.attributes() {
        let (key, value) = (attribute.name(), attribute.value());
        assert!(
            !key.starts_with("on") && !["src", "srcset", "style", "action", "data"].contains(&key),
            "{name}: {key}"
        );
        if key == "href" {
            let target = value.strip_prefix('#').unwrap_or_else(|| panic!("{name}: a link to {value}"));
            assert!(ids.binary_search(&target).is_ok(), "{name}: a link to nowhere: {value}");
        }
        if key == "aria-labelledby" {
            assert!(value.split(' ').all(|id| ids.binary_search(&id).is_ok()), "{name}: {value}");
        }
        assert!(!value.contains("url("), "{name}: {key}={value}");
    }
}

#[test]
fn the_page_is_whole_in_both_languages() {
    for &language in Language::ALL {
        let scenario = mixed(language);
        let page = page_of(&scenario, 2_000, 2_000);
        check("mixed", &page);
        assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", language.word())));
        assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
        assert_eq!(page, page_of(&scenario, 2_000, 2_000), "the same bytes twice");
        simulated(&scenario, 2_000, 2_000, |facts, plan, summary, limits| {
            parsed(&page, |document| {
                let text = visible_text(document.root_element());
                for metric in &summary.metrics {
                    let name = metric_name(metric.column.metric, language);
                    assert!(text.contains(name), "{name} is missing");
                }
                let charts = crate::report::charts::album(facts, plan, summary).charts;
                for chart in &charts {
                    let id = format!("figure-{}", chart.name);
                    let figures: Vec<Node> =
                        document.descendants().filter(|node| node.attribute("id") == Some(&id)).collect();
                    assert_eq!(figures.len(), 1, "{id}");
                    let tables = figures[0].descendants().filter(|node| node.has_tag_name("table")).count();
                    assert!(tables > 0, "{id} has no numbers");
                    assert!(visible_text(figures[0]).contains(&chart.text.title), "{id}");
                }
                let svgs = document.descendants().filter(|node| node.tag_name().name() == "svg").count();
                assert_eq!(svgs, charts.len());
            });
            let verdicts = [("verdict kept", Verdict::Kept), ("verdict broken", Verdict::Broken)];
            for (class, verdict) in verdicts {
                let expected = limits.iter().filter(|result| result.verdict == verdict).count();
                // On a card of its own, or not, and always in the table.
                let found = page.matches(&format!("class=\"{class}\"")).count();
                assert!((expected..=2 * expected).contains(&found), "{class}: {found} for {expected}");
            }
        });
    }
}

/// The page of a scenario with milestones and outcomes, and of the yearly report.
fn page_with_books(language: Language, paths: u64) -> String {
    let mut scenario = mixed(language);
    let milestone = |quarter: u32, most: Option<&str>| Milestone {
        quarter,
        min_disbursed: Cents(200_000_000),
        max_probability: most.map(|most| Share::new(most.parse().expect("a number")).expect("a share")),
    };
    scenario.milestones = vec![milestone(7, Some("0.1")), milestone(11, None)];
    let outcome = Outcome {
        name: "care_places".to_string(),
        per_million: Quantity::new(12.into()).expect("a quantity"),
        unit: "posti <b>&</b>".to_string(),
    };
    for line in [&mut scenario.line1, &mut scenario.line2].into_iter().flatten() {
        line.outcomes = vec![outcome.clone()];
    }
    simulated(&scenario, paths, paths, |facts, plan, summary, limits| {
        let books = RegionBooks::of(&scenario, plan, paths, true, &|_| {}).expect("the books balance");
        let extras = Extras { books: Some(books), ..Extras::default() };
        let files = result_files(facts, plan, summary, limits, &extras).files;
        let page = files.into_iter().find(|file| file.name == PAGE_FILE).expect("a page");
        String::from_utf8(page.bytes).expect("UTF-8")
    })
}

#[test]
fn the_books_are_whole_in_both_languages() {
    for (language, words) in [
        (
            Language::Italian,
            ["I libri della Regione", "I traguardi di spesa", "Valore del fondo", "L’anno 2028"],
        ),
        (
            Language::English,
            ["The Region’s books", "The milestones of spending", "Value of the fund", "The year 2028"],
        ),
    ] {
        for paths in [1, 300] {
            let page = page_with_books(language, paths);
            check(&format!("books, {paths} paths"), &page);
            for part in
                words.iter().chain(&["figure-absorption", "figure-subsidy-cost", "care_places", "821/2014"])
            {
                assert!(page.contains(part), "no {part:?}");
            }
            assert!(page.contains("posti &lt;b&gt;&amp;&lt;/b&gt;") && !page.contains("posti <b>"));
        }
    }
}

#[test]
fn both_languages_have_the_same_structure() {
    // Charts break their lines where words end; the rest is the same, element for element.
    let structure = |language: Language| {
        let page = page_of(&mixed(language), 500, 500);
        parsed(&page, |document| {
            let elements = document.descendants().filter(|node| {
                node.is_element()
                    && !node.ancestors().any(|outer| outer.tag_name().name() == "svg")
                    && !(node.has_tag_name("span") && node.attribute("lang").is_some())
            });
            elements
                .map(|node| {
                    let id = node.attribute("id").unwrap_or_default();
                    let class = node.attribute("class").unwrap_or_default();
                    format!("{} {id} {class}", node.tag_name().name())
                })
                .collect::<Vec<String>>()
        })
    };
    let (italian, english) = (structure(Language::Italian), structure(Language::English));
    for (position, (one, other)) in italian.iter().zip(&english).enumerate() {
        assert_eq!(one, other, "element {position}");
    }
    assert_eq!(italian.len(), english.len());
}

#[test]
fn the_page_is_whole_where_something_is_missing() {
    for &language in Language::ALL {
        for (name, scenario, paths, planned) in degenerate(language) {
            let page = page_of(&scenario, paths, planned);
            check(name, &page);
            let text = parsed(&page, |document| visible_text(document.root_element()));
            let says = |italian: &str, english: &str| {
                let wanted = match language {
                    Language::Italian => italian,
                    Language::English => english,
                };
                assert!(text.contains(wanted), "{name}: no “{wanted}”");
            };
            match name {
                "no path" => says("Nessun percorso", "No path was simulated"),
                "one path" => says(
                    "È stato simulato un solo futuro: nessun errore",
                    "Only one future was simulated: no error",
                ),
                "interrupted" => {
                    says("Simulazione interrotta", "The run was interrupted");
                    says("--paths 200", "--paths 200");
                    says("R103", "R103");
                }
                "no guarantees" => says("non prevede garanzie", "has no guarantees"),
                "no defaults" => says("il fondo perde denaro", "does the fund lose money"),
                "no applications" => {
                    says("In nessun futuro simulato arriva una domanda", "No application arrives")
                }
                "grants only" => says("non c’è effetto leva", "there is no leverage"),
                _ => {}
            }
        }
    }
}

#[test]
fn text_from_a_scenario_is_data() {
    const NASTY: &str = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)> \"'`&amp;&#x3c; ]]> {x} \u{202e}\u{0}\u{1b}[31m\u{fffe}";
    let long = "W".repeat(300);
    let mut scenario = mixed(Language::English);
    scenario.identity.title = format!("{NASTY} {long}");
    scenario.identity.description = NASTY.to_string();
    scenario.programme = vec![Measure { name: format!("{NASTY}{long}"), amount: Cents(500_000_000) }];
    scenario.sources =
        vec![("fund.endowment".to_string(), NASTY.to_string()), ("line1.product.*.demand".to_string(), long)];
    for line in scenario.line1.iter_mut().chain(&mut scenario.line2) {
        line.products[0].name = NASTY.to_string();
    }
    scenario.credit.ratings[0].name = NASTY.to_string();
    let page = page_of(&scenario, 200, 200);
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(!page.contains(|letter: char| letter.is_control() && letter != '\n'));
    parsed(&page, |document| {
        let title =
            document.descendants().find(|node| node.has_tag_name("h1")).map(visible_text).expect("a title");
        assert!(title.starts_with("</title></style><script>alert(1)</script>"), "{title}");
        let scripts = document.descendants().filter(|node| node.tag_name().name() == "script").count();
        assert_eq!(scripts, 0);
    });
}

#[test]
fn additional_leverage_leaves_out_the_deadweight() {
    let mut scenario = mixed(Language::Italian);
    let before = page_of(&scenario, 300, 300);
    scenario.fund.deadweight = Share::new("0.25".parse().expect("a decimal")).expect("a share");
    let page = page_of(&scenario, 300, 300);
    let row = |page: &str, name: &str| {
        parsed(page, |document| {
            let head = document
                .descendants()
                .find(|node| {
                    node.has_tag_name("th")
                        && node.text() == Some(name)
                        && node.attribute("scope") == Some("row")
                })
                .unwrap_or_else(|| panic!("no row {name}"));
            let cell = head.next_sibling_element().and_then(|cell| cell.text()).expect("a value");
            cell.replace('.', "").replace(',', ".").parse::<f64>().expect("a number")
        })
    };
    let leverage = row(&page, "Effetto leva");
    assert_eq!(leverage, row(&before, "Effetto leva"), "it changes no path");
    assert_eq!(row(&before, "Effetto leva aggiuntivo"), leverage);
    // Three decimals are shown of each.
    assert!((row(&page, "Effetto leva aggiuntivo") - 0.75 * leverage).abs() < 0.001);
    assert!(page.contains("il 25\u{a0}% dei prestiti sarebbe stato concesso"));
}

#[test]
fn a_programme_and_sources_are_shown() {
    let mut scenario = mixed(Language::Italian);
    scenario.programme = [("FSE", 640_000_000), ("FESR", 500_000_000)]
        .map(|(name, amount)| Measure { name: name.to_string(), amount: Cents(amount) })
        .to_vec();
    scenario.sources =
        [("fund.fees.cap", "assumption"), ("fund.endowment", "WECARE"), ("fund.tranches", "Reg. [memory]")]
            .map(|(key, note)| (key.to_string(), note.to_string()))
            .to_vec();
    let page = page_of(&scenario, 100, 100);
    check("programme", &page);
    let text = parsed(&page, |document| visible_text(document.root_element()));
    for wanted in [
        "11.400.000\u{a0}€",
        "questo fondo",
        "43,9\u{a0}%",
        "Solo ipotesi",
        "Con una fonte",
        "non era a portata di mano",
        "5.000.000",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    let plan = Plan::resolve(&scenario);
    assert_eq!(plan.endowment, Cents(500_000_000));
}
