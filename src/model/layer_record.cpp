// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/layer_record.h"

#include <algorithm>

namespace eclair {
namespace layer_record_detail {

constexpr char kVersion = 1, kNumbered = 2;

// stored: never renumber. A reader passes over sections it does not know, so that one can be added without a new version.
enum Section : std::uint64_t { kHead = 1, kRevisions = 2, kPackages = 3, kEvidence = 4, kNamedFiles = 5, kNotes = 6, kPackageNumbers = 7 };

void put_strings(const std::vector<std::string>& strings, Encoder& out) {
  out.number(strings.size());
  for (const std::string& s : strings) out.text(s);
}

std::vector<std::string> get_strings(Decoder& in) {
  std::vector<std::string> out;
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) out.emplace_back(in.text());
  return out;
}

/// In a numbered record a position is told by how far it is from the one that follows the last: databases are sorted as records are, so
/// that most are 0, which packs into nothing.
struct Positions {
  bool numbered = false;
  std::uint64_t expected = 0;

  std::uint64_t told(std::uint64_t position) {
    if (!numbered) return position;
    const auto difference = static_cast<std::int64_t>(position - expected);
    expected = position + 1;
    return static_cast<std::uint64_t>(difference) << 1 ^ static_cast<std::uint64_t>(difference >> 63);
  }
  std::uint64_t heard(std::uint64_t told) {
    if (!numbered) return told;
    const std::uint64_t position = expected + (told >> 1 ^ (0 - (told & 1)));
    expected = position + 1;
    return position;
  }
};

void put(const Evidence& e, bool numbered, Encoder& out) {
  Positions positions{numbered};
  out.text(e.extractor);
  out.text(e.path);
  out.number(static_cast<std::uint64_t>(e.shape));
  out.number(e.rank);
  out.number(e.packages.size());
  for (const PackageEntry& p : e.packages) {
    out.number(positions.told(p.package));
    put_strings(p.owned_paths, out);
  }
  out.number(e.ownership.size());
  for (const Ownership& o : e.ownership) {
    out.text(o.name);
    out.text(o.arch);
    put_strings(o.paths, out);
  }
  out.number(e.facts.size());
  for (const auto& [key, value] : e.facts) {
    out.text(key);
    out.text(value);
  }
}

Evidence get_evidence(Decoder& in, std::size_t packages, bool numbered) {
  Positions positions{numbered};
  Evidence e;
  e.extractor = in.text();
  e.path = in.text();
  const std::uint64_t shape = in.number();
  if (shape > static_cast<std::uint64_t>(Shape::alternatives)) in.fail();
  e.shape = static_cast<Shape>(shape);
  e.rank = static_cast<std::uint8_t>(in.number());
  for (std::uint64_t n = in.count(2); n > 0 && in.ok(); --n) {
    PackageEntry p;
    const std::uint64_t index = positions.heard(in.number());
    if (index >= packages) in.fail();
    p.package = static_cast<std::uint32_t>(index);
    p.owned_paths = get_strings(in);
    e.packages.push_back(std::move(p));
  }
  for (std::uint64_t n = in.count(3); n > 0 && in.ok(); --n) {
    Ownership o;
    o.name = in.text();
    o.arch = in.text();
    o.paths = get_strings(in);
    e.ownership.push_back(std::move(o));
  }
  for (std::uint64_t n = in.count(2); n > 0 && in.ok(); --n) {
    const std::string key(in.text());
    e.facts[key] = in.text();
  }
  return e;
}

std::string encoded(const LayerRecord& r, const std::vector<std::uint64_t>* numbers) {
  Encoder body;
  const auto section = [&](Section tag, const Encoder& content) {
    body.number(tag);
    body.text(content.bytes());
  };
  Encoder head;
  head.text(r.digest.text);
  head.text(r.diff_id.text);
  head.number(r.blob_bytes);
  head.number(r.uncompressed_bytes);
  head.number(r.entries);
  head.text(r.facts_digest);
  section(kHead, head);
  Encoder revisions;
  revisions.number(r.revisions.size());
  for (const auto& [id, revision] : r.revisions) {
    revisions.text(id);
    revisions.number(revision);
  }
  section(kRevisions, revisions);
  Encoder packages;
  packages.number(r.packages.size());
  if (numbers == nullptr) {
    for (const PackageVersion& p : r.packages) encode(p, packages);
    section(kPackages, packages);
  } else {
    std::vector<std::uint64_t> sorted = *numbers;
    std::sort(sorted.begin(), sorted.end());
    std::uint64_t before = 0;
    for (const std::uint64_t number : sorted) {
      packages.number(number - before);
      before = number;
    }
    section(kPackageNumbers, packages);
  }
  Encoder evidence;
  evidence.number(r.evidence.size());
  for (const Evidence& e : r.evidence) put(e, numbers != nullptr, evidence);
  section(kEvidence, evidence);
  if (!r.named_files.empty()) {
    Encoder files;
    files.number(r.named_files.size());
    for (const NamedFile& f : r.named_files) {
      files.text(f.path);
      files.number(f.size);
      files.number(f.mode);
    }
    section(kNamedFiles, files);
  }
  if (!r.notes.empty() || r.notes_dropped > 0) {
    Encoder notes;
    notes.number(r.notes.size());
    for (const Note& n : r.notes) {
      notes.text(n.code);
      notes.text(n.path);
      notes.text(n.message);
    }
    notes.number(r.notes_dropped);
    section(kNotes, notes);
  }
  return std::string(1, numbers == nullptr ? kVersion : kNumbered) + zstd_pack(body.bytes());
}

}  // namespace layer_record_detail

