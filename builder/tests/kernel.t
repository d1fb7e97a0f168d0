#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kernel packages
#
# klp-build's contract on real kernels: what it refuses and how, that the source is never written
# to, that the same inputs give the same bytes, signatures, two builds at once, killed builds.
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=$PWD/build/klp-build
work=$(mktemp -d "/tmp/klpkit kernel.XXXXXX") || exit 1
plain=$(mktemp -d /tmp/klpkit-kernel.XXXXXX) || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work" "$plain"' EXIT
count=0

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok() {
	count=$((count + 1))
	echo "not ok $count - $1"
	sed 's/^/#   /' "$work/log"
}

verdict() { # STATUS NAME
	if [ "$1" = 0 ]; then ok "$2"; else not_ok "$2"; fi
}

# check NAME EXIT TEXT COMMAND...: and no module is left behind in out/
check() {
	local name=$1 want=$2 text=$3 status
	shift 3
	rm -rf "$work/out"
	"$@" >"$work/log" 2>&1 </dev/null
	status=$?
	echo "exit $status, not $want; wanted: $text" >>"$work/log"
	[ "$status" = "$want" ] && head -n -1 "$work/log" | grep -qF -- "$text" &&
		! compgen -G "$work/out/*" >/dev/null
	verdict $? "$name"
}

read -r release version < <(scripts/kernel-packages release 6.12) || exit 1
source=$(scripts/kernel-packages source "$version") || exit 1
image=$(scripts/kernel-packages image "$release" "$version") || exit 1
read -r other_release other_version < <(scripts/kernel-packages release 6.1) || exit 1
other_image=$(scripts/kernel-packages image "$other_release" "$other_version") || exit 1
scripts/derive-patch test-fixtures/demo/visible.edit "$source" >"$work/visible.patch" || exit 1
kernel=("$tool" --kernel "$release" -o "$work/out")

# --- what is built, twice, in other directories
"${kernel[@]}" -n klp_same --report "$work/report.json" "$work/visible.patch" >"$work/log" 2>&1
verdict $? "a patch is built for $release"
cp "$work/out/klp_same.ko" "$work/first.ko"
mkdir -p "$work/else where"
"$tool" --kernel "$release" -o "$work/else where" -n klp_same "$work/visible.patch" \
	>"$work/log" 2>&1
cmp "$work/first.ko" "$work/else where/klp_same.ko" >>"$work/log" 2>&1
verdict $? "the same inputs give the same bytes"
grep -q '"sha256"' "$work/report.json" && grep -q '"meminfo_proc_show"' "$work/report.json" &&
	grep -q '"seconds"' "$work/report.json" && grep -q "\"$release\"" "$work/report.json"
verdict $? "the report has inputs, decisions, times and the kernel"
grep -q '"needs": "function:function"' "$work/report.json" && modinfo -F klpkit_minimum "$work/first.ko" | grep -qx function:function
verdict $? "one function by itself needs nothing of a model, and that is told"
check "a model that gives too little" 2 "the model immediate gives function:function, and the patch needs set:thread" \
	"${kernel[@]}" --backend loader --model immediate --minimum set:thread "$work/visible.patch"
check "the kernel's own gives too little" 2 "the model task gives set:thread, and the patch needs set:kernel" \
	"${kernel[@]}" --minimum set:kernel "$work/visible.patch"
scripts/derive-patch test-fixtures/proof/two-of-a-name.edit "$source" >"$work/two.patch" || exit 1
check "two functions may rely on each other" 2 \
	"the model immediate gives function:function, and the patch needs set:thread: 2 functions change, state_show to state_show" \
	"${kernel[@]}" --backend loader --model immediate "$work/two.patch"
check "a name that two changed functions have" 1 \
	"--immediate state_show: the patch changes one in drivers/base/memory.c and one in kernel/cpu.c" \
	"${kernel[@]}" --backend loader --immediate state_show "$work/two.patch"
