#!/bin/bash
# Photographs of many makes for tests/unit/evidence/test_real_photos.py, in .build/photo-corpus: taken from the test and example folders of
# public packages (fetched by pip and npm with this machine's own settings; nothing of them enters the repository).
set -euo pipefail
cd "$(dirname "$0")/.."
target=$PWD/.build/photo-corpus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for name in piexif Pillow; do
    python3 -m pip download --quiet --no-deps --no-binary :all: "$name" || echo "not to be had: $name" >&2
done
for name in exif exif-js exif-parser jpeg-exif; do
    npm pack --silent "$name" >/dev/null || echo "not to be had: $name" >&2
done
for file in *.tgz *.tar.gz; do [ ! -e "$file" ] || { mkdir "${file%.t*}" && tar -xzf "$file" -C "${file%.t*}"; }; done
for file in *.zip; do [ ! -e "$file" ] || unzip -qo "$file" -d "${file%.zip}"; done
mkdir -p "$target"
find . -type f -regextype posix-extended -iregex '.*\.(jpe?g|heic|heif)' | while IFS= read -r file; do
    name=${file#./}
    cp "$file" "$target/${name//\//_}"
done
echo "$(find "$target" -type f | wc -l) pictures in .build/photo-corpus"
