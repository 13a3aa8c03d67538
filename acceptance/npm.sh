#!/bin/sh
# What is released is built twice and is the same, and is static. npm's packages are published to a registry on this machine (verdaccio), installed from it in empty
# folders without scripts by npm, pnpm and both yarns, and used there: exit codes, quickstart. Then 200 tests each under vitest with 4
# workers, node --test and bun, on one Rivet each, and vitest is killed. It needs Go, Node.js and npm; everything is in a temporary folder, and gone afterwards.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
port=33119
upstream=$(npm config get registry)
dir=$(mktemp -d)
verdaccio= served=
stop() {
  for pid in $verdaccio $served; do kill "$pid" || true; done
  wait || true
  rm -rf "$dir"
}
trap stop EXIT
say() { printf '\n== %s (%d s)\n' "$1" "$(($(date +%s) - began))"; }
began=$(date +%s)
fails() { # CODE COMMAND…
  want=$1 got=0
  shift
  "$@" || got=$?
  [ "$got" = "$want" ] || { echo "$* ended with $got, not $want" >&2; exit 1; }
}
awaits() { # what must become so
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "never: $*" >&2; exit 1; }
    sleep 0.1
  done
}

say 'built twice, in different places'
go run ./internal/release -out "$dir/dist"
git clone -q . "$dir/elsewhere"
if git diff --quiet HEAD; then # what is not committed is not there
  (cd "$dir/elsewhere" && go run ./internal/release -out "$dir/again")
  cmp "$dir/dist/SHA256SUMS" "$dir/again/SHA256SUMS"
fi
(cd "$dir/dist" && sha256sum --quiet -c SHA256SUMS)
binary=$dir/dist/$(go env GOOS)/$(go env GOARCH)/riveter
ldd "$binary" 2>&1 | grep -q 'not a dynamic executable\|statically linked'
"$binary" version -json | grep -q '"commit":"[0-9a-f]\{40\}'
ls -l "$dir/dist"

say 'published to a registry on this machine'
mkdir "$dir/registry"
cat >"$dir/registry/config.yaml" <<YAML
storage: $dir/registry/storage
uplinks:
  upstream: {url: "$upstream"}
packages:
  '@riveter/*': {access: \$all, publish: \$all}
  '**': {access: \$all, proxy: upstream}
