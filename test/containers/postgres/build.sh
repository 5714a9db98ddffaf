#!/usr/bin/env bash
# build.sh TAG [MAJOR]
#
# Builds a stand-in for the official image postgres:MAJOR (default 17) out of Debian's packages, for machines that reach no
# registry.
set -euo pipefail
tag=$1 major=${2:-17}
case $major in
  15) suite=bookworm llvm=libllvm14 ;;
  17) suite=trixie llvm=libllvm19 ;;
  *) echo "no Debian suite has Postgres $major that is known here: 15 or 17" >&2; exit 2 ;;
esac
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/root

# Left out: what only maintainer scripts and the JIT compiler need.
left_out=("$llvm" perl perl-base postgresql-common postgresql-client-common ssl-cert locales debconf adduser ucf
  sensible-utils netbase passwd login libpam-runtime libpam-modules libpam-modules-bin)
exclusions=()
for package in "${left_out[@]}"; do exclusions+=(-x "$package"); done
"$here/../debian-root.sh" "$suite" "$root" "${exclusions[@]}" "postgresql-$major" \
  base-files bash coreutils dash findutils gosu grep gzip hostname libc-bin mawk sed tzdata

# What the packages' own scripts would have done.
rm -f "$root/usr/lib/postgresql/$major"/lib/llvmjit*
printf '%s\n' 'root:x:0:0:root:/root:/bin/bash' 'postgres:x:999:999::/var/lib/postgresql:/bin/bash' \
  'nobody:x:65534:65534::/nonexistent:/bin/false' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'postgres:x:999:' 'nogroup:x:65534:' >"$root/etc/group"
printf '%s\n' 'hosts: files dns' 'passwd: files' 'group: files' >"$root/etc/nsswitch.conf"
ln -sf dash "$root/usr/bin/sh"
ln -sf mawk "$root/usr/bin/awk"
rmdir "$root/var/run"
ln -s ../run "$root/var/run"

mkdir -p "$root/docker-entrypoint-initdb.d" "$root/var/lib/postgresql/data" "$root/run/postgresql" "$root/usr/local/bin"
chown -R 999:999 "$root/var/lib/postgresql" "$root/run/postgresql"
chmod 3777 "$root/run/postgresql"
sed -i "s/^#\?listen_addresses = .*/listen_addresses = '*'/" "$root/usr/share/postgresql/$major/postgresql.conf.sample"
install -m 755 "$here/docker-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"

tar --directory "$root" --numeric-owner --sort=name --create --file "$context/root.tar" .
rm -rf "$root"
cat >"$context/Dockerfile" <<DOCKERFILE
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$major/bin
ENV LANG=C.UTF-8 PG_MAJOR=$major PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
DOCKERFILE
docker build --quiet --tag "$tag" "$context"
