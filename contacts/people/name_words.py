"""Words in names that are not names: forms of address, degrees, particles, generations and legal forms.

The parser of names (nameparser) knows some nine hundred such words of many languages; these are the ones that it lacks,
mostly German, and those by which other packages compare names. Sources: degrees and their order by the list of the
German Kultusministerkonferenz and the Austrian Universitätsgesetz; nobiliary words by Art. 109 of the Weimar
constitution, which made them part of the family name; legal forms by ISO 20275 (the Entity Legal Forms list of GLEIF).
"""

from __future__ import annotations

import re

SALUTATIONS = frozenset(
    (
        *("herr", "herrn", "hr", "frau", "fr", "fräulein", "frl", "familie", "fam", "eheleute", "ehepaar"),
        *("mr", "mrs", "ms", "miss", "mister", "mx", "madame", "mme", "mlle", "monsieur"),
        *("señor", "señora", "señorita", "sra", "srta", "signor", "signora", "sig", "senhor", "senhora"),
    )
)
"""Forms of address that are needed only if the given name is not known."""

TITLES = SALUTATIONS | {
    *("dr", "drs", "drin", "prof", "profin", "professor", "professorin", "univ-prof", "hon-prof", "ao-prof", "pd"),
    *("priv-doz", "privatdozent", "dr-ing", "dres", "doz", "dipl-ing", "diplom-ingenieur", "dipling", "dipl"),
    *("dipl-kfm", "dipl-kffr", "dipl-päd", "dipl-psych", "dipl-inf", "dipl-phys", "dipl-chem", "dipl-biol"),
    *("dipl-math", "dipl-geogr", "dipl-des", "dipl-volksw", "dipl-betriebsw", "dipl-oec", "dipl-soz", "dipl-wirt-ing"),
    *("mag", "maga", "mmag", "magister", "ing", "di", "ddr", "ra", "rain", "rechtsanwalt", "rechtsanwältin"),
    *("stb", "notar", "notarin", "pfr", "pfarrer", "pfarrerin", "dott", "dottssa", "avv"),
}
"""Words before a name, without their dots."""

PARTS_OF_DEGREES = frozenset(
    (
        *("med", "dent", "vet", "univ", "phil", "jur", "iur", "utr", "rer", "nat", "pol", "oec", "soc"),
        *("math", "theol"),
        *("agr", "sc", "tech", "techn", "mont", "paed", "päd", "habil", "hum", "biol", "publ", "mus", "hc", "h", "c"),
        *("mult", "em", "e", "dr", "ing", "fh", "tu", "th", "ba", "bw", "univ"),
    )
)
"""Words after a title that are part of it if written with a dot or in brackets: ``med.``, ``h. c.``, ``(FH)``."""

GIVEN_NAME_TITLES = frozenset(
    (
        *("tante", "onkel", "oma", "opa", "omi", "opi", "großtante", "großonkel", "pater", "schwester", "bruder"),
        *("granny", "grandma", "grandpa", "nana", "tía", "tío"),
    )
)
"""Words before a given name without a family name."""

NOBILIARY = frozenset(
    (
        *("graf", "gräfin", "freiherr", "freifrau", "freiin", "prinz", "prinzessin", "fürst", "fürstin", "herzog"),
        *("herzogin", "ritter", "edler", "edle", "baron", "baronin", "baroness"),
    )
)
"""Former titles of nobility, which in German belong to the family name: "Graf Lambsdorff"."""

PARTICLES = frozenset(
    (
        *("von", "van", "vom", "zu", "zum", "zur", "der", "den", "des", "das", "ter", "ten", "af", "av"),
        *("de", "da", "di", "do", "dos", "del", "della", "du", "d", "la", "le", "las", "los"),
        *("al", "el", "ibn", "bin", "ben"),
    )
)
NOT_SORTED_BY = PARTICLES | {"und", "y", "e", "op", "in", "aan", "het", "'t", "’t", "dem", "degli", "dei", "af"}
"""Words that sorting by the family name after them skips, if they are in lower case."""

SUFFIXES = frozenset(
    ("jr", "jun", "junior", "sr", "sen", "senior", "ii", "iii", "iv", "phd", "msc", "bsc", "mba", "mdb", "ba", "ma")
)
AT_THE_END = re.compile(
    r"(?:,?\s+(?:sen\.?|jun\.?|[Ss]enior|[Jj]unior|Sen\.|Jun\.|d\.\s?(?:Ä|J)\.|der\s(?:Ältere|Jüngere)"
    r"|die\s(?:Ältere|Jüngere)|a\.\s?D\.|i\.\s?R\.|em\.|Md[BLE]P?|MP|(?:M|B)\.\s?(?:Sc|A|Eng|Ed|Mus)\.|LL\.\s?[MB]\."
    r"|\d(?:st|nd|rd|th)))+\Z"
)
"""Generations, offices and degrees after a name that nameparser lacks, or takes for names."""

LEGAL_FORMS = frozenset(
    (
        *("gmbh", "ggmbh", "mbh", "ag", "kg", "ohg", "ug", "se", "ev", "eg", "gbr"),
        *("ltd", "llc", "llp", "inc", "corp", "plc", "sarl", "bv", "nv", "co"),
    )
)
"""The commonest legal forms, in lower case and without dots."""

LEGAL_FORM_IN_ANY_CASE = re.compile(
    r"g?gmbh|gesmbh|mbh|ohg|gbr|kgaa|partg|partgmbb|llc|llp|ltd|limited|inc|incorporated|plc|sarl|sàrl|eurl|srl|sro|doo"
    r"|spzoo|kft|zrt|oyj|aps|pty|pte|gmbhcokg",
    re.IGNORECASE,
)
"""Legal forms that are never names of people, matched against a word without its dots."""
LEGAL_FORM_AS_SPELT = frozenset(
    (
        *("AG", "KG", "UG", "SE", "eG", "EG", "eV", "EV", "e.V", "e.G", "e.K", "eK", "K.G", "A.G", "V.a.G", "VVaG"),
        *("Inc", "Corp.", "CORP", "Co.", "S.A", "SA", "S.L", "S.p.A", "SpA", "B.V", "BV", "N.V", "NV", "A/S", "A.S"),
        *("S.E", "OÜ", "K.K", "S.A.S", "SAS", "Oy"),
    )
)
"""Legal forms that in another spelling may be a family name ("Anna Co"), with or without their last dot."""
IN_CAPITALS = frozenset(("AG", "KG", "UG", "EV"))
"""Those of them that are taken for legal forms even in a text that is all in capitals."""
WORDS_OF_FIRMS = re.compile(
    r"(?:&|\+|\bund|\band|\bet|\by)\s*(?:Co(?:\.|mpany)?|Cie\.?|Söhne|Sohn|Töchter|Partner|Partners|Sons|Bros\.?|Brothers"
    r"|Associates|Kollegen|Hijos|Figli|Fils)(?=[\s.,]|\Z)|\b[eE]\.\s?[VGK]\.|\bS\.\s[AL]\.",
)
"""Phrases that only organisations have in their names."""
