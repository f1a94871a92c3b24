"""One algorithm, headless, from the checkout: `make process ALG=weipian:intake ARGS='DELIVERY=… WORKSPACE=…'`.

Values with spaces go in quotes: ARGS='DELIVERY="a b.zip"'. Without ALG the plugin's algorithms are listed, without ARGS
the algorithm is described.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

from house import checkout_environment, qgis_process_program


def main() -> int:
    algorithm, arguments = os.environ.get("ALG", ""), shlex.split(os.environ.get("ARGS", ""))
    wrong = [argument for argument in arguments if "=" not in argument]
    if wrong:
        print(f"not of the form NAME=VALUE: {' '.join(wrong)}", file=sys.stderr)
        return 2
    environment = checkout_environment()
    program = qgis_process_program()
    if not algorithm:
        listing = subprocess.run(
            [program, "list"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False
        )
        print("\n".join(line for line in listing.stdout.splitlines() if "weipian" in line.lower()))
        return listing.returncode
    action = ["run", algorithm, "--", *arguments] if arguments else ["help", algorithm]
    return subprocess.run([program, *action], env=environment, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
