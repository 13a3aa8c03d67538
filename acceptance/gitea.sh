#!/bin/sh
# Holds a real Gitea to the contract of the ledger's homes, loses its answers, has it accept what we refuse, and has riveter live with it: Gitea from Go's module proxy, PostgreSQL from Debian (initdb, pg_ctl), both
# in a temporary folder and gone afterwards. The first run builds Gitea, which takes ten minutes and 2 GB of memory. GITEA=PATH takes a binary.
set -eu
home=$HOME
version=v1.26.0
port=33117 database=33118
here=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/riveter/gitea-$version
source=$(cd / && GOFLAGS= go mod download -json code.gitea.io/gitea@$version | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
gitea=${GITEA:-$cache/gitea}
if [ ! -x "$gitea" ]; then
  mkdir -p "$cache/source"
  cp -r "$source/." "$cache/source"
  chmod -R u+w "$cache/source"
  (cd "$cache/source" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false nice go build -o "$gitea" .)
fi
PATH=$PATH:$(ls -d /usr/lib/postgresql/*/bin | tail -1)
dir=$(mktemp -d)
user=
if [ "$(id -u)" = 0 ]; then # neither of the two wants to be run by root
  user=postgres
  chown postgres "$dir"
fi
as() { if [ -n "$user" ]; then exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"; else exec "$@"; fi; }
server=
stop() {
  [ -z "$server" ] || kill "$server" || true
  wait || true
  (as pg_ctl -D "$dir/database" -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
(as initdb -D "$dir/database" -U gitea -A trust) >/dev/null
(as pg_ctl -D "$dir/database" -o "-p $database -k $dir -c listen_addresses=127.0.0.1" -w -l "$dir/database.log" start) >/dev/null
(as psql -q -h 127.0.0.1 -p $database -U gitea -d postgres -c 'CREATE DATABASE gitea')
cp "$gitea" "$dir/gitea"
cp -r "$source/templates" "$source/options" "$source/public" "$dir/"
cat >"$dir/app.ini" <<INI
RUN_MODE = prod
RUN_USER = ${user:-$(id -un)}
WORK_PATH = $dir
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = $port
ROOT_URL = http://127.0.0.1:$port/
STATIC_ROOT_PATH = $dir
OFFLINE_MODE = true
DISABLE_SSH = true
[database]
DB_TYPE = postgres
HOST = 127.0.0.1:$database
NAME = gitea
USER = gitea
[security]
INSTALL_LOCK = true
SECRET_KEY = only-for-this-test
[log]
MODE = file
LEVEL = warn
INI
[ -z "$user" ] || chown -R postgres "$dir"
export HOME="$dir"
(as "$dir/gitea" -c "$dir/app.ini" migrate) >"$dir/migrate.log" 2>&1 || { tail "$dir/migrate.log"; exit 1; }
(as "$dir/gitea" -c "$dir/app.ini" admin user create --username ci --password sesame-of-ci --email ci@example.com --must-change-password=false) >/dev/null
(as "$dir/gitea" -c "$dir/app.ini" web) >"$dir/web.log" 2>&1 &
server=$!
tries=0
until curl -fs "http://127.0.0.1:$port/api/healthz" >/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 60 ] || { tail "$dir/web.log"; exit 1; }
  sleep 1
done
cd "$here"
export HOME="$home" LEDGER_TEST_GITEA="http://127.0.0.1:$port" LEDGER_TEST_PASSWORD=sesame-of-ci
go test ./apply/ledger/remote -count=1 -v -run Gitea
# And the whole life of a ledger, with the binary: moved there from a file, locked, killed, unlocked, lost with the checkout, changed by hand.
go test ./acceptance -count=1 -v -run TestScripts/ledger/byhand
