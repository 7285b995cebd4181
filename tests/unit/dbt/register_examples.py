"""The examples of the rules that warn, as filings: the report that breaks the rule and the one it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from staged_filings import StagedFiling

from catalogue.load import load_catalogue
from catalogue.plausibility import PlausibilityRule, Relation, StatedFact
from disclosure.parse.sentence_numbers import number_sentences
from disclosure.report import NarrativeCount

YEARS = {"narrative_2008": 2012, "stat_annex_2014": 2016, "table_2019": 2020, "table_2021": 2023}
DATES = {"publication_date", "period_start", "period_end"}


def broken_filing(rule: PlausibilityRule) -> StagedFiling:
    """The report of the rule's example; every cell not named is 0."""
    example = rule.example
    said = {name: date.fromisoformat(text) if name in DATES else text for name, text in example.report.items()}
    year = said.pop("report_year", YEARS[example.edition])
    prose = example.facts and counts(example.facts)
    if example.sentence:
        prose = (NarrativeCount("disclosed_info_total", "938条", Decimal(938), "条", True, example.sentence),)
    return StagedFiling(
        f"broken-{rule.rule_id}",
        agency_id=f"agency:{rule.rule_id}",
        agency_name=f"{rule.rule_id}局",
        report_year=year,
        reporting_scope=said.pop("reporting_scope", "agency"),
        publication_date=said.pop("publication_date", date(year + 1, 1, 20)),
        tables=tables(example.edition, example.cells),
        narrative=tuple(prose),
        sentences=number_sentences(example.prose),
        stated={"region_code": region_of(rule), **said},
    )


def related_filing(rule: PlausibilityRule) -> StagedFiling | None:
    """The report the example is compared with, where the rule compares."""
    example, broken = rule.example, broken_filing(rule)
    relation = relation_of(rule)
    if example.related is None or broken.report_year is None:
        return None
    edition = example.related_edition or example.edition
    changes: dict[str, Any] = {
        Relation.PRIOR_YEAR: {"report_year": broken.report_year - 1},
        Relation.CURRENT_VERSION: {"publication_date": (broken.publication_date or date.max) + timedelta(days=3)},
        Relation.AGENCIES_BELOW: {"agency_id": f"below:{rule.rule_id}", "reporting_scope": "agency"},
    }[relation]
    own = {
        "agency_id": broken.agency_id,
        "report_year": broken.report_year,
        "reporting_scope": broken.reporting_scope,
        "publication_date": broken.publication_date,
    }
    return StagedFiling(
        f"related-{rule.rule_id}",
        agency_name=broken.agency_name,
        tables=tables(edition, example.related),
        narrative=counts(example.related_facts),
        sentences=number_sentences(example.related_prose),
        stated={"region_code": region_of(rule)},
        **{**own, **changes},
    )


def relation_of(rule: PlausibilityRule) -> Relation:
    instances = [each for each in load_catalogue().plausibility_instances if each.rule_id == rule.rule_id]
    return next((each.relation for each in instances if not each.within_report), Relation.THIS)


def region_of(rule: PlausibilityRule) -> str:
    """A province of its own where the reports of a region are added up."""
    return "650000" if relation_of(rule) is Relation.AGENCIES_BELOW else "110000"


