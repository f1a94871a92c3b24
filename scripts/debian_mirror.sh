#!/bin/bash
# Prints the address of the Debian archive that this machine installs from. apt itself reads its sources, in both formats,
# so that no host name needs to stand in a file.
set -euo pipefail
release=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$release" '$2 == release && $3 == "main" && $1 ~ /^https?:/ { print $1; exit }')
if [ -z "$mirror" ]; then
    echo "apt's sources name no archive with $release main over http" >&2
    exit 1
fi
printf '%s\n' "$mirror"