NO_COLOR=1 "${kernel[@]}" -n klp_same "$work/visible.patch" >"$work/log" 2>&1
! grep -q $'\033' "$work/log" && grep -q 'meminfo.c: changed function: meminfo_proc_show' "$work/log"
verdict $? "a pipe gets plain lines"

# --- the parts by name: a source with spaces in its path, not clean, read-only, no vmlinux
config=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/klpkit/packages" /usr/src \
	-path "*linux-headers-$release/.config" 2>/dev/null | head -n 1)
symvers=${config%/.config}/Module.symvers
tree="$work/a source"
mkdir "$tree"
cp -a "$source/." "$tree/"
mkdir -p "$tree/include/config" "$tree/include/generated"
echo garbage >"$tree/include/config/auto.conf"
echo garbage >"$tree/include/generated/utsrelease.h"
echo garbage >"$tree/.config"
echo garbage >"$tree/fs/proc/meminfo.o"
chmod -R a-w "$tree"
find "$tree" -printf '%p %T@ %s %m %l\n' | sort >"$work/before"
# In a cache of its own: nobody builds from there again.
parts=(env XDG_CACHE_HOME="$plain/cache" "$tool" --sourcedir "$tree" --config "$config" --symvers "$symvers"
	--vmlinuz "$image/boot/vmlinuz-$release" -o "$work/out")
"${parts[@]}" -n klp_same "$work/visible.patch" >"$work/log" 2>&1
verdict $? "a read-only source that is not clean, in a path with spaces, is built"
find "$tree" -printf '%p %T@ %s %m %l\n' | sort >"$work/after"
cmp "$work/before" "$work/after" >>"$work/log" 2>&1
verdict $? "and not a file of it, nor a timestamp, has changed"
cmp "$work/first.ko" "$work/out/klp_same.ko" >>"$work/log" 2>&1
verdict $? "with the same bytes as by its release"

# --- two at once, and killed ones
"$tool" --kernel "$release" -o "$work/one" -n klp_same "$work/visible.patch" >"$work/log.1" 2>&1 &
one=$!
"$tool" --kernel "$release" -o "$work/two" -n klp_same "$work/visible.patch" >"$work/log" 2>&1
two=$?
wait "$one" && [ "$two" = 0 ] && cmp "$work/one/klp_same.ko" "$work/two/klp_same.ko" \
	>>"$work/log" 2>&1
verdict $? "two builds of one kernel at once give the same"
for delay in 0.05 0.3 0.6 0.9 1.3; do
	"${kernel[@]}" -n klp_same "$work/visible.patch" >/dev/null 2>&1 &
	victim=$!
	sleep "$delay"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
done
rm -rf "$work/out"
"${kernel[@]}" -n klp_same "$work/visible.patch" >"$work/log" 2>&1 &&
	cmp "$work/first.ko" "$work/out/klp_same.ko" >>"$work/log" 2>&1
verdict $? "after five killed builds the next one works, with the same bytes"

# --- nothing of root's powers, nothing prepared
powerless=()
[ "$(id -u)" != 0 ] || powerless=(setpriv --bounding-set -all --inh-caps -all)
"${powerless[@]}" "${kernel[@]}" --no-cache -n klp_same "$work/visible.patch" >"$work/log" 2>&1 &&
	cmp "$work/first.ko" "$work/out/klp_same.ko" >>"$work/log" 2>&1
verdict $? "without root, and with nothing prepared: the same bytes"

# --- bad input
echo "hello" >"$work/no.patch"
check "what is not a patch" 1 "no.patch" "${kernel[@]}" "$work/no.patch"
check "a patch that is not there" 1 "gone.patch" "${kernel[@]}" "$work/gone.patch"
sed 's/MemTotal/MemTotale/' "$work/visible.patch" >"$work/stale.patch"
check "a patch that does not apply: which hunk of which file" 1 "fs/proc/meminfo.c: Hunk #1" \
	"${kernel[@]}" "$work/stale.patch"
printf -- '--- a/Documentation/x.rst\n+++ b/Documentation/x.rst\n@@ -0,0 +1 @@\n+hello\n' \
	>"$work/doc.patch"
