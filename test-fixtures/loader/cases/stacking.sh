# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2034
# The top one wins; what is below it cannot go.
. /files/lib.sh

# Which version the functions have, told by a task that has not seen another
number() {
	echo "1 0" >/proc/klpl_target
	version
}

run() {
	begin
	enable klpl_task
	equal "one" new "$(version)"
	enable klpl_second
	equal "two" new "$(version)"
	check "the lower one stays" ! sh -c "echo 0 >$sys/klpl_task/enabled"
	check "and that is told" logged 'klpl_task: klpl_second is on top of it'
	check "its module is in use" ! rmmod klpl_task
	disable klpl_second
	equal "one again" new "$(version)"
	disable klpl_task
	equal "none" old "$(version)"
	finish
}
