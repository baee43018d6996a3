"""Segments in words, written from facts by templates: name, sentences, what to do, what not to conclude."""

from core.personas.persona import Persona, Said, persona

__all__ = ["Persona", "Said", "persona"]
