"""What treatments do to order lines, foretold from an examination alone: exact, and quick enough for every switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.model.orders import Effect, Examination, OrderPlan, Totals, Treatment
from core.orders.ailments import AILMENTS, treatments

BOUGHT_BIT = 61
"""Bit of a mask: the line looks like a purchase (an amount of zero or more, and no negative quantity)."""
EARNED_BIT = 62
"""Bit of a mask: the line has an amount above zero."""


def effect(examination: Examination, treatments: Mapping[str, str]) -> Effect:
    """What other ``treatments`` would do, by ailment name; the proposal for those not named.

    Equal to ``treated`` and ``aside`` on the lines themselves with these treatments in the plan of the examination.
    Raises :class:`BadRequest` for an unknown ailment, or a treatment that is no option of it.
    """
    counter = _Counter(examination)
    reason, netted = _decided(counter.masks, replace(examination.plan, treatments=dict(treatments)))
    kept = reason < 0
    purchase = kept & ~netted & _has(counter.masks, BOUGHT_BIT)
    everything, remaining = uploaded(examination), counter.totals(kept)
    return Effect(
        uploaded=everything,
        kept=remaining,
        aside=Totals(
            everything.lines - remaining.lines,
            everything.orders - remaining.orders,
            everything.customers - remaining.customers,
            everything.revenue - remaining.revenue,
        ),
        reasons={
            name: counter.totals(reason == place) for place, name in enumerate(AILMENTS) if np.any(reason == place)
        },
        purchases=counter.totals(purchase),
        returns=counter.totals(kept & ~purchase),
    )


def uploaded(examination: Examination) -> Totals:
    """All lines of the file, with their different orders and customers, and the sum of their amounts."""
    masks = examination.masks
    return Totals(
        int(masks["lines"].sum()),
        int(examination.orders["count"].sum()),
        int(examination.customers["count"].sum()),
        int(masks["revenue"].sum()),
    )


def touched(examination: Examination, ailment: str) -> Totals:
    """All lines with this ailment, whatever else they have."""
    counter = _Counter(examination)
    return counter.totals(_has(counter.masks, list(AILMENTS).index(ailment)))


class _Counter:
    """The masks of an examination (m,), and totals of any of them."""

    def __init__(self, examination: Examination) -> None:
        self.masks = examination.masks["mask"].to_numpy(np.int64)
        self._lines = examination.masks["lines"].to_numpy(np.int64)
        self._revenue = examination.masks["revenue"].to_numpy(np.int64)
        self._orders = self._places(examination.orders)
        self._customers = self._places(examination.customers)

    def totals(self, chosen: np.ndarray) -> Totals:
        """Of the lines whose mask is chosen (m,); orders and customers with at least one of them."""
        return Totals(
            int(self._lines[chosen].sum()),
            self._having(self._orders, chosen),
            self._having(self._customers, chosen),
            int(self._revenue[chosen].sum()),
        )

    def _places(self, signatures: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the masks of each signature stand among all masks, where each signature begins, and its count."""
        texts = [text.split(",") for text in signatures["masks"]]
        each = np.array([int(one) for masks in texts for one in masks], dtype=np.int64)
        order = np.argsort(self.masks, kind="stable")
        places = order[np.searchsorted(self.masks, each, sorter=order)] if len(each) else each
        starts = np.cumsum([0, *(len(masks) for masks in texts)])[:-1]
        return places, starts, signatures["count"].to_numpy(np.int64)

    @staticmethod
    def _having(found: tuple[np.ndarray, np.ndarray, np.ndarray], chosen: np.ndarray) -> int:
        places, starts, counts = found
        return int(counts[np.logical_or.reduceat(chosen[places], starts)].sum()) if len(starts) else 0


def _decided(masks: np.ndarray, plan: OrderPlan) -> tuple[np.ndarray, np.ndarray]:
    """For each mask the place of the first ailment that sets it aside (-1: none), and whether one nets it."""
    reason = np.full(len(masks), -1)
    netted = np.zeros(len(masks), dtype=bool)
    for place, treatment in enumerate(treatments(plan).values()):
        flag = _has(masks, place)
        if treatment is Treatment.NET:
            netted |= flag
            flag = flag & _has(masks, EARNED_BIT)
        elif treatment is Treatment.KEEP:
            continue
        reason[flag & (reason < 0)] = place
    return reason, netted


def _has(masks: np.ndarray, bit: int) -> np.ndarray:
    return (masks >> bit) & 1 == 1
