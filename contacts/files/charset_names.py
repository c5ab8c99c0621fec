"""The names of encodings, for members to choose from."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Text

ENCODINGS: list[tuple[str, Text]] = [
    ("utf-8", "Unicode (UTF-8)"),
    *(
        (charset, format_lazy("{script} ({charset})", script=script, charset=name))
        for script, charsets in (
            (
                _("Western European"),
                (("cp1252", "Windows-1252"), ("mac-roman", "Mac"), ("cp850", "DOS 850"), ("cp437", "DOS 437")),
            ),
            (
                _("Central European"),
                (
                    ("cp1250", "Windows-1250"),
                    ("iso8859-2", "ISO 8859-2"),
                    ("mac-latin2", "Mac"),
                    ("cp852", "DOS 852"),
                ),
            ),
            (
                _("Cyrillic"),
                (
                    ("cp1251", "Windows-1251"),
                    ("koi8-r", "KOI8-R"),
                    ("koi8-u", "KOI8-U"),
                    ("mac-cyrillic", "Mac"),
                    ("cp866", "DOS 866"),
                ),
            ),
            (_("Greek"), (("cp1253", "Windows-1253"),)),
            (_("Turkish"), (("cp1254", "Windows-1254"),)),
            (_("Hebrew"), (("cp1255", "Windows-1255"),)),
            (_("Arabic"), (("cp1256", "Windows-1256"),)),
            (_("Baltic"), (("cp1257", "Windows-1257"),)),
            (_("Vietnamese"), (("cp1258", "Windows-1258"),)),
            (_("Thai"), (("cp874", "Windows-874"),)),
            (_("Japanese"), (("cp932", "Shift-JIS"), ("euc_jis_2004", "EUC-JP"))),
            (_("Chinese, simplified"), (("gb18030", "GB18030"),)),
            (_("Chinese, traditional"), (("big5hkscs", "Big5"),)),
            (_("Korean"), (("cp949", "EUC-KR"),)),
        )
        for charset, name in charsets
    ),
]
"""The encodings to choose from: those that are also guessed (contacts/files/charsets.py)."""
