#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# klp-build's command line and what it says of bad input, as far as that needs no real kernel: the
# "kernel" here is a Makefile, a configuration and an ELF file with a banner.
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=$PWD/build/klp-build
work=$(mktemp -d "/tmp/klpkit cli.XXXXXX") || exit 1
plain=$(mktemp -d /tmp/klpkit-cli.XXXXXX) || exit 1
trap 'rm -rf "$work" "$plain"' EXIT
cd "$work" || exit 1
export XDG_CACHE_HOME="$work/the cache" TMPDIR="$plain"
mkdir -p "$XDG_CACHE_HOME"
count=0

verdict() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/#   /' log
	fi
}

check() { # NAME EXIT TEXT COMMAND...: and nothing is left in the output directory
	local name=$1 want=$2 text=$3 status
	shift 3
	rm -rf out
	"$@" >log 2>&1 </dev/null
	status=$?
	[ "$status" -eq "$want" ] && grep -qF -- "$text" log && ! compgen -G 'out/*' >/dev/null
	verdict $? "$name"
	[ "$status" -eq "$want" ] || echo "#   exit $status, not $want"
}

# --- the stand-in for a kernel
compiler=$(gcc --version | head -n 1)
version=6.1.99
release=6.1.99-klpkit
tree="$work/a tree"
mkdir -p "$tree/scripts" "$tree/arch/x86" "$tree/mm" "$tree/Documentation"
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 99\nEXTRAVERSION =\n' >"$tree/Makefile"
touch "$tree/Kconfig" "$tree/scripts/Makefile.build"
printf 'int a(void)\n{\n\treturn 1;\n}\n' >"$tree/mm/a.c"

make_config() { # VERSION COMPILER SALT
	cat <<-CONFIG
		# Linux/x86 $1 Kernel Configuration
		CONFIG_CC_VERSION_TEXT="$2"
		CONFIG_CC_IS_GCC=y
		CONFIG_BUILD_SALT="$3"
		CONFIG_X86_64=y
		CONFIG_LIVEPATCH=y
	CONFIG
}

make_image() { # FILE RELEASE VERSION COMPILER
	cat >image.c <<-C
		const char linux_banner[] = "Linux version $2 (a@b) ($4, GNU ld 2.40) "
			"#1 SMP Debian $3-1 (2026-01-01)\\n";
		void start_kernel(void) { }
	C
	gcc -O1 -fno-pie -mcmodel=kernel -c -o image.o image.c &&
		ld -N --no-warn-rwx-segments -Ttext=0xffffffff81000000 -e start_kernel -o "$1" image.o
}

make_config "$version" "$compiler" "$release" >config
make_image vmlinux "$release" "$version" "$compiler" || exit 1
printf '0x12345678\tstart_kernel\tvmlinux\tEXPORT_SYMBOL\t\n' >symvers
cat >good.patch <<'PATCH'
--- a/mm/a.c
+++ b/mm/a.c
@@ -1,4 +1,4 @@
 int a(void)
 {
-	return 1;
+	return 2;
 }
PATCH
parts() { # PATCH..., with what is replaced before it as options
	"$tool" --sourcedir "${source:-$tree}" --config "${config:-config}" \
		--vmlinux "${vmlinux:-vmlinux}" --symvers "${symvers:-symvers}" -o out "$@"
}

# --- usage
check "no patch is wrong usage" 64 "which patch" "$tool" --kernel 6.1.0
check "no kernel is wrong usage" 64 "--sourcedir" "$tool" good.patch
check "an unknown option is wrong usage" 64 "--nonsense" "$tool" --nonsense good.patch
check "a source without a config" 64 "--config" "$tool" --sourcedir . good.patch
check "a source without an image" 64 "--vmlinux" "$tool" --sourcedir . --config x good.patch
check "a source without symbol versions" 64 "--symvers" \
	"$tool" --sourcedir . --config x --vmlinuz x good.patch
check "a kernel by both ways" 64 "--kernel finds everything" \
	"$tool" --kernel 6.1.0 --config x good.patch
check "-j wants a number" 64 "not '0'" "$tool" --kernel 6.1.0 -j 0 good.patch
check "a name that is none" 64 "a-b" "$tool" --kernel 6.1.0 -n a-b good.patch
check "a name that is too long" 64 "longer than" \
	"$tool" --kernel 6.1.0 -n "$(printf 'x%.0s' {1..60})" good.patch
check "livepatch has one model" 64 "task only" "$tool" --kernel 6.1.0 --model kernel good.patch
check "a model that is none" 64 "no model 'x'" "$tool" --kernel 6.1.0 --backend loader --model x good.patch
check "a minimum that is none" 64 "as set:thread, not 'x'" "$tool" --kernel 6.1.0 --minimum x good.patch
check "an unknown backend" 64 "no backend 'x'" "$tool" --kernel 6.1.0 --backend x good.patch
check "a key without a certificate" 64 "belong together" \
	"$tool" --kernel 6.1.0 --sign-key k good.patch
check "--help" 0 "--sourcedir" "$tool" --help
check "--version" 0 "klp-build" "$tool" --version

