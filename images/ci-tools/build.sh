#!/bin/sh
# build.sh PROGRAMS OUT: builds each program of the list from its published module, whose checksum the list says, and Go's
# checksum database vouches for.
set -eu
programs="$1"
out="$2"
mkdir -p "$out"
export CGO_ENABLED=0 GOTOOLCHAIN=local
while read -r name module version package sum; do
  case "$name" in '' | '#'*) continue ;; esac
  downloaded="$(go mod download -json "$module@v$version")"
  printf '%s\n' "$downloaded" | grep -qF "\"Sum\": \"$sum\"" || { echo "$module $version isn't $sum" >&2; exit 1; }
  directory="$(printf '%s\n' "$downloaded" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')"
  [ -n "$directory" ] || { echo "no module $module $version for this Go" >&2; exit 1; }
  # In the module's own directory: its go.mod, replacements included, and its go.sum decide.
  (cd "$directory" && go build -trimpath -ldflags "-s -w" -o "$out/$name" "$package")
  echo "built $name $version"
done < "$programs"
