"""Does a text look like words of some language? And letters that were decoded wrongly before."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from core.model import Choice, Note

_WORD = re.compile(r"[^\s\x00-\x26\x28-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]*[^\x00-\x7f][^\s\x00-\x26\x28-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]*")
_WESTERN = frozenset("äöüÄÖÜßéèêëàâáíìîïóòôúùûñçÇÉÈÀÑåÅøØæÆœŒãõÃÕÁÍÓÚÊÔŠšŽž")
_EASTERN = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžČĎĚŇŘŠŤŮŽáéíúôľĺŕőűŐŰăâîșț")
_TURKISH = frozenset("ğĞıİşŞçÇöÖüÜâ")
_SIGNS = frozenset("€£¥§°«»“”‘’‚„–—…·®©™²³½¼¾±µ×¡¿•†\u00a0º ª%‰")
_HAN = frozenset(
    "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴陈刘杨赵吴徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾"
    "這來個國說們為時會過學對裡後麼沒還發當開見經頭從動兩長現樣將與進實點種聲話兒問機給幾業間電門東氣關並內產萬體別處總場師書員報張難數應車華區總統義觀論題請讓認術結語議資隊帶變聯權領傳紅決達辦運強轉輕滿極黃錢黨設歷廣際單據導專誰讀飛爭組濟離雖壞興陳劉楊趙吳孫羅鄭許韓馮鄧灣臺北市縣鄉鎮街號樓"
    "株式会社東京都大阪府区町村田中鈴木高橋佐藤伊渡辺山本小林加斎井上県様円無有限店売買客注文日本語名前住所電話番号")
_ALONE = 0.3
_WRONG = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]{1,3}")


def likeness(text: str) -> float:
    """Sum over the words with letters beyond ASCII of about 1 for a likely word, below 0 for an impossible one."""
    words = _WORD.findall(text)[:4_000]
    return sum(_word(word) for word in words) / max(len(words), 1)


@lru_cache(maxsize=50_000)
def _word(word: str) -> float:
    """From -2 to 1.2: letters of one script, capitals only in front or throughout, and frequent letters."""
    scores = [_letter(c) for c in word if ord(c) > 127]
    score = sum(scores) / len(scores)
    if len(word) == 1 and word.isalpha() and _script(word) != "CJK":
        score *= _ALONE
    letters = [c for c in word if c.isalpha()]
    scripts = {_script(c) for c in letters} - {"OTHER"}
    if len(scripts) > 1 and not scripts <= {"HIRAGANA", "KATAKANA", "CJK", "LATIN"}:
        score -= 1.0
    beyond = sum(ord(c) > 127 for c in letters)
    if beyond >= 4 and beyond > 0.75 * len(letters) and scripts == {"LATIN"}:
        score -= 1.0
    cased = [c for c in letters if c.islower() or c.isupper()]
    if any(a.islower() and b.isupper() and ord(max(a, b)) > 127 for a, b in zip(cased, cased[1:], strict=False)):
        score -= 1.0
    if len(cased) > 2 and cased[0].islower() and sum(c.isupper() for c in cased) > 1:
        score -= 0.5
    return score


@lru_cache(maxsize=70_000)
def _script(character: str) -> str:
    """LATIN, CYRILLIC, GREEK, CJK ..., from the character's name."""
    first = unicodedata.name(character, "OTHER").split()[0]
    return "OTHER" if first in ("MICRO", "FEMININE", "MASCULINE", "MODIFIER") else first


@lru_cache(maxsize=70_000)
def _letter(character: str) -> float:  # noqa: PLR0911  one answer for each kind of letter
    """How welcome a single character beyond ASCII is."""
    if character in _WESTERN:
        return 1.0
    if character in _EASTERN:
        return 0.95
    if character in _TURKISH:
        return 0.9
    if character in _HAN:
        return 1.1
    if character in _SIGNS:
        return 0.35
    script = _script(character)
    if script in ("HIRAGANA", "KATAKANA"):
        return 1.2 if ord(character) < 0xFF00 else 0.2
    if script == "CYRILLIC":
        return 1.0 if "А" <= character <= "я" or character in "ёЁіїєґІЇЄҐ" else 0.1
    if script in ("GREEK", "HEBREW", "ARABIC"):
        return 0.9
    if script == "HANGUL":
        return 0.8
    if script == "CJK":
        return 0.25
    if not character.isprintable() or unicodedata.category(character) in ("Co", "Cn", "Cc"):
        return -2.0
    if script == "LATIN" and character in "ýÝþÞðÐţŢđĐ":
        return 0.7
    return 0.1 if character.isalpha() else -0.8


def mojibake(text: str, answer: str) -> tuple[str, tuple[Note, ...]]:
    """The text, with words that were decoded wrongly before ("MÃ¼ller") put right if the answer is ``repair``.

    They are UTF-8 that somebody read as Windows text; each run of letters is put right only if it is just that.
    """
    if not any(mark in text for mark in ("Ã", "â€", "Â", "Ð", "Å")):
        return text, ()
    count, examples = 0, []

    def better(found: re.Match[str]) -> str:
        nonlocal count
        right = _reread(found.group())
        if right is None:
            return found.group()
        count += 1
        if len(examples) < 3:
            begin = max(found.string.rfind(" ", 0, found.start()), found.string.rfind("\n", 0, found.start()), found.start() - 15) + 1
            examples.append(f"{found.string[begin: found.end() + 8].split(chr(10))[0]} → {right}")
        return right

    repaired = _WRONG.sub(better, text)
    if not count:
        return text, ()
    taken = "repair" if answer == "repair" else "leave"
    done = "were put right" if answer == "repair" else "look as if they had been decoded wrongly before"
    note = Note("MOJIBAKE", f"{count:,} letters {done}, such as Ã¼ for ü.", count=count, examples=tuple(examples),
                hint="Choose repair to put them right.", choice=Choice("mojibake", ("leave", "repair"), taken))
    return (repaired if answer == "repair" else text), (note,)


def _reread(wrong: str) -> str | None:
    """The letters that these were before somebody read their UTF-8 bytes as Windows text."""
    raw = bytearray()
    for character in wrong:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 255:
                return None
            raw.append(ord(character))
    try:
        return bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None
