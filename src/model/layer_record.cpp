// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/layer_record.h"

namespace eclair {
namespace layer_record_detail {

constexpr char kVersion = 1;
constexpr std::size_t kMaxRecordBytes = 512u << 20;

// stored: never renumber. A reader passes over sections it does not know, so that one can be added without a new version.
enum Section : std::uint64_t { kHead = 1, kRevisions = 2, kPackages = 3, kEvidence = 4, kNamedFiles = 5, kNotes = 6 };

void put_strings(const std::vector<std::string>& strings, Encoder& out) {
  out.number(strings.size());
  for (const std::string& s : strings) out.text(s);
}

std::vector<std::string> get_strings(Decoder& in) {
  std::vector<std::string> out;
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) out.emplace_back(in.text());
  return out;
}

void put(const Evidence& e, Encoder& out) {
  out.text(e.extractor);
  out.text(e.path);
  out.number(static_cast<std::uint64_t>(e.shape));
  out.number(e.rank);
  out.number(e.packages.size());
  for (const PackageEntry& p : e.packages) {
    out.number(p.package);
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

Evidence get_evidence(Decoder& in, std::size_t packages) {
  Evidence e;
  e.extractor = in.text();
  e.path = in.text();
  const std::uint64_t shape = in.number();
  if (shape > static_cast<std::uint64_t>(Shape::alternatives)) in.fail();
  e.shape = static_cast<Shape>(shape);
  e.rank = static_cast<std::uint8_t>(in.number());
  for (std::uint64_t n = in.count(2); n > 0 && in.ok(); --n) {
    PackageEntry p;
    const std::uint64_t index = in.number();
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

}  // namespace layer_record_detail

using namespace layer_record_detail;

std::string encode(const LayerRecord& r) {
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
  for (const PackageVersion& p : r.packages) encode(p, packages);
  section(kPackages, packages);
  Encoder evidence;
  evidence.number(r.evidence.size());
  for (const Evidence& e : r.evidence) put(e, evidence);
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
  return std::string(1, kVersion) + zstd_pack(body.bytes());
}

Result<LayerRecord> decode_layer_record(std::string_view stored) {
  if (stored.empty()) return fail(Errc::invalid_input, "layer record: empty");
  if (stored[0] != kVersion) {
    return fail(Errc::unsupported, "layer record: version " + std::to_string(static_cast<unsigned char>(stored[0])) + ", this program knows 1");
  }
  auto body = zstd_unpack(stored.substr(1), kMaxRecordBytes);
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
      case kEvidence:
        for (std::uint64_t n = s.count(7); n > 0 && s.ok(); --n) r.evidence.push_back(get_evidence(s, r.packages.size()));
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
