#!/bin/sh
# Asks a Slipway server for a build or a deployment, prints the log as it comes, and says how it ended. Needs a POSIX shell with its usual
# tools (awk, sed, tee, mktemp) and curl 7.55 or newer. README.md beside it has the options.
set -u
umask 077
export LC_ALL=C

usage='Usage:
  slipway.sh build --service S [--artifact FILE] [--branch B] [--commit C] [--version V]
  slipway.sh deploy --service S --environment E (--version V | --commit C | --branch B | --release N | --from E) [--reference R] [--reason R]
Both: [--key KEY] [--no-wait] [--cancel-on-abort] [--output FILE] [--report] [--patience SECONDS]
SLIPWAY_URL and SLIPWAY_TOKEN name the server and a token. Each option may come from the environment, too: SLIPWAY_SERVICE=S, SLIPWAY_NO_WAIT=1.
Exit codes: 0 done, 1 failed, 2 usage, 3 not allowed, 4 not reachable.'

# How long one answer may take, in seconds. An upload may take as long as it moves.
ANSWER_SECONDS=60
UPLOAD_SECONDS=7200
STALL_SECONDS=300
# How long the log is followed before the state is asked for again, in seconds.
FOLLOW_SECONDS=60
# The longest pause between two attempts, in seconds.
PAUSE_SECONDS=30
# The largest answer other than a log, in bytes.
ANSWER_BYTES=16777216
# How many attempts are made where Slipway answers 500 or 502 with a code.
SAID_ATTEMPTS=3

action=${1:-${SLIPWAY_ACTION:-}}
service=${SLIPWAY_SERVICE:-} environment=${SLIPWAY_ENVIRONMENT:-} artifact=${SLIPWAY_ARTIFACT:-}
branch=${SLIPWAY_BRANCH:-} commit=${SLIPWAY_COMMIT:-} version=${SLIPWAY_VERSION:-} release=${SLIPWAY_RELEASE:-} from=${SLIPWAY_FROM:-}
reference=${SLIPWAY_REFERENCE:-} reason=${SLIPWAY_REASON:-} key=${SLIPWAY_KEY:-} output=${SLIPWAY_OUTPUT:-}
patience=${SLIPWAY_PATIENCE:-300} no_wait=${SLIPWAY_NO_WAIT:-} report=${SLIPWAY_REPORT:-} cancel_on_abort=${SLIPWAY_CANCEL_ON_ABORT:-}
url=${SLIPWAY_URL:-} token=${SLIPWAY_TOKEN:-}
# No program that is started from here needs it.
unset SLIPWAY_TOKEN

work='' results='' image='' id='' place='' kind='' child='' http='' sending=''

say() { printf 'slipway: %s\n' "$*" >&2; }
one_line() { printf '%s' "$1" | tr '\001-\037\177' ' '; }
now() { date +%s; }

# put NAME VALUE: a line of the result, instead of an earlier one of that name.
put() {
  [ -n "$2" ] || return 0
  results=$(
    printf '%s' "$results" | sed "/^$1=/d"
    printf '%s=%s\n.' "$1" "$(one_line "$2")"
  )
  results=${results%.}
}

leave() { [ -z "$work" ] || rm -rf "$work"; }
trap leave EXIT

write_output() {
  [ -n "$output" ] || return 0
  printf '%s' "$results" >"$output" || { say "--output: $output cannot be written."; return 1; }
}

# finish CODE [SENTENCE]: the end of all that goes on to an end.
finish() {
  ending=$1
  if [ -n "${2:-}" ]; then
    say "$(one_line "$2")"
    put message "$2"
  fi
  write_output || ending=2
  if [ -n "$report" ]; then
    printf '%sexit=%s\n' "$results" "$ending"
    exit 0
  fi
  exit "$ending"
}

wrong() {
  printf '%s\n' "$usage" >&2
  finish 2 "$1"
}

