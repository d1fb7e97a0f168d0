# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
factor=/proc/sys/vm/watermark_scale_factor
set_factor() { echo "$1" >$factor; }
before() {
	check "within the limit" set_factor 20
	check "above it" ! set_factor 4000
	equal "as it was" 20 "$(cat $factor)"
}
after() {
	check "above the old limit" set_factor 4000
	equal "it is set" 4000 "$(cat $factor)"
	check "the other limit" ! set_factor 0
	check "back" set_factor 20
}
