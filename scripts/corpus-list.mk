# SPDX-License-Identifier: GPL-2.0-or-later
# What a configuration builds, asked of kbuild in a prepared tree, directory by directory as it
# descends itself:
#
#   make -rRs --no-print-directory -f Makefile -f .../corpus-list.mk klpkit-list
#
# A line an object: "y OBJECT" (image), "l OBJECT" (a library of the image), "m OBJECT" (modules).
ifeq ($(obj),)
klpkit-list:
	@$(MAKE) -rRs --no-print-directory -f $(lastword $(MAKEFILE_LIST)) obj=. need-builtin=1 need-modorder=1
else
PHONY := klpkit-list
klpkit-list: klpkit-below
include scripts/Makefile.build
$(if $(need-builtin),$(foreach o,$(filter-out %.a,$(real-obj-y)),$(info y $(o))))
$(if $(need-builtin),$(foreach o,$(lib-y),$(info l $(o))))
$(if $(need-modorder),$(foreach o,$(filter-out %/modules.order,$(real-obj-m)),$(info m $(o))))
klpkit-below:
	@$(foreach d,$(subdir-ym),$(MAKE) -rRs --no-print-directory -f $(firstword $(MAKEFILE_LIST)) obj=$(d) \
		need-builtin=$(if $(need-builtin),$(filter $(d)/built-in.a,$(real-obj-y))) \
		need-modorder=$(if $(need-modorder),$(filter $(d)/modules.order,$(real-obj-m))) && ) :
endif
