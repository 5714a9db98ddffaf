#!/usr/bin/env bash
# build.sh BUILD_TAG RUNTIME_TAG
#
# Builds stand-ins for the two images that the Dockerfile begins with, node:24-slim and distroless/cc-debian13:nonroot,
# out of Debian's packages and this machine's Node.js, for machines that reach no registry.
set -euo pipefail
build_tag=$1 runtime_tag=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

make_root() { # FOLDER PACKAGE...: what Node.js is linked to, an account and this machine's trusted certificates
  "$here/../debian-root.sh" trixie "$1" -x debconf -x openssl libc6 libstdc++6 base-files "${@:2}"
  printf '%s\n' 'root:x:0:0:root:/root:/sbin/nologin' 'nonroot:x:65532:65532::/home/nonroot:/sbin/nologin' \
    >"$1/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nonroot:x:65532:' >"$1/etc/group"
  printf '%s\n' 'hosts: files dns' 'passwd: files' 'group: files' >"$1/etc/nsswitch.conf"
  mkdir -p "$1/etc/ssl/certs" "$1/usr/local/bin"
  cp --dereference /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
}

make_image() { # FOLDER TAG
  tar --directory "$1" --numeric-owner --sort=name --create --file "$1.tar" .
  printf '%s\n' 'FROM scratch' "ADD $(basename "$1").tar /" 'ENV PATH=/usr/local/bin:/usr/bin:/bin' >"$context/Dockerfile"
  docker build --quiet --tag "$2" "$context"
  rm -rf "$1" "$1.tar"
}

make_root "$context/runtime"
make_image "$context/runtime" "$runtime_tag"

make_root "$context/build" coreutils dash findutils
ln -sf dash "$context/build/usr/bin/sh"
# as npm and nodejs.org give it, it needs nothing but the libraries above
install -m 755 "$(node --print process.execPath)" "$context/build/usr/local/bin/node"
make_image "$context/build" "$build_tag"
