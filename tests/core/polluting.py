"""Tables of invented customers, and the pollutions of the Pollock benchmark applied to any table: the truth is known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

Rows = list[list[str]]
FIRST = ("Anna", "Jörg", "Marie-Claire", "Bob", "Chen", "Dmitri", "Élodie", "Fatima", "Günther", "Hana", "Ian", "Júlia")
LAST = ("Schmidt", "O'Neill", "Müller", "Garcia", "van Dyk", "Li", "Novák", "Smith", "Åberg", "Rossi", "Weiß", "Kowalski")
CITIES = ("Berlin", "München", "New York", "São Paulo", "Paris", "Wien", "Den Haag", "Oslo")


def customers(rows: int = 60, seed: int = 0) -> Rows:
    """id, name, email, city, joined, orders, spend (decimal point), active, note; the header first."""
    random_ = random.Random(seed)
    table = [["customer_id", "Name", "E-Mail", "City", "joined", "Orders", "spend", "Active", "Note"]]
    for at in range(rows):
        first, last = random_.choice(FIRST), random_.choice(LAST)
        name = f"{last}, {first}" if at % 3 == 0 else f"{first} {last}"
        note = random_.choice(["", "", "", "likes red, not blue", 'asked for 27" screen', "calls at night"])
        table.append([f"C-{10_000 + at}", name, f"{first.lower()}.{at}@example.com", random_.choice(CITIES),
                      f"20{random_.randrange(10, 26)}-{random_.randrange(1, 13):02}-{random_.randrange(1, 29):02}",
                      str(random_.randrange(0, 60)), f"{random_.uniform(0, 5_000):.2f}", random_.choice(["yes", "no"]), note])
    return table


def orders(rows: int = 60, seed: int = 0) -> Rows:
    """Nr, Datum, Kunde, Artikel, Menge, Preis with decimal comma and euro, Land; the header first."""
    random_ = random.Random(seed)
    table = [["Nr", "Datum", "Kunde", "Artikel", "Menge", "Preis", "Land"]]
    for at in range(rows):
        item = random_.choice(["Schrauben M4, verzinkt", "Hammer", "Rohr 6\" Stahl", "Säge; fein", "Leim"])
        table.append([str(5_000 + at), f"{random_.randrange(1, 29):02}.{random_.randrange(1, 13):02}.2025",
                      f"{random_.choice(LAST)} GmbH", item, str(random_.randrange(1, 99)),
                      f"{random_.uniform(1, 900):.2f} €".replace(".", ","), random_.choice(["DE", "AT", "CH"])])
    return table


def written(table: Sequence[Sequence[str]], delimiter: str = ",", quote: str = '"', escape: str = "", end: str = "\r\n") -> str:
    """The table as text; cells that need it are quoted."""
    return end.join(delimiter.join(_cell(cell, delimiter, quote, escape) for cell in row) for row in table) + end


def _cell(cell: str, delimiter: str, quote: str, escape: str) -> str:
    if not any(mark in cell for mark in (delimiter, quote, "\n", "\r")) and cell == cell.strip():
        return cell
    return f"{quote}{cell.replace(quote, (escape or quote) + quote)}{quote}"


def polluted(table: Rows) -> Iterator[tuple[str, str, list[str], Rows]]:
    """(name, text, header, rows) for pollutions of the file; ``header`` is [] where there is none."""
    head, body = table[0], table[1:]
    for name, delimiter in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|"), ("comma space", ", "), ("space", " ")):
        yield f"delimiter {name}", written(table, delimiter), head, body
    yield "single quotes", written(table, quote="'"), head, body
    yield "backslash", written(table, escape="\\"), head, body
    yield "nul", written(table, escape="\0"), head, body
    for end in ("\n", "\r"):
        yield f"line end {end!r}", written(table, end=end), head, body
    yield "no header", written(body), [], body
    yield "no last newline", written(table).rstrip(), head, body
    yield "two last newlines", written(table) + "\r\n", head, body
    yield "preamble", "EXPORT" + "," * (len(head) - 1) + "\r\n" + "," * (len(head) - 1) + "\r\n" + written(table), head, body
    yield "preamble of one cell", "Customers of May\r\n\r\n" + written(table), head, body
    yield "one row", written(table[:2]), head, body[:1]
    yield "fewer columns below", written(table) + written([row[:-1] for row in table]), head, body
    yield "more columns below", written(table) + written([[*row, f"x{row[0]}"] for row in table]), head, body


def polluted_rows(table: Rows, at: int) -> Iterator[tuple[str, str, Rows]]:
    """(name, text, table expected) for pollutions of the row ``at``, the header being row 0."""
    lines = [written([row]).removesuffix("\r\n") for row in table]
    cells = [_cell(cell, ",", '"', "") for cell in table[at]]

    def text(line: str) -> str:
        return "\r\n".join([*lines[:at], line, *lines[at + 1:]]) + "\r\n"

    for column in range(len(cells)):
        yield f"more {column}", text(",".join([*cells[:column], "", *cells[column:]])), table
        quoted = [*cells[:column], '"' + cells[column], *cells[column + 1:]]
        literal = [*table[at][:column], '"' + table[at][column], *table[at][column + 1:]]
        yield f"quote {column}", text(",".join(quoted)), [*table[:at], literal, *table[at + 1:]]
        if column:
            fused = [*cells[: column - 1], cells[column - 1] + cells[column], *cells[column + 1:]]
            yield f"less {column}", text(",".join(fused)), table
    yield "space", text(" ".join(cells)), table
    yield "semicolon", text(";".join(cells)), table
