# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# What is seen of a speed while its table and the code for it change.
before() { equal "the old speed" 1200 "$(/files/probe speeds /tmp/none)"; }
after() { equal "the new speed" 1300 "$(/files/probe speeds /tmp/none)"; }

# watch WANTED COMMAND...
watch() {
	wanted=$1
	shift
	touch /tmp/go
	/files/probe speeds /tmp/go >/tmp/speeds1 &
	/files/probe speeds /tmp/go >/tmp/speeds2 &
	sleep 1
	"$@"
	sleep 1
	rm /tmp/go
	wait
	equal "the old and the new together, and nothing else" "$wanted" "$(cat /tmp/speeds1)"
	equal "the same for another" "$wanted" "$(cat /tmp/speeds2)"
}

run() {
	mkdir -p /dev/pts
	mount -t devpts devpts /dev/pts
	before
	check "words that change in the moment of the switch need it to be one for all" \
		[ "$(/files/klpctl info "/files/$(module_name "$case_name").ko" | sed -n 's/^klpkit_minimum *//p')" = set:kernel ]
	watch "1200 1300" load_patch "$case_name"
	after
	watch "1300 1200" disable_patch "$case_name"
	remove_patch "$case_name"
	before
}
