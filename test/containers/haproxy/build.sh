#!/usr/bin/env bash
# build.sh TAG
#
# Builds a stand-in for the official image haproxy:3.0 out of Debian's packages, for machines that reach no registry.
set -euo pipefail
tag=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/root

"$here/../debian-root.sh" trixie "$root" -x debconf -x openssl -x adduser -x init-system-helpers haproxy base-files
printf '%s\n' 'root:x:0:0:root:/root:/sbin/nologin' 'haproxy:x:99:99::/var/lib/haproxy:/sbin/nologin' \
  >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'haproxy:x:99:' >"$root/etc/group"
tar --directory "$root" --numeric-owner --sort=name --create --file "$context/root.tar" .
rm -rf "$root"
cat >"$context/Dockerfile" <<'DOCKERFILE'
FROM scratch
ADD root.tar /
ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin
USER haproxy
STOPSIGNAL SIGUSR1
ENTRYPOINT ["haproxy"]
CMD ["-f", "/usr/local/etc/haproxy/haproxy.cfg"]
DOCKERFILE
docker build --quiet --tag "$tag" "$context"
