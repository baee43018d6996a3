"""Ids of customers that a person would read as one, but that are different texts."""

from __future__ import annotations

import pandas as pd

from core.model import Note

EXAMPLES = 3


def alike(ids: pd.Series) -> tuple[Note, ...]:
    """A note where different ``ids`` (n,) are the same but for capitals, widths of characters or blanks; else none.

    Nothing is put together: whether ``Ann@shop.org`` and ``ann@shop.org`` are one customer is for a person to say.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    folded = pc.utf8_lower(pc.utf8_normalize(pa.array(ids, pa.string()), form="NFKC"))
    folded = pc.utf8_trim_whitespace(pc.replace_substring_regex(folded, r"\s+", " "))
    if pc.count_distinct(folded).as_py() == len(ids):
        return ()
    told = pd.Series(folded.to_pandas().to_numpy(object), index=ids.index)
    twins = ids[told.duplicated(keep=False)]
    examples = tuple(" = ".join(group) for _, group in twins.groupby(told, sort=True))[:EXAMPLES]
    text = (
        f"{len(twins):,} customer ids differ from another one in capital letters or blanks alone, and count as customers "
        f"of their own: {'; '.join(examples)}."
    )
    return (Note("ALIKE_CUSTOMERS", text, count=len(twins), examples=examples, hint="Write them in one way, and load the file again."),)
