/* SPDX-License-Identifier: BSD-2-Clause */
/* A second thread for work that two can share. */
#pragma once

#include <pthread.h>

/* Signals are the caller's business: the thread takes none. As pthread_create(): 0, or why there is none. */
int thread_start(pthread_t *thread, void *(*run)(void *argument), void *argument);
