#!/bin/sh
# Installs what chatconform is built with, and only what is missing. Without root (and without sudo that asks nothing) it prints the
# one line to run. apt, dnf and brew are known; elsewhere it names what to look for.
set -u

missing=
need() { # need COMMAND-OR-PKG-CONFIG-NAME: remembered when it is not there
  case $1 in
    pkg:*) pkg-config --exists "${1#pkg:}" 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac || missing="$missing $1"
}
for name in cc make pkg-config pkg:libcurl pkg:json-c pkg:yaml-0.1 pkg:libmicrohttpd pkg:libpcre2-8 pkg:check xmllint openssl curl; do need "$name"; done
[ -z "$missing" ] && exit 0

apt='build-essential pkg-config libcurl4-openssl-dev libjson-c-dev libyaml-dev libmicrohttpd-dev libpcre2-dev check libxml2-utils openssl curl'
dnf='gcc make pkgconf-pkg-config libcurl-devel json-c-devel libyaml-devel libmicrohttpd-devel pcre2-devel check-devel libxml2 openssl curl'
brew='pkg-config curl json-c libyaml libmicrohttpd pcre2 check libxml2 openssl'

if command -v apt-get >/dev/null 2>&1; then
  line="apt-get update && apt-get install -y --no-install-recommends $apt"
elif command -v dnf >/dev/null 2>&1; then
  line="dnf install -y $dnf"
elif command -v brew >/dev/null 2>&1; then
  brew install $brew && exit 0
  echo "deps: brew could not install what is missing:$missing" >&2
  exit 1
else
  echo "deps: missing:$missing. Install the development packages of libcurl, json-c, libyaml, libmicrohttpd, PCRE2 and Check, and a C compiler." >&2
  exit 1
fi

if [ "$(id -u)" = 0 ]; then
  echo "deps: installing what is missing:$missing" >&2
  DEBIAN_FRONTEND=noninteractive sh -c "$line" >&2 && exit 0
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  echo "deps: installing what is missing (sudo):$missing" >&2
  sudo DEBIAN_FRONTEND=noninteractive sh -c "$line" >&2 && exit 0
else
  echo "deps: missing:$missing. Run this once: sudo sh -c '$line'" >&2
  exit 1
fi
echo "deps: the package manager could not install what is missing:$missing" >&2
exit 1
