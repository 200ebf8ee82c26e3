// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// ubuntu-cve-tracker: a text file for each CVE, with a line for each source package and suite ("jammy_bash: released (5.1-6)").
// source: https://git.launchpad.net/ubuntu-cve-tracker: README, scripts/cve_lib.py (2024-08)
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "feeds/cvss.h"
#include "feeds/ubuntu.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace ubuntu_tracker_detail {

constexpr std::size_t kLineBytes = 64u << 10;

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

bool is_cve(std::string_view s) {
  if (!starts_with(s, "CVE-") || s.size() < 10 || s.size() > 40) return false;
  return std::all_of(s.begin() + 4, s.end(), [](char c) { return text::is_digit(c) || text::is_alpha(c) || c == '-'; }) && text::is_digit(s[4]);
}

/// "(1.2-3)", also "[1.2-3]" and with one of the brackets lost, as real files have it.
std::string_view note_of(std::string_view rest) {
  rest = text::trim(rest);
  while (!rest.empty() && (rest.front() == '(' || rest.front() == '[')) rest.remove_prefix(1);
  while (!rest.empty() && (rest.back() == ')' || rest.back() == ']')) rest.remove_suffix(1);
  return text::trim(rest);
}

/// Whether "ignored" is because nobody maintains the package or release any more.
bool is_end_of_life(std::string_view note) {
  const std::string lower = text::lower(note);
  for (const std::string_view words : {"end of life", "end-of-life", "of standard support", "end of kernel support", "end of esm support",
                                       "no longer supported", "no longer updated"}) {
    if (lower.find(words) != std::string::npos) return true;
  }
  return false;
}

