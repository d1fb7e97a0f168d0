# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain loadavg" ! has /proc/loadavg digits; }
after() { check "new functions ran" has /proc/loadavg '^12345 has 5 digits$'; }
