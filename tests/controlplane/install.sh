#!/usr/bin/env bash
# Builds a real Kubernetes control plane for the tests and keeps it in the user's cache.
#
#   tests/controlplane/install.sh           builds what is missing; the last line on stdout is the bin directory
#   tests/controlplane/install.sh --check   builds nothing; exit code 3 when there is nothing to print
#
# Everything comes from Debian 12's archive through apt, and nothing of it is installed: packages are unpacked
# into a work directory (installing etcd-server would start a service), and apt runs with a private configuration
# so that the system's own sources stay as they are. An interrupted run goes on where it stopped.
#
# Exit codes: 2 wrong argument · 3 --check found nothing · 10 not Debian 12 · 11 apt is missing
#             12 apt knows no Debian source · 13 a tool is missing and cannot be installed
#             14 a download failed · 15 the build failed
set -euo pipefail
umask 022

# The newest Kubernetes whose Debian source package still holds the whole tree; later ones carry kubectl only.
kubernetes_version=1.20.2
debian_codename=bookworm
go_package=golang-1.19

script=$(readlink -f "${BASH_SOURCE[0]}")
root="${XDG_CACHE_HOME:-$HOME/.cache}/meshroll/controlplane"
# A changed recipe gets a key of its own, so nobody tests with binaries that this script would not build.
key="$kubernetes_version-$(sha256sum "$script" | cut -c1-12)"
published="$root/$key"
work="$root/.work-$key"
components=(kube-apiserver kube-controller-manager kube-scheduler kubectl)

say() { printf 'controlplane: %s\n' "$*" >&2; }
stop() { local code=$1; shift; say "$*"; exit "$code"; }

# Runs a command with its output in a log file, which is shown only when the command fails.
logged() {
    local code=$1 name=$2; shift 2
    if ! "$@" >"$work/log/$name" 2>&1; then
        tail -n 40 "$work/log/$name" >&2
        stop "$code" "$name failed; the whole log is $work/log/$name"
    fi
}

# A stage that ended well leaves a mark, and a later run does not repeat it.
stage() {
    local name=$1
    if [[ ! -e "$work/done/$name" ]]; then
        "stage_$name"
        touch "$work/done/$name"
    fi
}

# `current` is what the fixture looks for; it is replaced by rename so that it never points nowhere.
point_current_here() {
    if [[ "$(readlink "$root/current" 2>/dev/null || true)" != "$key" ]]; then
        ln -sfn "$key" "$root/.current.$$"
        mv -T "$root/.current.$$" "$root/current"
    fi
}

finish() {
    point_current_here
    printf '%s\n' "$published/bin"
    exit 0
}

is_debian() {
    [[ -r /etc/os-release ]] && (. /etc/os-release && [[ "${ID:-}" == debian && "${VERSION_CODENAME:-}" == "$debian_codename" ]])
}

