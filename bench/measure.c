/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command and says what it took: measure FILE COMMAND...
 * FILE gets: exit status, seconds, seconds of user CPU, of system CPU, most memory in KiB. A small program of its own,
 * because a child begins with the memory count of the process it was forked from.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec * 1e-6;
}

static double clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int run(char **command)
{
	pid_t child = fork();

	if (child)
		return child;
	signal(SIGINT, SIG_DFL);
	execvp(command[0], command);
	fprintf(stderr, "measure: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

int main(int argc, char **argv)
{
	struct rusage used;
	double start = clock_now(), taken;
	FILE *file;
	int child, status;

	if (argc < 3) {
		fputs("usage: measure FILE COMMAND...\n", stderr);
		return 2;
	}
	signal(SIGINT, SIG_IGN); /* the whole group gets it; it is meant for the command */
	child = run(argv + 2);
	if (child < 0 || wait4(child, &status, 0, &used) < 0) {
		fprintf(stderr, "measure: %s\n", strerror(errno));
		return 1;
	}
	taken = clock_now() - start;
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%d %.6f %.6f %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128, taken,
			     seconds(&used.ru_utime), seconds(&used.ru_stime), used.ru_maxrss) < 0 || fclose(file)) {
		fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	return 0;
}
