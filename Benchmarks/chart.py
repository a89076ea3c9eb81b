"""Charts as SVG, without libraries: horizontal bars in groups, and lines.

Both are 440 units wide with text of 12 and more, dark on white, so that they can be read on a phone. A colour never says
something alone: each bar has its name beside it, and each line marks of its own shape.
"""

import math
import textwrap
from html import escape
from pathlib import Path

WIDTH = 440
MARGIN = 12
DARK, GREY, PALE = "#1a1a1a", "#595959", "#d9d9d9"
# Okabe and Ito's colours, which colour-blind people tell apart, dark enough for thin lines on white.
COLOURS = ["#0063a6", "#c04f00", "#00795a", "#a3307a", "#7a6000", "#444444", "#3f8fc4", "#8a5a44"]


def bars(path: Path, title: str, unit: str, groups: dict[str, dict[str, float]], log_x: bool = False) -> None:
    """A bar for each series of each group, with its value at its end: groups is group → series → value (at least 0)."""
    values = [value for group in groups.values() for value in group.values()]
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    left = MARGIN + max(map(wide, names)) + 6
    least = below(min(value for value in values if value > 0)) if log_x else 0
    length = Scale(least, max(values), log_x, WIDTH - MARGIN - left - max(wide(shown(value)) for value in values) - 6)
    picture = Picture(title, unit + (", logarithmic" if log_x else ""))
    for group, found in groups.items():
        picture.y += 26
        picture.text(MARGIN, picture.y, group, 14, weight="bold")
        picture.y += 8
        for name, value in found.items():
            size = length.place(value)
            picture.text(left - 6, picture.y + 13, name, 12, anchor="end")
            picture.add(f'<rect x="{left:.1f}" y="{picture.y + 2:.1f}" width="{max(size, 1):.1f}" height="14" '
                        f'fill="{COLOURS[names.index(name) % len(COLOURS)]}"/>')
            picture.text(left + size + 5, picture.y + 13, shown(value), 12)
            picture.y += 18
    picture.y += 4
    picture.write(path)


def lines(
    path: Path, title: str, x_label: str, y_label: str, series: dict[str, list[tuple[float, float]]],
    log_x: bool = True, log_y: bool = False,
) -> None:
    """A line for each series through its points (x, y). Logarithmic axes want values above 0; the others start at 0."""
    points = [point for found in series.values() for point in found]
    picture = Picture(title, y_label + (", logarithmic" if log_y else ""))
    legend(picture, list(series))
    rows, columns = axis([y for _, y in points], log_y, 240), axis([x for x, _ in points], log_x, 0)
    if log_x:
        columns.most = max(x for x, _ in points)
    left = MARGIN + max(wide(shown(tick)) for tick in rows.ticks()) + 8
    columns.size = WIDTH - MARGIN - left - 18
    top = picture.y + 16
    bottom = top + rows.size
    for tick in rows.ticks():
        y = bottom - rows.place(tick)
        picture.add(f'<path d="M{left:.1f} {y:.1f}h{columns.size + 10:.1f}" stroke="{PALE}"/>')
        picture.text(left - 6, y + 4, shown(tick), 12, anchor="end")
    for tick in apart(columns):
        x = left + columns.place(tick)
        picture.add(f'<path d="M{x:.1f} {bottom:.1f}v5" stroke="{GREY}"/>')
        picture.text(x, bottom + 19, shown(tick), 12, anchor="middle")
    picture.add(f'<path d="M{left:.1f} {bottom:.1f}h{columns.size + 10:.1f}" stroke="{GREY}"/>')
    picture.text(left + columns.size / 2, bottom + 38, x_label + (", logarithmic" if log_x else ""), 12, anchor="middle")
    for number, found in enumerate(series.values()):
        line(picture, number, [(left + columns.place(x), bottom - rows.place(y)) for x, y in sorted(found)])
    picture.y = bottom + 40
    picture.write(path)