sed -i 's|^--- a.*|--- /dev/null|' "$work/doc.patch"
check "a patch of documentation only is exit code 3" 3 "" "${kernel[@]}" "$work/doc.patch"
printf -- '--- a/../../etc/x\n+++ b/../../etc/x\n@@ -0,0 +1 @@\n+hello\n' >"$work/out.patch"
check "a patch that leaves the tree" 1 "out.patch" "${kernel[@]}" "$work/out.patch"
sed 's/"MemTOTAL: /"MemTOTAL: /; s/i.totalram);$/i.totalram;/; /^-/s/;$/);/' \
	"$work/visible.patch" | sed '/^-/s/i.totalram);*/i.totalram);/' >"$work/syntax.patch"
check "a syntax error is shown with its file" 1 "meminfo.c" "${kernel[@]}" "$work/syntax.patch"
mkdir -p "$work/b/fs/proc"
sed '1i /* a comment of one line */' "$source/fs/proc/meminfo.c" >"$work/b/fs/proc/meminfo.c"
diff -u --label a/fs/proc/meminfo.c --label b/fs/proc/meminfo.c "$source/fs/proc/meminfo.c" \
	"$work/b/fs/proc/meminfo.c" >"$work/comment.patch"
check "a comment is no change" 3 "nothing to do" "${kernel[@]}" "$work/comment.patch"
sed '1i /* a comment of one line */' "$source/fs/adfs/dir.c" >"$work/b/dir.c"
diff -u --label a/fs/adfs/dir.c --label b/fs/adfs/dir.c "$source/fs/adfs/dir.c" "$work/b/dir.c" \
	>"$work/unbuilt.patch"
check "code that the config does not build is exit code 3" 3 "fs/adfs/dir.c" \
	"${kernel[@]}" "$work/unbuilt.patch"
check "a kernel that does not exist" 1 "6.99.0" "$tool" --kernel 6.99.0-cloud-amd64 \
	-o "$work/out" "$work/visible.patch"
check "a directory that is no kernel" 1 "$work/b" "$tool" --sourcedir "$work/b" \
	--config "$config" --symvers "$symvers" --vmlinuz "$image/boot/vmlinuz-$release" \
	-o "$work/out" "$work/visible.patch"
check "the image of another kernel" 1 "$other_release" "$tool" --sourcedir "$source" \
	--config "$config" --symvers "$symvers" \
	--vmlinuz "$other_image/boot/vmlinuz-$other_release" -o "$work/out" "$work/visible.patch"
sed 's/Linux\/x86 6.12[0-9.]*/Linux\/x86 6.12.1/' "$config" >"$work/config"
check "the config of another version" 1 "$work/config" "$tool" --sourcedir "$source" \
	--config "$work/config" --symvers "$symvers" \
	--vmlinuz "$image/boot/vmlinuz-$release" -o "$work/out" "$work/visible.patch"
{ cat "$config" && echo CONFIG_KASAN_GENERIC=y; } >"$work/config"
check "a kernel that watches its memory" 1 "$work/config has CONFIG_KASAN" "$tool" --sourcedir "$source" \
	--config "$work/config" --symvers "$symvers" \
	--vmlinuz "$image/boot/vmlinuz-$release" -o "$work/out" "$work/visible.patch"
head -c 3000000 "$image/boot/vmlinuz-$release" >"$work/cut"
check "a truncated image" 1 "$work/cut" "$tool" --sourcedir "$source" \
	--config "$config" --symvers "$symvers" --vmlinuz "$work/cut" -o "$work/out" \
	"$work/visible.patch"
