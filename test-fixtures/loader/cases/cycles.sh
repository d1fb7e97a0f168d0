# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# In and out under load, with tasks that come and go.
. /files/lib.sh

run() {
	begin
	callers seldom
	touch /tmp/forks
	(while [ -e /tmp/forks ]; do /bin/true; done) &
	for round in 1 2 3 4; do
		enable klpl_task
		disable klpl_task
		enable klpl_kernel
		disable klpl_kernel
	done
	rm /tmp/forks
	no_callers
	equal "never mixed" 0 "$(seen mixed)"
	finish
}
