#!/bin/sh
# Sets others, from npm, beside us: validators on the same corpus, and a generator on the official schema of a request, which lies beside the
# repository. Without npm, a network or the schema it says so and leaves them out.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

install() {
  npm install --prefix "$folder" --silent --no-audit --no-fund --fetch-retries=1 "$@" >"$folder/log" 2>&1
}

validators() {
  install ajv@8 @sourcemeta/jsonschema@16 || { echo "ajv and Blaze are left out: npm could not install them"; return 0; }
  build/chatconform schema request >"$folder/request.json" && "$BUILD/bench/bench" --dump "$folder" || return 1
  node bench/peers.mjs "$folder" build/chatconform
}

generators() {
  [ -n "${CHATCONFORM_SHARED:-}" ] || { echo "json-schema-faker is left out: CHATCONFORM_SHARED is not set"; return 0; }
  install json-schema-faker@0.6 yaml@2 || { echo "json-schema-faker is left out: npm could not install it"; return 0; }
  "$BUILD/bench/fuzz" >"$folder/fuzz" && node bench/peers_fuzz.mjs "$folder" "$CHATCONFORM_SHARED/spec/openai-chat.yaml" "$folder/fuzz"
}

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "ajv, Blaze and json-schema-faker are left out: there is no node or npm"
  exit 0
fi
echo '{"private": true}' >"$folder/package.json"
validators && echo && generators
