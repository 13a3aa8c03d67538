# What the workflow asks of GitHub, with curl and jq, which its runners have.

set -o pipefail

repository=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY

api() {
  curl --fail --silent --show-error --header "Authorization: Bearer $GITHUB_TOKEN" --header "Accept: application/vnd.github+json" "$@"
}

# comments PULL_REQUEST MARKER: the workflow's own comments that begin with the marker. Whoever else writes one approves nothing.
comments() {
  api "$repository/issues/$1/comments?per_page=100" |
    jq --arg marker "$2" 'map(select(.user.login == "github-actions[bot]" and (.body | startswith($marker))))'
}

# comment PULL_REQUEST FILE: writes the file as a comment, in place of the one with the same first line.
comment() {
  local id
  id=$(comments "$1" "$(head -n 1 "$2")" | jq '.[0].id // empty')
  jq --null-input --rawfile body "$2" '{$body}' |
    if test -n "$id"; then
      api --request PATCH --data @- "$repository/issues/comments/$id" > /dev/null
    else
      api --data @- "$repository/issues/$1/comments" > /dev/null
    fi
}

# approved COMMIT: the transition that is in the comment of the pull request that became the commit.
approved() {
  local number
  number=$(api "$repository/commits/$1/pulls" | jq '.[0].number // empty')
  test -n "$number" || { echo "No pull request became $1, so nothing was approved." >&2; return 1; }
  comments "$number" "<!-- riveter plan of " | jq --raw-output '.[-1].body // ""' |
    sed -n 's|^<p><sub>Transition <code>\(sha256:[0-9a-f]*\)</code>.*|\1|p' | tail -n 1
}

label=riveter-drift

# open_issue FILE: writes the file as the one open issue about drift.
open_issue() {
  local number
  number=$(api "$repository/issues?state=open&labels=$label" | jq '.[0].number // empty')
  jq --null-input --rawfile body "$1" --arg name "$label" '{title: "Actors are not as they are declared", labels: [$name], $body}' |
    if test -n "$number"; then
      api --request PATCH --data @- "$repository/issues/$number" > /dev/null
    else
      api --data @- "$repository/issues" > /dev/null
    fi
}

# close_issue: closes it, if there is one.
close_issue() {
  local number
  for number in $(api "$repository/issues?state=open&labels=$label" | jq '.[].number'); do
    api --request PATCH --data '{"state":"closed"}' "$repository/issues/$number" > /dev/null
  done
}
