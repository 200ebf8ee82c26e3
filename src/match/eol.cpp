// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "match/match.h"

// Which end? The last day on which the distribution itself gives security fixes to everybody without paying:
//   Debian      end of LTS, not of the security team's three years, and not of the commercial ELTS
//   Ubuntu      end of standard support, not of Expanded Security Maintenance, which needs a token in the image
//   RHEL family end of the maintenance phase; Oracle: of Premier Support; none with paid extensions
//   SUSE        end of general support of that service pack, without LTSS
// Where only a month is published, its last day. A release whose date is not settled yet is left out rather than guessed.
// Sources: distro-info-data (Debian, Ubuntu), the distributions' own pages as collected by endoflife.date; as of 2026-07.

namespace eclair::match {
namespace eol_detail {

struct Row {
  std::string_view name_space, date;
};
// clang-format off
constexpr Row kEnds[] = {
    {"debian:7", "2018-05-31"},   {"debian:8", "2020-06-30"},   {"debian:9", "2022-06-30"},   {"debian:10", "2024-06-30"},
    {"debian:11", "2026-08-31"},  {"debian:12", "2028-06-30"},  {"debian:13", "2030-06-30"},

    {"ubuntu:14.04", "2019-04-30"}, {"ubuntu:14.10", "2015-07-23"}, {"ubuntu:15.04", "2016-02-04"}, {"ubuntu:15.10", "2016-07-28"},
    {"ubuntu:16.04", "2021-04-30"}, {"ubuntu:16.10", "2017-07-20"}, {"ubuntu:17.04", "2018-01-13"}, {"ubuntu:17.10", "2018-07-19"},
    {"ubuntu:18.04", "2023-05-31"}, {"ubuntu:18.10", "2019-07-18"}, {"ubuntu:19.04", "2020-01-23"}, {"ubuntu:19.10", "2020-07-17"},
    {"ubuntu:20.04", "2025-05-31"}, {"ubuntu:20.10", "2021-07-22"}, {"ubuntu:21.04", "2022-01-20"}, {"ubuntu:21.10", "2022-07-14"},
    {"ubuntu:22.04", "2027-06-01"}, {"ubuntu:22.10", "2023-07-20"}, {"ubuntu:23.04", "2024-01-25"}, {"ubuntu:23.10", "2024-07-11"},
    {"ubuntu:24.04", "2029-05-31"}, {"ubuntu:24.10", "2025-07-10"}, {"ubuntu:25.04", "2026-01-15"}, {"ubuntu:25.10", "2026-07-09"},
    {"ubuntu:26.04", "2031-05-31"},

    {"alpine:v3.2", "2017-05-01"},  {"alpine:v3.3", "2017-11-01"},  {"alpine:v3.4", "2018-05-01"},  {"alpine:v3.5", "2018-11-01"},
    {"alpine:v3.6", "2019-05-01"},  {"alpine:v3.7", "2019-11-01"},  {"alpine:v3.8", "2020-05-01"},  {"alpine:v3.9", "2020-11-01"},
    {"alpine:v3.10", "2021-05-01"}, {"alpine:v3.11", "2021-11-01"}, {"alpine:v3.12", "2022-05-01"}, {"alpine:v3.13", "2022-11-01"},
    {"alpine:v3.14", "2023-05-01"}, {"alpine:v3.15", "2023-11-01"}, {"alpine:v3.16", "2024-05-23"}, {"alpine:v3.17", "2024-11-22"},
    {"alpine:v3.18", "2025-05-09"}, {"alpine:v3.19", "2025-11-01"}, {"alpine:v3.20", "2026-04-01"}, {"alpine:v3.21", "2026-11-01"},
    {"alpine:v3.22", "2027-05-01"}, {"alpine:v3.23", "2027-11-01"},

    {"rhel:5", "2017-03-31"},  {"rhel:6", "2020-11-30"},  {"rhel:7", "2024-06-30"},  {"rhel:8", "2029-05-31"},
    {"rhel:9", "2032-05-31"},  {"rhel:10", "2035-05-31"},
    {"centos:5", "2017-03-31"}, {"centos:6", "2020-11-30"}, {"centos:7", "2024-06-30"}, {"centos:8", "2021-12-31"},
    {"centos-stream:8", "2024-05-31"}, {"centos-stream:9", "2027-05-31"},
    {"rocky:8", "2029-05-31"}, {"rocky:9", "2032-05-31"}, {"rocky:10", "2035-05-31"},
    {"almalinux:8", "2029-03-01"}, {"almalinux:9", "2032-05-31"}, {"almalinux:10", "2035-05-31"},
    {"ol:5", "2017-06-30"}, {"ol:6", "2021-03-31"}, {"ol:7", "2024-12-31"}, {"ol:8", "2029-07-31"}, {"ol:9", "2032-06-30"},

    {"fedora:30", "2020-05-26"}, {"fedora:31", "2020-11-24"}, {"fedora:32", "2021-05-25"}, {"fedora:33", "2021-11-30"},
    {"fedora:34", "2022-06-07"}, {"fedora:35", "2022-12-13"}, {"fedora:36", "2023-05-16"}, {"fedora:37", "2023-12-05"},
    {"fedora:38", "2024-05-21"}, {"fedora:39", "2024-11-26"}, {"fedora:40", "2025-05-13"}, {"fedora:41", "2025-12-15"},
    {"fedora:42", "2026-05-13"}, {"fedora:43", "2026-12-09"},

    {"amzn:1", "2023-12-31"}, {"amzn:2", "2026-06-30"}, {"amzn:2023", "2029-06-30"},

    {"opensuse-leap:42.1", "2017-05-17"}, {"opensuse-leap:42.2", "2018-01-26"}, {"opensuse-leap:42.3", "2019-07-01"},
    {"opensuse-leap:15.0", "2019-12-03"}, {"opensuse-leap:15.1", "2021-02-02"}, {"opensuse-leap:15.2", "2022-01-04"},
    {"opensuse-leap:15.3", "2022-12-31"}, {"opensuse-leap:15.4", "2023-12-07"}, {"opensuse-leap:15.5", "2024-12-31"},
    {"opensuse-leap:15.6", "2026-04-30"}, {"opensuse-leap:16.0", "2027-10-31"},
    {"sles:12", "2016-06-30"},   {"sles:12.1", "2017-05-31"}, {"sles:12.2", "2018-03-31"}, {"sles:12.3", "2019-06-30"},
    {"sles:12.4", "2020-06-30"}, {"sles:12.5", "2024-10-31"}, {"sles:15", "2019-12-31"},   {"sles:15.1", "2021-01-31"},
    {"sles:15.2", "2021-12-31"}, {"sles:15.3", "2022-12-31"}, {"sles:15.4", "2023-12-31"}, {"sles:15.5", "2024-12-31"},
    {"sles:15.6", "2025-12-31"}, {"sles:15.7", "2031-07-31"},

    {"photon:1.0", "2022-02-28"}, {"photon:2.0", "2022-12-31"}, {"mariner:1.0", "2023-08-31"}, {"mariner:2.0", "2025-07-31"},
};
// clang-format on

}  // namespace eol_detail

std::optional<EndOfLife> end_of_life(const Os& os, UnixTime now) {
  // Raspbian is judged by Debian's rows, but its builds do not follow Debian's LTS.
  if (os.id == "raspbian") return std::nullopt;
  std::string key = name_space(os);
  // It is judged as Red Hat's, and ends on days of its own; both kinds call themselves "centos", and Stream 8 outlived CentOS Linux 8.
  if (os.id == "centos" && !key.empty()) key.replace(0, key.find(':'), is_centos_stream(os) ? "centos-stream" : "centos");
  const auto* const end = std::end(eol_detail::kEnds);
  const auto is_it = [&](const eol_detail::Row& row) { return row.name_space == key; };
  const auto* const found = std::find_if(std::begin(eol_detail::kEnds), end, is_it);
  if (key.empty() || found == end) return std::nullopt;
  const Result<UnixTime> last_day = parse_time(found->date);
  if (!last_day) return std::nullopt;
  return EndOfLife{std::string(found->date), now >= *last_day + 86400};
}

}  // namespace eclair::match
