"""The rule of each segment as SQL on the exported customers."""

from __future__ import annotations

from core.exports.entry import Export, Segmentation, Stream, Table
from core.neutral import neutral
from core.selection.wording import caution, trust_words

HEAD = """One SELECT for each segment, over the table customers with the columns of customers.csv, every column as text.
Coverage: share of the segment that the rule finds. Precision: share of what it finds that is of the segment.
Both are measured on customers the rule was not learned from."""
UNKNOWN = "No rules are known yet: open these segments in the Atlas, and export them again."


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """One SELECT per segment, numbers rising, its coverage and precision in the comment before it.

    ``raw``: for a customers.csv that was written raw, where names of columns stand as in the file.
    """
    blocks = [_comment(f"Rules of {segmentation.candidate.label}", *HEAD.splitlines())]
    if segmentation.rules.empty:
        blocks.append(_comment(UNKNOWN))
    for rule in segmentation.rules.to_dict("records"):
        sql = _as_in_file(table, rule["sql"]) if raw else rule["sql"]
        blocks.append(_comment(*_told(table, segmentation, rule)) + sql + "\n")
    stream.write("\n".join(blocks).encode())


def _told(table: Table, segmentation: Segmentation, rule: dict) -> list[str]:
    candidate, segment = segmentation.candidate, int(rule["segment"])
    trust = candidate.trust.get(segment)
    size = candidate.sizes.get(segment, 0)
    told = [
        f"Segment {segment}: {candidate.names.get(segment, '')} ({size:,} of {len(table):,} customers)",
        f"Rule: {rule['words']}",
        f"Coverage {rule['coverage']:.1%}, precision {rule['precision']:.1%} on {int(rule['held_out']):,} customers held out; "
        f"the rule finds {int(rule['covered']):,} customers.",
    ]
    if words := trust_words(trust):
        told.append(f"Stability {trust:.2f} of at most 1 (bootstrap Jaccard): {words}. {caution(trust)}".rstrip())
    return told


def _comment(*lines: str) -> str:
    """Lines of comment; no name can end one, whatever line ends it holds."""
    return "".join(f"-- {''.join(c if c.isprintable() else ' ' for c in line)}\n" for line in lines)


def _as_in_file(table: Table, sql: str) -> str:
    """Names of columns without the apostrophe that makes them harmless in a spreadsheet."""
    for column in table.columns:
        if neutral(column.name) != column.name:
            sql = sql.replace(_identifier(neutral(column.name)), _identifier(column.name))
    return sql


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


RULES_SQL = Export(
    "rules_sql",
    "Rules of the segments (SQL)",
    "rules.sql",
    "application/sql",
    write,
    help="One SELECT for each segment that finds its customers in customers.csv, with how much of it and how surely.",
)
