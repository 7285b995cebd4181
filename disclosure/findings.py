"""The closed list of what can go wrong with a filing, and the record of one such finding.

A finding never stops other files. `FindingCode` is closed on purpose: a new kind of trouble gets a code, a severity and
words here first. Messages for clerks are Chinese; `english` is for operators and docs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingSeverity(StrEnum):
    """error: the filing or the cell cannot be used; warning: look at it; info: recorded, nothing to do."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class FindingKind:
    severity: FindingSeverity
    chinese: str
    english: str


class FindingCode(StrEnum):
    # archive and extract: the file
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    UNKNOWN_ENCODING = "unknown_encoding"
    NAME_CONTRADICTS_CONTENT = "name_contradicts_content"
    READER_FAILED = "reader_failed"
    READER_TIMEOUT = "reader_timeout"
    NO_TEXT = "no_text"
    RESOURCE_LIMIT = "resource_limit"
    OCR_MISSING = "ocr_missing"
    PICTURE_UNREAD = "picture_unread"
    ATTACHMENT_ONLY = "attachment_only"
    LEGACY_READER_MISSING = "legacy_reader_missing"
    CONTAINER_UNPACKED = "container_unpacked"
    CONTAINER_NAME_UNSAFE = "container_name_unsafe"
    # parse: the operator's lists
    LIST_VALUE_INVALID = "list_value_invalid"
    LIST_AGENCY_UNPLACED = "list_agency_unplaced"
    # parse: the report
    NOT_A_REPORT = "not_a_report"
    SECOND_REPORT = "second_report"
    AGENCY_UNKNOWN = "agency_unknown"
    REPORT_YEAR_UNKNOWN = "report_year_unknown"
    REPORT_YEAR_CONFLICT = "report_year_conflict"
    REGION_UNKNOWN = "region_unknown"
    REGION_AMBIGUOUS = "region_ambiguous"
    TABLE_MISSING = "table_missing"
    TABLE_CELLS_LOST = "table_cells_lost"
    FORM_YEAR_MISMATCH = "form_year_mismatch"
    # parse: tables, rows, cells
    ROW_VALUE_COUNT = "row_value_count"  # S-01
    GROUP_ROW_VALUES = "group_row_values"  # S-02
    HEADER_UNRESOLVED = "header_unresolved"  # S-03
    CELL_TWICE = "cell_twice"  # S-07
    ROW_MISSING = "row_missing"
    ROW_UNKNOWN = "row_unknown"
    LABEL_DAMAGED = "label_damaged"
    ALIGNMENT_AMBIGUOUS = "alignment_ambiguous"
    CELL_UNREADABLE = "cell_unreadable"
    SIGN_AMBIGUOUS = "sign_ambiguous"
    OCR_CHOSEN = "ocr_chosen"
    OCR_ILLEGIBLE = "ocr_illegible"
    OCR_REVIEW = "ocr_review"
    OCR_UNRULED = "ocr_unruled"
    UNIT_ASSUMED = "unit_assumed"
    # reconcile
    IDENTITY_BROKEN = "identity_broken"
    CELL_WITHHELD = "cell_withheld"
    BREAK_EXPLAINED = "break_explained"
    DECISION_LAPSED = "decision_lapsed"
    # narrative
    NARRATIVE_NUMBER_MISSING = "narrative_number_missing"
    NARRATIVE_CONTRADICTS = "narrative_contradicts"  # N rules
    # plausibility
    FIGURE_IMPLAUSIBLE = "figure_implausible"
    SECTION_MISSING = "section_missing"  # S-05


_ERROR = FindingSeverity.ERROR
_WARNING = FindingSeverity.WARNING
_INFO = FindingSeverity.INFO

