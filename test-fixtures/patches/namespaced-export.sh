# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" ! has /proc/version klpkit; }
after() { check "the export answers" has /proc/version '^klpkit dma-buf -9$'; }
