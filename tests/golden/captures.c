/* SPDX-License-Identifier: BSD-2-Clause */
#include "captures.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void fail(const char *path, const char *what)
{
	printf("Bail out! %s: %s\n", path, what);
	exit(1);
}

static void add(struct captures *captures, const char *path, const char *name)
{
	struct capture *capture;
	FILE *file = fopen(path, "rb");
	long length = file && !fseek(file, 0, SEEK_END) ? ftell(file) : -1;

	if (length < 0)
		fail(path, "cannot be read");
	captures->list = mem_resize(captures->list, captures->count + 1, sizeof *captures->list);
	capture = &captures->list[captures->count++];
	*capture = (struct capture){ .path = mem_copy_string(path), .data = mem_new(1, (size_t)length + 1),
				     .length = (size_t)length };
	capture->name = capture->path + (name - path);
	rewind(file);
	if (fread(capture->data, 1, capture->length, file) != capture->length)
		fail(path, "cannot be read");
	fclose(file);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void add_below(struct captures *captures, char *root)
{
	char *const roots[] = { root, NULL };
	FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	FTSENT *entry;

	while (walk && (entry = fts_read(walk))) {
		const char *dot = strrchr(entry->fts_name, '.');

		if (entry->fts_info == FTS_F && dot && (!strcmp(dot, ".pcap") || !strcmp(dot, ".pcapng")))
			add(captures, entry->fts_path, entry->fts_path + strlen(root) + 1);
	}
	if (walk)
		fts_close(walk);
}

struct captures captures_load(int argc, char **argv)
{
	struct captures captures = { 0 };
	const char *top = getenv("top_srcdir");
	char root[4096];

	for (int i = 1; i < argc; i++)
		add(&captures, argv[i], argv[i]);
	if (argc < 2) {
		snprintf(root, sizeof root, "%s/pcaps", top ? top : "..");
		add_below(&captures, root);
	}
	if (!captures.count)
		fail(top ? top : "..", "no captures below pcaps/; set top_srcdir");
	return captures;
}

void captures_free(struct captures *captures)
{
	for (size_t i = 0; i < captures->count; i++) {
		free(captures->list[i].path);
		free(captures->list[i].data);
	}
	free(captures->list);
	*captures = (struct captures){ 0 };
}

int captures_test(int argc, char **argv, int (*check)(const struct capture *capture))
{
	struct captures captures = captures_load(argc, argv);
	int failed = 0;

	printf("1..%zu\n", captures.count);
	for (size_t i = 0; i < captures.count; i++) {
		int wrong = check(&captures.list[i]) < 0;

		printf("%s %zu - %s\n", wrong ? "not ok" : "ok", i + 1, captures.list[i].name);
		fflush(stdout);
		failed |= wrong;
	}
	captures_free(&captures);
	return failed;
}
