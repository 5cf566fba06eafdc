//! Which known word was probably meant by an unknown one.

/// The known word nearest to `word`, if one is near enough to have been meant.
///
/// Near enough: at most a third of the letters differ, counting insertions, deletions,
/// replacements and swaps of neighbours; or one word begins with the other. Ties go to the earlier word.
///
/// ```
/// assert_eq!(fesr::diagnostic::nearest("endowmnet", ["start", "endowment"]), Some("endowment"));
/// assert_eq!(fesr::diagnostic::nearest("colour", ["start", "endowment"]), None);
/// ```
pub fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let simplified = simplify(word);
    if simplified.is_empty() || simplified.len() > 100 {
        return None;
    }
    known
        .into_iter()
        .filter_map(|candidate| {
            let other = simplify(candidate);
            let distance = distance(&simplified, &other);
            let shorter = simplified.len().min(other.len());
            let prefix = shorter >= 4 && simplified[..shorter] == other[..shorter];
            let near = distance <= simplified.len().max(other.len()) / 3;
            (near || prefix).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Lower case, with `-`, `_` and spaces alike.
fn simplify(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | ' ') { '_' } else { c }).collect()
}

/// Optimal string alignment distance: edits and swaps of neighbours that turn one word into the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits_and_swaps() {
        for (a, b, expected) in
            [("", "abc", 3), ("loan", "laon", 1), ("kitten", "sitting", 3), ("same", "same", 0)]
        {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(distance(&a, &b), expected);
        }
    }

    #[test]
    fn short_words_are_not_guessed_wildly() {
        assert_eq!(nearest("9", ["2", "3"]), None);
        assert_eq!(nearest("xy", ["nu", "pd"]), None);
        assert_eq!(nearest("pdd", ["nu", "pd"]), Some("pd"));
        assert_eq!(nearest("tenor", ["tenor_quarters", "grace_quarters"]), Some("tenor_quarters"));
        assert_eq!(nearest("Non-Profit", ["nonprofit", "forprofit"]), Some("nonprofit"));
    }
}
