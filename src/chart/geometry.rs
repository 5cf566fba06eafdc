//! Points and boxes, and the cutting of lines and polygons at a box.
//!
//! The drawing library moves points that lie outside to the border, which bends lines; so everything is cut here,
//! exactly where it leaves the box, before it is drawn.

/// A point in logical pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Point {
        Point { x, y }
    }
}

/// A box in logical pixels; `top` is the smaller y.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn centre(&self) -> Point {
        Point { x: (self.left + self.right) / 2.0, y: (self.top + self.bottom) / 2.0 }
    }

    /// Whether two boxes share more than a border.
    #[cfg(test)]
    pub fn overlaps(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// The parts of a line through `points` that lie inside a box. Points that are not finite interrupt the line.
pub(super) fn clip_line(points: &[Point], area: Area) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = clip_segment(pair[0], pair[1], area) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// The part of a segment inside a box (Liang and Barsky 1984).
fn clip_segment(from: Point, to: Point, area: Area) -> Option<(Point, Point)> {
    if ![from.x, from.y, to.x, to.y].iter().all(|value| value.is_finite()) {
        return None;
    }
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut start, mut end) = (0.0_f64, 1.0_f64);
    let borders = [
        (-dx, from.x - area.left),
        (dx, area.right - from.x),
        (-dy, from.y - area.top),
        (dy, area.bottom - from.y),
    ];
    for (direction, distance) in borders {
        if direction == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if direction < 0.0 {
            start = start.max(distance / direction);
        } else {
            end = end.min(distance / direction);
        }
    }
    if start > end {
        return None;
    }
    let at = |share: f64| match share {
        0.0 => from,
        1.0 => to,
        _ => Point { x: from.x + share * dx, y: from.y + share * dy },
    };
    Some((at(start), at(end)))
}

/// The part of a polygon inside a box (Sutherland and Hodgman 1974); empty if nothing is left.
pub(super) fn clip_polygon(points: &[Point], area: Area) -> Vec<Point> {
    if points.iter().any(|point| !point.x.is_finite() || !point.y.is_finite()) {
        return Vec::new();
    }
    type Inside = fn(Point, Area) -> bool;
    type Cross = fn(Point, Point, Area) -> Point;
    fn at_x(from: Point, to: Point, x: f64) -> Point {
        Point { x, y: from.y + (to.y - from.y) * (x - from.x) / (to.x - from.x) }
    }
    fn at_y(from: Point, to: Point, y: f64) -> Point {
        Point { x: from.x + (to.x - from.x) * (y - from.y) / (to.y - from.y), y }
    }
    let borders: [(Inside, Cross); 4] = [
        (|p, area| p.x >= area.left, |from, to, area| at_x(from, to, area.left)),
        (|p, area| p.x <= area.right, |from, to, area| at_x(from, to, area.right)),
        (|p, area| p.y >= area.top, |from, to, area| at_y(from, to, area.top)),
        (|p, area| p.y <= area.bottom, |from, to, area| at_y(from, to, area.bottom)),
    ];
    let mut polygon = points.to_vec();
    for (inside, cross) in borders {
        let corners = std::mem::take(&mut polygon);
        for (index, to) in corners.iter().enumerate() {
            let from = corners[(index + corners.len() - 1) % corners.len()];
            if inside(from, area) != inside(*to, area) {
                polygon.push(cross(from, *to, area));
            }
            if inside(*to, area) {
                polygon.push(*to);
            }
        }
    }
    polygon
}

/// A line with far fewer points and the same look: of all points in a column of half a pixel only the first, the
/// lowest, the highest and the last are kept. The line must run from left to right.
pub(super) fn thin(points: &[Point]) -> Vec<Point> {
    const COLUMN: f64 = 0.5;
    let mut kept: Vec<Point> = Vec::new();
    let mut start = 0;
    while start < points.len() {
        let column = (points[start].x / COLUMN).floor();
        let length = points[start..].iter().take_while(|point| (point.x / COLUMN).floor() == column).count();
        let run = &points[start..start + length.max(1)];
        let extreme = |better: fn(f64, f64) -> bool| {
            (0..run.len()).fold(0, |best, index| if better(run[index].y, run[best].y) { index } else { best })
        };
        let mut indices = [0, extreme(|y, best| y < best), extreme(|y, best| y > best), run.len() - 1];
        indices.sort_unstable();
        for (position, index) in indices.iter().enumerate() {
            if position == 0 || indices[position - 1] != *index {
                kept.push(run[*index]);
            }
        }
        start += run.len();
    }
    kept
}

