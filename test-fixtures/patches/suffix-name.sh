# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" ! has /proc/version klpkit; }
after() { check "all three ran" has /proc/version '^klpkit 21 35 49$'; }
