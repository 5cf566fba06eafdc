//! Under the charts of who makes the tail.

use crate::chart::{AxisFormat, FigureReading};
use crate::report::charts::story::Story;
use crate::report::charts::tail::PartShare;
use crate::report::telling::{Preposition, tell};

/// From how much on a share of the tail is told to be larger than that of the expected loss.
const CLEARLY_MORE: f64 = 0.02;

/// Under the parts of the loss; `first`: the one that the title names.
pub(in crate::report::charts) fn tail(
    story: &Story,
    groups: &[(String, Vec<PartShare>)],
    first: &PartShare,
) -> FigureReading {
    let telling = story.telling;
    let percent = |share: f64| AxisFormat::Percent.value(share, telling.numbers);
    let loss = story.expected_loss();
    let label = &first.label;
    let share = story.labelled_percent(Preposition::None, first.value);
    let Some(expected) = first.expected else {
        return FigureReading {
            see: tell!(
                telling,
                "In ogni gruppo le barre fanno insieme 100 %: dicono chi causa la {loss}.",
                "In each group the bars make 100% together: they say who causes the {loss}."
            ),
            read: tell!(
                telling,
                "Un esempio: da «{label}» viene {share} della {loss}.",
                "An example: “{label}” makes {share} of the {loss}."
            ),
            means: tell!(
                telling,
                "Chi causa la perdita nei futuri peggiori si vede solo con almeno 10.000 percorsi.",
                "Who causes the loss in the worst futures shows only from 10,000 paths on."
            ),
        };
    };
    let see = tell!(
        telling,
        "In ogni gruppo le barre fanno insieme 100 %: dicono chi causa la perdita nell’1 % di futuri peggiori. Il cerchio dice chi causa la {loss}, cioè quella media.",
        "In each group the bars make 100% together: they say who causes the loss in the worst 1% of futures. The ring says who causes the {loss}, the mean of all futures."
    );
    let expected = story.labelled_percent(Preposition::None, expected);
    let read = tell!(
        telling,
        "Un esempio: da «{label}» viene {share} della perdita nei futuri peggiori (barra) e {expected} della {loss} (cerchio).",
        "An example: “{label}” makes {share} of the loss in the worst futures (bar) and {expected} of the {loss} (ring)."
    );
    let excess = |part: &PartShare| part.value - part.expected.unwrap_or(part.value);
    let parts = groups.iter().flat_map(|(_, parts)| parts);
    let concentrated = parts.max_by(|a, b| excess(a).total_cmp(&excess(b))).expect("a chart has parts");
    let means = if excess(concentrated) >= CLEARLY_MORE {
        let name = &concentrated.label;
        let (bar, ring) =
            (percent(concentrated.value), percent(concentrated.expected.unwrap_or(concentrated.value)));
        tell!(
            telling,
            "Dove la barra supera il cerchio la perdita si concentra quando va male: più di tutto in «{name}», {bar} contro {ring}.",
            "Where the bar goes beyond the ring, losses concentrate when things go badly: most of all in “{name}”, {bar} against {ring}."
        )
    } else {
        tell!(
            telling,
            "Nei futuri peggiori la perdita si divide quasi come in media: nessuno pesa molto di più quando va male.",
            "In the worst futures the loss is split almost as on average: nobody weighs much more when things go badly."
        )
    };
    FigureReading { see, read, means }
}
