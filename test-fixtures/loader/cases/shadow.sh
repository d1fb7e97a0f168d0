# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# Shadow variables: klpl_shadow.c looks at each step itself.
. /files/lib.sh

run() {
	begin alone
	check "each step" insmod /files/klpl_shadow.ko
	check "the constructor's error is told" logged 'klp_loader: shadow <.*> is not made'
	rmmod klpl_shadow
	finish alone
	check "none was left" ! logged 'were never freed'
}
