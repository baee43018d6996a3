"""What became of a file on loading, told like a colleague's note: what was seen, assumed, set aside, and how to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dash import html

from core.model import Choice, Item, LoadReport, Outcome, Question, Table
from dashboard.components import numbers
from dashboard.components.columns import KIND_LABELS
from dashboard.components.forms import field, fields, select
from dashboard.components.parts import card, icon, more, stat, stats
from dashboard.security.labels import plain

SHOWN = 6
LONG = 400
MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", ":": "colon", ", ": "comma and space"}
FORMATS = {"text": "text table", "excel": "workbook", "parquet": "Parquet", "json": "JSON"}
SKIPS = {
    "BLANK_LINES": ("blank line", "blank lines"),
    "PREAMBLE": ("line above the table", "lines above the table"),
    "REPEATED_HEADER": ("repeated header", "repeated headers"),
    "OTHER_TABLE": ("line of another table", "lines of another table"),
    "COMMENTS": ("comment", "comments"),
    "FOOTER": ("line below the table", "lines below the table"),
}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "header": {
        "no": "The first line is a customer", "yes": "The first line holds the names", "1": "One line holds the names",
        "2": "Two lines hold the names", "3": "Three lines hold the names",
    },
    "repairs": {"yes": "Put these lines right", "no": "Set these lines aside"},
    "footer": {"aside": "Set it aside", "keep": "Keep it as a customer"},
    "merged": {"fill": "Fill the merged cells", "leave": "Leave them empty"},
    "mojibake": {"leave": "Leave the letters as they are", "repair": "Put the letters right"},
    "repeated_headers": {"remove": "Take them as headers", "keep": "Keep them as customers"},
    "nested": {"flatten": "Give each part a column", "text": "Keep them as text"},
    "orientation": {"columns": "By column", "rows": "By row"},
    "dot": {"thousands": "It groups thousands", "decimal": "It is the decimal mark"},
    "comma": {"thousands": "It groups thousands", "decimal": "It is the decimal mark"},
    "date": {"day": "The day comes first", "month": "The month comes first"},
    "currency": {"same": "Treat them as one currency", "apart": "Leave the column out"},
    "missing": {"missing": "Nothing is there", "text": "It is a value of its own"},
    "spelling": {"keep": "Keep them apart", "merge": "Treat them as one"},
    "kind": {str(kind): f"Read as {label}" for kind, label in KIND_LABELS.items()},
}  # fmt: skip
NUMBERED = {"table": "Table {}", "header_gap": "Column {} has no name", "preamble": "{} lines above the table"}


def option_words(key: str, option: str) -> str:
    """What an option means to a person; one without words of its own is shown as it is."""
    what = key.partition(":")[0]
    if what == "preamble" and option == "0":
        return "The table begins in the first line"
    return OPTIONS.get(what, {}).get(option, NUMBERED.get(what, "{}").format(option))


def answer_id(kind: str, place: int) -> dict[str, object]:
    """The id of a control for the item at ``place``: names from the data are in no id."""
    return {"type": kind, "index": place}


def questions(asked: Sequence[Question]) -> list:
    """What only the owner of the data can decide, with the proposed answer already picked."""
    if not asked:
        return []
    go = html.Button("Use these answers", id=answer_id("answers", 0), className="btn btn-primary")
    return [
        card(
            f"{numbers.count(len(asked), 'thing')} {'needs' if len(asked) == 1 else 'need'} you",
            fields(*(_question(place, one) for place, one in enumerate(asked))),
            html.Div(go, className="sa-actions"),
            help="The file can be read in more than one way. Pick what is right; nothing is guessed behind your back.",
        )
    ]


def _question(place: int, asked: Question) -> html.Div:
    words = {option: option_words(asked.key, option) for option in asked.options}
    control = select(words, asked.proposed, id=answer_id("answer", place))
    return field(plain(asked.text, limit=LONG), control, _facts(asked.line, asked.count, asked.examples))


def report_card(table: Table, report: LoadReport, dataset: str, *, each: str = "a customer") -> html.Section:
    """The whole note on a file that was loaded: how it was read, that every row is accounted for, and every assumption."""
    noted = [(place, item) for place, item in enumerate(report.items) if _tells_more(item)]
    whole = [one for one in noted if not one[1].column]
    columns = [one for one in noted if one[1].column]
    aside = [item for item in report.items if item.outcome == Outcome.ASIDE]
    return card(
        "How the file was read",
        html.P(_balance(report), className="sa-balance"),
        _tiles(table, each),
        *_listed(whole),
        *_folded(columns),
        *_aside(aside, table, dataset),
        help=_sentence(table, report),
    )


def _tells_more(item: Item) -> bool:
    """A note that says more than the sum of rows above it does."""
    return item.outcome == Outcome.NOTED and (item.choice is not None or item.code not in SKIPS)


def _sentence(table: Table, report: LoadReport) -> str:
    source = table.source
    how = [FORMATS.get(source.format, source.format)]
    if source.delimiter:
        how.append(f"{MARKS.get(source.delimiter, source.delimiter)} between the cells")
    how += [source.encoding.upper() if source.encoding else "", f"sheet {source.sheet}" if source.sheet else ""]
    how.append(f"unpacked from {source.packed}" if source.packed else "")
    read = ", ".join(part for part in how if part)
    noted = sum(map(_tells_more, report.items))
    return plain(
        f"{numbers.count(len(table), 'row')} and {numbers.count(len(table.columns), 'column')}, read as {read}. "
        + (f"{numbers.count(noted, 'thing')} noted." if noted else "Nothing had to be assumed."),
        limit=LONG,
    )


def _balance(report: LoadReport) -> str:
    """Every line of the file is in this sum."""
    skipped = [
        f"{numbers.whole(count)} {SKIPS.get(code, (code.lower(), code.lower()))[count != 1]}"
        for code, count in report.skips.items()
    ]
    parts = [f"{numbers.whole(report.loaded)} loaded", f"{numbers.whole(report.aside)} set aside"]
    parts.append(f"{numbers.whole(sum(report.skips.values()))} skipped" + (f" ({', '.join(skipped)})" if skipped else ""))
    return f"{numbers.whole(report.rows_in_file)} in the file = {' + '.join(parts)}"


def _tiles(table: Table, each: str) -> html.Div:
    gaps, holed = sum(c.gaps for c in table.columns), sum(1 for c in table.columns if c.gaps)
    kept_out, repaired = len(table.quarantine), len(table.repairs)
    return stats(
        stat("Rows", numbers.whole(len(table)), base=f"each {each}"),
        stat("Columns", numbers.whole(len(table.columns)), base=_kinds(table)),
        stat("Gaps", numbers.whole(gaps), base=f"in {numbers.count(holed, 'column')}" if gaps else "none"),
        stat(
            "Repeated rows",
            numbers.whole(table.duplicates),
            base="equal to an earlier row" if table.duplicates else "none",
        ),
        stat("Lines put right", numbers.whole(repaired), base="listed below" if repaired else "none"),
        stat("Lines set aside", numbers.whole(kept_out), base="could not become rows" if kept_out else "none"),
    )


def _kinds(table: Table) -> str:
    found = [KIND_LABELS[column.kind] for column in table.columns]
    return ", ".join(f"{found.count(kind)} {kind}" for kind in dict.fromkeys(found))


def _listed(items: Sequence[tuple[int, Item]]) -> list:
    """The first few items, the others folded away."""
    if not items:
        return []
    drawn = [_item(place, item) for place, item in items]
    parts: list = [html.Ul(drawn[:SHOWN], className="sa-items")]
    if len(drawn) > SHOWN:
        rest = html.Ul(drawn[SHOWN:], className="sa-items")
        parts.append(more(f"Show {numbers.count(len(drawn) - SHOWN, 'more note')}", rest))
    return parts


def _folded(items: Sequence[tuple[int, Item]]) -> list:
    if not items:
        return []
    names = list(dict.fromkeys(item.column for _, item in items))
    drawn = html.Ul([_item(place, item) for place, item in items], className="sa-items")
    title = f"{numbers.count(len(items), 'note')} about {numbers.count(len(names), 'column')}"
    return [more(title, drawn, open=len(items) <= SHOWN)]


def _item(place: int, item: Item) -> html.Li:
    words = [html.Div(plain(item.text, limit=LONG))]
    cells = item.count if item.column and item.count > 1 else 0  # what a note about the file counts, its text says
    facts = _facts(item.line, cells, item.examples)
    if facts or item.hint:
        words.append(html.Div(" ".join(part for part in (facts, item.hint) if part), className="sa-muted sa-small"))
    parts: list = [icon("info", small=True), html.Div(words, className="sa-item-words")]
    if item.choice is not None and len(item.choice.options) > 1:
        parts.append(_undo(place, item.choice, item.text))
    return html.Li(parts, className="sa-item")


def _undo(place: int, choice: Choice, about: str) -> html.Div:
    """One click where there is one other way, a list where there are several."""
    named = {"aria-label": f"Instead of this: {plain(about)}"}
    others = [option for option in choice.options if option != choice.taken]
    if len(others) == 1:
        text = plain(option_words(choice.key, others[0]))
        button = html.Button(
            text, id=answer_id("undo", place), className="btn btn-secondary btn-sm",
            **{"aria-label": f"{text}. {named['aria-label']}"},
        )  # fmt: skip
        return html.Div(button, className="sa-item-choice")
    words = {option: option_words(choice.key, option) for option in dict.fromkeys((choice.taken, *choice.options))}
    label = html.Span(named["aria-label"], className="sa-visually-hidden")
    control = select(words, choice.taken, id=answer_id("reread", place), size="sm")
    return html.Div(html.Label([label, control]), className="sa-item-choice")


def _facts(line: int, count: int, examples: Iterable[str]) -> str:
    shown = [plain(one) for one in examples if one][:3]
    parts = [f"Line {numbers.whole(line)}." if line else "", f"{numbers.count(count, 'cell')}." if count else ""]
    return " ".join(part for part in (*parts, f"For example {', '.join(shown)}." if shown else "") if part)


def _aside(items: Sequence[Item], table: Table, dataset: str) -> list:
    """Lines that are no rows, and lines that were put right: why, how many, and the lines themselves to download."""
    parts: list = []
    if items:
        reasons = [html.Li([icon("warn", small=True), html.Div(_why(item), className="sa-item-words")], className="sa-item")
                   for item in items]
        parts += [html.H3("Set aside"), html.Ul(reasons, className="sa-items")]
    links = []
    if len(table.quarantine):
        links.append(_download(f"/lines/{dataset}/aside", f"Download {numbers.count(len(table.quarantine), 'line')} set aside"))
    if len(table.repairs):
        links.append(_download(f"/lines/{dataset}/repaired", f"Download {numbers.count(len(table.repairs), 'line')} put right"))
    return [*parts, html.Div(links, className="sa-actions")] if links else parts


def _why(item: Item) -> list:
    facts = _facts(item.line, 0, item.examples)
    return [html.Div(plain(item.text, limit=LONG)), html.Div(facts, className="sa-muted sa-small")]


def _download(href: str, text: str) -> html.A:
    return html.A([icon("download"), text], href=href, className="btn btn-secondary btn-sm", download="")
