"""The vocabulary for invented people. All of it is made up here; addresses and phone numbers lead nowhere.

The domain example.org is reserved, and the phone numbers are from blocks set aside for films.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """An occupation, with what people in it look for and what they can offer."""

    role: str
    organisation: str
    seeks: tuple[str, ...]
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of one language. `phone` has a placeholder for three digits."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    cities: tuple[str, ...]
    trades: tuple[Trade, ...]
    interests: tuple[str, ...]
    circles: tuple[str, ...]
    places: tuple[str, ...]
    talks: tuple[str, ...]
    news: tuple[str, ...]
    help: dict[str, tuple[str, ...]]
    how_met: str
    phone: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GERMAN = Words(
    given=_words(
        "Anneke Bastian Carla Dilara Elif Florian Gesa Hannes Imke Jasper Katrin Levin Merle Nils Okan Pia "
        "Quirin Ronja Swantje Thees Ute Volker Wiebke Yannik Zeynep Mareike Henrik Jördis Klaas Lotta Malte "
        "Nele Rasmus Svenja"
    ),
    family=_words(
        "Ahlers Brinkmann Cordes Dähne Ehlers Feddersen Göbel Hülsmann Ihde Jessen Kröger Lüders Möhring "
        "Nöthe Öztürk Petersen Quast Rüther Süß Thoms Uhde Vögele Wöhler Yıldız Zöllner Bäumer Grundmann "
        "Haferkamp Kühnast Weißer"
    ),
    cities=("Köln", "Bremen", "Leipzig", "Freiburg", "Münster", "Görlitz", "Kiel", "Würzburg", "Erfurt", "Aachen"),
    trades=(
        Trade("Steuerberaterin", "Kanzlei", ("eine Werkstudentin", "Plakate für die Kanzlei"), ("Rat zu Steuern",)),
        Trade("Zimmermann", "Holzbau", ("Altholz", "Rat zur Steuer"), ("Dachstühle und Gauben",)),
        Trade("Architektin", "Bauwerkstatt", ("Räume für ein Büro", "einen Zimmermann"), ("Blick auf alte Häuser",)),
        Trade("Hebamme", "Praxis", ("eine Vertretung im Sommer", "Rat zum Mietvertrag"), ("Kurse für junge Eltern",)),
        Trade("Softwareentwickler", "Systemhaus", ("ein Ehrenamt", "Übungen für den Rücken"), ("Hilfe mit Daten",)),
        Trade("Buchhändlerin", "Buchhandlung", ("Autorinnen für Lesungen", "Plakate"), ("Bücher für jede Lage",)),
        Trade("Landwirt", "Hofgemeinschaft", ("einen Hofnachfolger", "einen Zimmermann"), ("Kisten mit Gemüse",)),
        Trade("Gestalterin", "Studio", ("einen Steuerberater", "eine Druckerei"), ("Plakate und Bücher",)),
        Trade("Lehrer", "Gesamtschule", ("Betriebe für Praktika", "kurze Filme"), ("Nachhilfe in Physik",)),
        Trade("Physiotherapeutin", "Praxis", ("größere Räume", "eine Juristin"), ("Übungen für den Rücken",)),
        Trade("Juristin", "Kanzlei", ("ein Zimmer für die Tochter", "Nachhilfe in Physik"), ("Rat zu Mietverträgen",)),
        Trade("Filmemacher", "Filmkollektiv", ("einen Drehort", "eine Steuerberaterin"), ("kurze Filme",)),
    ),
    interests=("Segeln", "Chorgesang", "Holzöfen", "Wandern", "Imkerei", "Jazz", "Stadtgeschichte", "Brotbacken"),
    circles=("Chor", "Nachbarschaft", "Studium", "Handelskammer", "Frühere Kollegen"),
    places=("Kammerabend", "Wochenmarkt", "Werkstattfest", "Lesung im Laden", "Elternabend", "Messe"),
    talks=("Lange über die Arbeit gesprochen.", "Kaffee nach dem Markt.", "Zufällig getroffen.", "Telefoniert."),
    news=("Hat sich selbstständig gemacht.", "Zieht um.", "Schreibt an einem Buch.", "Hat ein Kind bekommen."),
    help={
        "tip": ("Hinweis auf eine Ausschreibung", "Adresse einer guten Werkstatt", "Förderprogramm"),
        "introduction": ("Beim Abendessen bekannt gemacht", "Per Mail bekannt gemacht"),
        "recommendation": ("Für einen Auftrag empfohlen", "Als Referentin empfohlen"),
        "advice": ("Vertrag gegengelesen", "Preise durchgesprochen"),
        "support": ("Beim Umzug mitgeholfen", "Den Stand mit aufgebaut"),
        "other": ("Das Lastenrad geliehen", ""),
    },
    how_met="Kennengelernt: {place}",
    phone="+49 221 4710{digits}",
)

ENGLISH = Words(
    given=_words(
        "Alasdair Bethan Callum Delyth Esme Fergus Gwen Hamish Isla Joss Keira Lachlan Morag Niall Orla Piers "
        "Rhona Sorcha Tamsin Una Verity Wilf Ailsa Bronwen Corin Davina Elspeth Fiadh"
    ),
    family=_words(
        "Ashdown Birtwell Calloway Dunmore Eastleigh Fairbairn Garrick Hollis Inverarity Jessop Kilbride "
        "Lockhart Merrow Northcote Oakshott Penhale Quill Ravenscroft Stannard Thackray Umber Vickery "
        "Wetherby Yarrow"
    ),
    cities=("Leeds", "Bristol", "Galway", "Dundee", "Norwich", "Cardiff", "York", "Exeter"),
    trades=(
        Trade("accountant", "Partners", ("a junior bookkeeper", "posters"), ("advice on self-employment",)),
        Trade("carpenter", "Joinery", ("reclaimed oak", "advice on self-employment"), ("staircases",)),
        Trade("architect", "Works", ("an office to share", "a carpenter"), ("a look at old houses",)),
        Trade("illustrator", "Studio", ("a tax adviser", "a printer"), ("posters and books",)),
        Trade("software developer", "Systems", ("a used cargo bike", "a gardener"), ("help with data",)),
        Trade("bookseller", "Books", ("authors for readings", "posters for the shop"), ("a book for any occasion",)),
        Trade("gardener", "Gardens", ("a van on Fridays", "help with data"), ("young fruit trees",)),
        Trade("film maker", "Pictures", ("a place to shoot", "a lawyer"), ("short films",)),
        Trade("teacher", "Academy", ("firms that take trainees", "short films"), ("lessons in physics",)),
        Trade("lawyer", "Chambers", ("a room for her son", "lessons in physics"), ("advice on leases",)),
    ),
    interests=("sailing", "choral singing", "beekeeping", "jazz", "hill walking", "baking bread", "local history"),
    circles=("Choir", "Neighbours", "University", "Chamber of commerce", "Former colleagues"),
    places=("chamber evening", "farmers' market", "open workshop", "reading at the shop", "trade fair"),
    talks=("Talked about work for long.", "Coffee after the market.", "Met by chance.", "A call."),
    news=("Has set up a business.", "Is moving house.", "Is writing a book.", "Has had a child."),
    help={
        "tip": ("A call for tenders", "The address of a good workshop", "A funding programme"),
        "introduction": ("Brought together over dinner", "Introduced by mail"),
        "recommendation": ("Recommended for a job", "Recommended as a speaker"),
        "advice": ("Read the contract", "Talked through the prices"),
        "support": ("Helped to move house", "Helped to set up the stall"),
        "other": ("Lent the cargo bike", ""),
    },
    how_met="Met at: {place}",
    phone="+44 7700 900{digits}",
)