# JSON is read here, not searched: a message may hold anything, such as "status":"succeeded". Prints PATH=VALUE for each text, number and
# word but null, one a line, with control characters as spaces. Fails unless all of the input is one object.
flatten() {
  awk '
    function path(  said, at) {
      said = name[1]
      for (at = 2; at <= depth; at++) said = said "." name[at]
      return said
    }
    function value(text) {
      if (depth == 0) bad = 1
      else print path() "=" text
    }
    function begin(as) {
      if (depth == 0 && (begun++ || as != "object")) bad = 1
      kind[++depth] = as
      name[depth] = 0
      expectsKey = as == "object"
    }
    function outside(text,  at, letter, word) {
      for (at = 1; at <= length(text) + 1; at++) {
        letter = substr(text, at, 1)
        if (letter ~ /[0-9A-Za-z.+-]/) {
          word = word letter
          continue
        }
        if (word != "" && word != "null") value(word)
        word = ""
        if (letter == "{") begin("object")
        else if (letter == "[") begin("array")
        else if (letter == "}" || letter == "]") {
          expectsKey = 0
          if (--depth < 0) bad = 1
        } else if (letter == ",") {
          expectsKey = kind[depth] == "object"
          if (!expectsKey) name[depth]++
        } else if (letter == ":") expectsKey = 0
        else if (letter !~ /[ \t\r\n]/ && letter != "") bad = 1
        if (bad) exit
      }
    }
    function plain(text,  count, piece, at, said) {
      count = split(text, piece, "\\")
      said = piece[1]
      for (at = 2; at <= count; at++) {
        if (piece[at] == "") said = said "\\" piece[++at]
        else if (piece[at] ~ /^u/) said = said (piece[at] ~ /^u00[01]/ ? " " : "?") substr(piece[at], 6)
        else if (piece[at] ~ /^[bfnrt]/) said = said " " substr(piece[at], 2)
        else said = said piece[at]
      }
      gsub(/[\001-\037\177]/, " ", said)
      return said
    }
    BEGIN { RS = "\"" }
    !inside {
      outside($0)
      inside = 1
      next
    }
    {
      text = text $0
      if (match($0, /\\+$/) && RLENGTH % 2 == 1) {
        text = text "\""
        next
      }
      text = plain(text)
      if (!expectsKey) value(text)
      else {
        gsub(/[^0-9A-Za-z_-]/, "?", text)
        name[depth] = text
      }
      text = ""
      inside = 0
    }
    END { exit bad || depth != 0 || !begun }
  ' "$work/body" >"$work/fields"
}

# field PATH: its value in the last answer, or nothing.
field() {
  awk -v wanted="$1=" 'index($0, wanted) == 1 { print substr($0, length(wanted) + 1); exit }' "$work/fields"
}

# json_text TEXT: as a text of JSON.
json_text() {
  TEXT=$1 awk 'BEGIN {
    for (at = 1; at < 32; at++) escaped[sprintf("%c", at)] = sprintf("\\u%04x", at)
    escaped["\""] = "\\\""
    escaped["\\"] = "\\\\"
    text = ENVIRON["TEXT"]
    printf "\""
    for (at = 1; at <= length(text); at++) {
      letter = substr(text, at, 1)
      printf "%s", letter in escaped ? escaped[letter] : letter
    }
    printf "\""
  }'
}

# header NAME: its value in the last answer. NAME in lower case.
header() {
  awk -v wanted="$1:" 'tolower($1) == wanted { sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t\r]*$/, ""); found = $0 } END { print found }' "$work/headers"
}

# in_quotes TEXT: for a value in quotes, of curl.
in_quotes() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

# What nobody should read in a list of processes reaches curl by its standard input.
settings() {
  [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "$(in_quotes "$token")"
  [ -z "$sending" ] || printf 'header = "Idempotency-Key: %s"\n' "$key"
}

# In the background, so that a signal is heeded at once.
pause() {
  sleep "$1" &
  child=$!
  wait "$child"
  child=''
}

# request SECONDS PATH [CURL_OPTION...]: one attempt. `http` is the status of the answer, 000 if there is none.
request() {
  seconds=$1 path=$2
  shift 2
  : >"$work/body"
  : >"$work/headers"
  settings | curl --config - --globoff --silent --show-error --proto =http,https --connect-timeout 20 --max-time "$seconds" \
    --dump-header "$work/headers" --output "$work/body" --write-out '%{http_code}' "$@" "$url$path" >"$work/code" 2>"$work/error" &
  child=$!
  wait "$child"
  failure=$?
  child=''
  http=$(cat "$work/code")
  # A cut answer has a status, too.
  [ "$failure" = 0 ] || http=000
}

# Whether another attempt may help, after an attempt failed.
is_passing() {
  case $http in
    000)
      # Of curl: what this machine, its settings or a certificate makes impossible.
      case $failure in 1 | 2 | 3 | 4 | 23 | 26 | 27 | 43 | 48 | 51 | 58 | 59 | 60 | 63 | 77) return 1 ;; esac
      return 0
      ;;
    408 | 425 | 429 | 5??) return 0 ;;
  esac
  return 1
}