# full SIZE INODES PLACE COMMAND...: with a file system of that size mounted there, seen by it alone
full() {
	local size=$1 inodes=$2 place=$3
	shift 3
	mkdir -p "$place"
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --map-root-user sh -c 'mount -t tmpfs -o size="$0",nr_inodes="$1" tmpfs "$2" &&
		shift 2 && "$@" && exit; status=$?; find "$KLPKIT_LEFT" -name "*.ko*"; exit $status' \
		"$size" "$inodes" "$place" "$@"
}
if unshare --mount --map-root-user true 2>/dev/null; then
	KLPKIT_LEFT=$work/full check "no space for the module" 1 "No space left on device" \
		full 20k 100 "$work/full" "$tool" --kernel "$release" -o "$work/full/out" \
		"$work/visible.patch"
	! grep -q '\.ko$' "$work/log"
	verdict $? "and nothing of it is left"
	KLPKIT_LEFT=$work/full check "no space for the cache" 1 "No space left on device" \
		full 1m 20000 "$plain" env XDG_CACHE_HOME="$plain" "${parts[@]}" \
		"$work/visible.patch"
else
	for what in "no space for the module" "and nothing of it is left" "no space for the cache"; do
		count=$((count + 1))
		echo "ok $count - $what # SKIP no mounts without root here"
	done
fi
mkdir -p "$work/closed/out"
cp "$work/visible.patch" "$work/closed/"
chmod 0 "$work/closed/visible.patch"
chmod a-w "$work/closed/out"
check "a patch without permission" 1 "visible.patch: Permission denied" \
	"${powerless[@]}" "${kernel[@]}" "$work/closed/visible.patch"
check "an output without permission" 1 "Permission denied" \
	"${powerless[@]}" "$tool" --kernel "$release" -o "$work/closed/out" "$work/visible.patch"
check "an output that cannot be" 1 "/proc/nowhere" "$tool" --kernel "$release" \
	-o /proc/nowhere "$work/visible.patch"
cat >"$work/reached.edit" <<'EDIT'
file kernel/softirq.c
in function irq_enter_rcu
before /__irq_enter_raw\(\)/
	if (jiffies == 12345)
		pr_info("klpkit\n");
end
EDIT
scripts/derive-patch "$work/reached.edit" "$source" >"$work/reached.patch"
check "a function that code of .noinstr.text in another file calls" 2 "[noinstr-reached]" \
	"${kernel[@]}" "$work/reached.patch"
check "a tool that is missing is named" 1 "bison" env PATH="$work/bin" "${kernel[@]}" \
	"$work/visible.patch"

# --- signatures
openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=klpkit-test \
	-keyout "$work/key.pem" -out "$work/cert.pem" >"$work/log" 2>&1
"${kernel[@]}" -n klp_same --sign-key "$work/key.pem" --sign-cert "$work/cert.pem" \
	--sign-hash sha256 "$work/visible.patch" >"$work/log" 2>&1
verdict $? "a signed module is built"
signed=$work/out/klp_same.ko
size=$(stat -c %s "$work/first.ko")
total=$(stat -c %s "$signed")
head -c "$size" "$signed" >"$work/content"
tail -c +$((size + 1)) "$signed" | head -c $((total - size - 12 - 28)) >"$work/cms.der"
cmp "$work/content" "$work/first.ko" >"$work/log" 2>&1 &&
	openssl cms -verify -binary -inform DER -in "$work/cms.der" -content "$work/content" \
		-certfile "$work/cert.pem" -CAfile "$work/cert.pem" -nointern -purpose any \
		-out /dev/null >>"$work/log" 2>&1
verdict $? "whose signature openssl verifies over the unsigned bytes"
cp "$work/first.ko" "$work/theirs.ko"
${CC:-cc} -o "$work/sign-file" "$source/scripts/sign-file.c" -lcrypto >"$work/log" 2>&1 &&
	"$work/sign-file" sha256 "$work/key.pem" "$work/cert.pem" "$work/theirs.ko" \
		>>"$work/log" 2>&1 && cmp "$work/theirs.ko" "$signed" >>"$work/log" 2>&1
verdict $? "and which are the bytes that the kernel's sign-file appends"
check "a key that is not there" 1 "nokey.pem" "${kernel[@]}" --sign-key "$work/nokey.pem" \
	--sign-cert "$work/cert.pem" "$work/visible.patch"
echo "1..$count"
