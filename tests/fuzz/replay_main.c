/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a fuzz target over files, and over the files of directories: without a fuzzer the corpus is still tried. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In an allocation of its own length, so that a sanitizer sees every step too far. */
static int feed(const char *path, size_t size)
{
	uint8_t *data = malloc(size ? size : 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n = 1;

	while (data && fd >= 0 && have < size && (n = read(fd, data + have, size - have)) > 0)
		have += (size_t)n;
	if (!data || fd < 0 || n <= 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

static int replay(const char *path);

static int replay_directory(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	char name[4096];
	int count = 0;

	if (!directory) {
		perror(path);
		exit(2);
	}
	while ((entry = readdir(directory))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		count += replay(name);
	}
	closedir(directory);
	return count;
}

static int replay(const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		perror(path);
		exit(2);
	}
	return S_ISDIR(st.st_mode) ? replay_directory(path) : feed(path, (size_t)st.st_size);
}

int main(int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++)
		count += replay(argv[i]);
	printf("%d inputs replayed\n", count);
	return count ? 0 : 1;
}
