#!/usr/bin/env bash
# Makes an image of hello appear in the registry beside the kind cluster: another one as it is, or one that fails a third of
# its requests while its health stays good. It must be podinfo's.
#
#   tools/ci/cluster/push-image.sh ghcr.io/stefanprodan/podinfo:6.14.1 1.0.1 good
set -euo pipefail

from=$1 version=$2 kind=$3
image=localhost:5000/hello:$version
case $kind in
  good) extra="LABEL version=$version" ;;
  bad) extra='ENV PODINFO_RANDOM_ERROR=true' ;;
  *) echo "$kind: allowed: good, bad" >&2 && exit 2 ;;
esac
printf 'FROM %s\n%s\n' "$from" "$extra" | docker build --quiet --tag "$image" -
docker push --quiet "$image"
