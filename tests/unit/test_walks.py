"""The walks of CONTRIBUTING.md, each walked: what a page says is enough is done, in a process of its own, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from weipian_plugin.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]

_A_PARCEL_ATTRIBUTE = """
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from weipian_plugin.model import parcels
from weipian_plugin.model.columns import Use, column, names_for

# 1. one line in model/parcels.py
@dataclass(frozen=True)
class Parcel(parcels.Parcel):
    grid: str = column("", Use.ATTRIBUTE)

parcels.Parcel = Parcel

# 2. one line in resources/intake/parcel_fields.yaml: how deliveries call it
from weipian_plugin.intake import fields
fields.schema().fields["grid"] = fields.DeliveredField("网格", ("WGBH", "网格编号"))

from tests.unit.intake import builder
from weipian_plugin.filing.case import ParcelCase
from weipian_plugin.filing.fields import _identity
from weipian_plugin.filing.settings import load_rules
from weipian_plugin.intake import compare_with_earlier, read_delivery
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.repository import Repository

folder = Path(sys.argv[1])
def delivered(grid):
    rows = [{**builder.parcel(1), "WGBH": grid}]
    columns = (*builder.COLUMNS, ("WGBH", "C", 20, 0))
    return read_delivery(builder.write_shapefile(folder / grid / "a.shp", rows, columns))

# it is read from the delivery, compared with the next one, kept in an old workspace, offered to filters and given to forms
first, second = delivered("G01"), delivered("G02")
assert first.parcels["grid"].tolist() == ["G01"]
assert [(c.column, c.before, c.after) for c in compare_with_earlier(second, first.parcels).changes if c.column == "grid"] == [("grid", "G01", "G02")]
number = first.parcels["number"][0]
with Workspace.open(folder / "old.gpkg") as store:
    Repository(store).add([Parcel(number, grid="G01")], "张三", "试")
    kept = Repository(store).parcel(number)
assert kept.grid == "G01"
assert "grid" in names_for(Parcel, Use.FILTER)
if find_spec("qgis"):
    from weipian_plugin.algorithms.selection import PARCEL_COLUMNS
    assert "grid" in PARCEL_COLUMNS
assert _identity(ParcelCase(parcel=kept, coverage=(), measures={}), load_rules())["grid"] == "G01"
"""

_A_DECISION_ACTION = """
import sys
from pathlib import Path
from weipian_plugin.model import words

# 1. one word in model/words.py, its titles in resources/words.yaml
known = {word.name: word.value for word in words.DecisionAction}
words.DecisionAction = words.Word("DecisionAction", {**known, "HAND_OVER": "hand_over"}, module=words.__name__)
words._titles()["DecisionAction"]["hand_over"] = words.Titles("移交", "Handed over")

from weipian_plugin.judgment import decisions, recording
from weipian_plugin.judgment.standing import FILED, RETURNED, REVIEWED

# 2. a function in judgment/decisions.py, and the states in which it may be done
decisions.ALLOWED[words.DecisionAction.HAND_OVER] = (REVIEWED, FILED)
def hand_over(history, actor, reason):
    return decisions._on(words.DecisionAction.HAND_OVER, history, actor, decisions.Effect(RETURNED, {"reason": reason}))

from weipian_plugin.filing.ledger import Ledger
from weipian_plugin.judgment import load_profile
from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.records import Parcel, Proposal
from weipian_plugin.workspace import Workspace
from weipian_plugin.workspace.repository import Repository

profile, proposal = load_profile("national-2023"), Proposal("A", "", "合法", "农用地转用批准", "r", 1.0, "high")
zhang, li = decisions.Actor("张三", "经办", "2026-03-01T08:00:00+08:00"), decisions.Actor("李四", "复核", "2026-03-02T08:00:00+08:00")
steps = [
    ("accept", lambda history: decisions.accept(history, proposal, zhang, profile)),
    ("review", lambda history: decisions.review(history, li, profile)),
    ("hand_over", lambda history: hand_over(history, li, "属地变更")),
]
with Workspace.create(Path(sys.argv[1]) / "a.gpkg") as store:
    Repository(store).add([Parcel("A")], "张三", "试")
    try:
        recording.record(store, recording.Act("A", "", "hand_over", "李四", steps[2][1]))
    except WeipianError as error:
        assert error.code == "judgment.decision_none"
    for name, make in steps:
        recording.record(store, recording.Act("A", "", words.DecisionAction(name), "李四", make))
    # what follows from it: stored, open again in queue and tables, titled in the journal, told the same by the second account
    assert Repository(store).decisions("A")[-1].action is words.DecisionAction.HAND_OVER
    assert recording.standings(store, "A").of("A").state == RETURNED
    assert Repository(store).parcel("A").state == RETURNED
    journal = store.records("journal")
    assert [row["why"] for row in journal if row["what"] == "decision"][-1] == "移交"
    assert Ledger(journal).entries("A")[""].state == "退回" and not store.audit()