# What the last answer says that is no success.
complaint() {
  if [ "$http" = 000 ]; then
    printf '%s cannot be reached: %s' "$url" "$(tail -n 1 "$work/error" | sed 's/^curl: //')"
  elif flatten && [ -n "$(field code)" ]; then
    printf '%s: %s' "$(field code)" "$(field detail)"
    awk '/^faults\.[0-9]+\.message=/ { sub(/^[^=]*=/, ""); printf " %s", $0 }' "$work/fields"
  else
    printf '%s answers %s' "$url" "$http"
    case $http in
      3??) printf ' and names %s: SLIPWAY_URL has to be the address of Slipway itself' "$(header location)" ;;
      413) printf ': the artifact is larger than the server, or a proxy before it, takes' ;;
      2?? | 404) printf ', and not as Slipway does' ;;
    esac
    printf '.'
  fi
}

# ask SECONDS PATH [CURL_OPTION...]: attempts until there is an answer, with growing pauses, for as long as `patience` says.
ask() {
  first=
  attempts=0
  growing=1
  while :; do
    request "$@"
    is_passing || break
    # An upload may take long: only the time after the first failure counts.
    [ -n "$first" ] || first=$(now)
    attempts=$((attempts + 1))
    # Slipway itself says so: what it found wrong is soon over, or not at all.
    case $http in 500 | 502) if [ "$attempts" -ge "$SAID_ATTEMPTS" ] && flatten && [ -n "$(field code)" ]; then break; fi ;; esac
    rest=$growing
    case $(header retry-after) in
      '' | *[!0-9]* | ??????*) ;;
      *) rest=$(header retry-after) ;;
    esac
    [ $(($(now) - first + rest)) -le "$patience" ] || break
    say "$(one_line "$(complaint)") Trying again in $rest s."
    pause "$rest"
    growing=$((growing * 2))
    [ "$growing" -le "$PAUSE_SECONDS" ] || growing=$PAUSE_SECONDS
  done
}

# refuse: ends because of the last answer.
refuse() {
  said=$(complaint)
  if flatten; then put code "$(field code)"; else : >"$work/fields"; fi
  case $http in
    401 | 403) finish 3 "$said" ;;
    413) finish 1 "$said" ;;
    408 | 425 | 429) ;;
    4?? | 500)
      case $(field code) in '' | not-found) ;; *) finish 1 "$said" ;; esac
      ;;
  esac
  finish 4 "$said"
}

# strange: ends because of an answer that Slipway would not give.
strange() {
  : >"$work/body"
  refuse
}

# get PATH: an answer in JSON, which has to be there.
get() {
  ask "$ANSWER_SECONDS" "$@" --max-filesize "$ANSWER_BYTES"
  case $http in 2??) flatten && return ;; esac
  refuse
}

# post PATH [CURL_OPTION...]: with the key, so that an attempt that comes twice starts one thing.
post() {
  sending=yes
  ask "$UPLOAD_SECONDS" "$@" --speed-limit 1 --speed-time "$STALL_SECONDS" --max-filesize "$ANSWER_BYTES"
  sending=''
  case $http in 2??) flatten && return ;; esac
  refuse
}

# The text of the log since chunk `chunk`, but what of it was printed already; then `chunk` is the next one.
catch_up() {
  ask "$ANSWER_SECONDS" "$place/log?from=$chunk"
  next=$(header slipway-log-next)
  case $http-$next in
    200- | 200-*[!0-9]*) strange ;;
    200-*) ;;
    *) refuse ;;
  esac
  printed=$(($(wc -c <"$work/log")))
  tail -c +$((printed + 1)) "$work/body" >&2
  chunk=$next
  : >"$work/log"
}

# The log as it comes, from chunk `chunk` on, until it ends or is cut.
stream() {
  mkfifo "$work/pipe"
  tee -a "$work/log" <"$work/pipe" >&2 &
  printer=$!
  settings | curl --config - --globoff --silent --fail --no-buffer --proto =http,https --connect-timeout 20 --max-time "$FOLLOW_SECONDS" \
    "$url$place/log?follow=true&from=$chunk" >"$work/pipe" 2>/dev/null &
  child=$!
  wait "$child"
  child=''
  wait "$printer"
  rm -f "$work/pipe"
}

