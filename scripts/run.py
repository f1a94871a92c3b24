"""Open QGIS on this checkout with the plugin enabled and the sample county loaded (`make run`).

The profile is the one in .build/profile; a person's own profile is not touched. The sample is made on the first call.
"""

from __future__ import annotations

import os
import subprocess
import sys

from demo import COUNTY, DEMO, PACKAGES, make_everything_once
from house import BUILD, qgis_environment, stage_checkout, write_profile


def main() -> int:
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        print("no screen here: make run needs a desktop (make test-gui starts a virtual one)", file=sys.stderr)
        return 1
    workspace = make_everything_once()
    profile = BUILD / "profile"
    write_profile(profile)
    environment = qgis_environment(stage_checkout(), profile, screen=True)
    # Settings of the plugin, as an administrator may preset them: the working area it opens when it starts.
    environment["WEIPIAN_WORKSPACE"] = str(workspace)
    environment["WEIPIAN_CATALOGUE"] = str(COUNTY / "图层清单.yaml")
    environment["WEIPIAN_PACKAGES"] = str(PACKAGES)
    return subprocess.run(["qgis", "--nologo"], env=environment, cwd=DEMO, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