class Scale:
    """From values between least and most to lengths between 0 and size."""

    def __init__(self, least: float, most: float, log: bool, size: float):
        self.least, self.most, self.log, self.size = least, most, log, size

    def place(self, value: float) -> float:
        if self.most == self.least:
            return self.size
        if not self.log:
            return (value - self.least) / (self.most - self.least) * self.size
        if value <= 0:
            return 0
        return math.log(value / self.least) / math.log(self.most / self.least) * self.size

    def ticks(self) -> list[float]:
        if self.log:
            powers = range(round(math.log10(self.least)), math.floor(math.log10(self.most) + 1e-9) + 1)
            return [10.0**power for power in powers]
        step = round_step(self.most / 4)
        return [step * count for count in range(math.floor(self.most / step + 1e-9) + 1)]


def axis(values: list[float], log: bool, size: float) -> Scale:
    """A scale that ends where its last tick is."""
    if log:
        most = 10.0 ** math.ceil(math.log10(max(values)) - 1e-9)
        least = below(min(values))
        return Scale(least, most if most > least else least * 10, True, size)
    step = round_step((max(values) or 1) / 4)
    return Scale(0, step * math.ceil(max(values) / step - 1e-9) or step, False, size)


def apart(scale: Scale) -> list[float]:
    """The ticks whose labels have room beside each other."""
    ticks = scale.ticks()
    room = max(wide(shown(tick)) for tick in ticks) + 8
    return ticks[:: max(1, math.ceil(room * max(1, len(ticks) - 1) / scale.size))]


def below(value: float) -> float:
    """The power of ten at or below a value."""
    return 10.0 ** math.floor(math.log10(value) + 1e-9)


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … that is not under least."""
    base = 10.0 ** math.floor(math.log10(least))
    return next(base * times for times in (1, 2, 5, 10) if base * times >= least - 1e-9)


def shown(value: float) -> str:
    """12,345 or 12.3 or 1.23; millions and thousands of millions shortened where nothing is lost."""
    for size, letter in ((1e9, "G"), (1e6, "M")):
        if value >= size and value % (size / 10) == 0:
            return f"{value / size:g} {letter}"
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def wide(text: str, size: float = 12) -> float:
    """About how wide a text is; sans-serif letters are a bit more than half as wide as high."""
    return len(text) * size * 0.6


def legend(picture: "Picture", names: list[str]) -> None:
    """The names of the lines, as many in a row as fit."""
    x, picture.y = MARGIN, picture.y + 22
    for number, name in enumerate(names):
        size = 30 + wide(name) + 12
        if x > MARGIN and x + size > WIDTH - MARGIN:
            x, picture.y = MARGIN, picture.y + 20
        line(picture, number, [(x, picture.y - 4), (x + 12, picture.y - 4), (x + 24, picture.y - 4)], marks=slice(1, 2))
        picture.text(x + 30, picture.y, name, 12)
        x += size


def line(picture: "Picture", number: int, points: list[tuple[float, float]], marks: slice = slice(None)) -> None:
    colour = COLOURS[number % len(COLOURS)]
    route = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    picture.add(f'<path d="M{route}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for x, y in points[marks]:
        picture.add(f'<path d="M{x:.1f} {y:.1f}{MARKS[number % len(MARKS)]}" fill="{colour}"/>')


# Circle, square, triangle, diamond, and the triangle on its head: each drawn from its middle.
MARKS = [
    "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "m-3.5 -3.5h7v7h-7z", "m0 -5l4.5 8h-9z", "m0 -5l5 5l-5 5l-5 -5z", "m0 5l4.5 -8h-9z",
]


class Picture:
    """What is drawn so far, and how far down it reaches."""

    def __init__(self, title: str, subtitle: str):
        self.title, self.parts, self.y = title, [], MARGIN
        for row in textwrap.wrap(title, 46):
            self.y += 18
            self.text(MARGIN, self.y, row, 16, weight="bold")
        for row in textwrap.wrap(subtitle, 60):
            self.y += 20
            self.text(MARGIN, self.y, row, 13, colour=GREY)

    def add(self, part: str) -> None:
        self.parts.append(part)

    def text(self, x: float, y: float, words: str, size: int, anchor: str = "start", weight: str = "normal", colour: str = DARK) -> None:
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
                 f'fill="{colour}">{escape(words)}</text>')

    def write(self, path: Path) -> None:
        height = math.ceil(self.y + MARGIN)
        Path(path).write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'font-family="system-ui, -apple-system, \'Segoe UI\', \'DejaVu Sans\', sans-serif">\n<title>{escape(self.title)}</title>\n'
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n' + "\n".join(self.parts) + "\n</svg>\n"
        )
