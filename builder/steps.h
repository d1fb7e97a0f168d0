/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of a build; steps.c runs them in this order. */
#ifndef KLPKIT_STEPS_H
#define KLPKIT_STEPS_H

#include "build.h"

struct error *step_patches(struct build *build) must_check;
struct error *step_locate(struct build *build) must_check;
struct error *step_check(struct build *build) must_check;
struct error *step_workspace(struct build *build) must_check;
struct error *step_apply(struct build *build) must_check;
struct error *step_tree(struct build *build) must_check;
struct error *step_prepare(struct build *build) must_check;
struct error *step_plan(struct build *build) must_check;
struct error *step_compile(struct build *build) must_check;
struct error *step_match(struct build *build) must_check;
struct error *step_diff(struct build *build) must_check;
struct error *step_model(struct build *build) must_check;
struct error *step_link(struct build *build) must_check;
struct error *step_finish(struct build *build) must_check;
struct error *step_prove(struct build *build) must_check;
struct error *step_sign(struct build *build) must_check;
struct error *step_output(struct build *build) must_check;

/* What a proof complains of, after this sentence. */
struct error *proof_failed(struct build *build, const char *what) must_check;

#endif
