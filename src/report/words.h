// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "report/report.h"
#include "util/plural.h"

/// Words that reports have in common. What an image or a feed says goes through text::clean() here: no control characters, no bidirectional
/// overrides, one line. Escaping for a format (report/escape.h) is left to the format. Pure.
namespace eclair::report {

using text::plural;
/// "High"
std::string capitalised(Severity severity);
/// "will not fix"
std::string spoken(Status status);
/// The fixed version, or "- " and what the source says instead: "- no fix", "- will not fix". Cleaned.
std::string fix_words(const Finding& finding);
/// "fixed in 1.2-3", "no fix", "will not fix"
std::string fix_state(const Finding& finding);
/// A sentence: "Upgrade zlib1g to 1.2-3." or why that is not possible.
std::string advice(const Report& report, const Finding& finding);
/// Where to read about a finding: a page of the distribution that judged it, else of the database that gives such ids, else the first of its
/// addresses. Never empty, always as safe_url() gives it.
std::string link_of(const Finding& finding);
/// The URL where it is http or https: printable ASCII, with all percent-encoded that could end an attribute, a link or a line; else "".
std::string safe_url(std::string_view url);
/// The finding's title, else the first sentence of its description, else "".
std::string title_of(const Finding& finding, std::size_t max_bytes = 200);
/// The description, else the title; "" when the feeds say nothing.
std::string description_of(const Finding& finding, std::size_t max_bytes = 4096);

/// "base" or "own"; "" where no base image is known.
std::string_view origin_of(const Report& report, std::uint32_t layer);
/// "Debian GNU/Linux 12 (bookworm)", else "debian 12", else "unknown distribution".
std::string os_name(const Os& os);
/// "registry.example.com/shop/api" of "registry.example.com/shop/api:1.4@sha256:...": what stays the same from build to build.
std::string repository_of(std::string_view image_name);
/// Of the step that made a layer; "" = not known.
std::string command_of(const Report& report, std::uint32_t layer, std::size_t max_bytes = 200);

std::string decimal(double value);   ///< "9.8", "0.01297": at most five digits, no exponent, no zeros at the end
std::string minute(UnixTime t);      ///< "2026-08-21 05:40 UTC"
std::string day(UnixTime t);         ///< "2026-08-21"; "" for 0
/// A UUID that is a function of the text alone (version 8 of RFC 9562, made from a SHA-256).
std::string uuid_of(std::string_view text);

}  // namespace eclair::report
