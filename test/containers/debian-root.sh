#!/usr/bin/env bash
# debian-root.sh SUITE FOLDER [-x PACKAGE]... PACKAGE...
#
# Unpacks packages of a Debian suite, with all they depend on, into FOLDER: the root of an image that no registry has to
# provide. Where the packages come from and whether they are genuine is left to this machine's apt. No maintainer script
# runs, and nothing of this machine's own packages changes. `-x` leaves a package out, with what only it needs.
# Needs root (owners of files) and apt. Downloads are kept in $XDG_CACHE_HOME (~/.cache).
set -euo pipefail
suite=$1 folder=$2
shift 2
left_out=() packages=()
while (($#)); do
  case $1 in
    -x) left_out+=("$2"); shift 2 ;;
    *) packages+=("$1"); shift ;;
  esac
done

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
architecture=$(dpkg --print-architecture)
mirrors=$(apt-get indextargets --format '$(REPO_URI)' | sort -u)
state=${XDG_CACHE_HOME:-$HOME/.cache}/mortise/debian/$suite
mkdir -p "$state"/{lists,archives}/partial "$state/none" "$folder"

{
  echo "deb [signed-by=$keyring arch=$architecture] $(grep -v security <<<"$mirrors" | head -1) $suite main"
  security=$(grep security <<<"$mirrors" | head -1) || true
  [ -z "$security" ] || echo "deb [signed-by=$keyring arch=$architecture] $security $suite-security main"
} >"$state/sources.list"

# To apt, what is left out is installed already.
for package in "${left_out[@]}"; do
  printf '%s\n' "Package: $package" 'Status: install ok installed' 'Version: 9999:0' "Architecture: $architecture" \
    'Multi-Arch: allowed' 'Maintainer: none <none@localhost>' 'Description: left out' ''
done >"$state/status"

apt=(apt-get -qq --yes --no-install-recommends
  -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts="$state/none"
  -o Dir::Etc::preferencesparts="$state/none" -o Dir::State="$state" -o Dir::State::lists="$state/lists"
  -o Dir::State::status="$state/status" -o Dir::Cache="$state" -o Dir::Cache::archives="$state/archives"
  -o APT::Sandbox::User=root -o APT::Keep-Downloaded-Packages=true -o Acquire::Languages=none -o Acquire::Retries=3
  -o Debug::NoLocking=1)
"${apt[@]}" update
"${apt[@]}" --download-only install "${packages[@]}" >/dev/null
"${apt[@]}" --simulate install "${packages[@]}" | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' >"$state/closure"

for name in bin sbin lib lib64; do
  mkdir -p "$folder/usr/$name"
  [ -e "$folder/$name" ] || ln -s "usr/$name" "$folder/$name"
done
mkdir -p "$folder"/{etc,tmp,proc,sys,dev,run,root,home,var/tmp,var/lib,var/log}
chmod 1777 "$folder/tmp" "$folder/var/tmp"

unpack() { # STATE FOLDER NAME VERSION
  local file=("$1/archives/$3_${4//:/%3a}"_*.deb)
  dpkg-deb --fsys-tarfile "${file[0]}" | tar --extract --preserve-permissions --keep-directory-symlink --directory "$2" \
    --exclude='./usr/share/doc/*' --exclude=./usr/share/{man,locale,info,lintian,bug,bash-completion,perl5} \
    --exclude='./usr/lib/*/gconv' --exclude='./usr/lib/*/perl-base' --exclude=./usr/lib/systemd \
    --exclude='./usr/lib/postgresql/*/lib/'{bitcode,pgxs}
}
export -f unpack
xargs --arg-file="$state/closure" -L1 -P"$(nproc)" bash -euo pipefail -c 'unpack "$@"' _ "$state" "$folder"
/sbin/ldconfig -r "$folder"
