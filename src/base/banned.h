/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that are not used here, turned into compile errors. Included into every file by the build. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime ctime asctime atoi atol gets strncpy strncat
