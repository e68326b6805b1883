#!/usr/bin/env bash
# Puts the tag of a release on the image that was built, scanned, signed and tried as a pre-release. Nothing is built anew.
#
#   IMAGE=ghcr.io/slipway/conduit SIGNED_BY=https://… tools/release/tag-image.sh 1.4.0
set -euo pipefail

version=$1
# What .github/workflows/image.yml builds from: of later commits there is no image.
commit=$(git log -1 --format=%H -- service ':!service/**.md' ':!service/**.test.ts')
digest=$(docker buildx imagetools inspect "$IMAGE:git-$commit" --format '{{json .Manifest.Digest}}' | tr -d '"')
cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com \
  --certificate-identity "$SIGNED_BY" "$IMAGE@$digest" > /dev/null
docker buildx imagetools create --tag "$IMAGE:$version" "$IMAGE@$digest"
echo "$IMAGE:$version is $digest"
