#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kernel packages, QEMU
#
# With module.sig_enforce=1 the stock kernels refuse a patch that is not signed, and one that is
# signed with a key that they do not know; without it they load the latter.
set -u

cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0

verdict() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/#   /' "$work/log"
	fi
}

cat >"$work/enforced.sh" <<'GUEST'
. /vm/lib.sh
check "an unsigned patch is refused" ! insmod /files/klp_unsigned.ko
forget_log
check "a patch signed with a foreign key is refused" ! insmod /files/klp_signed.ko
check "and the kernel says why" logged 'unavailable key is rejected|Key was rejected|PKCS#7'
check "nothing is patched" ! test -e /sys/kernel/livepatch/klp_signed
check "the text is the old one" has /proc/meminfo '^MemTotal:'
exit $failed
GUEST
cat >"$work/free.sh" <<'GUEST'
. /vm/lib.sh
load_patch klp_signed
check "the text is the new one" has /proc/meminfo '^MemTOTAL:'
unload_patch klp_signed
exit $failed
GUEST
openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=klpkit-test \
	-keyout "$work/key.pem" -out "$work/cert.pem" >"$work/log" 2>&1
verdict $? "a key of our own is made"
for series in 6.1 6.12; do
	read -r release version < <(scripts/kernel-packages release "$series") &&
		source=$(scripts/kernel-packages source "$version") &&
		image=$(scripts/kernel-packages image "$release" "$version") &&
		scripts/derive-patch test-fixtures/demo/visible.edit "$source" >"$work/a.patch" &&
		build/klp-build --kernel "$release" -n klp_unsigned -o "$work" "$work/a.patch" \
			>"$work/log" 2>&1 &&
		build/klp-build --kernel "$release" -n klp_signed -o "$work" \
			--sign-key "$work/key.pem" --sign-cert "$work/cert.pem" "$work/a.patch" \
			>"$work/log" 2>&1
	verdict $? "$series: an unsigned and a signed patch are built"
	scripts/vm --vmlinuz "$image/boot/vmlinuz-$release" --log "$work/guest.log" \
		--file "$work/klp_unsigned.ko" --file "$work/klp_signed.ko" \
		--script "$work/enforced.sh" --append module.sig_enforce=1 >"$work/log" 2>&1
	status=$?
	grep -q 'guest: ok nothing is patched' "$work/guest.log" || status=1
	cat "$work/guest.log" >>"$work/log"
	verdict $status "$series: with sig_enforce neither is loaded"
	scripts/vm --vmlinuz "$image/boot/vmlinuz-$release" --log "$work/guest.log" \
		--file "$work/klp_signed.ko" --script "$work/free.sh" >"$work/log" 2>&1
	status=$?
	grep -q 'guest: ok the text is the new one' "$work/guest.log" || status=1
	cat "$work/guest.log" >>"$work/log"
	verdict $status "$series: without it the signed one is"
done
echo "1..$count"
