# SPDX-License-Identifier: GPL-2.0-or-later
# One non-recursive Makefile; everything built goes under build/.
#
#   make            the programs
#   make check      every test, in the virtual machine too; installs what it needs
#   make unit       only the tests that need no kernel package
#   make demo       a patch on both stock kernels, before your eyes
#   make loader     klp_loader.ko for KERNEL=RELEASE or KDIR=DIRECTORY
#   make bench      the speed bars, as ratios
#   make soak       a live patch in and out a thousand times, under load

B := build
CC ?= gcc
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wno-unused-parameter \
	-Wformat=2 -Wpointer-arith -Wundef -Werror=implicit-function-declaration
override CPPFLAGS += -D_GNU_SOURCE -Iinclude -Idiffer -Itest-fixtures
override CFLAGS += -std=gnu11 -fno-strict-aliasing $(WARN) $(SAN)
override LDFLAGS += $(SAN) -Wl,--as-needed
LIBS := -lelf -ldwarf -lZydis -lxxhash -llz4 -lzstd -llzma -lz -lcrypto -ljansson

PROGRAMS := $(B)/create-diff-object $(B)/klp-diff $(B)/klp-build $(B)/klpctl
DIFFER_MAINS := differ/create-diff-object.c $(wildcard differ/klp-diff*.c)
DIFFER_SRCS := $(filter-out $(DIFFER_MAINS),$(wildcard differ/*.c))
BUILDER_MAIN := builder/klp-build.c
BUILDER_SRCS := $(filter-out $(BUILDER_MAIN),$(wildcard builder/*.c))
TEST_SRCS := $(wildcard differ/tests/test-*.c builder/tests/test-*.c)

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
TESTS := $(patsubst %.c,$(B)/%,$(TEST_SRCS))

all: $(PROGRAMS)

$(B)/libdiffer.a: $(call obj,$(DIFFER_SRCS))
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/libbuilder.a: $(call obj,$(BUILDER_SRCS))
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/create-diff-object: $(call obj,differ/create-diff-object.c) $(B)/libdiffer.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/klp-diff: $(call obj,$(wildcard differ/klp-diff*.c)) $(B)/libdiffer.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/klp-build: $(call obj,$(BUILDER_MAIN)) $(B)/libbuilder.a $(B)/libdiffer.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# On the target machine: no more libraries than it needs.
CTL_SRCS := $(wildcard loader-module/klpctl/*.c) differ/error.c
$(B)/klpctl: $(call obj,$(CTL_SRCS))
	$(CC) $(LDFLAGS) -o $@ $^ -lelf -ljansson

# What runs in the virtual machine's guest, which has no libraries
GUEST := $(addprefix $(B)/guest/,probe nudged born rival slow-fs klpctl)
$(B)/guest/rival: GUEST_LIBS := -lbpf -lelf -lz
$(B)/guest/%: $(B)/obj/test-fixtures/vm/%.o
	@mkdir -p $(@D)
	$(CC) -static -s -o $@ $^ $(GUEST_LIBS)

$(B)/guest/klpctl: $(call obj,$(CTL_SRCS))
	@mkdir -p $(@D)
	$(CC) -static -s -o $@ $^ -lelf -ljansson -lz -lzstd

$(B)/differ/tests/%: $(B)/obj/differ/tests/%.o $(B)/libdiffer.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/builder/tests/%: $(B)/obj/builder/tests/%.o $(B)/libbuilder.a $(B)/libdiffer.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# The fuzzers: linked with libFuzzer (scripts/fuzz), or with a driver that replays inputs.
FUZZ_MAIN ?= $(call obj,test-fixtures/fuzz-replay.c)

$(B)/fuzz-%: $(B)/obj/differ/tests/fuzz-%.o $(B)/libdiffer.a $(filter %.o,$(FUZZ_MAIN))
	$(CC) $(LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(B)/libdiffer.a $(LIBS)

$(B)/fuzz-%: $(B)/obj/builder/tests/fuzz-%.o $(B)/libbuilder.a $(B)/libdiffer.a \
		$(filter %.o,$(FUZZ_MAIN))
	$(CC) $(LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(B)/libbuilder.a $(B)/libdiffer.a $(LIBS)

$(B)/obj/builder/%.o: override CPPFLAGS += -Ibuilder -DKLPKIT_DATADIR='"$(CURDIR)"'

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

tests: all guest $(TESTS) $(B)/builder/tests/prove $(B)/differ/tests/fail-alloc

guest: $(GUEST)

unit: tests
	scripts/run-tests unit

check:
	scripts/install-deps
	$(MAKE) tests
	scripts/run-tests all

demo:
	scripts/install-deps
	$(MAKE) all
	scripts/demo

# The loader for a kernel: KERNEL=RELEASE, whose package of headers is fetched when it is not installed, or KDIR=DIR
loader:
	@$(if $(KERNEL)$(KDIR),,$(error make loader KERNEL=RELEASE, or KDIR=DIRECTORY to build modules against))
	@kdir='$(KDIR)'; kdir=$${kdir:-$$(scripts/kernel-packages build '$(KERNEL)')} && \
		out=$(B)/loader/$$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' "$$kdir/include/generated/utsrelease.h") && \
		scripts/build-loader "$$kdir" "$$out" && echo "$$out/klp_loader.ko"

bench: all
	scripts/bench
	scripts/bench-differ
	scripts/bench-loader

# A patch in and out under load, a thousand times on each kernel: half an hour
soak: all
	KLPKIT_VM_CASES=cycles KLPKIT_VM_APPEND=klpkit.cycles=1000 KLPKIT_VM_CASE_TIMEOUT=5400 KLPKIT_VM_TIMEOUT=5500 \
		loader-module/tests/loader.t

clean:
	rm -rf $(B)

.PHONY: all tests guest unit check demo loader bench soak clean
.SECONDARY:
