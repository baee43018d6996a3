"""Lines that are no goods: postage, fees, vouchers, samples, corrections by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.orders import OrderPlan, Treatment
from core.orders.ailments.entry import FLAG_OR_ASIDE, Ailment
from core.orders.ailments.wording import matches

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue

_CODES = (
    "post|postage|dot|c2|bank charges|bankcharges|cruk|pads|amazonfee|shipping|ship|freight|delivery|handling|fee|fees|"
    "surcharge|versand|versandkosten|porto|rabatt|gutschein|livraison|frais|envio|envío|gastos|spedizione|verzending"
)
_SHORT_CODES = "[bdms]"
_TRANSPORT = (
    "(?:dotcom |international |express |standard |free )?(?:postage|shipping|delivery|freight|carriage|p&p|p & p)"
    "(?: ?(?:&|and) ?(?:packing|packaging|handling))?(?: (?:fee|fees|cost|costs|charge|charges))?"
)
_PHRASES = (
    "manual|samples?|discount|adjust(?:ment)?(?: bad debt)?|bad debt|pads to match all cushions|cruk commission|"
    "commission|(?:bank|amazon|handling|service|transaction|payment|processing|booking|card)[ -](?:fee|charge)s?|"
    "handling|surcharge|rounding|tip|deposit|store credit|credit note|restocking fee|gift[ -]?wrap(?:ping)?(?: fee)?|"
    "porto|versand(?:kosten)?|versandkostenpauschale|mindermengenzuschlag|bearbeitungsgebühr|bankgebühren|gebühr|"
    "rabatt|geschenkgutschein|frais de (?:port|livraison|dossier)|frais bancaires|livraison|remise|carte cadeau|"
    "gastos de env[ií]o|comisi[oó]n|descuento|tarjeta regalo|spese di spedizione|spedizione|sconto|buono regalo|"
    "verzendkosten|portokosten|korting|cadeaubon|frete|desconto|koszty? wysyłki|wysyłka|frakt|fragt|送料|运费"
)
_VOUCHER = "(?:[^ ]+ )?(?:gift|e-gift)[ -]?(?:voucher|card|certificate)s?|voucher|gutschein|bon d'achat|vale regalo"
_MONEY = "(?: ?[£$€¥]? ?[0-9]+(?:[.,][0-9]+)?(?: ?(?:[£$€¥]|eur|usd|gbp|chf))?)"
_DESCRIPTION = f"(?:{_TRANSPORT}|{_PHRASES}){_MONEY}?|(?:gift[ -]?(?:voucher|card|certificate)s?)|(?:{_VOUCHER}){_MONEY}"


def _no_goods(lines: ibis.Table, plan: OrderPlan) -> BooleanValue:
    """By what the line is called; by its code where it is called nothing.

    A single letter is a code only in files that have descriptions: elsewhere it may well be a size.
    """
    coded = matches(lines.product, f"{_CODES}|gift_[0-9_]+|{_DESCRIPTION}")
    described = lines.aggregate(any=lines.description.notnull().cast("int64").sum() > 0).as_scalar()
    short = matches(lines.product, _SHORT_CODES) & described
    unnamed = lines.description.isnull() & (coded | short).fill_null(False)
    return matches(lines.description, _DESCRIPTION).fill_null(False) | unnamed


SERVICE_LINE = Ailment(
    name="service_line",
    label="Postage, fees and vouchers",
    summary="These lines are no goods: postage, fees, vouchers, samples or corrections by hand.",
    proposed=Treatment.KEEP,
    options=FLAG_OR_ASIDE,
    test=_no_goods,
    advice="They stay, because customers paid them. Set them aside to look at the value of goods only.",
)