def tables(edition: str, cells: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    figures: dict[str, tuple[str, dict[str, str]]] = {
        table.code: (edition, {}) for table in load_catalogue().edition(edition).tables
    }
    for cell, printed in cells.items():
        table, _, place = cell.partition("/")
        figures[table][1][place] = printed
    return figures


def counts(facts: Iterable[StatedFact]) -> tuple[NarrativeCount, ...]:
    return tuple(
        NarrativeCount(
            fact.fact,
            fact.printed,
            fact.value,
            fact.unit,
            True,
            f"{fact.fact}为{fact.printed}。",
            stated_as_none=fact.none,
        )
        for fact in facts
    )


def clean_filings() -> Iterator[StagedFiling]:
    """Two agencies whose figures tie within each report and from year to year, over the change of editions, and the
    report of their government."""
    for number in (1, 2):
        for year in range(2019, 2024):
            yield StagedFiling(
                f"clean-{number}-{year}",
                agency_id=f"clean:{number}",
                agency_name=f"某市第{number}局",
                report_year=year,
                publication_date=date(year + 1, 1, 20),
                tables=clean_tables(year, number),
                narrative=counts(said_in(year, number)),
                sentences=number_sentences(prose_of(year)),
                stated={
                    "region_code": "320000",
                    "period_start": date(year, 1, 1),
                    "period_end": date(year, 12, 31),
                    "title": f"某市第{number}局{year}年政府信息公开工作年度报告",
                },
            )
    yield StagedFiling(
        "clean-government",
        agency_id="clean:government",
        agency_name="某省人民政府",
        report_year=2023,
        reporting_scope="jurisdiction",
        publication_date=date(2024, 3, 20),
        tables={"T3": ("table_2021", together(2023))},
        stated={"region_code": "320000"},
    )


def prose_of(year: int) -> tuple[str, ...]:
    """Five sentences that come again every year, as customary words do, and one that does not."""
    customary = tuple(
        f"本机关{task}的工作按照年度计划完成{year}项。" for task in ("公开", "答复", "审查", "培训", "监督")
    )
    return (*customary, f"在{'甲乙丙丁戊'[year % 5]}街道新设了政府信息查阅点。")


def together(year: int) -> dict[str, str]:
    """The requests of both agencies."""
    first, second = (clean_tables(year, number)["T3"][1] for number in (1, 2))
    return {place: str(int(first[place]) + int(second[place])) for place in first}


def clean_tables(year: int, size: int) -> dict[str, tuple[str, dict[str, str]]]:
    """Requests carried from year to year, documents issued and repealed, disputes that follow requests."""
    edition = "table_2019" if year < 2021 else "table_2021"
    carried_in, received, carried_out = size + (year - 2019) % 3, 10 * size + year % 7, size + (year - 2018) % 3
    handled = received + carried_in - carried_out
    other = "other_handling" if year < 2021 else "other_misc"
    requests = {
        "requests_received": received,
        "requests_carried_in": carried_in,
        "granted_full": handled - 5,
        "denied_state_secret": 2,
        "unable_not_held": 2,
        other: 1,
        "outcomes_total": handled,
        "requests_carried_out": carried_out,
    }
    cells = {f"T3/{row}/{column}": str(n) for row, n in requests.items() for column in ("natural_person", "total")}
    cells |= {"T4/reconsideration/upheld": "2", "T4/reconsideration/total": "2"}
    cells |= {"T4/litigation_after_reconsideration/pending": "1", "T4/litigation_after_reconsideration/total": "1"}
    if year < 2021:
        items = {"items_prior_year": 30 + (year - 2019) * 2, "items_change": 2, "decisions": 400 + size}
        cells |= {f"T2/administrative_licensing/{column}": str(n) for column, n in items.items()}
        documents = {"made_this_year": 4, "newly_disclosed_this_year": 4, "disclosed_total": 10 + 4 * (year - 2018)}
        cells |= {"T2/government_procurement/procurement_projects": "3"}
        cells |= {"T2/government_procurement/procurement_amount": "12.50"}
    else:
        cells |= {"T2/administrative_licensing/decisions": str(400 + year % 9)}
        cells |= {"T2/administrative_fees/fee_amount": "0.04"}
        documents = {"issued_this_year": 4, "repealed_this_year": 1, "in_force_total": 18 + 3 * (year - 2020)}
    cells |= {f"T2/normative_documents/{column}": str(n) for column, n in documents.items()}
    return tables(edition, cells)


def said_in(year: int, size: int) -> tuple[StatedFact, ...]:
    """What the prose of a clean report says of its tables."""
    figures = clean_tables(year, size)["T3"][1]
    handled = int(figures["outcomes_total/total"])
    share = (Decimal(200) / handled).quantize(Decimal("0.01"))
    return (
        StatedFact(fact="requests_received", printed="", value=Decimal(figures["requests_received/total"])),
        StatedFact(fact="unable", printed="2件", value=Decimal(2)),
        StatedFact(fact="denied_share", printed=f"{share}%", value=share, unit="%"),
        StatedFact(fact="reconsideration_total", printed="2件", value=Decimal(2)),
        StatedFact(fact="info_processing_fee_received", printed="400元", value=Decimal(400), unit="元"),
    )