"""


_A_TABLE_OF_THE_WORKSPACE = """
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

# 1. a frozen dataclass in model/, its fields the columns
@dataclass(frozen=True)
class Visit:
    id: str
    parcel: str = ""
    minutes: Optional[int] = None

# 2. a line in workspace/schema.py (here wherever the tuple has been taken from there already)
from weipian_plugin.workspace import Workspace, schema
grown = (*schema.TABLES, schema._of_records("visit", "走访", "id", Visit))
for name, module in list(sys.modules.items()):
    if name.startswith("weipian_plugin.") and hasattr(module, "TABLES"):
        module.TABLES = grown

from weipian_plugin.workspace.repository import Repository

# a workspace that lacks it gets it; records go in and out, and every change is in the journal
with Workspace.open(Path(sys.argv[1]) / "old.gpkg") as store:
    kept = Repository(store)
    kept.add([Visit("1", "A", 20), Visit("2", "B")], "张三", "登记走访")
    assert kept.all(Visit, parcel=["A"]) == [Visit("1", "A", 20)] and kept.all(Visit, parcel=["B"]) == [Visit("2", "B", None)]
    assert [row["why"] for row in store.records("journal") if row["what"] == "visit"] and not store.audit()
"""

_A_TABLE_OF_A_REPORT = """
import shutil, sys
from datetime import date
from pathlib import Path
from weipian_plugin.model import paths

# 1. a layout in resources/oversight/tables.yaml
folder = Path(sys.argv[1]) / "resources"
shutil.copytree(paths.shipped(), folder, ignore=shutil.ignore_patterns("i18n", "packages"))
layouts = folder / "oversight" / "tables.yaml"
text = layouts.read_text(encoding="utf-8")
added = "tables:\\n  by_level:\\n    title: 按级别\\n    columns: [{key: name, title: 地区}, {key: first, title: 一级, kind: count}]\\n"
layouts.write_text(text.replace("tables:\\n", added, 1), encoding="utf-8")
beside = paths._beside
paths._beside = lambda name: folder if name == "resources" else beside(name)

# 2. a function that gives rows with the parcels behind each figure
from weipian_plugin import oversight
from weipian_plugin.oversight.building import build
from weipian_plugin.oversight.table import TOTAL, Figure, grouped

def by_level(prepared):
    parcels = prepared.parcels
    figures = [Figure("first", parcels.level == "一级")]
    return build(prepared, "by_level", grouped(parcels.number, prepared.names(parcels), figures), [])

from tests.unit.oversight import county
from openpyxl import load_workbook

snapshot = county.snapshot(60)
table = by_level(oversight.prepare(snapshot, date(2024, 2, 20)))
first = set(snapshot["parcel"]["number"][snapshot["parcel"]["level"] == "一级"])
assert table.value(TOTAL, "first") == len(set(table.keys["by_level/total/first"])) > 0
assert set(table.keys["by_level/total/first"]) <= first
book = load_workbook(oversight.workbook.write([table], Path(sys.argv[1]) / "按级别.xlsx"))
assert book.worksheets[0].title == "按级别" and book["图斑索引"].sheet_state == "hidden"
"""


def walked(script: str, folder: Path) -> None:
    command = [sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_a_parcel_attribute_is_one_line_in_the_record_and_its_names_in_deliveries(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "old.gpkg").close()
    walked(_A_PARCEL_ATTRIBUTE, tmp_path)


def test_a_decision_action_is_a_word_and_a_function(tmp_path: Path) -> None:
    walked(_A_DECISION_ACTION, tmp_path)


def test_a_table_of_the_workspace_is_a_record_and_a_line_in_the_schema(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "old.gpkg").close()
    walked(_A_TABLE_OF_THE_WORKSPACE, tmp_path)


def test_a_table_of_a_report_is_a_layout_and_a_function(tmp_path: Path) -> None:
    walked(_A_TABLE_OF_A_REPORT, tmp_path)
