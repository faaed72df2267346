#!/bin/sh
# Pre-workflow hook of Atlantis: synthesizes the pull request's code and the base branch's, and puts the JSON into the
# clone, with an atlantis.yaml of what differs.
#
# That code is nobody's yet. It runs as another user (jail.sh), gets its sources through a pipe and gives its output
# through one: files, environment and memory of the server are out of its reach. What comes back is checked as data.
set -eu
clone="${DIR:-$PWD}"
home="$(cd "$(dirname "$0")/../.." && pwd)"
# How to become that user. Without it there is no synth.
as="${IDP_SYNTH_AS:-sudo -n -u synth --}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

synthesize() {
  git -C "$clone" archive --format=tar "$1" > "$scratch/sources.tar"
  $as "$home/images/atlantis/jail.sh" < "$scratch/sources.tar" > "$2"
}

synthesize HEAD "$scratch/head.tar"
set -- --head "$scratch/head.tar" --clone "$clone"
# Checked out by merge, HEAD is the pull request merged into its base. A base that doesn't synthesize hides nothing:
# then every stack counts as changed.
if git -C "$clone" rev-parse --quiet --verify 'HEAD^2' > /dev/null && synthesize 'HEAD^1' "$scratch/base.tar"; then
  set -- "$@" --base "$scratch/base.tar"
fi
"$home/images/atlantis/idp-atlantis" take "$@"
