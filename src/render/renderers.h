/* SPDX-License-Identifier: BSD-2-Clause */
/* The renderers, for the list of them. */
#pragma once

#include "render/render.h"

extern const struct renderer line_renderer, tree_renderer, json_renderer, fields_renderer;