/// The dashes of a line, each a short line of its own.
pub(super) fn dashes(points: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = vec![Vec::new()];
    let (mut drawing, mut left) = (true, dash);
    let Some(first) = points.first() else { return Vec::new() };
    pieces[0].push(*first);
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)).sqrt();
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let corner = Point { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
            if drawing {
                pieces.last_mut().expect("never empty").push(corner);
            } else {
                pieces.push(vec![corner]);
            }
            drawing = !drawing;
            left = if drawing { dash } else { gap };
        }
        left -= length - done;
        if drawing {
            pieces.last_mut().expect("never empty").push(to);
        }
    }
    pieces.retain(|piece| piece.len() >= 2);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Area = Area { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    fn line(points: &[(f64, f64)]) -> Vec<Point> {
        points.iter().map(|point| Point::from(*point)).collect()
    }

    #[test]
    fn a_line_that_leaves_the_box_keeps_its_slope() {
        let parts = clip_line(&line(&[(-10.0, 0.0), (20.0, 15.0)]), UNIT);
        assert_eq!(parts, [line(&[(0.0, 5.0), (10.0, 10.0)])]);
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_lines() {
        let parts = clip_line(&line(&[(0.0, 5.0), (3.0, 5.0), (5.0, 25.0), (7.0, 5.0), (9.0, 5.0)]), UNIT);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].last(), Some(&Point { x: 3.5, y: 10.0 }));
        assert_eq!(parts[1].first(), Some(&Point { x: 6.5, y: 10.0 }));
    }

    #[test]
    fn lines_outside_or_without_numbers_vanish() {
        assert!(clip_line(&line(&[(11.0, 0.0), (12.0, 9.0)]), UNIT).is_empty());
        assert!(clip_line(&line(&[(1.0, f64::NAN), (2.0, 3.0)]), UNIT).is_empty());
        assert!(clip_line(&line(&[(1.0, 1.0)]), UNIT).is_empty());
    }

    #[test]
    fn polygons_are_cut_at_the_box() {
        let cut = clip_polygon(&line(&[(-5.0, 2.0), (5.0, 2.0), (5.0, 20.0), (-5.0, 20.0)]), UNIT);
        let area: f64 = (0..cut.len())
            .map(|i| {
                let (a, b) = (cut[i], cut[(i + 1) % cut.len()]);
                (a.x * b.y - b.x * a.y) / 2.0
            })
            .sum();
        assert!((area.abs() - 40.0).abs() < 1e-9);
        assert!(clip_polygon(&line(&[(20.0, 0.0), (30.0, 0.0), (30.0, 5.0)]), UNIT).is_empty());
    }

    #[test]
    fn a_thinned_line_keeps_its_extremes() {
        let points: Vec<Point> =
            (0..100_000).map(|i| Point { x: i as f64 * 0.001, y: ((i * 7919) % 1000) as f64 }).collect();
        let kept = thin(&points);
        assert!(kept.len() <= 4 * 201, "{}", kept.len());
        let top = |points: &[Point]| points.iter().map(|p| p.y).fold(0.0, f64::max);
        assert_eq!(top(&kept), top(&points));
        assert_eq!((kept.first(), kept.last()), (points.first(), points.last()));
    }

    #[test]
    fn dashes_cover_their_share_of_the_line() {
        let pieces = dashes(&line(&[(0.0, 0.0), (100.0, 0.0)]), 6.0, 4.0);
        assert_eq!(pieces.len(), 10);
        let drawn: f64 = pieces.iter().map(|piece| piece[1].x - piece[0].x).sum();
        assert!((drawn - 60.0).abs() < 1e-9);
    }
}
