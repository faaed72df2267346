#!/bin/sh
# Sources as a tar on standard input, the synthesized output as a tar on standard output; messages on standard error.
# Nothing of the caller's environment reaches the code, and its packages are those of the image.
set -eu
home="$(cd "$(dirname "$0")/../.." && pwd)"
python="${IDP_PYTHON:-$home/venv/bin/python}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/sources" "$work/home" "$work/out"
tar -x -C "$work/sources" --no-same-owner --no-same-permissions
# Descriptor 3 is the tar's: what the code prints must not get into it.
exec 3>&1 1>&2
cd "$work/sources"
timeout --kill-after=10 600 env -i HOME="$work/home" TMPDIR="$work/home" LANG=C.UTF-8 AWS_EC2_METADATA_DISABLED=true \
  PATH=/usr/local/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 \
  "$python" main.py --out "$work/out" < /dev/null 3>&-
tar -c -C "$work/out" . >&3
