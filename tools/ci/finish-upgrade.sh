#!/usr/bin/env bash
# Finishes what Renovate has begun on its branch: records what new charts take, and compiles. What that changes comes out as
# a patch, packed into a line, since the job that may push runs nothing of the branch. Nothing comes out where nothing does.
#
#   tools/ci/finish-upgrade.sh >> "$GITHUB_OUTPUT"
set -euo pipefail

node tools/ci/record-charts.ts >&2
npm run --silent synth >&2
git add --all
patch=$(git diff --cached --binary -- dist flux/chart-keys docs/add-ons.md | gzip --best --no-name | base64 --wrap=0)
if git diff --cached --quiet; then patch=; fi
echo "patch=$patch"
