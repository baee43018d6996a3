"""One set of design tokens; the style sheet, the Plotly templates and the segment palette are made from it.

``python -m dashboard.theme`` writes ``assets/10-tokens.css`` anew. Colours are
``#rrggbb``; a mode is ``"light"`` or ``"dark"``. Segment colours follow the
order of Okabe and Ito (2008, "Color Universal Design"), moved in lightness until
each reaches 3:1 against every surface of its mode and stays apart from the others
under protanopia, deuteranopia and tritanopia (tests/dashboard/test_theme.py).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from core import palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

MODES = ("light", "dark")
MAX_SEGMENTS = 30
TOKENS_FILE = Path(__file__).parent.parent / "assets" / "10-tokens.css"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'
MONO = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, "DejaVu Sans Mono", monospace'

TOKENS = MappingProxyType(
    {
        "light": MappingProxyType(
            {
                "bg": "#f7f8fa",
                "surface": "#ffffff",
                "raised": "#ffffff",
                "sunken": "#f1f3f6",
                "text": "#16191d",
                "muted": "#5b6572",
                "line": "#e3e7ec",
                "control": "#828c99",
                "accent": "#2457d6",
                "accent-strong": "#1b45ad",
                "accent-soft": "#eaf0fd",
                "on-accent": "#ffffff",
                "good": "#1a7f4b",
                "good-soft": "#ebf7f1",
                "warn": "#955400",
                "warn-soft": "#fdf3e2",
                "bad": "#b3261e",
                "bad-soft": "#fdeceb",
                "noise": "#848d98",
            }
        ),
        "dark": MappingProxyType(
            {
                "bg": "#0f1216",
                "surface": "#171b21",
                "raised": "#1e242c",
                "sunken": "#12161b",
                "text": "#e8ecf1",
                "muted": "#9aa6b4",
                "line": "#2b333d",
                "control": "#74808f",
                "accent": "#7aa2ff",
                "accent-strong": "#a3c0ff",
                "accent-soft": "#1d2a45",
                "on-accent": "#0f1216",
                "good": "#4cc38a",
                "good-soft": "#14291f",
                "warn": "#f2b04b",
                "warn-soft": "#2d2413",
                "bad": "#ff8a80",
                "bad-soft": "#341c1b",
                "noise": "#7b8694",
            }
        ),
    }
)

# Blue, vermillion, bluish green, orange, sky blue, reddish purple, yellow-ochre, black or white; then the second ring.
SEGMENT_COLOURS = MappingProxyType(
    {
        "light": palette.SEGMENTS,
        "dark": (
            *("#3f7fbe", "#bd5d12", "#45ac86", "#eaa93c", "#4cc4fb", "#fb86c6", "#fbe43a", "#f2f5f8"),
            *("#a9c8f0", "#ff9d66", "#9fe8cf", "#b98a34", "#3f9ecb", "#b0608f", "#b5a72a", "#98a3b0"),
        ),
    }
)

# The eight symbols that Plotly draws in 2D and in 3D alike, so that a segment looks the same in both.
SEGMENT_SHAPES = palette.MARKS

SEQUENTIAL = MappingProxyType(
    {
        "light": (
            *("#eff4fa", "#ccdcf1", "#aac5e6", "#8aadda", "#6b95cc"),
            *("#4d7ebc", "#3167aa", "#145195", "#003b7f"),
        ),
        "dark": (
            *("#1c2735", "#2d3c50", "#3f536c", "#526a89", "#6682a7"),
            *("#7b9cc5", "#92b5e3", "#acd0ff", "#dae9fe"),
        ),
    }
)
DIVERGING = MappingProxyType(
    {
        "light": palette.DIVERGING,
        "dark": (
            *("#70b3f7", "#678fb9", "#586d82", "#444c55", "#2a2e33"),
            *("#633f26", "#95531e", "#c36a1f", "#eb883b"),
        ),
    }
)

# Clip paths that draw the Plotly symbols in HTML; open symbols are borders instead (see _segment_rules).
_CLIP = MappingProxyType(
    {
        "circle": "circle(50%)",
        "square": "inset(7%)",
        "diamond": "polygon(50% 0, 100% 50%, 50% 100%, 0 50%)",
        "cross": "polygon(34% 0, 66% 0, 66% 34%, 100% 34%, 100% 66%, 66% 66%, 66% 100%, 34% 100%, 34% 66%, 0 66%,"
        " 0 34%, 34% 34%)",
        "x": "polygon(22% 0, 50% 28%, 78% 0, 100% 22%, 72% 50%, 100% 78%, 78% 100%, 50% 72%, 22% 100%, 0 78%,"
        " 28% 50%, 0 22%)",
    }
)


def token(name: str, mode: str = "light") -> str:
    """The colour of one token, for example ``token("accent", "dark")``."""
    return TOKENS[mode][name]


def segment_colour(segment: int, mode: str = "light") -> str:
    """Colour of a segment numbered from 1; noise (anything below 1) is grey. Repeats after 16, with another shape."""
    if segment < 1:
        return token("noise", mode)
    colours = SEGMENT_COLOURS[mode]
    return colours[(segment - 1) % len(colours)]


def segment_shape(segment: int) -> str:
    """Plotly symbol of a segment, valid in 2D and 3D; with the colour it is unique for the first 64 segments."""
    if segment < 1:
        return "circle"
    turn, place = divmod(segment - 1, len(SEGMENT_SHAPES))
    return SEGMENT_SHAPES[(place + turn) % len(SEGMENT_SHAPES)]


def sequential(mode: str = "light") -> list[list[float | str]]:
    """Plotly colour scale from "nothing" (close to the surface) to "most"; even steps of lightness."""
    return _scale(SEQUENTIAL[mode])


def diverging(mode: str = "light") -> list[list[float | str]]:
    """Plotly colour scale from below (blue) over neutral to above (orange)."""
    return _scale(DIVERGING[mode])


def _scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    return [[i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]


@lru_cache(maxsize=2)
def template(mode: str = "light") -> go.layout.Template:
    """The Plotly template of a mode, registered as ``atlas_light`` or ``atlas_dark`` when first asked for."""
    import plotly.graph_objects as go
    import plotly.io as pio

    made = go.layout.Template(layout=_plot_layout(mode), data=_plot_data(mode))
    pio.templates[f"atlas_{mode}"] = made
    return made


def _plot_layout(mode: str) -> dict:
    tone = TOKENS[mode]
    axis = {
        "gridcolor": tone["line"],
        "linecolor": tone["line"],
        "zerolinecolor": tone["line"],
        "zeroline": False,
        "automargin": True,
        "tickfont": {"size": 12, "color": tone["muted"]},
        "title": {"font": {"size": 12, "color": tone["muted"]}, "standoff": 8},
    }
    solid = {"showbackground": False, "gridcolor": tone["line"], "linecolor": tone["control"], "zeroline": False}
    solid |= {"tickfont": {"size": 10, "color": tone["muted"]}, "title": {"font": {"size": 12, "color": tone["muted"]}}}
    hover = {"bgcolor": tone["raised"], "bordercolor": tone["control"]}
    return {
        "font": {"family": FONT, "size": 12, "color": tone["text"]},
        "paper_bgcolor": tone["surface"],
        "plot_bgcolor": tone["surface"],
        "colorway": list(SEGMENT_COLOURS[mode][:8]),
        "colorscale": {"sequential": sequential(mode), "diverging": diverging(mode)},
        "xaxis": axis,
        "yaxis": axis,
        "scene": {"xaxis": solid, "yaxis": solid, "zaxis": solid, "bgcolor": tone["surface"]},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": hover | {"font": {"family": FONT, "size": 12, "color": tone["text"]}, "align": "left"},
        "legend": {"font": {"size": 12, "color": tone["text"]}, "bgcolor": "rgba(0,0,0,0)", "itemsizing": "constant"},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": tone["muted"], "activecolor": tone["accent"]},
        "annotationdefaults": {"font": {"size": 12, "color": tone["text"]}, "showarrow": False},
        "separators": ".,",
    }


def _plot_data(mode: str) -> dict:
    tone = TOKENS[mode]
    return {
        "bar": [{"marker": {"color": tone["accent"], "line": {"width": 0}}}],
        "heatmap": [{"colorscale": sequential(mode), "colorbar": {"outlinewidth": 0, "thickness": 10}}],
    }


def css() -> str:
    """The generated style sheet: our variables per mode, Bootstrap's and Dash's made from them, segment marks."""
    head = "/* Made by `python -m dashboard.theme` from dashboard/theme.py; do not edit. */\n"
    fixed = _block(":root", {"font": FONT, "mono": MONO, "radius": "8px", "rail": "200px", "motion": "120ms"}, "--sa-")
    modes = [
        _block(selector, _mode_variables(mode), "")
        for mode, selector in (("light", ":root, [data-bs-theme=light]"), ("dark", "[data-bs-theme=dark]"))
    ]
    return "\n".join([head + fixed, *modes, *_segment_rules(), ""])


def _block(selector: str, variables: dict[str, str], prefix: str) -> str:
    body = "".join(f"  {prefix}{name}: {value};\n" for name, value in variables.items())
    return f"{selector} {{\n{body}}}\n"


def _mode_variables(mode: str) -> dict[str, str]:
    ours = {f"--sa-{name}": colour for name, colour in TOKENS[mode].items()}
    ours |= {f"--sa-segment-{i}": colour for i, colour in enumerate(SEGMENT_COLOURS[mode], start=1)}
    shadow = "0 8px 28px rgba(16, 24, 40, .14)" if mode == "light" else "0 8px 28px rgba(0, 0, 0, .5)"
    return {"color-scheme": mode} | ours | {"--sa-shadow": shadow} | _bootstrap(mode) | _dash(mode)


def _bootstrap(mode: str) -> dict[str, str]:
    tone = TOKENS[mode]
    names = {
        "body-bg": "bg",
        "body-color": "text",
        "secondary-color": "muted",
        "tertiary-color": "muted",
        "secondary-bg": "sunken",
        "tertiary-bg": "sunken",
        "emphasis-color": "text",
        "heading-color": "text",
        "border-color": "line",
        "primary": "accent",
        "primary-text-emphasis": "accent",
        "primary-bg-subtle": "accent-soft",
        "success": "good",
        "warning": "warn",
        "danger": "bad",
        "link-color": "accent",
        "link-hover-color": "accent-strong",
        "form-invalid-color": "bad",
        "form-invalid-border-color": "bad",
    }
    colours = {f"--bs-{name}": tone[ours] for name, ours in names.items()}
    rgb = {f"--bs-{name}-rgb": _rgb(tone[ours]) for name, ours in names.items() if name in _WITH_RGB}
    plain = {"--bs-font-sans-serif": FONT, "--bs-body-font-size": "14px", "--bs-body-line-height": "1.45"}
    plain |= {"--bs-border-radius": "6px", "--bs-border-radius-lg": "8px", "--bs-focus-ring-width": "3px"}
    focus = f"rgba({_rgb(tone['accent'])}, .4)"
    return colours | rgb | plain | {"--bs-focus-ring-color": focus}


_WITH_RGB = ("body-bg", "body-color", "primary", "success", "warning", "danger", "link-color", "link-hover-color")


def _dash(mode: str) -> dict[str, str]:
    tone = TOKENS[mode]
    names = {
        "Stroke-Strong": "control",
        "Stroke-Weak": "line",
        "Fill-Interactive-Strong": "accent",
        "Fill-Interactive-Weak": "accent-soft",
        "Fill-Inverse-Strong": "raised",
        "Fill-Primary-Hover": "sunken",
        "Fill-Primary-Active": "accent-soft",
        "Fill-Disabled": "line",
        "Text-Primary": "text",
        "Text-Strong": "text",
        "Text-Weak": "muted",
        "Text-Disabled": "muted",
    }
    return {f"--Dash-{name}": tone[ours] for name, ours in names.items()}


def _rgb(colour: str) -> str:
    return ", ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))


def _segment_rules() -> list[str]:
    rules = [".sa-seg-noise { --sa-seg: var(--sa-noise); }", ".sa-seg.sa-seg-noise::before { clip-path: circle(32%); }"]
    for segment in range(1, MAX_SEGMENTS + 1):
        colour = (segment - 1) % len(SEGMENT_COLOURS["light"]) + 1
        rules.append(f".sa-seg-{segment} {{ --sa-seg: var(--sa-segment-{colour}); }}")
        rules.append(f".sa-seg.sa-seg-{segment}::before {{ {_mark(segment_shape(segment))} }}")
    return rules


def _mark(shape: str) -> str:
    if shape in _CLIP:
        return f"clip-path: {_CLIP[shape]};"
    form = {"circle-open": "border-radius: 50%;", "diamond-open": "transform: rotate(45deg) scale(.78);"}.get(shape, "")
    return f"background: none; box-shadow: inset 0 0 0 2px var(--sa-seg); {form}".strip()


if __name__ == "__main__":
    TOKENS_FILE.write_text(css(), encoding="utf-8")
