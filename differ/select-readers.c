// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who uses a variable whose contents change. Where old code may meet new contents, or new code old ones,
 * nobody who is changed himself may use it. Where both change in one moment (diff_input.at_once), it has to be
 * known that nobody is in the middle of reading it then, if it is more than a word: all who read it are replaced
 * functions, or others that can be looked for.
 */
#include "select.h"

struct writer {
	const struct model *model;
	bool lone;
	const char *name;
	bool address;
};

static bool is_writer(void *data, const struct use *use)
{
	struct writer *writer = data;
	const struct unit *unit = &writer->model->units.items[use->user];

	if (unit->kind != UNIT_FUNC || !(use->address ? writer->lone : use->writes))
		return true;
	writer->name = unit->name;
	writer->address = use->address;
	return false;
}

const char *data_writer(const struct model *model, uint32_t id, bool lone, bool *address_ret)
{
	struct writer writer = { .model = model, .lone = lone };

	unit_each_use(model, id, is_writer, &writer);
	*address_ret = writer.address;
	return writer.name;
}

struct changed_user {
	const struct selection *selection;
	const struct model *model;
	const char *name;
};

/* The patched version of a function of the original or, itself, of the patched object; or UNIT_NONE. */
static uint32_t patched_of(const struct changed_user *search, uint32_t id)
{
	const struct correlation *correlation = search->selection->correlation;

	return search->model == correlation->orig ? correlation->of_orig[id] : id;
}

static bool is_changed(void *data, const struct use *use)
{
	struct changed_user *search = data;
	uint32_t function = unit_function(search->model, use->user), patched;

	if (search->model->units.items[function].kind != UNIT_FUNC)
		return true;
	patched = patched_of(search, function);
	if (patched != UNIT_NONE && search->selection->comparison->verdicts[patched] == VERDICT_SAME)
		return true;
	search->name = search->model->units.items[function].name;
	return false;
}

const char *data_changed_user(const struct selection *selection, uint32_t id)
{
	const struct correlation *correlation = selection->correlation;
	struct changed_user search = { .selection = selection, .model = correlation->orig };

	unit_each_use(search.model, correlation->of_patched[id], is_changed, &search);
	search.model = correlation->patched;
	if (!search.name)
		unit_each_use(search.model, id, is_changed, &search);
	return search.name;
}

/* Those of the original: of the new ones, all code is looked for. */
struct readers {
	struct selection *selection; /* to be told; or NULL */
	const struct selection *look;
	uint32_t id; /* of the original: what they read */
	const char *problem;
};

static bool is_known_reader(void *data, const struct use *use)
{
	struct readers *readers = data;
	const struct correlation *correlation = readers->look->correlation;
	uint32_t function = unit_function(correlation->orig, use->user);
	uint32_t patched = correlation->of_orig[function], entry;
	const struct unit *unit = &correlation->orig->units.items[function];
	bool *out_of_memory = &readers->look->findings->out_of_memory;

	if (use->address && !unit_keeps_address(correlation->orig, use->user, readers->id, out_of_memory))
		readers->problem = "its address is handed on by";
	else if (patched == UNIT_NONE)
		readers->problem = "one who reads it is not there any more:";
	else if (unit_is_noinstr(readers->look, patched))
		readers->problem = "it is read where nothing is looked for, by";
	else if (places_find(readers->look->places, unit->symbol, &entry) != PLACE_FOUND)
		readers->problem = "the running kernel has no one function of the name that reads it:";
	if (readers->problem) {
		readers->problem = arena_printf(&readers->look->findings->arena, "%s %s", readers->problem,
						unit->name ?: "another variable");
		return false;
	}
	if (readers->selection)
		selection_check(readers->selection, patched, "it reads what changes together with the code");
	return true;
}

bool data_readers_known(const struct selection *selection, uint32_t id, const char **problem_ret)
{
	const struct correlation *correlation = selection->correlation;
	uint32_t twin = correlation->of_patched[id];
	struct readers readers = { .look = selection, .id = twin };

	*problem_ret = "other objects may use it";
	if (!unit_is_static(correlation->orig, twin) || !unit_is_static(correlation->patched, id))
		return false;
	*problem_ret = "its address is stored";
	if (unit_is_listed(correlation->orig, twin) || unit_is_listed(correlation->patched, id))
		return false;
	unit_each_use(correlation->orig, twin, is_known_reader, &readers);
	*problem_ret = readers.problem;
	return !readers.problem;
}

void data_check_readers(struct selection *selection, uint32_t id)
{
	struct readers readers = { .selection = selection, .look = selection,
				   .id = selection->correlation->of_patched[id] };

	unit_each_use(selection->correlation->orig, readers.id, is_known_reader, &readers);
}
