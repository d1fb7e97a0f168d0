/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The instruction decoder, as little of it as the differ needs. */
#ifndef DIFFER_CODE_H
#define DIFFER_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct instruction {
	uint8_t length;
	bool is_call;	  /* near, direct or not */
	bool is_jump;	  /* conditional ones too */
	bool is_relative; /* a branch with a displacement */
	int64_t displacement;		 /* from the end of the instruction, when is_relative */
	uint8_t displacement_at, displacement_size; /* of that field, in bytes */
	uint8_t immediate_at, immediate_size;	    /* of a plain immediate; size 0: none */
	int64_t immediate;   /* its value, when immediate_size */
	bool has_memory;     /* an operand in memory that is not relative to the code */
	int64_t memory;	     /* its displacement from the registers */
	bool is_rip;	     /* has an operand in memory relative to the instruction's end */
	uint8_t memory_at, memory_size; /* of the displacement, in bytes; size 0: none */
	uint8_t destination; /* for a move of an immediate: the register's number, else 0xff */
	bool is_push;	     /* of an immediate */
	bool is_endbr;
	bool is_lea;
	bool is_padding; /* a no-op, or int3 */
};

/* False when the bytes are no instruction. 64-bit mode. */
bool code_decode(const uint8_t *bytes, size_t size, struct instruction *ret);

/* Does the instruction write to an operand in memory? True when it cannot be told. */
bool code_writes(const uint8_t *bytes, size_t size);

/* A function's code from its entry on; offsets are from there too. */
struct code_addresses {
	const uint8_t *bytes;
	size_t size;
	const uint64_t *loads; /* instructions that load the address that is asked about */
	size_t load_count;
	const uint64_t *exits; /* fields of relocations, where a jump is one out of the function */
	size_t exit_count;
	const uint64_t *returns; /* the same, of jumps that return (__x86_return_thunk) */
	size_t return_count;
};

/* code-escapes.c: may the address leave the function, or what is there be written to? True when it cannot be told. */
bool code_escapes(const struct code_addresses *in);

#endif
