# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# After a fork whose child is gone, the parent writes to pages that are its own again.
write_to_pages() {
	i=0
	while [ $i -lt 20 ]; do
		(: child)
		variable=$i$i
		i=$((i + 1))
	done
}
before() {
	forget_log
	write_to_pages
	check "not the new code" ! logged 'patched: a page'
}
after() {
	# as soon as the patch is there, somebody is the first
	write_to_pages
	equal "the new code, once" 1 "$(logged 'patched: a page is used again' | wc -l)"
}
removed() {
	forget_log
	write_to_pages
	check "the old code" ! logged 'patched: a page'
}