using namespace layer_record_detail;

std::string encode(const LayerRecord& record) { return encoded(record, nullptr); }
std::string encode(const LayerRecord& record, const std::vector<std::uint64_t>& numbers) { return encoded(record, &numbers); }

Result<LayerRecord> decode_layer_record(std::string_view stored, const PackagesOf& packages_of, std::size_t max_bytes) {
  if (stored.empty()) return fail(Errc::invalid_input, "layer record: empty");
  const bool numbered = stored[0] == kNumbered;
  if (stored[0] != kVersion && !numbered) {
    return fail(Errc::unsupported, "layer record: version " + std::to_string(static_cast<unsigned char>(stored[0])) + ", this program knows 1 and 2");
  }
  if (numbered && !packages_of) return fail(Errc::unsupported, "layer record: its packages are numbers of a store");
  auto body = zstd_unpack(stored.substr(1), max_bytes);
  if (!body) return fail(std::move(body).error().within("layer record"));
  LayerRecord r;
  Decoder in(*body);
  while (in.ok() && !in.done()) {
    const std::uint64_t tag = in.number();
    Decoder s(in.text());
    switch (tag) {
      case kHead:
        r.digest.text = s.text();
        r.diff_id.text = s.text();
        r.blob_bytes = s.number();
        r.uncompressed_bytes = s.number();
        r.entries = s.number();
        r.facts_digest = s.text();
        break;
      case kRevisions:
        for (std::uint64_t n = s.count(2); n > 0 && s.ok(); --n) {
          const std::string id(s.text());
          r.revisions[id] = static_cast<std::uint32_t>(s.number());
        }
        break;
      case kPackages:
        for (std::uint64_t n = s.count(8); n > 0 && s.ok(); --n) r.packages.push_back(decode_package(s));
        break;
      case kPackageNumbers: {
        std::vector<std::uint64_t> sorted;
        std::uint64_t before = 0;
        for (std::uint64_t n = s.count(); n > 0 && s.ok(); --n) sorted.push_back(before += s.number());
        if (!numbered || !s.ok()) break;
        auto packages = packages_of(sorted);
        if (!packages) return fail(std::move(packages).error().within("layer record"));
        r.packages = std::move(*packages);
        std::sort(r.packages.begin(), r.packages.end());
        break;
      }
      case kEvidence:
        for (std::uint64_t n = s.count(7); n > 0 && s.ok(); --n) r.evidence.push_back(get_evidence(s, r.packages.size(), numbered));
        break;
      case kNamedFiles:
        for (std::uint64_t n = s.count(3); n > 0 && s.ok(); --n) {
          NamedFile f;
          f.path = s.text();
          f.size = s.number();
          f.mode = static_cast<std::uint32_t>(s.number());
          r.named_files.push_back(std::move(f));
        }
        break;
      case kNotes:
        for (std::uint64_t n = s.count(3); n > 0 && s.ok(); --n) {
          Note note;
          note.code = s.text();
          note.path = s.text();
          note.message = s.text();
          r.notes.push_back(std::move(note));
        }
        r.notes_dropped = s.number();
        break;
      default: continue;
    }
    if (!s.ok()) return fail(Errc::invalid_input, "layer record: section " + std::to_string(tag) + " is damaged at byte " + std::to_string(s.offset()));
  }
  if (!in.ok() || r.digest.empty()) return fail(Errc::invalid_input, "layer record: damaged");
  return r;
}

}  // namespace eclair
