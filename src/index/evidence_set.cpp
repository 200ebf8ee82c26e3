// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/evidence_set.h"

#include <algorithm>

#include "extract/collector.h"
#include "util/path.h"

namespace eclair::index {
namespace evidence_set_detail {

/// The word under which a failed extraction is noted. All of them mean that something is missing from the report.
std::string_view code_of(const Error& error) { return error.code == Errc::limit ? "limit" : "unreadable"; }

bool may_want_companions(const extract::Extractor& extractor) { return !extractor.interest().companions.empty(); }

}  // namespace evidence_set_detail

using namespace evidence_set_detail;

void EvidenceSet::note(std::string_view code, std::string_view path, std::string message) {
  if (notes_.size() < limits_.notes) {
    notes_.push_back({std::string(code), std::string(path), std::move(message)});
  } else {
    ++notes_dropped_;
  }
}

void EvidenceSet::replaced(std::string_view path, bool by_folder) {
  if (const auto same = found_.find(path); same != found_.end()) found_.erase(same);
  if (const auto same = held_.find(path); same != held_.end()) held_.erase(same);
  if (by_folder) return;
  const std::string below = std::string(path) + "/";
  const auto drop_below = [&](auto& files) {
    for (auto it = files.lower_bound(below); it != files.end() && it->first.compare(0, below.size(), below) == 0;) it = files.erase(it);
  };
  drop_below(found_);
  drop_below(held_);
}

Result<> EvidenceSet::extract_one(const extract::FileMeta& file, const extract::InterestIndex::Hit& hit, const ByteSource& bytes,
                                  const std::map<std::string, const ByteSource*, std::less<>>& companions) {
  const extract::Extractor& extractor = *extract::extractors()[hit.extractor];
  if (file.size > extractor.interest().max_bytes) {
    note("limit", file.path, std::to_string(file.size) + " bytes, more than " + std::string(extractor.id()) + " reads (" +
                                 std::to_string(extractor.interest().max_bytes) + ")");
    return {};
  }
  extract::Collector sink(limits_, interests_);
  const auto outcome = extractor.extract(extract::EvidenceFile{file, bytes, companions}, limits_, stop_, sink);
  if (!outcome && outcome.error().code == Errc::cancelled) return fail(outcome.error());
  extract::Collected collected = sink.take();
  Found found;
  found.extractor = hit.extractor;
  found.rank = hit.rank;
  found.notes = std::move(collected.notes);
  for (Note& n : found.notes) n.path = file.path;
  notes_dropped_ += collected.notes_dropped;
  const bool foreign = !outcome && outcome.error().code == Errc::unsupported && collected.packages.empty();
  if (!outcome && !foreign) found.notes.push_back({std::string(code_of(outcome.error())), file.path, outcome.error().text});
  if (foreign) return {};  // the name fits, the content is something else: no evidence
  found.evidence = {std::string(extractor.id()), file.path, extractor.shape(), hit.rank, {}, std::move(collected.ownership), std::move(collected.facts)};
  for (auto& entry : collected.packages) {
    if (package_count_ >= limits_.packages) {
      found.notes.push_back({"limit", file.path, "more packages than the limit packages of " + std::to_string(limits_.packages)});
      break;
    }
    ++package_count_;
    found.packages.push_back(std::move(entry.package));
    found.owned_paths.push_back(std::move(entry.owned_paths));
  }
  // A database without packages is the truth too: it empties those of lower layers. A file that proves nothing is not evidence.
  const bool proves = !found.packages.empty() || !found.evidence.ownership.empty() || !found.evidence.facts.empty() || !found.notes.empty();
  if (proves || extractor.shape() != Shape::per_file) found_[file.path].push_back(std::move(found));
  return {};
}

Result<> EvidenceSet::add(const extract::FileMeta& file, const std::vector<extract::InterestIndex::Hit>& hits, std::unique_ptr<ByteSource> bytes) {
  Held held{file, {}, nullptr};
  for (const auto& hit : hits) {
    if (hit.companion || may_want_companions(*extract::extractors()[hit.extractor])) {
      held.hits.push_back(hit);
    } else {
      ECLAIR_CHECK_OK(extract_one(file, hit, *bytes, {}));
    }
  }
  if (!held.hits.empty()) {
    held.bytes = std::move(bytes);
    held_.insert_or_assign(file.path, std::move(held));
  }
  return {};
}

bool EvidenceSet::add_link(std::string_view path, std::string_view target, const std::vector<extract::InterestIndex::Hit>& hits) {
  if (const auto held = held_.find(target); held != held_.end()) {
    Held copy{held->second.meta, hits, held->second.bytes};
    copy.meta.path = path;
    held_.insert_or_assign(std::string(path), std::move(copy));
    return true;
  }
  const auto found = found_.find(target);
  if (found == found_.end()) return false;
  std::vector<Found> copies;
  for (const auto& hit : hits) {
    const auto same = std::find_if(found->second.begin(), found->second.end(), [&](const Found& f) { return f.extractor == hit.extractor; });
    if (same == found->second.end()) return false;
    copies.push_back(*same);
    copies.back().evidence.path = path;
    copies.back().evidence.rank = hit.rank;
    copies.back().notes.clear();
  }
  found_[std::string(path)] = std::move(copies);
  return true;
}

Result<> EvidenceSet::finish(LayerRecord& record) {
  for (const auto& file : held_) {
    const std::string& path = file.first;  // captured below, which a binding cannot be
    const Held& held = file.second;
    const std::string_view folder = path::parent(path);
    for (const auto& hit : held.hits) {
      if (hit.companion) {
        const bool has_main = std::any_of(held_.begin(), held_.end(), [&](const auto& other) {
          return other.first != path && path::parent(other.first) == folder &&
                 std::any_of(other.second.hits.begin(), other.second.hits.end(), [&](const auto& h) { return h.extractor == hit.extractor && !h.companion; });
        });
        if (!has_main && held.bytes->size() > 0) {
          note("incomplete", path, "belongs to a file of a lower layer; what only it holds is not read");
        }
        continue;
      }
      std::map<std::string, const ByteSource*, std::less<>> companions;
      for (const std::string_view name : extract::extractors()[hit.extractor]->interest().companions) {
        const auto other = held_.find(path::join(folder, name));
        if (other != held_.end()) companions.emplace(name, other->second.bytes.get());
      }
      ECLAIR_CHECK_OK(extract_one(held.meta, hit, *held.bytes, companions));
    }
  }
  held_.clear();

  // Packages are interned: sorted, distinct, referred to by position.
  std::vector<PackageVersion*> order;
  for (auto& [path, files] : found_) {
    for (Found& found : files) {
      for (PackageVersion& p : found.packages) order.push_back(&p);
    }
  }
  std::sort(order.begin(), order.end(), [](const PackageVersion* a, const PackageVersion* b) { return *a < *b; });
  std::vector<std::pair<const PackageVersion*, std::uint32_t>> positions;
  positions.reserve(order.size());
  const PackageVersion* before = nullptr;
  std::uint32_t position = 0;
  std::vector<PackageVersion*> first_of;
  for (PackageVersion* p : order) {
    if (before == nullptr || !(*before == *p)) {
      position = static_cast<std::uint32_t>(first_of.size());
      first_of.push_back(p);
      before = p;
    }
    positions.emplace_back(p, position);
  }
  std::sort(positions.begin(), positions.end());
  for (auto& [path, files] : found_) {
    for (Found& found : files) {
      for (std::size_t i = 0; i < found.packages.size(); ++i) {
        const auto at = std::lower_bound(positions.begin(), positions.end(), std::pair<const PackageVersion*, std::uint32_t>(&found.packages[i], 0));
        found.evidence.packages.push_back({at->second, std::move(found.owned_paths[i])});
      }
    }
  }
  record.packages.reserve(first_of.size());
  for (PackageVersion* p : first_of) record.packages.push_back(std::move(*p));
  for (auto& [path, files] : found_) {
    for (Found& found : files) {
      record.evidence.push_back(std::move(found.evidence));
      for (Note& n : found.notes) note(n.code, n.path, std::move(n.message));
      found.packages.clear();
      found.packages.shrink_to_fit();
    }
  }
  found_.clear();
  record.notes = std::move(notes_);
  record.notes_dropped = notes_dropped_;
  return {};
}

}  // namespace eclair::index
