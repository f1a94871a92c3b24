"""Passwords and keys of sources are masked in every form they are written in; what is none stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.model.errors import WeipianError
from weipian_plugin.model.messages import Message, render
from weipian_plugin.model.secrets import masked

SECRET = "GEHEIM-4711"
FORMS = (
    f"PG:host=10.0.0.5 user=wp dbname=gis password={SECRET} tables=dltb",
    f"PG:\"host=10.0.0.5 user='wp' password='{SECRET} mit \\' Zeichen' dbname=gis\"",
    f"PG:host=h password = {SECRET};x&y dbname=gis authcfg=ab12cd3",
    f"postgresql://wp:{SECRET}@10.0.0.5:5432/gis?sslmode=require",
    f"postgresql://wp:a@b/{SECRET}@10.0.0.5/gis",
    f"postgresql://wp:{SECRET}@[::bad/x",
    f"postgresql://10.0.0.5/gis?user=wp&password={SECRET}",
    f"MSSQL:server=10.0.0.5;database=gis;uid=wp;pwd={SECRET};tables=dltb",
    f"MSSQL:server=h;pwd={{{SECRET};x}};database=gis",
    f"OCI:wp/{SECRET}@10.0.0.5:1521/orcl",
    f"ODBC:wp/{SECRET}@quelle",
    f"MySQL:gis,host=10.0.0.5,user=wp,password={SECRET},port=3306",
    f"SDE:10.0.0.5,5151,gis,wp,{SECRET},schicht",
    f"https://wp:{SECRET}@dienst.example.cn/wmts",
    f"type=xyz&url=https://t0.tianditu.gov.cn/img_w/wmts?layer%3Dimg%26tk%3D{SECRET}&zmax=18&zmin=0",
    f"type=xyz&url=https://t0.example.cn/{{z}}/{{x}}/{{y}}?tk={SECRET}&zmax=18",
    f"contextualWMSLegend=0&url=https://maps.example.cn/wms?key={SECRET}&styles=&format=image/png",
    f"https://maps.example.cn/wms?token={SECRET}#x",
    f"https://oss.example.cn/a.tif?OSSAccessKeyId={SECRET}&Signature={SECRET}&Expires=1",
    f"/vsicurl/https://store.example.cn/a.tif?access_key={SECRET}&x=1",
    f"AWS_SECRET_ACCESS_KEY={SECRET}",
    f"url=https://x.example.cn/wms&username=wp&password={SECRET}&crs=EPSG:4490",
    f'{{"user": "wp", "password": "{SECRET}"}}',
    f"X-Api-Key: {SECRET}",
    f"Authorization: Bearer {SECRET}",
    f"connection to server failed: password: {SECRET}",
    f"数据库密码：{SECRET}",
    f"WFS:https://x.example.cn/wfs?service=WFS&ak={SECRET}",
)
HARMLESS = (
    "审批/农转用.shp",
    "PG:service=gis authcfg=ab12cd3 dbname=gis",
    "https://t0.example.cn:8080/{z}/{x}/{y}.png",
    "type=xyz&url=https://tile.example.cn/{z}/{x}/{y}.png&zmax=18&zmin=0",
    "图斑 500118SJBG23210001 的面积为 4.16 亩（单位：亩）",
    "C:\\数据\\县 库.gpkg|layername=农转用",
    "keywords=a tokenizer: b",
    "someone@example.cn",
)


@pytest.mark.parametrize("text", FORMS)
def test_no_form_shows_its_secret(text: str) -> None:
    shown = masked(text)
    assert SECRET not in shown
    assert "***" in shown
    assert masked(shown) == shown


@pytest.mark.parametrize("text", FORMS)
def test_no_sentence_error_or_record_shows_it_either(text: str) -> None:
    error = WeipianError("intake.source_unreadable", path=text, reason=f"cannot open {text}")
    for said in (error.text(), error.text("en"), str(error.message.as_record()), repr(error.message)):
        assert SECRET not in said
    assert SECRET not in render(Message("no.such.code", {"layers": [text], "by": {"x": text}}))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


def test_the_name_of_a_stored_login_and_the_place_stay_readable() -> None:
    shown = masked(f"PG:host=10.0.0.5 authcfg=ab12cd3 password={SECRET} dbname=gis")
    assert shown == "PG:host=10.0.0.5 authcfg=ab12cd3 password=*** dbname=gis"
    assert masked("postgresql://wp:x@10.0.0.5:5432/gis") == "postgresql://wp:***@10.0.0.5:5432/gis"


@given(st.text(max_size=300))
def test_any_text_is_masked_in_little_time_and_only_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)
