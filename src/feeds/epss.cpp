// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// FIRST's exploit prediction scores: a line for each CVE, all of them anew each day.
// source: https://www.first.org/epss/data_stats, epss_scores-*.csv.gz of 2021-04, 2021-09, 2022-02, 2026-08
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "feeds/enrichment.h"
#include "util/text.h"

namespace eclair::feeds {
namespace epss_detail {

constexpr std::size_t kLineBytes = 4096;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// A number from 0 to 1.
std::optional<double> share_of(std::string_view word) {
  word = text::trim(word);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !(value >= 0 && value <= 1)) return std::nullopt;
  return value;
}

/// The day in the name of a file whose first line does not say it: "epss_scores-2021-04-14.csv".
UnixTime day_of(std::string_view part) {
  constexpr std::string_view kBefore = "epss_scores-";
  const std::size_t at = part.rfind(kBefore);
  if (at == std::string_view::npos) return 0;
  const auto day = parse_time(part.substr(at + kBefore.size(), 10));
  return day ? *day : 0;
}

class Reader {
 public:
  Reader(std::string_view part, const ByteSource& in, const Cancel& stop, AdvisorySink& out)
      : lines_(in, kLineBytes), stop_(stop), out_(out), date_(day_of(part)) {}

  Result<> run() {
    std::string_view line;
    std::uint64_t scores = 0;
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const bool more, lines_.next(line));
      if (!more) break;
      line = text::trim(line);
      if (line.empty()) continue;
      if (line.front() == '#') {
        remark(line.substr(1));
      } else if (cve_at_ == kNone) {
        ECLAIR_CHECK_OK(head(line));
      } else {
        ECLAIR_TRY(const bool good, score(line));
        scores += good ? 1 : 0;
      }
    }
    if (scores == 0) return fail(Errc::invalid_input, cve_at_ == kNone ? "not a list of EPSS scores: empty" : "a list of EPSS scores without a score");
    out_.complete(kVulnerabilitySpace);
    return {};
  }

 private:
  /// "model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000"
  void remark(std::string_view words) {
    for (const std::string_view word : text::split(words, ',')) {
      const auto [name, value] = text::cut(word, ':');
      if (text::trim(name) != "score_date") continue;
      if (const auto time = parse_time(text::trim(value)); time) date_ = *time;
    }
  }

  Result<> head(std::string_view line) {
    const std::vector<std::string_view> columns = text::split(line, ',');
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view name = text::trim(columns[i]);
      if (name == "cve") cve_at_ = i;
      if (name == "epss") score_at_ = i;
      if (name == "percentile") percentile_at_ = i;
    }
    if (cve_at_ != kNone && score_at_ != kNone) return {};
    return fail(Errc::invalid_input, "not a list of EPSS scores: line " + std::to_string(lines_.line_number()) + " names no columns cve and epss");
  }

  Result<bool> score(std::string_view line) {
    const std::vector<std::string_view> fields = text::split(line, ',');
    const auto field = [&](std::size_t at) { return at < fields.size() ? text::trim(fields[at]) : std::string_view{}; };
    VulnerabilityText out;
    out.id = field(cve_at_);
    if (!is_cve_id(out.id)) return bad(text::quoted(field(cve_at_)) + " is no CVE id");
    const auto value = share_of(field(score_at_));
    if (!value) return bad(out.id + ": the score " + text::quoted(field(score_at_)) + " is no number from 0 to 1");
    const auto percentile = share_of(field(percentile_at_));
    if (!percentile && !field(percentile_at_).empty()) return bad(out.id + ": the percentile " + text::quoted(field(percentile_at_)) + " is no number from 0 to 1");
    out.epss = Epss{*value, percentile.value_or(-1), date_};
    ECLAIR_CHECK_OK(enrich(out_, std::move(out)));
    return true;
  }

  bool bad(const std::string& why) {
    out_.bad_record("epss: line " + std::to_string(lines_.line_number()) + ": " + why);
    return false;
  }

  LineReader lines_;
  const Cancel& stop_;
  AdvisorySink& out_;
  UnixTime date_;
  std::size_t cve_at_ = kNone, score_at_ = kNone, percentile_at_ = kNone;
};

class EpssFeed final : public Feed {
 public:
  std::string_view id() const override { return "epss"; }
  std::string_view title() const override { return "FIRST EPSS"; }
  std::string_view url() const override { return "https://epss.cyentia.com/epss_scores-current.csv.gz"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits&, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(part, in, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace epss_detail

const Feed& epss() {
  static const epss_detail::EpssFeed one;
  return one;
}

}  // namespace eclair::feeds
