# FILE: writes the file as a note of the merge request, in place of the one with the same first line. It needs curl and jq, and GITLAB_TOKEN: an
# access token of the project that has the scope api, as a job's own token may write no notes.

set -eu

notes=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes

api() {
  curl --fail --silent --show-error --header "PRIVATE-TOKEN: $GITLAB_TOKEN" --header "Content-Type: application/json" "$@"
}

own=$(api "$CI_API_V4_URL/user" | jq .id)
id=$(api "$notes?sort=asc&per_page=100" |
  jq --arg marker "$(head -n 1 "$1")" --argjson own "$own" 'map(select(.author.id == $own and (.body | startswith($marker))))[0].id // empty')
jq --null-input --rawfile body "$1" '{$body}' |
  if test -n "$id"; then
    api --request PUT --data @- "$notes/$id" > /dev/null
  else
    api --data @- "$notes" > /dev/null
  fi
