"""Traditional shapes of the characters that labels and composed sentences use: mirrors convert whole pages.

Names of places keep characters that are not listed; a converter's table is never complete either.
"""

from __future__ import annotations

_SIMPLIFIED = "规许罚强业费内发废现处决数单万开请结转办区计这国属护权类务过执询项无关没补后访举报诉复当认获缴纳总继续组织机构会稳条县对编门统间为网动监员热络审给调应点别经济实产东长乡镇厅财卫医疗农资环满线电话设图问训学级专习传写围将层录径旧时标栏检畅紧纠细维职舆衔议记讼读谈负责账购贴载较辑还进错闻阅隐顺题额驳"
_TRADITIONAL = "規許罰強業費內發廢現處決數單萬開請結轉辦區計這國屬護權類務過執詢項無關沒補後訪舉報訴複當認獲繳納總繼續組織機構會穩條縣對編門統間為網動監員熱絡審給調應點別經濟實產東長鄉鎮廳財衛醫療農資環滿線電話設圖問訓學級專習傳寫圍將層錄徑舊時標欄檢暢緊糾細維職輿銜議記訟讀談負責賬購貼載較輯還進錯聞閱隱順題額駁"
_SHAPES = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def make_traditional(text: str, taiwanese_terms: bool = False) -> str:
    """The text in traditional characters; with the terms of Taiwan, 文件 becomes 檔案."""
    if taiwanese_terms:
        text = text.replace("文件", "檔案")
    return text.translate(_SHAPES)