require_tools() {
    local missing=()
    command -v dpkg-source >/dev/null || missing+=(dpkg-dev)
    command -v patch >/dev/null || missing+=(patch)
    command -v xz >/dev/null || missing+=(xz-utils)
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
    (( ${#missing[@]} == 0 )) && return
    (( EUID == 0 )) || stop 13 "missing: ${missing[*]}; install them or run this as root"
    say "installing ${missing[*]}"
    logged 13 tools-update apt-get update
    logged 13 tools-install env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# Copies the system's Debian sources, each with source packages switched on. Third-party sources are left out:
# their suites or components are named differently, and their failures must not become ours.
write_private_sources() {
    local into=$1 file
    rm -rf "$into" && mkdir -p "$into"
    local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
    for file in "${files[@]}"; do
        [[ -r "$file" ]] || continue
        case "$file" in
            *.sources)
                sed '/^[[:space:]]*#/d' "$file" | awk -v codename="$debian_codename" '
                    BEGIN { RS = ""; FS = "\n"; ORS = "\n\n" }
                    {
                        suite = 0; main = 0; binary = 0; off = 0; text = ""
                        for (i = 1; i <= NF; i++) {
                            line = $i; name = tolower(line); sub(/:.*/, "", name)
                            words = " " line " "
                            if (name == "suites" && words ~ ("[ \t]" codename "(-updates|-security|/updates)?[ \t]")) suite = 1
                            if (name == "components" && words ~ /[ \t]main[ \t]/) main = 1
                            if (name == "enabled" && tolower(line) ~ /:[ \t]*(no|false|0)/) off = 1
                            if (name == "types") { if (words ~ /[ \t]deb[ \t]/) binary = 1; line = "Types: deb deb-src" }
                            text = text (i > 1 ? "\n" : "") line
                        }
                        if (suite && main && binary && !off) print text
                    }' >>"$into/debian.sources" ;;
            *)
                awk -v codename="$debian_codename" '
                    $1 == "deb" && (" " $0 " ") ~ (" " codename "(-updates|-security|/updates)? .*main ") {
                        print
                        sub(/^deb/, "deb-src"); print
                    }' "$file" >>"$into/debian.list" ;;
        esac
    done
    find "$into" -type f -empty -delete
    [[ -n "$(ls -A "$into")" ]] || stop 12 "apt has no source for Debian $debian_codename main, so there is nowhere to get packages from"
}

write_private_apt() {
    local apt="$work/apt"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    write_private_sources "$apt/sources"
    # Read after the system's own configuration, so a proxy set there still counts. The hooks are cleared because
    # they tidy up the system's directories, which are none of our business.
    cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear Acquire::IndexTargets::deb::DEP-11;
CONF
}

private_apt() { apt-get -c "$work/apt/apt.conf" "$@"; }

stage_download() {
    say "downloading Debian packages and the Kubernetes source"
    write_private_apt
    logged 14 apt-update private_apt update
    mkdir -p "$work/packages"
    cd "$work/packages"
    local source_version
    source_version=$(apt-cache -c "$work/apt/apt.conf" showsrc kubernetes 2>/dev/null \
        | sed -n 's/^Version: //p' | grep -F "really$kubernetes_version" | sort -V | tail -n 1) || true
    [[ -n "$source_version" ]] || stop 14 "Debian's archive, as apt sees it, has no source of Kubernetes $kubernetes_version"
    logged 14 apt-download private_apt download \
        "$go_package-go" "$go_package-src" golang-github-modern-go-reflect2-dev etcd-server etcd-client
    logged 14 apt-source private_apt source --download-only "kubernetes=$source_version"
}

stage_unpack() {
    say "unpacking"
    local package
    rm -rf "$work/unpacked" "$work/gopath"
    mkdir -p "$work/unpacked" "$work/gopath/src/k8s.io"
    for package in "$work"/packages/*.deb; do
        dpkg-deb -x "$package" "$work/unpacked"
    done
    # apt has checked the archive's signature; dpkg-source would ask for the uploader's key too.
    logged 15 unpack-source dpkg-source --no-check -x "$work"/packages/kubernetes_*.dsc "$work/gopath/src/k8s.io/kubernetes"
    # The vendored reflect2 reaches into the Go runtime's maps, which Go 1.18 rearranged: it compiles and then
    # panics when an object is read from JSON. Debian's is the first one that knows the new layout.
    local vendored="$work/gopath/src/k8s.io/kubernetes/vendor/github.com/modern-go/reflect2"
    rm -rf "$vendored"
    cp -r "$work/unpacked/usr/share/gocode/src/github.com/modern-go/reflect2" "$vendored"
}

# GOPATH mode, because module mode refuses this tree's vendor directory. Nothing of the caller's Go setup counts.
run_go() {
    env -u GOFLAGS -u GOOS -u GOARCH -u GOTOOLCHAIN \
        GOROOT="$work/unpacked/usr/lib/go-${go_package#golang-}" GOPATH="$work/gopath" GOCACHE="$work/gocache" \
        GO111MODULE=off GOENV=off CGO_ENABLED=0 GOTMPDIR="$work/tmp" \
        "$work/unpacked/usr/lib/go-${go_package#golang-}/bin/go" "$@"
}

# Debian's tarball lacks this one generated file, and the API server does not compile without it.
stage_openapi() {
    say "generating the OpenAPI definitions"
    local tree="$work/gopath/src/k8s.io/kubernetes"
    cd "$tree"
    logged 15 openapi-gen-build run_go build -o "$work/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
    local packages
    packages=$( {
            grep -rl --include='*.go' --exclude='*_test.go' --exclude='zz_generated*' '+k8s:openapi-gen=' cmd pkg plugin || true
            # vendor/k8s.io consists of links, which grep -r does not follow by itself.
            grep -Rl --include='*.go' --exclude='*_test.go' --exclude='zz_generated*' '+k8s:openapi-gen=' vendor/k8s.io || true
        } | xargs -n 1 dirname | sort -u \
        | grep -v -e '^vendor/k8s.io/code-generator' -e '^vendor/k8s.io/sample-' -e '^vendor/k8s.io/kube-openapi' -e '^vendor/k8s.io/gengo' \
        | sed 's#^#k8s.io/kubernetes/#' | paste -sd, )
    logged 15 openapi-gen-run env GOROOT="$work/unpacked/usr/lib/go-${go_package#golang-}" GOPATH="$work/gopath" \
        GOCACHE="$work/gocache" GO111MODULE=off GOENV=off CGO_ENABLED=0 PATH="$work/unpacked/usr/lib/go-${go_package#golang-}/bin:$PATH" \
        "$work/openapi-gen" --output-base "$work/gopath/src" --output-package k8s.io/kubernetes/pkg/generated/openapi \
        --output-file-base zz_generated.openapi --go-header-file hack/boilerplate/boilerplate.generatego.txt \
        --report-filename "$work/log/openapi-violations" --input-dirs "$packages"
}

stage_compile() {
    say "compiling Kubernetes $kubernetes_version (some minutes)"
    cd "$work/gopath/src/k8s.io/kubernetes"
    local package flags='-s -w' targets=() component
    for package in component-base/version client-go/pkg/version; do
        package="k8s.io/kubernetes/vendor/k8s.io/$package"
        flags+=" -X $package.gitVersion=v$kubernetes_version -X $package.gitMajor=1 -X $package.gitMinor=20 -X $package.gitTreeState=archive"
    done
    for component in "${components[@]}"; do targets+=("k8s.io/kubernetes/cmd/$component"); done
    mkdir -p "$work/out"
    logged 15 compile run_go build -tags providerless -trimpath -ldflags "$flags" -o "$work/out/" "${targets[@]}"
}

publish() {
    local staging="$root/.publish-$key.$$" binary
    rm -rf "$root/.publish-$key".*
    mkdir -p "$staging/bin"
    for binary in "${components[@]}"; do mv "$work/out/$binary" "$staging/bin/"; done
    for binary in etcd etcdctl; do cp "$work/unpacked/usr/bin/$binary" "$staging/bin/"; done
    rm -rf "$published"
    mv -T "$staging" "$published"
    # Also what interrupted runs of an older recipe left: gigabytes that nobody would come back for.
    rm -rf "$root"/.work-*
}

case "${1:-}" in
    '') ;;
    --check) [[ -x "$published/bin/kube-apiserver" ]] || stop 3 "not built yet; run $script"; finish ;;
    *) stop 2 "unknown argument '$1'" ;;
esac

[[ -x "$published/bin/kube-apiserver" ]] && finish
is_debian || stop 10 "this recipe needs Debian 12 ($debian_codename), whose archive has the Kubernetes source it builds"
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || stop 11 "apt-get and dpkg-deb are needed to get the packages"

mkdir -p "$root"
exec 9>"$root/.lock"
if ! flock --nonblock 9; then
    say "another build is running; waiting for it"
    flock 9
fi
[[ -x "$published/bin/kube-apiserver" ]] && finish

mkdir -p "$work/done" "$work/log" "$work/tmp"
require_tools
for name in download unpack openapi compile; do stage "$name"; done
publish
say "ready in ${SECONDS} s"
finish
