#!/usr/bin/env bash
# Brings the branch of the promotion and its pull request up to date, where that differs from what they say: the table of
# what moves, the evidence, what it does to each cluster and the odds of its canaries.
#
#   BRANCH=promotion tools/ci/propose-promotion.sh
set -euo pipefail

git config user.name 'slipway promotion'
git config user.email 'promotion@users.noreply.github.com'

# What is proposed already, so that the same is not proposed anew.
git fetch --quiet origin "+refs/heads/$BRANCH:refs/heads/$BRANCH" || echo "no branch $BRANCH yet"
before=$(git rev-parse --verify --quiet "refs/heads/$BRANCH" || true)
npm run --silent promote -- --branch "$BRANCH" > promotion.txt
after=$(git rev-parse --verify --quiet "refs/heads/$BRANCH" || true)
cat promotion.txt

if [ "$before" = "$after" ]; then
  echo 'nothing new to propose'
  exit 0
fi

# What was proposed has been found wrong since, or came another way. Without its branch a pull request is closed.
if git diff --quiet origin/main "$BRANCH"; then
  git push --quiet --force-with-lease="$BRANCH:$before" origin ":$BRANCH"
  echo 'nothing is left to propose'
  exit 0
fi

{
  echo 'Merged by a person, this goes to the rings below. `npm run promote -- --check` judges it by the same rules.'
  echo
  echo '```'
  cat promotion.txt
  echo '```'
  echo
  git checkout --quiet "$BRANCH"
  # 1 says that odds are worse than wanted, which whoever reads it judges.
  npm run --silent plan -- --markdown || [ $? -eq 1 ]
  npm run --silent diff -- --base origin/main --markdown
} > whole.md
# The text of a pull request holds 65,536 characters. It may end within a letter, which goes.
head --bytes=65000 whole.md | iconv -c --from-code=utf-8 --to-code=utf-8 > body.md || true

git push --quiet --force-with-lease="$BRANCH:$before" origin "$BRANCH"
number=$(gh pr list --head "$BRANCH" --state open --json number --jq '.[].number')
title=$(git log -1 --format=%s "$BRANCH")
if [ -n "$number" ]; then
  gh pr edit "$number" --title "$title" --body-file body.md
else
  gh pr create --head "$BRANCH" --base main --title "$title" --body-file body.md --label promotion
fi
