// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Emits the relocations of carried code and data.
 * In: the places of the carried units. Out: relocations against them, or against undefined
 * symbols whose names say what they are (include/klpkit/format.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <klpkit/format.h>

#include "emit.h"

uint32_t emit_undefined(struct emission *emission, const char *name)
{
	const struct elf_writer *writer = emission->writer;
	uint32_t i;

	for (i = 1; i < writer->symbols.count; i++) {
		const struct elf_symbol *symbol = &writer->symbols.items[i];

		if (!symbol->section && symbol->name && !strcmp(symbol->name, name))
			return i;
	}
	return elf_writer_symbol(emission->writer, name, 0, 0, 0, STB_GLOBAL, STT_NOTYPE);
}

/* The functions that objtool knows by name not to return (tools/objtool/noreturns.h). */
static const char *const noreturns[] = {
	"__fortify_panic", "__invalid_creds", "__module_put_and_kthread_exit",
	"__reiserfs_panic", "__stack_chk_fail", "__tdx_hypercall_failed",
	"__ubsan_handle_builtin_unreachable", "arch_call_rest_init", "arch_cpu_idle_dead",
	"cpu_bringup_and_idle", "cpu_startup_entry", "do_exit", "do_group_exit", "do_task_dead",
	"ex_handler_msr_mce", "fortify_panic", "hlt_play_dead", "hv_ghcb_terminate",
	"kthread_complete_and_exit", "kthread_exit", "kunit_try_catch_throw", "lbug_with_loc",
	"machine_real_restart", "make_task_dead", "mpt_halt_firmware", "native_play_dead",
	"nmi_panic_self_stop", "panic", "panic_smp_self_stop", "play_dead", "rest_init",
	"resume_play_dead", "rewind_stack_and_make_dead", "sev_es_terminate", "snp_abort",
	"start_kernel", "start_secondary", "stop_this_cpu", "try_catch_throw", "usercopy_abort",
	"x86_64_start_kernel", "x86_64_start_reservations", "xen_cpu_bringup_again",
	"xen_start_kernel",
};

static bool name_is_noreturn(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(noreturns) / sizeof(*noreturns); i++)
		if (!strcmp(name, noreturns[i]))
			return true;
	return false;
}

static bool name_is_static_call(const char *name)
{
	return !strncmp(name, "__SCT__", 7) || !strncmp(name, "__SCK__", 7);
}

/*
 * A symbol keeps its plain name where objtool, which has yet to run on this object, goes by it.
 * Not a static call of a module: its site would be set up before the module is there.
 */
static bool target_keeps_name(const struct emission *emission, const struct target *target)
{
	if (emission->model->objtool_done || strcmp(target->owner, "vmlinux"))
		return false;
	return name_is_static_call(target->name) || name_is_noreturn(target->name);
}

static struct error *emit_ref_record(struct emission *emission, uint32_t symbol, const char *name)
{
	static const uint8_t record[sizeof(struct klpkit_ref)];
	uint32_t strings, section;
	uint64_t text = emit_string(emission, name, &strings), at;

	/* modpost warns of sections that are not allocated */
	section = elf_writer_shared(emission->writer, KLPKIT_SEC_REFS, SHT_PROGBITS, SHF_ALLOC, 8,
				    0);
	if (text == UINT64_MAX || !section)
		return error_nomem();
	at = elf_writer_append(emission->writer, section, record, sizeof(record), 8, 0);
	if (at == UINT64_MAX ||
	    !elf_writer_reloc(emission->writer, section,
			      at + offsetof(struct klpkit_ref, symbol), R_X86_64_64, symbol, 0) ||
	    !elf_writer_reloc(emission->writer, section, at + offsetof(struct klpkit_ref, name),
			      R_X86_64_64, emission->writer->sections.items[strings].symbol,
			      (int64_t)text))
		return error_nomem();
	return NULL;
}

static struct error *emit_klp_symbol(struct emission *emission, const struct target *target,
				     uint32_t *ret)
{
	struct error *err = NULL;
	size_t before;
	char *name;

	if (asprintf(&name, KLPKIT_REF_PREFIX "%s.%s.%s,%u", target->owner, target->object,
		     target->name, target->position) < 0)
		return error_nomem();
	before = emission->writer->symbols.count;
	if (target_keeps_name(emission, target)) {
		*ret = emit_undefined(emission, target->name);
		if (*ret && emission->writer->symbols.count != before)
			err = emit_ref_record(emission, *ret, name);
	} else {
		*ret = emit_undefined(emission, name);
	}
	free(name);
	return !err && !*ret ? error_nomem() : err;
}

/* objtool wants to see the key of each static call that it meets. */
static struct error *emit_static_call_key(struct emission *emission, const char *trampoline)
{
	const struct selection *selection = emission->selection;
	const struct symtab *vmlinux = strcmp(selection->input->parent_name, "vmlinux") ?
					       selection->input->vmlinux :
					       selection->input->parent;
	struct target target = { .kind = TARGET_KLP, .owner = "vmlinux", .object = "vmlinux" };
	const struct symvers_entry *export;
	struct error *err = NULL;
	uint32_t symbol, entry;
	char *name;

