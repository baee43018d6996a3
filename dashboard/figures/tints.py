"""Colours of the theme as drawings need them: see-through, between two steps of a scale, and the ink upon them."""

from __future__ import annotations

import numpy as np

from dashboard import theme

# The darkest and the lightest tone of the theme, whatever its mode: a cell can be darker or lighter than the page.
INKS = (theme.token("bg", "dark"), theme.token("surface", "light"))


def tint(colour: str, opacity: float) -> str:
    """``#rrggbb`` as Plotly's ``rgba(...)``; ``opacity`` 0 (clear) to 1."""
    red, green, blue = (int(part) for part in _rgb(colour))
    return f"rgba({red},{green},{blue},{opacity:g})"


def ink_on(scale: list[list[float | str]], share: float) -> str:
    """The ink with the higher contrast (WCAG 2.1) on a Plotly ``scale`` at ``share``, 0 to 1; outside: its ends."""
    steps = [step for step, _ in scale]
    under = [np.interp(share, steps, channel) for channel in np.array([_rgb(colour) for _, colour in scale]).T]
    light = _luminance(np.array(under))
    return max(INKS, key=lambda ink: _contrast(light, _luminance(_rgb(ink))))


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)


def _luminance(rgb: np.ndarray) -> float:
    linear = np.where(rgb <= 0.04045 * 255, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _contrast(first: float, second: float) -> float:
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