# Prints the log of what is at `place` until that has ended. Its last state is in the fields.
follow() {
  chunk=0
  waits=''
  lull=1
  : >"$work/log"
  while :; do
    get "$place"
    status=$(field status)
    reason_to_wait=$(field waitingFor.message)
    if [ -n "$reason_to_wait" ] && [ "$reason_to_wait" != "$waits" ]; then say "It waits: $reason_to_wait"; fi
    waits=$reason_to_wait
    cp "$work/fields" "$work/state"
    catch_up
    case $status in queued | pending | running) ;; *) break ;; esac
    before=$(now)
    stream
    # A proxy that ends every stream at once is not asked without a pause.
    if [ ! -s "$work/log" ] && [ $(($(now) - before)) -lt 2 ]; then
      pause "$lull"
      lull=$((lull < 8 ? lull * 2 : 8))
    else
      lull=1
    fi
  done
  cp "$work/state" "$work/fields"
}

aborted() {
  trap '' TERM INT HUP
  [ -z "$child" ] || kill "$child" 2>/dev/null
  status=aborted
  if [ -z "$place" ]; then
    [ -z "$sending" ] || say "Stopped before there was an answer. If Slipway has the call, it goes on with it. The key of the call: $key"
  elif [ -n "$cancel_on_abort" ]; then
    request 20 "$place/cancel" --request POST
    case $http in
      2??) say "Stopped: Slipway cancels the $kind $id." ;;
      *) say "Stopped, but the $kind $id could not be canceled: $(one_line "$(complaint)")" ;;
    esac
  else
    say "Stopped. The $kind goes on: $page"
    say "To stop it, too: slipway cancel $id, or POST $url$place/cancel"
  fi
  put status aborted
  write_output
  exit "$1"
}

# begun PLACES PAGES: takes over what a call has begun.
begun() {
  id=$(field id)
  case $id in
    '' | *[!0-9A-Za-z._-]*) strange ;;
  esac
  place=/api/v1/$1/$id page=$url/$1/$id
  put id "$id"
  put url "$page"
  put service "$(field service)"
  put status "$(field status)"
  say "The $kind $id of $(field service): $page"
  write_output || finish 2
  if [ -n "$no_wait" ]; then
    [ -n "$report" ] || printf '%s\n' "$id"
    finish 0
  fi
  follow
  status=$(field status)
  put status "$status"
}

# Ends, and says why it did not succeed.
ended_badly() {
  put code "$(field error.code)"
  put blame "$(field error.blame)"
  host=$(field error.host)
  if [ -n "$(field error.code)" ]; then
    finish 1 "The $kind $id is $status: $(field error.code)${host:+ at $host}: $(field error.message) To act: $(field error.blame)."
  fi
  finish 1 "The $kind $id is $status."
}

# image_of PREFIX: puts the image that the fields have there, and prints its name.
image_of() {
  image=$(field "$1repository") tag=$(field "$1tags.0") digest=$(field "$1digest")
  [ -n "$digest" ] || return 0
  image=$image${tag:+:$tag}@$digest
  put image "$image"
  put tag "$tag"
  put digest "$digest"
  [ -n "$report" ] || printf '%s\n' "$image"
}

build() {
  kind=build
  set -- --form-string "service=$service"
  [ -z "$branch" ] || set -- "$@" --form-string "branch=$branch"
  [ -z "$commit" ] || set -- "$@" --form-string "commit=$commit"
  [ -z "$version" ] || set -- "$@" --form-string "version=$version"
  [ -z "$artifact" ] || set -- "$@" --form "artifact=@\"$(in_quotes "$artifact")\";filename=\"$(in_quotes "${artifact##*/}")\""
  post /api/v1/builds "$@"
  [ -n "$(field decision.decision)" ] && skipped
  begun builds
  put commit "$(field commit)"
  put branch "$(field branch)"
  put outcome "$(field outcome)"
  [ "$status" = succeeded ] || ended_badly
  image_of image.
  finish 0 "$(field service) is $(field outcome): $image"
}

# Nothing is built: says why, and which image has all that counts.
skipped() {
  put status skipped
  put service "$(field decision.service)"
  put branch "$(field decision.branch)"
  put code "$(field decision.reason.code)"
  head=$(field decision.head)
  sentence="Nothing to build for $(field decision.service): $(field decision.reason.message)"
  put commit "$head"
  case $head in
    '' | *[!0-9a-f]*) ;;
    *)
      ask "$ANSWER_SECONDS" "/api/v1/services/$service/image?commit=$head" --max-filesize "$ANSWER_BYTES"
      case $http in
        2??) if flatten; then image_of ''; else refuse; fi ;;
        # No image is known to cover it: as such a skip may be.
        404) ;;
        *) refuse ;;
      esac
      ;;
  esac
  finish 0 "$sentence"
}

