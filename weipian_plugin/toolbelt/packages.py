"""What the plugin says and does about Python packages: which are lacking, and the zip that brings them without internet."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication

from ..model.packages import COMPLETE_SINCE, Lack, Need, lacking
from . import package_zip
from .language import tr
from .package_zip import Fault, RejectedZip

#: The one instruction: on the start page, in the manual and in the zip itself.
INSTRUCTION = (
    "最简单的办法是安装 QGIS {complete} 或更新版本，Windows 安装包自带全部组件，装好插件即可使用。",
    "若须保留现有的 QGIS：取得组件包 {zip}（与插件同处发布，可用 U 盘拷入），点「选择组件包…」选中它，然后重新打开 QGIS。",
    "组件只放进插件自己的文件夹，不改动 QGIS 和其他插件的组件；不要用 pip 安装。",
)
#: What each zip is called.
ZIP_NAME = "weipian-packages-{version}-{system}.zip"

_FAULTS = {
    Fault.NO_ZIP: "「{}」不是组件包，没有安装。请选择与插件同处发布的 weipian-packages-….zip。",
    Fault.OTHER_SYSTEM: "这个组件包用于 {}，本机是 {here}，没有安装。请选择名称中含 {here} 的组件包。",
    Fault.NOT_OURS: "组件包中的「{}」与插件清单记载的不一致（可能下载不完整，或属于另一版本的插件），没有安装。请重新取得与本插件同版本的组件包。",
    Fault.UNWRITABLE: "不能写入文件夹 {}，没有安装。请关闭占用它的程序，或检查权限后重试。",
}


def folder() -> Path:
    """Where the packages of the plugin's own lie: in the profile, one folder for each Python."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "weipian" / "packages" / package_zip.system()


def use_own() -> None:
    """Find packages that were installed from a zip."""
    package_zip.use(folder())


def stop_using_own() -> None:
    """Take the installed packages of our own out of the import path, for those of QGIS."""
    package_zip.stop_using(folder())


def stopping() -> tuple[Lack, ...]:
    """Core packages that are missing or too old: without them the plugin only says so."""
    return lacking(Need.CORE)


def switched_off() -> tuple[Lack, ...]:
    """Packages whose absence switches off one output each."""
    return lacking(Need.OUTPUT)


def sentence(lacks: tuple[Lack, ...]) -> str:
    """One sentence: which packages, the versions found and needed, and what has all of them."""
    named = "、".join(
        tr("{}（{}，需要 {} 或更新）").format(
            lack.package.distribution,
            tr("本机 {}").format(lack.found) if lack.found else tr("没有"),
            lack.package.lowest,
        )
        for lack in lacks
    )
    return tr("缺少 Python 组件：{}。QGIS {} 或更新版本自带全部组件。").format(named, COMPLETE_SINCE)


def switched_off_sentence(lack: Lack) -> str:
    """What does not work without one package, while all else does."""
    result = tr("本机 {}").format(lack.found) if lack.found else tr("没有")
    return tr("Python 组件 {}：{}，需要 {} 或更新；因此「{}」不可用，其他功能不受影响。").format(
        lack.package.distribution, result, lack.package.lowest, tr(lack.package.purpose)
    )


def instruction() -> list[str]:
    """The steps that help, for this Python and system."""
    name = ZIP_NAME.format(version="…", system=package_zip.system())
    return [tr(step).format(complete=COMPLETE_SINCE, zip=name) for step in INSTRUCTION]


def install(archive: Path) -> str:
    """Install a chosen zip; the sentence that says what was done or why not."""
    try:
        done = package_zip.install(archive, folder())
    except RejectedZip as rejected:
        return tr(_FAULTS[rejected.fault]).format(rejected.detail, here=package_zip.system())
    if not done.taken:
        return tr("本机的 QGIS 不缺组件包中的任何组件，没有安装。")
    return tr("已安装：{}。请关闭 QGIS 再打开。").format("、".join(done.taken))
