// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/codenames.h"

namespace eclair {
namespace codenames_detail {

struct Release {
  std::string_view distribution, codename, number;
};

// source: https://wiki.debian.org/DebianReleases, https://releases.ubuntu.com/ (2026-11)
constexpr Release kReleases[] = {
    {"debian", "sarge", "3.1"},     {"debian", "etch", "4"},          {"debian", "lenny", "5"},        {"debian", "squeeze", "6"},
    {"debian", "wheezy", "7"},      {"debian", "jessie", "8"},        {"debian", "stretch", "9"},      {"debian", "buster", "10"},
    {"debian", "bullseye", "11"},   {"debian", "bookworm", "12"},     {"debian", "trixie", "13"},      {"debian", "forky", "14"},
    {"debian", "duke", "15"},       {"ubuntu", "precise", "12.04"},   {"ubuntu", "trusty", "14.04"},   {"ubuntu", "xenial", "16.04"},
    {"ubuntu", "bionic", "18.04"},  {"ubuntu", "cosmic", "18.10"},    {"ubuntu", "disco", "19.04"},    {"ubuntu", "eoan", "19.10"},
    {"ubuntu", "focal", "20.04"},   {"ubuntu", "groovy", "20.10"},    {"ubuntu", "hirsute", "21.04"},  {"ubuntu", "impish", "21.10"},
    {"ubuntu", "jammy", "22.04"},   {"ubuntu", "kinetic", "22.10"},   {"ubuntu", "lunar", "23.04"},    {"ubuntu", "mantic", "23.10"},
    {"ubuntu", "noble", "24.04"},   {"ubuntu", "oracular", "24.10"},  {"ubuntu", "plucky", "25.04"},   {"ubuntu", "questing", "25.10"},
    {"ubuntu", "resolute", "26.04"}, {"ubuntu", "dapper", "6.06"},   {"ubuntu", "edgy", "6.10"},       {"ubuntu", "feisty", "7.04"},
    {"ubuntu", "gutsy", "7.10"},    {"ubuntu", "hardy", "8.04"},      {"ubuntu", "intrepid", "8.10"},   {"ubuntu", "jaunty", "9.04"},
    {"ubuntu", "karmic", "9.10"},   {"ubuntu", "lucid", "10.04"},     {"ubuntu", "maverick", "10.10"},  {"ubuntu", "natty", "11.04"},
    {"ubuntu", "oneiric", "11.10"}, {"ubuntu", "quantal", "12.10"},   {"ubuntu", "raring", "13.04"},    {"ubuntu", "saucy", "13.10"},
    {"ubuntu", "utopic", "14.10"},  {"ubuntu", "vivid", "15.04"},     {"ubuntu", "wily", "15.10"},      {"ubuntu", "yakkety", "16.10"},
    {"ubuntu", "zesty", "17.04"},   {"ubuntu", "artful", "17.10"},
};

}  // namespace codenames_detail

std::string_view release_of_codename(std::string_view distribution, std::string_view codename) {
  for (const auto& one : codenames_detail::kReleases) {
    if (one.distribution == distribution && one.codename == codename) return one.number;
  }
  return {};
}

std::string_view codename_of_release(std::string_view distribution, std::string_view release) {
  for (const auto& one : codenames_detail::kReleases) {
    if (one.distribution == distribution && one.number == release) return one.codename;
  }
  return {};
}

}  // namespace eclair