deploy() {
  kind=deployment
  {
    printf '{"service":%s,"environment":%s' "$(json_text "$service")" "$(json_text "$environment")"
    [ -z "$branch" ] || printf ',"branch":%s' "$(json_text "$branch")"
    [ -z "$commit" ] || printf ',"commit":%s' "$(json_text "$commit")"
    [ -z "$version" ] || printf ',"version":%s' "$(json_text "$version")"
    [ -z "$release" ] || printf ',"release":%s' "$release"
    [ -z "$from" ] || printf ',"from":%s' "$(json_text "$from")"
    [ -z "$reference" ] || printf ',"reference":%s' "$(json_text "$reference")"
    [ -z "$reason" ] || printf ',"reason":%s' "$(json_text "$reason")"
    printf '}'
  } >"$work/ticket"
  post /api/v1/deployments --header 'Content-Type: application/json' --data-binary "@$work/ticket"
  begun deployments
  put environment "$(field environment)"
  put release "$(field release.number)"
  put commit "$(field release.commit)"
  put tag "$(field release.tag)"
  put digest "$(field release.digest)"
  [ "$status" = succeeded ] || ended_badly
  [ -n "$report" ] || printf '%s@%s\n' "$(field release.tag)" "$(field release.digest)"
  finish 0 "$(field service) in $(field environment): release $(field release.number), $(field release.tag)"
}

# A key for one service and environment of one run, in letters that a header may have, and of a length that the server takes.
key_of() {
  wanted=${key:-${BUILD_TAG:+$BUILD_TAG/$service${environment:+/$environment}}}
  [ -n "$wanted" ] || wanted=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  key=$(printf '%s' "$wanted" | tr -c 'A-Za-z0-9._~/@+:=%-' _ | cut -c 1-200)
  [ "$key" = "$wanted" ] || key=$key-$(printf '%s' "$wanted" | cksum | tr ' ' -)
}

[ $# -eq 0 ] || shift
case $action in
  build | deploy) ;;
  --help | -h)
    printf '%s\n' "$usage"
    exit 0
    ;;
  *) wrong "\"$action\" is neither build nor deploy." ;;
esac

while [ $# -gt 0 ]; do
  option=$1
  case $option in
    --no-wait) no_wait=1 ;;
    --report) report=1 ;;
    --cancel-on-abort) cancel_on_abort=1 ;;
    --help)
      printf '%s\n' "$usage"
      exit 0
      ;;
    *)
      [ $# -ge 2 ] || wrong "$option needs a value, or is not known."
      case $option in
        --service) service=$2 ;;
        --environment) environment=$2 ;;
        --artifact) artifact=$2 ;;
        --branch) branch=$2 ;;
        --commit) commit=$2 ;;
        --version) version=$2 ;;
        --release) release=$2 ;;
        --from) from=$2 ;;
        --reference) reference=$2 ;;
        --reason) reason=$2 ;;
        --key) key=$2 ;;
        --output) output=$2 ;;
        --patience) patience=$2 ;;
        *) wrong "$option is not known." ;;
      esac
      shift
      ;;
  esac
  shift
done

case $url in http://?* | https://?*) ;; *) wrong 'SLIPWAY_URL has to begin with https:// or http://.' ;; esac
case $url in *[!!-~]*) wrong 'SLIPWAY_URL has a space or a letter that no address has.' ;; esac
case $token in *[!!-~]*) wrong 'SLIPWAY_TOKEN has a space, a line break or a letter that no token has.' ;; esac
case $patience in '' | *[!0-9]* | ??????*) wrong '--patience is a number of seconds.' ;; esac
case $release in *[!0-9]* | 0* | ??????????*) wrong '--release is a number.' ;; esac
url=${url%/}
[ -n "$service" ] || wrong 'There has to be a --service.'
if [ "$action" = deploy ]; then
  [ -n "$environment" ] || wrong 'There has to be an --environment.'
  set --
  for target in "$version" "$commit" "$branch" "$release" "$from"; do [ -z "$target" ] || set -- "$@" "$target"; done
  [ $# -eq 1 ] || wrong 'Name one of --version, --commit, --branch, --release and --from.'
elif [ -n "$artifact" ]; then
  if [ ! -f "$artifact" ] || [ ! -r "$artifact" ]; then wrong "--artifact: there is no file $artifact that can be read."; fi
fi
command -v curl >/dev/null || finish 2 'The program curl is missing.'
key_of
work=$(mktemp -d) || finish 2 'No folder for temporary files can be made.'
trap 'aborted 143' TERM
trap 'aborted 130' INT
trap 'aborted 129' HUP
"$action"
