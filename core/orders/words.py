"""What the words of a column's name mean, in English, German, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_MEANINGS = {
    "person": """customer customers cust client clients cliente clientes user users buyer buyers member members shopper
        household account kunde kunden kaeufer kaufer kd kundin besteller mitglied acheteur membre comprador usuario socio
        patient guest gast subscriber abonnent visitor visitors loyalty""",
    "id": """id ids no nr n num nummer number code key kennung kennzahl numero nro identifier identifiant identificador ident ref
        reference referenz uuid guid cle codigo clave numeros""",
    "name": "name names nom nombre namen fullname company firma societe empresa",
    "mail": "email mail emails correo courriel mailadresse",
    "given": "first last fname lname firstname lastname vorname nachname prenom apellido surname given family familienname",
    "order": """order orders ordered invoice invoices bill transaction transactions trans txn basket receipt cart ticket purchase
        purchases bestellung bestellungen bestell auftrag auftrags auftraege rechnung rechnungs rechnungen beleg bon kassenbon warenkorb
        kauf einkauf commande commandes facture achat achats transaccion pedido pedidos orden ordenes factura facturas compra
        compras sale checkout""",
    "line": "line lines item items lineitem row position pos zeile ligne linea zeilen posten partida seq sequence index",
    "date": """date datum day tag dates time timestamp datetime fecha jour dia heure hora zeit zeitpunkt uhrzeit zeitstempel at
        on am when created placed erstellt""",
    "quantity": """quantity quantities qty units count pieces menge anzahl stueckzahl stuckzahl quantite qte cantidad cant
        unidades""",
    "of": "of de der des du per pro por par the la le les el los in each je",
    "unit": "unit each einzel stueck stuck unitaire unitario unitaria unite unidad einheit apiece piece single",
    "price": "price prices preis preise prix precio precios",
    "amount": """amount amounts total totals sum value betrag summe gesamt gesamtbetrag wert montant somme valeur
        importe suma valor subtotal totale""",
    "sales": """sales revenue revenues turnover umsatz umsaetze umsatze erloes erlos chiffre affaires ca ventes ventas ingresos spend spent
        dollars dollar euro euros eur usd gbp chf monto paid payment recette recettes facturacion""",
    "cost": "cost costs kosten einkaufspreis cogs cout couts coste costo costos costes selbstkosten wareneinsatz ek",
    "profit": "profit profits benefit margin gewinn marge ertrag rohertrag deckungsbeitrag benefice ganancia beneficio margen db",
    "discount": """discount discounts disc rebate reduction rabatt nachlass skonto remise rabais descuento rebaja descuentos
        markdown promotion promo""",
    "rate": """rate ratio share percent percentage pct quote anteil prozent satz taux pourcentage part tasa porcentaje proporcion
        pc""",
    "product": """product products sku article artikel stock asin ean isbn gtin upc produkt produkte ware waren produit produits articulo
        producto productos material goods cardprod cds cd""",
    "description": """description desc title titel beschreibung bezeichnung text designation libelle descripcion titulo label
        detail details""",
    "category": """category categories group kategorie warengruppe produktgruppe gruppe categorie famille categoria grupo familia
        department dept abteilung rayon departamento class productline""",
    "art": "art",
    "sub": "sub unter sous",
    "country": "country land pays pais nation countrycode laender lieferland",
    "place": """city state zip zipcode postal postcode postalcode street address region province stadt ort plz strasse adresse
        bundesland ville rue ciudad calle provincia latitude longitude lat lon phone telefon telephone market territory
        addressline county shop store filiale magasin tienda warehouse lager""",
    "ship": """ship shipped shipping shipment delivery delivered dispatch dispatched lieferung liefer geliefert versand versendet
        livraison livre expedition expedie envio enviado entrega entregado fulfilled freight porto""",
    "currency": "currency waehrung wahrung devise moneda divisa curr ccy monnaie",
    "cancelled": "cancelled canceled cancellation storniert stornierung storno annule annulee annulation cancelado cancelada anulado anulada",
    "returned": """returned return returns refunded refund refunds retour retoure retourniert erstattet retourne retournee rembourse
        remboursee devuelto devuelta devolucion reembolsado reembolsada""",
    "negated": "not non nicht pas",
    "status": "status statut estado zustand etat stand stornostatus financial",
    "kindof": """segment type mode image risk priority channel size level gender age password income marital url link team
        salesperson rep agent days scheduled real birth geburts geburtsdatum naissance nacimiento registered registration
        signup due updated modified year month week quarter qtr hour minute jahr monat woche quartal annee
        mois semaine ano mes semana tax taxes vat mwst ust steuer tva iva impuesto coupon match msrp list fee zeitraum estimated expected planned
        valid expiry expiration frequency recency tenure balance limit credit average avg mean spread visits visit""",
    "neutral": "retail billing unique master sample online data main net netto brutto gross",
}
_MEANING = {word: meaning for meaning, words in _MEANINGS.items() for word in words.split()}
_GLUE = ("s", "n", "es")
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def meanings(name: str) -> tuple[str, ...]:
    """What each word of a column's name means, in order; ``?`` for a word that is not known.

    Words stand apart, in CamelCase or glued together (``ORDERNUMBER``, ``Kundennummer``) where all parts are known.
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    found: list[str] = []
    for word in _SPLIT.findall(plain):
        found += _of_word(word.casefold())
    return tuple(found)


@cache
def _of_word(word: str) -> tuple[str, ...]:
    """The meaning of a word, or of the fewest known words it is glued together from."""
    if word in _MEANING:
        return (_MEANING[word],)
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, part = ways[start], word[start:end]
            if before is None:
                continue
            known = (_MEANING[part],) if part in _MEANING and len(part) > 1 else () if start and part in _GLUE else None
            if known is not None and (ways[end] is None or len(before) + len(known) < len(ways[end] or ())):
                ways[end] = before + known
    return ways[-1] or ("?",)
