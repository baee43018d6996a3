"""Laws of the look: readable by number, not by eye; the same marks everywhere; one source of truth."""

import itertools

import pytest

from dashboard import theme

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
SHAPES_3D = {"circle", "circle-open", "cross", "diamond", "diamond-open", "square", "square-open", "x"}
SURFACES = ("bg", "surface", "raised", "sunken")


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio, 1 to 21."""
    light = [sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def oklab(colour: str, vision: str = "normal") -> tuple[float, float, float]:
    """Ottosson (2020), as seen with a colour-vision deficiency."""
    seen = [min(1, max(0, sum(w * p for w, p in zip(row, linear(colour), strict=True)))) for row in VISIONS[vision]]
    r, g, b = seen
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def test_contrast_of_black_on_white_is_twenty_one():
    """The measure itself agrees with the definition."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_committed_tokens_equal_the_generated_ones():
    """assets/10-tokens.css is made, never edited."""
    assert theme.TOKENS_FILE.read_text(encoding="utf-8") == theme.css()


def test_both_modes_define_the_same_tokens():
    """A token that is missing in one mode would fall back to the other's colour."""
    assert set(theme.TOKENS["light"]) == set(theme.TOKENS["dark"])


@pytest.mark.parametrize("mode", theme.MODES)
def test_every_text_reaches_4_5_on_every_surface(mode):
    """WCAG 1.4.3: text, muted text, links and states on each background they stand on."""
    tone = theme.TOKENS[mode]
    pairs = [(ink, ground) for ink in ("text", "muted", "accent", "good", "warn", "bad") for ground in SURFACES]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("accent", "accent-soft")]
    for kind in ("accent", "good", "warn", "bad"):
        pairs += [(ink, f"{kind}-soft") for ink in ("text", "muted", kind)]
    weak = {pair: round(contrast(tone[pair[0]], tone[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("mode", theme.MODES)
def test_every_mark_and_control_reaches_3_on_every_surface(mode):
    """WCAG 1.4.11: segments, noise, borders of controls, the focus ring."""
    tone = theme.TOKENS[mode]
    marks = [*theme.SEGMENT_COLOURS[mode], tone["noise"], tone["control"], tone["accent"]]
    weak = {(m, g): round(contrast(m, tone[g]), 2) for m in marks for g in ("bg", "surface", "raised")}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("mode", theme.MODES)
def test_first_eight_segments_stay_apart_for_every_vision(mode, vision):
    """OKLab distance of at least 0.05 (about two and a half just noticeable differences), shapes aside."""
    seen = [oklab(colour, vision) for colour in theme.SEGMENT_COLOURS[mode][:8]]
    for one, other in itertools.combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 0.05


@pytest.mark.parametrize("mode", theme.MODES)
def test_no_two_segments_share_colour_and_shape(mode):
    """Every segment a plan may ask for has its own mark."""
    marks = {(theme.segment_colour(s, mode), theme.segment_shape(s)) for s in range(1, theme.MAX_SEGMENTS + 1)}
    assert len(marks) == theme.MAX_SEGMENTS


def test_segment_shapes_exist_in_three_dimensions():
    """scatter3d knows eight symbols only; any other would silently become a circle."""
    assert set(theme.SEGMENT_SHAPES) == SHAPES_3D


def test_noise_is_grey():
    """Grey: red, green and blue within 30 of 255 of one another."""
    for mode in theme.MODES:
        parts = [int(theme.segment_colour(-1, mode)[i : i + 2], 16) for i in (1, 3, 5)]
        assert max(parts) - min(parts) < 30


@pytest.mark.parametrize("mode", theme.MODES)
def test_sequential_ramp_moves_in_even_steps_of_lightness(mode):
    """Perceptually even: every step within a fifth of the mean step, all in one direction."""
    light = [oklab(colour)[0] for colour in theme.SEQUENTIAL[mode]]
    steps = [b - a for a, b in itertools.pairwise(light)]
    mean = sum(steps) / len(steps)
    assert all(abs(step - mean) < abs(mean) / 5 for step in steps)


@pytest.mark.parametrize("mode", theme.MODES)
def test_diverging_scale_has_a_neutral_middle(mode):
    """The middle carries almost no hue and both ends stand further from the surface than it does."""
    scale = theme.DIVERGING[mode]
    _, a, b = oklab(scale[4])
    assert (a * a + b * b) ** 0.5 < 0.015
    surface = theme.token("surface", mode)
    assert contrast(scale[4], surface) < min(contrast(scale[0], surface), contrast(scale[-1], surface))


@pytest.mark.parametrize("mode", theme.MODES)
def test_plotly_template_is_made_of_the_tokens(mode):
    """Charts and page share surface and text colour; asking again gives the same object."""
    import plotly.io as pio

    made = theme.template(mode)
    assert made.layout.paper_bgcolor == theme.token("surface", mode)
    assert made.layout.font.color == theme.token("text", mode)
    assert f"atlas_{mode}" in pio.templates
    assert theme.template(mode) is made


def test_css_maps_bootstrap_and_dash_in_both_modes():
    """Each mode's block names Bootstrap's and Dash's variables."""
    light, dark = theme.css().split("[data-bs-theme=dark]")
    for block in (light, dark):
        for name in ("--bs-body-bg", "--bs-primary-rgb", "--bs-link-color", "--Dash-Fill-Interactive-Strong"):
            assert f"{name}:" in block