# --- patches
echo hello >text.patch
check "what is not a patch" 1 "text.patch is not a patch" parts text.patch
check "a binary file" 1 "is a binary file" parts vmlinux
check "an empty patch" 1 "is not a patch" parts /dev/null
check "a patch that is not there" 1 "gone.patch" parts gone.patch
check "a directory as a patch" 1 "cannot read" parts .
head -n 6 good.patch >cut.patch
check "a truncated patch" 1 "cut.patch:6" parts cut.patch
sed 's|[ab]/mm/a.c|&/../../../../etc/passwd|' good.patch >escape.patch
check "a patch that leaves the tree" 1 "leaves the source directory" parts escape.patch
printf -- '--- /dev/null\n+++ b/Documentation/x.rst\n@@ -0,0 +1 @@\n+x\n' >doc.patch
check "only documentation is exit code 3" 3 "only documentation" parts doc.patch
sed 's/return 1/return 7/' good.patch >stale.patch
check "a hunk that fails is named with its file" 1 "mm/a.c: Hunk #1 FAILED" parts stale.patch
sed 's|mm/a.c|mm/gone.c|' good.patch >gone-file.patch
check "a file that is not there is named" 1 "has no file mm/gone.c" parts gone-file.patch
printf -- '--- /dev/null\n+++ b/mm/a.c\n@@ -0,0 +1 @@\n+x\n' >exists.patch
check "a new file that is there already" 1 "mm/a.c" parts exists.patch
sed 's/^-\(.*\)1;/-\12;/; s/^+\(.*\)2;/+\11;/' good.patch >back.patch
check "patches that undo each other are exit code 3" 3 "change no file" parts good.patch back.patch

# --- the parts of the kernel
mkdir "no kernel"
source="no kernel" check "a directory that is no kernel" 1 "is not the source of a Linux kernel" \
	parts good.patch
source=nowhere check "a source that is not there" 1 "--sourcedir nowhere" parts good.patch
source=config check "a source that is a file" 1 "not a directory" parts good.patch
config=nowhere check "a config that is not there" 1 "--config nowhere" parts good.patch
vmlinux=nowhere check "an image that is not there" 1 "--vmlinux nowhere" parts good.patch
symvers=nowhere check "symbol versions that are not there" 1 "--symvers nowhere" parts good.patch
vmlinux=good.patch check "an image that is a text" 1 "good.patch" parts good.patch
head -c 600 vmlinux >short
vmlinux=short check "a truncated image" 1 "short" parts good.patch
vmlinux=image.o check "an object as an image" 1 "image.o" parts good.patch
cp vmlinux foreign
printf '\xb7\x00' | dd of=foreign bs=1 seek=18 conv=notrunc 2>/dev/null # EM_AARCH64
vmlinux=foreign check "an image for another architecture" 1 "foreign" parts good.patch
echo rubbish >bad-symvers
symvers=bad-symvers check "symbol versions that are none" 1 "bad-symvers" parts good.patch
make_config 6.1.98 "$compiler" "$release" >other
config=other check "a configuration for another version" 1 "6.1.98" parts good.patch
make_config "$version" "$compiler" 6.1.99-else >other
config=other check "a configuration of another kernel" 1 "6.1.99-else" parts good.patch
make_config "$version" "gcc-99 (X) 99.1" "$release" >other
config=other check "a configuration for another compiler" 1 "gcc-99" parts good.patch
make_image other-gcc "$release" "$version" "gcc-99 (X) 99.1" &&
	vmlinux=other-gcc config=other \
		check "a compiler that is not here" 1 "was compiled by gcc-99" parts good.patch
make_image other-version "$release" 6.1.98 "$compiler" &&
	vmlinux=other-version check "an image of another version" 1 "6.1.98" parts good.patch
sed '/X86_64/d' config >other
config=other check "a configuration for another architecture" 1 "x86-64" parts good.patch
sed '/LIVEPATCH/d' config >other
config=other check "a kernel without live patches" 1 "CONFIG_LIVEPATCH" parts good.patch
sed '/CC_VERSION/d' config >other
config=other check "half a configuration" 1 "CONFIG_CC_VERSION_TEXT" parts good.patch

# --- tools, places
mkdir bin
for name in bash gcc make; do ln -s "$(command -v $name)" "bin/$name"; done
PATH="$work/bin" parts good.patch >log 2>&1
grep -q 'missing: .*patch.*bison.*flex.*bc' log
verdict $? "all missing tools are in one message"
check "a cache that cannot be" 1 "/proc/nowhere" env XDG_CACHE_HOME=/proc/nowhere \
	"$tool" --sourcedir "$tree" --config config --vmlinux vmlinux --symvers symvers good.patch
check "no place for a cache" 1 "XDG_CACHE_HOME" env -u XDG_CACHE_HOME HOME= \
	"$tool" --sourcedir "$tree" --config config --vmlinux vmlinux --symvers symvers good.patch
check "a release that is a path" 1 "../x" "$tool" --kernel ../x good.patch

# --- the user's tree
before=$(find "$tree" -printf '%p %T@ %C@ %s\n' | sort)
check "a tree that kbuild cannot work with is told with its log" 1 "the full log" parts good.patch
[ "$before" = "$(find "$tree" -printf '%p %T@ %C@ %s\n' | sort)" ]
verdict $? "and was not written to"
parts good.patch >log 2>&1
grep -q '^+ ' log && ! grep -q $'[\r\033]' log
verdict $? "a pipe gets plain lines"

echo "1..$count"