KINDS: dict[FindingCode, FindingKind] = {
    FindingCode.EMPTY_FILE: FindingKind(_ERROR, "文件为空", "the file has no bytes"),
    FindingCode.TOO_LARGE: FindingKind(_ERROR, "文件超过大小上限", "the file is larger than the limit"),
    FindingCode.UNSUPPORTED_TYPE: FindingKind(_ERROR, "不支持的文件类型", "no reader for this kind of content"),
    FindingCode.TRUNCATED: FindingKind(_ERROR, "文件不完整", "the file ends before its format says it should"),
    FindingCode.DAMAGED: FindingKind(_ERROR, "文件已损坏", "the file breaks the rules of its own format"),
    FindingCode.ENCRYPTED: FindingKind(_ERROR, "文件已加密", "the file needs a password"),
    FindingCode.UNKNOWN_ENCODING: FindingKind(_ERROR, "无法判断文字编码", "no encoding reads the text as Chinese"),
    FindingCode.NAME_CONTRADICTS_CONTENT: FindingKind(
        _WARNING, "文件名与内容类型不符", "the name says another type than the content"
    ),
    FindingCode.READER_FAILED: FindingKind(_ERROR, "读取失败", "the reader raised an error"),
    FindingCode.READER_TIMEOUT: FindingKind(_ERROR, "读取超时", "the reader took longer than the limit"),
    FindingCode.NO_TEXT: FindingKind(_ERROR, "没有可读文字（可能是扫描件）", "no text to read (perhaps a scan)"),
    FindingCode.RESOURCE_LIMIT: FindingKind(_ERROR, "超过资源上限", "the content needs more resources than allowed"),
    FindingCode.OCR_MISSING: FindingKind(
        _ERROR, "扫描件或图片，本机未安装文字识别", "a scan or image, and the optional recognition is not installed"
    ),
    FindingCode.LEGACY_READER_MISSING: FindingKind(
        _ERROR, "本机缺少读取该格式的软件", "a program that reads this format is not installed"
    ),
    FindingCode.CONTAINER_UNPACKED: FindingKind(
        _INFO, "压缩包或邮件，其中的文件已分别登记", "a container; the files in it are filings of their own"
    ),
    FindingCode.CONTAINER_NAME_UNSAFE: FindingKind(
        _WARNING,
        "压缩包内的文件名不安全，已去除路径",
        "a member's name leads out of its container; the path was removed",
    ),
    FindingCode.PICTURE_UNREAD: FindingKind(
        _WARNING, "有图片未能读取，表格可能在图片中", "a picture that may hold a table was not read"
    ),
    FindingCode.ATTACHMENT_ONLY: FindingKind(
        _WARNING, "网页正文没有报告，只有附件", "the page has no report of its own, only an attachment"
    ),
    FindingCode.LIST_VALUE_INVALID: FindingKind(
        _WARNING, "名录中的值无法采用", "a value in a list cannot be used; the row stands without it"
    ),
    FindingCode.LIST_AGENCY_UNPLACED: FindingKind(
        _WARNING, "名录中的机关无法确定所在地区", "the region of a listed agency is not known, or more than one fits"
    ),
    FindingCode.NOT_A_REPORT: FindingKind(
        _INFO, "不是政府信息公开工作年度报告", "not an annual report on information disclosure"
    ),
    FindingCode.SECOND_REPORT: FindingKind(
        _WARNING,
        "文件中还有另一份年度报告，未读取，请单独提交",
        "the file holds another annual report, which was not read",
    ),
    FindingCode.AGENCY_UNKNOWN: FindingKind(_ERROR, "无法确定行政机关", "the text does not name the agency"),
    FindingCode.REPORT_YEAR_UNKNOWN: FindingKind(_ERROR, "无法确定报告年度", "the text does not state the report year"),
    FindingCode.REPORT_YEAR_CONFLICT: FindingKind(
        _WARNING, "报告年度的依据互相矛盾", "the evidence for the report year disagrees"
    ),
    FindingCode.REGION_UNKNOWN: FindingKind(_WARNING, "无法确定行政区划", "the region of the agency is not known"),
    FindingCode.REGION_AMBIGUOUS: FindingKind(_WARNING, "行政区划有多种可能", "several regions fit the agency's name"),
    FindingCode.TABLE_MISSING: FindingKind(
        _WARNING, "缺少应有的表格", "a table the edition requires is not in the text"
    ),
    FindingCode.TABLE_CELLS_LOST: FindingKind(
        _WARNING, "表格只有文字没有数据", "a table's labels are there, its values are not"
    ),
    FindingCode.FORM_YEAR_MISMATCH: FindingKind(
        _WARNING, "表格版本与报告年度不符", "the table is of another edition than its year expects"
    ),
    FindingCode.ROW_VALUE_COUNT: FindingKind(
        _WARNING, "行内数值个数与栏数不符", "a row has more or fewer values than columns"
    ),
    FindingCode.GROUP_ROW_VALUES: FindingKind(_WARNING, "分组标题行出现数值", "a heading row carries values"),
    FindingCode.HEADER_UNRESOLVED: FindingKind(
        _INFO, "表头文字不完整，按位置对应", "header words incomplete, columns bound by position"
    ),
    FindingCode.CELL_TWICE: FindingKind(_WARNING, "同一单元格出现两次", "a cell was found twice with different text"),
    FindingCode.ROW_MISSING: FindingKind(_WARNING, "缺少表格行", "a row of the form is not in the table"),
    FindingCode.ROW_UNKNOWN: FindingKind(_WARNING, "无法识别的表格行", "a row of the table is not on the form"),
    FindingCode.LABEL_DAMAGED: FindingKind(
        _WARNING, "行标签残缺，按位置识别", "a row's label is damaged and was matched by its place"
    ),
    FindingCode.ALIGNMENT_AMBIGUOUS: FindingKind(
        _WARNING, "无法唯一确定数值所属栏目", "the values of a row fit its columns in several ways"
    ),
    FindingCode.CELL_UNREADABLE: FindingKind(
        _WARNING, "单元格内容无法识别为数值", "the text of a cell is no number and no nil mark"
    ),
    FindingCode.SIGN_AMBIGUOUS: FindingKind(_WARNING, "增减符号含义不明", "the sign of a change cannot be told"),
    FindingCode.OCR_CHOSEN: FindingKind(
        _WARNING, "识别结果有多种可能，按勾稽关系选定", "of several readings of a scanned cell the identities leave one"
    ),
    FindingCode.OCR_ILLEGIBLE: FindingKind(
        _WARNING, "识别把握不足，按无法辨认处理", "a scanned cell read unsurely that no identity confirms"
    ),
    FindingCode.OCR_REVIEW: FindingKind(
        _WARNING,
        "识别结果无勾稽关系可核对，请对照原件",
        "scanned cells that no identity checks; compare with the original",
    ),
    FindingCode.OCR_UNRULED: FindingKind(
        _WARNING,
        "扫描件中的表格没有框线，按文字行读取，数值未逐格识别",
        "a table without rules on a scan: read line by line, not cell by cell; what no identity confirms is not published",
    ),
    FindingCode.UNIT_ASSUMED: FindingKind(
        _WARNING, "金额未注明单位，按万元计", "an amount without a unit was taken as 万元"
    ),
    FindingCode.IDENTITY_BROKEN: FindingKind(_WARNING, "勾稽关系不成立", "an identity does not hold"),
    FindingCode.CELL_WITHHELD: FindingKind(_WARNING, "单元格存疑，暂不发布", "a suspect cell is withheld"),
    FindingCode.BREAK_EXPLAINED: FindingKind(
        _INFO, "勾稽关系不成立的原因", "the smallest set of cells that explains broken identities"
    ),
    FindingCode.DECISION_LAPSED: FindingKind(
        _WARNING, "人工决定已失效", "a decision of a person no longer fits the report"
    ),
    FindingCode.NARRATIVE_NUMBER_MISSING: FindingKind(_INFO, "正文中数字缺失", "a count in the prose lost its number"),
    FindingCode.NARRATIVE_CONTRADICTS: FindingKind(
        _WARNING, "正文与表格不一致，以表格为准", "the prose contradicts the table, which is the statutory figure"
    ),
    FindingCode.FIGURE_IMPLAUSIBLE: FindingKind(
        _WARNING, "数据不合常理，请核对", "a figure or date is possible but not plausible"
    ),
    FindingCode.SECTION_MISSING: FindingKind(
        _INFO, "缺少应有的部分或次序不符", "a section of the form is not there or not in its place"
    ),
}


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a finding; unknown parts are None."""

    page: int | None = None
    table: str | None = None
    row_code: str | None = None
    column_code: str | None = None
    text: str | None = None  # the text found there, shortened to 200 characters


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in the words of the one who has to act on it."""

    code: FindingCode
    message: str
    where: Where = Where()

    @property
    def severity(self) -> FindingSeverity:
        return KINDS[self.code].severity


def finding(code: FindingCode, detail: str = "", where: Where | None = None) -> Finding:
    """A finding with the standard Chinese words of its code, followed by `detail`."""
    words = KINDS[code].chinese
    return Finding(code, f"{words}：{detail}" if detail else words, where or Where())
