# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# only: 6.1
# For the other one kernel.t shows that the module has the same bytes as by the kernel's release.
before() { check "plain" ! has /proc/cmdline spaces; }
after() { check "the new code" has /proc/cmdline '^from a tree with spaces$'; }
