/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes each packet of captures as a seed for fuzz_dissect: seed_dissect DIRECTORY CAPTURE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect_input.h"
#include "io/source.h"

static unsigned link_index(uint16_t link)
{
	unsigned i = 0;

	while (i < INPUT_LINKS - 1 && input_links[i] != link)
		i++;
	return i;
}

static void head_of(const struct frame *frame, uint8_t head[INPUT_HEAD])
{
	uint32_t beyond = frame->wire_length > frame->cap_length ? frame->wire_length - frame->cap_length : 0;

	beyond = beyond > 65535 ? 65535 : beyond;
	head[0] = (uint8_t)link_index(frame->link);
	head[1] = (uint8_t)((frame->has_flags ? INPUT_HAS_FLAGS : 0) | (frame->has_time ? 0 : INPUT_NO_TIME) |
			    (frame->flags & FRAME_CHECKSUM_NOT_READY ? INPUT_NOT_READY : 0) |
			    (frame->flags & FRAME_CHECKSUM_VALID ? INPUT_VALID : 0) |
			    (frame->flags & FRAME_TCP_SEGMENTATION ? INPUT_SEGMENTED : 0));
	head[2] = (uint8_t)(beyond >> 8);
	head[3] = (uint8_t)beyond;
}

static int write_seed(const char *directory, unsigned number, const struct frame *frame)
{
	uint8_t head[INPUT_HEAD];
	char path[4096];
	FILE *file;
	int bad;

	head_of(frame, head);
	snprintf(path, sizeof path, "%s/%05u", directory, number);
	file = fopen(path, "wb");
	if (!file)
		return -1;
	bad = fwrite(head, 1, sizeof head, file) != sizeof head ||
	      fwrite(frame->data, 1, frame->cap_length, file) != frame->cap_length;
	return fclose(file) || bad ? -1 : 0;
}

/* A capture that ends in an error gives the packets before it. */
static int write_seeds(const char *directory, const char *path, unsigned *number)
{
	struct source_file_options options = { 0 };
	struct error err;
	struct source *source = source_file_open(path, &options, &err);
	struct frame frame;
	int status = 0;

	if (!source) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	while (!status && source_next(source, &frame, &err) == SOURCE_FRAME)
		status = write_seed(directory, (*number)++, &frame);
	source_close(source);
	return status;
}

int main(int argc, char **argv)
{
	unsigned number = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: seed_dissect DIRECTORY CAPTURE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (write_seeds(argv[1], argv[i], &number) < 0) {
			perror(argv[i]);
			return 1;
		}
	printf("%u seeds\n", number);
	return number ? 0 : 1;
}
