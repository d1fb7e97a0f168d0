// SPDX-License-Identifier: GPL-2.0-or-later
/* Module.symvers. */
#include <klpkit/image.h>
#include <tap.h>

#include "synth.h"

static struct error *open_text(const char *text, struct symvers **ret)
{
	return symvers_open(synth_path(text, strlen(text)), ret);
}

static int text_fails(const char *text, const char *words)
{
	struct symvers *symvers = NULL;

	return synth_is_error(open_text(text, &symvers), words);
}

static void test_good(void)
{
	static const char text[] = "0x01234567\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n"
				   "0xdeadbeef\tdma_map\tvmlinux\tEXPORT_SYMBOL_GPL\tDMA_SPACE\n"
				   "0x00000000\tnic-less\tdrivers/net/some-nic\tEXPORT_SYMBOL\n"
				   "0x00000001\tprintk\tkernel/other\tEXPORT_SYMBOL\t\n"
				   "0xABCDEF01\tlast\textra/x-y-z\tEXPORT_SYMBOL_GPL\t";
	const struct symvers_entry *entry;
	struct symvers *symvers = NULL;
	struct error *err = open_text(text, &symvers);

	ok(!err, "a file is read");
	if (err)
		return;
	entry = symvers_find(symvers, "printk");
	ok(entry && entry->crc == 0x01234567 && !entry->gpl, "an export; the first of a name");
	is_str(entry ? entry->module : NULL, "vmlinux", "its module");
	is_str(entry ? entry->name_space : NULL, "", "no name space");
	entry = symvers_find(symvers, "dma_map");
	ok(entry && entry->crc == 0xdeadbeef && entry->gpl, "a GPL one");
	is_str(entry ? entry->name_space : NULL, "DMA_SPACE", "in a name space");
	entry = symvers_find(symvers, "nic-less");
	is_str(entry ? entry->module : NULL, "some_nic", "a module's name is not its path");
	is_str(entry ? entry->name : NULL, "nic-less", "the symbol's name is as it is");
	is_str(entry ? entry->name_space : NULL, "", "four fields are enough");
	entry = symvers_find(symvers, "last");
	ok(entry && entry->crc == 0xabcdef01, "a last line without end");
	is_str(entry ? entry->module : NULL, "x_y_z", "more dashes");
	ok(!symvers_find(symvers, "first"), "a name that is not there");
	ok(!symvers_find(symvers, ""), "no name");
	symvers_destroy(symvers);
}

static void test_empty(void)
{
	struct symvers *symvers = NULL;
	struct error *err = symvers_open("/dev/null", &symvers);

	ok(!err && !symvers_find(symvers, "printk"), "/dev/null is an empty table");
	symvers_destroy(symvers);
	err = open_text("", &symvers);
	ok(!err && !symvers_find(symvers, "printk"), "so is an empty file");
	symvers_destroy(symvers);
	symvers_destroy(NULL);
	err = symvers_open("/nowhere/Module.symvers", &symvers);
	ok(err && strstr(err->message, "/nowhere/Module.symvers"), "a file that is not there");
	error_destroy(err);
}

static void test_bad(void)
{
	struct symvers *symvers = NULL;

	ok(text_fails("0x01234567\tprintk\tvmlinux\tEXPORT_SYMBOL\t\nhello\n", ":2: is not a line"),
	   "a line of something else, by number");
	ok(text_fails("\n", ":1: is not a line"), "a blank line");
	ok(text_fails("0x01234567\tprintk\tvmlinux\n", ":1:"), "a field too few");
	ok(text_fails("0x01234567\tprintk\tvmlinux\tEXPORT_SYMBOL\ta\tb\n", ":1:"),
	   "a field too many");
	ok(text_fails("0x01234567\t\tvmlinux\tEXPORT_SYMBOL\t\n", ":1:"), "no name");
	ok(text_fails("0x01234567\tprintk\t\tEXPORT_SYMBOL\t\n", ":1:"), "no module");
	ok(text_fails("0x01234567\tprintk\tnet/\tEXPORT_SYMBOL\t\n", ":1:"), "only its folder");
	ok(text_fails("0x01234567\tprintk\tvmlinux\tEXPORT\t\n", ":1:"), "no export");
	ok(text_fails("01234567\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n", ":1:"), "a CRC without 0x");
	ok(text_fails("0x\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n", ":1:"), "no digits");
	ok(text_fails("0x012345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n", ":1:"), "nine digits");
	ok(text_fails("0x0123456g\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n", ":1:"), "no digit");
	ok(text_fails("0x01234567 printk vmlinux EXPORT_SYMBOL\n", ":1:"), "spaces");
	ok(synth_is_error(symvers_open(synth_path("0x1\ta\0b\tc\tEXPORT_SYMBOL\n", 22), &symvers),
			  ":1:"),
	   "a NUL in it");
}

static void test_many(void)
{
	struct synth text = {NULL, 0, 0};
	struct symvers *symvers = NULL;
	struct error *err;
	unsigned int found = 0;
	char line[128];

	for (uint32_t i = 0; i < 50000; i++) {
		sprintf(line, "0x%08x\tname_%u\tvmlinux\tEXPORT_SYMBOL\t\n", i, i);
		synth_put(&text, line, strlen(line));
	}
	err = symvers_open(synth_path(text.data, text.size), &symvers);
	ok(!err, "a large file");
	for (uint32_t i = 0; !err && i < 50000; i++) {
		const struct symvers_entry *entry;

		sprintf(line, "name_%u", i);
		entry = symvers_find(symvers, line);
		found += entry && entry->crc == i;
	}
	ok(found == 50000, "each of its names is found");
	symvers_destroy(err ? NULL : symvers);
	synth_reset(&text);
}

int main(void)
{
	test_good();
	test_empty();
	test_bad();
	test_many();
	return tap_done();
}
