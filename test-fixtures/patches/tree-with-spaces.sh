# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" ! has /proc/cmdline spaces; }
after() { check "the new code" has /proc/cmdline '^from a tree with spaces$'; }
