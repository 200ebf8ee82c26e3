// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#define ECLAIR_FUZZED_FEED "alpine"
#include "feed_target.h"
