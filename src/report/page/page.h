// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// What every HTML report has in common: how it looks and what it can do. Written for browsers of 2021 and later; a page is whole without
/// the script, which sorts and filters and nothing else.
namespace eclair::report {

/// A style sheet: light and dark, narrow and wide, print. No @import, no url().
std::string_view page_style();
/// A script that works on sections as formats/html.cpp writes them. It makes no request and keeps nothing.
std::string_view page_script();
/// A policy that lets a browser take this style and this script, by their digests, and nothing else: markup that was smuggled into the page
/// runs nothing, and asks nobody for anything.  source: w3.org/TR/CSP3
std::string page_policy();

}  // namespace eclair::report