class File {
 public:
  File(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : part_(part), in_(in), limits_(limits), stop_(stop), out_(out), dpkg_(*version::find_scheme("dpkg")) {}

  Result<> run() {
    if (in_.size() > limits_.feed_member_bytes) {
      return fail(Errc::limit, "more than feed_member_bytes (" + std::to_string(limits_.feed_member_bytes) + ")");
    }
    LineReader lines(in_, kLineBytes);
    std::string_view line;
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const bool more, lines.next(line));
      if (!more) break;
      if (line.empty() || line.front() == '#') continue;
      if (text::is_space(line.front())) {
        continued(text::trim(line));
      } else {
        field(line, lines.line_number());
      }
    }
    const std::string_view file = part_.substr(part_.find_last_of('/') + 1);
    if (text_.id.empty() && is_cve(file)) text_.id = file;
    if (text_.id.empty()) return fail(Errc::invalid_input, "not a file of the CVE tracker: it names no CVE");
    if (!known_) return fail(Errc::invalid_input, "not a file of the CVE tracker: no field of it is known");
    return emit();
  }

 private:
  void field(std::string_view line, std::uint64_t number) {
    const auto [key, rest] = text::cut(line, ':');
    const std::string_view value = text::trim(rest);
    key_.clear();
    if (key == "Candidate") {
      known_ = true;
      if (is_cve(value)) text_.id = value;
    } else if (key == "PublicDate") {
      std::string_view date = value;
      if (date.size() > 4 && date.substr(date.size() - 4) == " UTC") date.remove_suffix(4);
      if (const auto time = parse_time(date)) text_.published = *time;
    } else if (key == "Description" || key == "References" || key == "CVSS") {
      key_ = key;
      if (!value.empty()) continued(value);
    } else if (key == "Priority" || starts_with(key, "Priority_")) {
      // The word may be followed by its reason.
      priorities_[std::string(key.substr(std::min(key.size(), std::string_view("Priority_").size())))] = text::words(value).empty() ? "" : text::words(value)[0];
    } else if (const auto [suite, package] = text::cut(key, '_'); !package.empty() && !starts_with(key, "Patches") && !starts_with(key, "Tags")) {
      status(suite, package, value, number);
    }
  }

  void continued(std::string_view value) {
    if (value.empty()) return;
    if (key_ == "Description") {
      text_.description += (text_.description.empty() ? "" : " ") + std::string(value);
    } else if (key_ == "References") {
      if (starts_with(value, "http")) text_.urls.emplace_back(text::words(value)[0]);
    } else if (key_ == "CVSS") {  // "nvd: CVSS:3.1/AV:N/... [9.8 CRITICAL]"
      for (const std::string_view word : text::words(value)) {
        if (starts_with(word, "CVSS:")) text_.cvss.push_back({std::string(cvss_version(word)), std::string(word), cvss_base_score(word).value_or(-1)});
      }
    }
  }

  void status(std::string_view suite, std::string_view package, std::string_view value, std::uint64_t number) {
    UbuntuEntry entry;
    if (!ubuntu_place_of_suite(suite, entry.place) || value.empty()) return;
    const auto bad = [&](const std::string& why) {
      out_.bad_record("ubuntu: " + text::quoted(part_.substr(part_.find_last_of('/') + 1)) + " line " + std::to_string(number) + ": " + why);
    };
    entry.package = text::trim(package);
    const std::string_view word = text::words(value)[0], note = note_of(value.substr(word.size()));
    suites_.emplace_back(suite);
    if (word == "released") {
      entry.status = Status::fixed;
      entry.fixed_in = note;
      if (note.empty() || !dpkg_.is_valid(note)) {
        bad(text::quoted(package) + " is released in no version: " + text::quoted(value));
        suites_.pop_back();
        return;
      }
    } else if (word == "needed" || word == "active" || word == "in-progress" || word == "needs-triage" || word == "pending") {
      entry.status = Status::affected;
      // A fix that is prepared is not to be had yet.
      if (word == "pending") entry.reason = "pending" + (note.empty() ? std::string() : " (" + std::string(note) + ")");
      if (word == "needs-triage") entry.reason = "needs triage";
    } else if (word == "deferred") {
      entry.status = Status::fix_deferred;
      entry.reason = note;
    } else if (word == "ignored") {
      entry.status = is_end_of_life(note) ? Status::end_of_life : Status::will_not_fix;
      entry.reason = note;
    } else if (word == "not-affected") {
      entry.status = Status::not_affected;
      entry.reason = note;
    } else if (word != "DNE") {
      bad("unknown status " + text::quoted(word) + " of " + text::quoted(package));
      suites_.pop_back();
      return;
    }
    entries_.push_back(std::move(entry));
  }

  Result<> emit() {
    ECLAIR_CHECK_OK(out_.remove(text_.id));  // told anew: where it no longer applies, it goes
    std::set<std::string> spaces;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      UbuntuEntry& entry = entries_[i];
      spaces.insert(entry.place.name_space());
      for (const std::string& key : {entry.package + "_" + suites_[i], entry.package, std::string()}) {
        const auto said = priorities_.find(key);
        if (said == priorities_.end() || said->second.empty()) continue;
        entry.severity_word = said->second;
        break;
      }
      if (!parse(entry.severity_word, entry.severity)) entry.severity = Severity::unknown;
    }
    for (const std::string& name_space : spaces) out_.complete(name_space, "tracker");
    std::vector<std::string> notices;
    for (const std::string& url : text_.urls) {
      const std::string name = text::lower(url.substr(url.find_last_of('/') + 1));
      if (starts_with(name, "usn-") && name.size() < 20) notices.push_back("USN-" + name.substr(4));
    }
    for (std::vector<std::string>* list : {&notices, &text_.urls}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    ECLAIR_CHECK_OK(emit_ubuntu(text_.id, {}, notices, std::move(entries_), out_));
    if (!parse(priorities_[""], text_.severity)) text_.severity = Severity::unknown;
    return out_.vulnerability(std::move(text_));
  }

  const std::string_view part_;
  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const version::Scheme& dpkg_;
  VulnerabilityText text_;
  std::string key_;                                ///< whose lines go on
  std::map<std::string, std::string> priorities_;  ///< by "", "package" and "package_suite"
  std::vector<UbuntuEntry> entries_;
  std::vector<std::string> suites_;                ///< of the entries, as written
  bool known_ = false;
};

}  // namespace ubuntu_tracker_detail

Result<> read_ubuntu_tracker(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  return ubuntu_tracker_detail::File(part, in, limits, stop, out).run();
}

}  // namespace eclair::feeds