	if (asprintf(&name, "__SCK__%s", trampoline + 7) < 0)
		return error_nomem();
	export = symvers_find(selection->input->symvers, name);
	if (export && !strcmp(export->module, "vmlinux")) {
		if (!emit_undefined(emission, name))
			err = error_nomem();
	} else if (vmlinux && symtab_find_global(vmlinux, name, &entry)) {
		target.name = name;
		target.position = symtab_position(vmlinux, entry);
		err = emit_klp_symbol(emission, &target, &symbol);
	}
	free(name);
	return err;
}

struct error *emit_outside(struct emission *emission, const struct target *target, uint32_t *ret)
{
	struct error *err;

	if (target->kind == TARGET_PLAIN) {
		*ret = emit_undefined(emission, target->name);
		err = *ret ? NULL : error_nomem();
	} else {
		err = emit_klp_symbol(emission, target, ret);
	}
	if (!err && !emission->model->objtool_done && !strncmp(target->name, "__SCT__", 7) &&
	    (target->kind == TARGET_PLAIN || !strcmp(target->owner, "vmlinux")))
		err = emit_static_call_key(emission, target->name);
	return err;
}

/* In the output section of what it refers to; that may be outside of a variable, never of code. */
static int64_t place_of(const struct emission *emission, struct ref ref)
{
	const struct unit *unit = &emission->model->units.items[ref.unit];
	int64_t from_start = (int64_t)(unit->entry - unit->start) + ref.offset;

	if (!emission->stretches[ref.unit])
		return (int64_t)emission->offset[ref.unit] + from_start;
	return (int64_t)emission_at(emission, ref.unit, (uint64_t)from_start);
}

/*
 * A reference inside of one section is settled here: a function and its cold piece are one to
 * whoever reads the object.
 */
static bool emit_resolved(struct emission *emission, struct ref ref, const struct reloc *reloc,
			  const struct reloc_use *use, uint32_t out_section, uint64_t out_offset)
{
	const struct unit *unit = &emission->model->units.items[ref.unit];
	uint8_t *data = emission->writer->sections.items[out_section].data;
	int64_t target = place_of(emission, ref);
	int32_t value;

	if (emission->section[ref.unit] != out_section || !reloc_is_pc_relative(reloc->type) ||
	    reloc_width(reloc->type) != 4 || unit->kind != UNIT_FUNC || !use ||
	    use->flow == FLOW_DATA)
		return false;
	value = (int32_t)(target - (int64_t)out_offset - use->bias);
	memcpy(data + out_offset, &value, 4);
	return true;
}

static struct error *emit_inside(struct emission *emission, struct ref ref,
				 const struct reloc *reloc, uint32_t bias, uint32_t out_section,
				 uint64_t out_offset, bool entry)
{
	const struct unit *unit = &emission->model->units.items[ref.unit];
	uint32_t symbol = emission->symbol[ref.unit];
	int64_t addend;

	/* objtool takes the fields of its tables, and inner labels, by section */
	if (!symbol || entry || (unit->kind == UNIT_FUNC && ref.offset)) {
		symbol = emission->writer->sections.items[emission->section[ref.unit]].symbol;
		addend = place_of(emission, ref) - (int64_t)bias;
	} else {
		addend = ref.offset - (int64_t)bias;
	}
	return elf_writer_reloc(emission->writer, out_section, out_offset, reloc->type, symbol,
				addend) ?
		       NULL :
		       error_nomem();
}

struct error *emit_reloc(struct emission *emission, uint32_t section, uint32_t index,
			 uint32_t out_section, uint64_t out_offset, bool entry)
{
	const struct reloc *reloc = &emission->model->object->sections[section].relocs[index];
	const struct reloc_use *uses = emission->model->uses[section];
	struct ref ref = model_ref(emission->model, section, index);
	struct target target;
	struct error *err;
	uint32_t bias = 0, symbol;

	if (reloc->type == R_X86_64_NONE)
		return NULL;
	if (uses && reloc_is_pc_relative(reloc->type))
		bias = uses[index].bias;
	target = selection_target(emission->selection, ref, !entry && ref.flow == FLOW_DATA);
	if (target.kind == TARGET_NONE)
		return error_create(EXIT_ERROR, "%s: a reference of %s was not settled: %s",
				    emission->model->object->path,
				    emission->model->object->sections[section].name,
				    target.problem);
	if (target.kind == TARGET_CARRIED) {
		if (!entry && emit_resolved(emission, ref, reloc, uses ? &uses[index] : NULL,
					    out_section, out_offset))
			return NULL;
		return emit_inside(emission, ref, reloc, bias, out_section, out_offset, entry);
	}
	err = emit_outside(emission, &target, &symbol);
	if (err)
		return err;
	return elf_writer_reloc(emission->writer, out_section, out_offset, reloc->type, symbol,
				ref.offset - (int64_t)bias) ?
		       NULL :
		       error_nomem();
}

struct error *emit_refs(struct emission *emission)
{
	const struct model *model = emission->model;
	uint32_t i, j;

	for (i = 0; i < model->units.count; i++) {
		const struct unit *unit = &model->units.items[i];

		if (!emission->section[i])
			continue;
		for (j = 0; j < unit->reloc_count; j++) {
			uint32_t index = unit->reloc_first + j;
			uint64_t at = unit_section(model, unit)->relocs[index].offset;
			struct error *err;

			/* a jump that a test is in the place of */
			if (stretch_replaces(emission->stretches[i], at - unit->start))
				continue;
			err = emit_reloc(emission, unit->section, index, emission->section[i],
					   emission_at(emission, i, at - unit->start), false);

			if (err)
				return err;
		}
	}
	return NULL;
}
