"""Segments in words, written from facts by templates: name, sentences, what to do, what not to conclude."""

from core.personas.checking import check
from core.personas.money import Money, money_of
from core.personas.persona import Persona, persona, personas
from core.personas.said import Cell, Claim, Label, Said

__all__ = ["Cell", "Claim", "Label", "Money", "Persona", "Said", "check", "money_of", "persona", "personas"]