log: {type: stdout, level: error}
max_body_size: 100mb
YAML
echo '{ "private": true, "overrides": { "node-fetch": "2.7.0" } }' >"$dir/registry/package.json" # verdaccio asks for it by a tag that mirrors may lack
npm install --silent --prefix "$dir/registry" --ignore-scripts --no-audit --no-fund verdaccio@6
(exec node "$dir/registry/node_modules/verdaccio/bin/verdaccio" -c "$dir/registry/config.yaml" -l 127.0.0.1:$port) >"$dir/registry/log" 2>&1 &
verdaccio=$!
address=http://127.0.0.1:$port
awaits curl -fso /dev/null $address/-/ping
printf 'registry=%s/\n//127.0.0.1:%s/:_authToken=anybody\n' $address $port >"$dir/npmrc"
export npm_config_userconfig="$dir/npmrc" npm_config_cache="$dir/cache"
for package in "$dir"/dist/*.tgz; do npm publish --silent --access public "$package"; done

say 'installed in empty folders'
npm install --silent --prefix "$dir/managers" --no-audit --no-fund pnpm@9 yarn@1 @yarnpkg/cli-dist@4
managers=$dir/managers/node_modules
cp -r examples/quickstart "$dir/quickstart"
"$binary" dev -serve -quiet -registry examples/registry >"$dir/address" 2>"$dir/serve.log" </dev/null &
served=$!
awaits grep -q http "$dir/address"
RIVET_ENDPOINT=$(cat "$dir/address")
export RIVET_ENDPOINT
quietly() { "$@" >log 2>&1 || { cat log >&2; exit 1; }; }
use() { # RUNNER…: how the manager runs a program
  "$@" riveter version
  fails 2 "$@" riveter plan -concise -detailed-exitcode -key-prefix="$name" "$dir/quickstart"
  "$@" riveter apply -concise -auto-approve -key-prefix="$name" -ledger="$PWD/ledger.json" "$dir/quickstart" | grep '^Apply complete: 3 created'
  fails 0 "$@" riveter plan -concise -detailed-exitcode -key-prefix="$name" -ledger="$PWD/ledger.json" "$dir/quickstart"
}
seeds() { # NODE…: how the manager runs node
  "$@" -e 'import("@riveter/cli/test").then(async ({ fixture }) => { const f = await fixture(process.argv[1]); console.log("seeded", f.key("general")); await f.dispose(); })' "$dir/quickstart"
}
for name in npm pnpm yarn berry; do
  say "by $name"
  mkdir "$dir/$name"
  cd "$dir/$name"
  echo '{ "private": true }' >package.json
  case $name in
  npm)
    quietly npm install --ignore-scripts @riveter/cli
    use npm exec --
    seeds node
    ;;
  pnpm)
    quietly node "$managers/pnpm/bin/pnpm.cjs" add --ignore-scripts --store-dir "$dir/store" --config.cache-dir="$dir/metadata" @riveter/cli
    use node "$managers/pnpm/bin/pnpm.cjs" exec
    seeds node
    ;;
  yarn)
    quietly node "$managers/yarn/bin/yarn.js" add --ignore-scripts --cache-folder "$dir/yarn-cache" @riveter/cli
    use node "$managers/yarn/bin/yarn.js" --silent run
    seeds node "$managers/yarn/bin/yarn.js" --silent node
    ;;
  berry)
    printf 'npmRegistryServer: "%s"\nunsafeHttpWhitelist: ["127.0.0.1"]\nenableScripts: false\nenableGlobalCache: false\nenableTelemetry: false\nnpmMinimalAgeGate: 0\n' $address >.yarnrc.yml
    touch yarn.lock
    quietly node "$managers/@yarnpkg/cli-dist/bin/yarn.js" add @riveter/cli
    use node "$managers/@yarnpkg/cli-dist/bin/yarn.js" run
    seeds node "$managers/@yarnpkg/cli-dist/bin/yarn.js" node
    ;;
  esac
done
kill -INT $served
wait $served || true
served=
unset RIVET_ENDPOINT

say 'a project with tests'
cp -r "$root/examples/registry/actors" "$root/examples/registry/server.mjs" "$root/examples/registry/package.json" "$dir/"
mkdir "$dir/suite"
cd "$dir/suite"
mv "$dir/actors" "$dir/server.mjs" "$dir/package.json" .
npm install --silent --ignore-scripts --no-audit --no-fund
npm install --silent --no-audit --no-fund vitest@3 bun@1 @riveter/cli
cp -r "$root/acceptance/suite/." .
engines() { pgrep -f "$dir/suite/node_modules/.*rivet-engine" | wc -l; }
gone() { ! pgrep -f "$dir/suite/node_modules/" >/dev/null; }
timed() { # NAME COMMAND…: the time to the first line of the first test, and all of it
  rm -f first
  STARTED=$(date +%s%3N) "$@" >log 2>&1 || { tail -40 log; exit 1; }
  cat first
}

say 'vitest, 4 workers'
node generate.mjs vitest 20 10
timed npx vitest run --config vitest.config.mjs
grep -a 'Tests .*200 passed' log
awaits gone

say 'node --test'
node generate.mjs node 8 25
timed npx riveter dev -serve -quiet -- node --test
grep '^# pass 200$' log
awaits gone

say 'bun test'
node generate.mjs bun 8 25
timed npx bun test
grep '200 pass' log
awaits gone

say 'vitest is killed'
node generate.mjs vitest 20 10
node node_modules/vitest/vitest.mjs run --config vitest.config.mjs >log 2>&1 &
vitest=$!
awaits test -e first
[ "$(engines)" -gt 0 ]
kill -KILL $vitest
wait $vitest || true
awaits gone

say 'passed'
