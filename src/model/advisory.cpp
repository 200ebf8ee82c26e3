// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/advisory.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "util/text.h"

// The stored forms. Their grammar and the reasons for it: docs/design/encodings.md. Change a form only with a new version byte
// in front of the container (chunk, text), and keep reading the old one.
namespace eclair {
namespace advisory_detail {

constexpr std::array<std::string_view, 8> kStatusNames = {"unknown",      "fixed",       "affected",            "fix_deferred",
                                                          "will_not_fix", "end_of_life", "under_investigation", "not_affected"};
constexpr std::array<std::string_view, 6> kSeverityNames = {"unknown", "negligible", "low", "medium", "high", "critical"};

// Which fields of a row are there. stored: never renumber.
enum Field : std::uint64_t {
  kRecord = 1u << 0,
  kAliases = 1u << 1,
  kReferences = 1u << 2,
  kSeverityWord = 1u << 3,
  kFixedIn = 1u << 4,
  kBelowFix = 1u << 5,  // the ranges are exactly: everything below fixed_in
  kRanges = 1u << 6,
  kVersions = 1u << 7,
  kArches = 1u << 8,
  kModule = 1u << 9,
  kCpes = 1u << 10,
  kReason = 1u << 11,
  kAllFields = (1u << 12) - 1,
};

constexpr char kChunkVersion = 1;
constexpr char kTextVersion = 1;
constexpr char kTextVersionWithMore = 2;  // the same, and what is known beside: written only where there is some
constexpr char kTextVersionGiven = 3;     // the same as 2, and what a client gave
constexpr char kPlain = 0;
constexpr char kZstd = 1;
constexpr std::size_t kWorthPacking = 512;   // shorter chunks gain less than zstd costs an import
constexpr std::size_t kLongText = 1024;      // the same for a vulnerability's text
constexpr std::size_t kMaxTextBytes = 64u << 20;

void put_list(const std::vector<std::string>& list, Encoder& out) {
  out.number(list.size());
  for (const std::string& one : list) out.text(one);
}

void get_list(Decoder& in, std::vector<std::string>& to) {
  const std::uint64_t n = in.count();
  to.reserve(n);
  for (std::uint64_t i = 0; i < n && in.ok(); ++i) to.emplace_back(in.text());
}

bool is_below_fix(const Advisory& a) {
  return a.ranges.size() == 1 && !a.fixed_in.empty() && a.ranges.front() == Range{.upper = a.fixed_in};
}

void put_time(UnixTime t, Encoder& out) {  // zigzag: dates before 1970 are nonsense, but not ours to lose
  out.number((static_cast<std::uint64_t>(t) << 1) ^ static_cast<std::uint64_t>(t >> 63));
}

UnixTime get_time(Decoder& in) {
  const std::uint64_t n = in.number();
  return static_cast<UnixTime>((n >> 1) ^ (~(n & 1) + 1));
}

bool worth_it(std::size_t plain, std::size_t packed) { return packed + plain / 8 < plain; }

std::string finish_chunk(std::uint64_t rows, std::string_view bytes) {
  Encoder body;
  body.number(rows);
  body.raw(bytes);
  std::string out{kChunkVersion, kPlain};
  if (body.bytes().size() >= kWorthPacking) {
    const std::string packed = zstd_pack(body.bytes());
    if (worth_it(body.bytes().size(), packed.size())) {
      out[1] = kZstd;
      return out + packed;
    }
  }
  return out + body.bytes();
}

/// The body of a chunk: a view into it, or into `held`.
Result<std::string_view> open_chunk(std::string_view chunk, std::string& held) {
  if (chunk.size() < 2) return fail(Errc::invalid_input, "advisory chunk of " + std::to_string(chunk.size()) + " bytes");
  if (chunk[0] > kChunkVersion || chunk[0] < 1) {
    const int version = static_cast<unsigned char>(chunk[0]);
    return fail(version == 0 ? Errc::invalid_input : Errc::unsupported,
                "advisory chunk of version " + std::to_string(version) + ", this eclair knows " + std::to_string(kChunkVersion));
  }
  if (chunk[1] == kPlain) return chunk.substr(2);
  if (chunk[1] != kZstd) return fail(Errc::invalid_input, "advisory chunk of unknown form");
  auto body = zstd_unpack(chunk.substr(2), kMaxRowBytes + 64);
  if (!body) return fail(Errc::invalid_input, "advisory chunk: " + body.error().text);
  held = *std::move(body);
  return std::string_view(held);
}

void put_double(double value, Encoder& out) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
  for (unsigned shift = 0; shift < 64; shift += 8) {
    const char byte = static_cast<char>((bits >> shift) & 0xff);
    out.raw({&byte, 1});
  }
}

double get_double(Decoder& in) {
  std::uint64_t bits = 0;
  const std::string_view raw = in.raw(8);
  for (std::size_t k = 0; k < raw.size(); ++k) bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[k])) << (8 * k);
  return std::bit_cast<double>(bits);
}

// What a text of version 2 or 3 has beside. stored: never renumber.
enum More : std::uint64_t {
  kScoredBy = 1u << 0,
  kExploited = 1u << 1,
  kEpss = 1u << 2,
  kGiven = 1u << 3,  // version 3
  kAllMore = (1u << 4) - 1,
};

std::uint64_t more_of(const VulnerabilityText& t) {
  std::uint64_t more = 0;
  if (std::any_of(t.cvss.begin(), t.cvss.end(), [](const VulnerabilityText::Cvss& one) { return !one.source.empty(); })) more |= kScoredBy;
  if (t.exploited) more |= kExploited;
  if (t.epss) more |= kEpss;
  if (t.given) more |= kGiven;
  return more;
}

char version_of(std::uint64_t more) { return (more & kGiven) != 0 ? kTextVersionGiven : more != 0 ? kTextVersionWithMore : kTextVersion; }

void put_more(const VulnerabilityText& t, Encoder& out) {
  const std::uint64_t more = more_of(t);
  out.number(more);
  if (more & kScoredBy) {
    for (const VulnerabilityText::Cvss& one : t.cvss) out.text(one.source);
  }
  if (more & kExploited) {
    put_time(t.exploited->added, out);
    put_time(t.exploited->due, out);
    out.number(t.exploited->ransomware ? 1 : 0);
  }
  if (more & kEpss) {
    put_double(t.epss->score, out);
    put_double(t.epss->percentile, out);
    put_time(t.epss->date, out);
  }
  if (more & kGiven) {
    out.text(t.given->metadata);
    out.text(t.given->severity_word);
  }
}

void get_more(Decoder& in, VulnerabilityText& t, char version) {
  const std::uint64_t more = in.number();
  if (more > kAllMore) in.fail();
  if (!in.ok()) return;
  if (more & kScoredBy) {
    for (VulnerabilityText::Cvss& one : t.cvss) one.source = in.text();
  }
  if (more & kExploited) {
    t.exploited.emplace();
    t.exploited->added = get_time(in);
    t.exploited->due = get_time(in);
    const std::uint64_t ransomware = in.number();
    if (ransomware > 1) in.fail();
    t.exploited->ransomware = ransomware == 1;
  }
  if (more & kEpss) {
    t.epss.emplace();
    t.epss->score = get_double(in);
    t.epss->percentile = get_double(in);
    t.epss->date = get_time(in);
  }
  if (more & kGiven) {
    t.given.emplace();
    t.given->metadata = in.text();
    t.given->severity_word = in.text();
  }
  if (in.ok() && (more != more_of(t) || version != version_of(more))) in.fail();  // another form of an equal value
}

void put_text_body(const VulnerabilityText& t, Encoder& out) {
  out.text(t.id);
  out.text(t.title);
  out.text(t.description);
  put_list(t.urls, out);
  out.number(t.cvss.size());
  for (const VulnerabilityText::Cvss& c : t.cvss) {
    out.text(c.version);
    out.text(c.vector);
    put_double(c.score, out);
  }
  out.number(static_cast<std::uint64_t>(t.severity));
  put_list(t.cwes, out);
  put_time(t.published, out);
  put_time(t.modified, out);
  if (more_of(t) != 0) put_more(t, out);
}

VulnerabilityText get_text_body(Decoder& in, char version) {
  VulnerabilityText t;
  t.id = in.text();
  t.title = in.text();
  t.description = in.text();
  get_list(in, t.urls);
  const std::uint64_t n = in.count(10);
  t.cvss.reserve(n);
  for (std::uint64_t i = 0; i < n && in.ok(); ++i) {
    VulnerabilityText::Cvss c;
    c.version = in.text();
    c.vector = in.text();
    c.score = get_double(in);
    t.cvss.push_back(std::move(c));
  }
  const std::uint64_t severity = in.number();
  if (severity >= kSeverityNames.size()) in.fail();
  t.severity = static_cast<Severity>(severity);
  get_list(in, t.cwes);
  t.published = get_time(in);
  t.modified = get_time(in);
  if (version != kTextVersion) get_more(in, t, version);
  return t;
}

}  // namespace advisory_detail

std::string given_record(std::string_view name_space, std::string_view vulnerability) {
  return std::string(name_space) + "/" + std::string(vulnerability);
}

std::string_view name(Status status) {
  const auto i = static_cast<std::size_t>(status);
  return i < advisory_detail::kStatusNames.size() ? advisory_detail::kStatusNames[i] : "unknown";
}

bool parse(std::string_view word, Status& to) {
  for (std::size_t i = 0; i < advisory_detail::kStatusNames.size(); ++i) {
    if (word != advisory_detail::kStatusNames[i]) continue;
    to = static_cast<Status>(i);
    return true;
  }
  return false;
}

std::string_view name(Severity severity) {
  const auto i = static_cast<std::size_t>(severity);
  return i < advisory_detail::kSeverityNames.size() ? advisory_detail::kSeverityNames[i] : "unknown";
}

bool parse(std::string_view word, Severity& to) {
  for (std::size_t i = 0; i < advisory_detail::kSeverityNames.size(); ++i) {
    if (!text::iequals(word, advisory_detail::kSeverityNames[i])) continue;
    to = static_cast<Severity>(i);
    return true;
  }
  if (text::iequals(word, "moderate")) {
    to = Severity::medium;
  } else if (text::iequals(word, "important")) {
    to = Severity::high;
  } else if (text::iequals(word, "defcon1")) {
    to = Severity::critical;
  } else {
    return false;
  }
  return true;
}

void encode(const Advisory& a, Encoder& out) {
  using namespace advisory_detail;
  const bool below_fix = is_below_fix(a);
  std::uint64_t fields = 0;
  const auto mark = [&](bool there, Field field) { if (there) fields |= field; };
  mark(!a.record.empty(), kRecord);
  mark(!a.aliases.empty(), kAliases);
  mark(!a.references.empty(), kReferences);
  mark(!a.severity_word.empty(), kSeverityWord);
  mark(!a.fixed_in.empty(), kFixedIn);
  mark(below_fix, kBelowFix);
  mark(!below_fix && !a.ranges.empty(), kRanges);
  mark(!a.versions.empty(), kVersions);
  mark(!a.arches.empty(), kArches);
  mark(!a.module.empty(), kModule);
  mark(!a.cpes.empty(), kCpes);
  mark(!a.reason.empty(), kReason);
  out.number(fields);
  // The names come first: row_names() and sorting need no more.
  out.text(a.vulnerability);
  if (fields & kRecord) out.text(a.record);
  if (fields & kAliases) put_list(a.aliases, out);
  if (fields & kReferences) put_list(a.references, out);
  out.number(static_cast<std::uint64_t>(a.status) | static_cast<std::uint64_t>(a.severity) << 4 |
             static_cast<std::uint64_t>(a.name_kind) << 8);
  if (fields & kSeverityWord) out.text(a.severity_word);
  if (fields & kFixedIn) out.text(a.fixed_in);
  if (fields & kRanges) {
    out.number(a.ranges.size());
    for (const Range& r : a.ranges) {
      out.number((r.upper_inclusive ? 1u : 0u) | (r.semver ? 2u : 0u));
      out.text(r.introduced);
      out.text(r.upper);
    }
  }
  if (fields & kVersions) put_list(a.versions, out);
  if (fields & kArches) put_list(a.arches, out);
  if (fields & kModule) out.text(a.module);
  if (fields & kCpes) put_list(a.cpes, out);
  if (fields & kReason) out.text(a.reason);
}

Advisory decode_advisory(Decoder& in) {
  using namespace advisory_detail;
  Advisory a;
  const std::uint64_t fields = in.number();
  if (fields > kAllFields) in.fail();
  a.vulnerability = in.text();
  if (fields & kRecord) a.record = in.text();
  if (fields & kAliases) get_list(in, a.aliases);
  if (fields & kReferences) get_list(in, a.references);
  const std::uint64_t kinds = in.number();
  if ((kinds & 15) >= kStatusNames.size() || ((kinds >> 4) & 15) >= kSeverityNames.size() || (kinds >> 8) > 2) in.fail();
  if (!in.ok()) return a;
  a.status = static_cast<Status>(kinds & 15);
  a.severity = static_cast<Severity>((kinds >> 4) & 15);
  a.name_kind = static_cast<NameKind>(kinds >> 8);
  if (fields & kSeverityWord) a.severity_word = in.text();
  if (fields & kFixedIn) a.fixed_in = in.text();
  if (fields & kBelowFix) a.ranges.push_back(Range{.upper = a.fixed_in});
  if (fields & kRanges) {
    const std::uint64_t n = in.count(3);
    a.ranges.reserve(n);
    for (std::uint64_t i = 0; i < n && in.ok(); ++i) {
      const std::uint64_t flags = in.number();
      if (flags > 3) in.fail();
      Range r;
      r.upper_inclusive = (flags & 1) != 0;
      r.semver = (flags & 2) != 0;
      r.introduced = in.text();
      r.upper = in.text();
      a.ranges.push_back(std::move(r));
    }
  }
  if (fields & kVersions) get_list(in, a.versions);
  if (fields & kArches) get_list(in, a.arches);
  if (fields & kModule) a.module = in.text();
  if (fields & kCpes) get_list(in, a.cpes);
  if (fields & kReason) a.reason = in.text();
  return a;
}

void encode(const VulnerabilityText& t, Encoder& out) {
  using namespace advisory_detail;
  Encoder body;
  put_text_body(t, body);
  char head[2] = {version_of(more_of(t)), kPlain};
  if (body.bytes().size() >= kLongText && body.bytes().size() <= kMaxTextBytes) {
    const std::string packed = zstd_pack(body.bytes());
    if (worth_it(body.bytes().size(), packed.size())) {
      head[1] = kZstd;
      out.raw({head, 2});
      out.text(packed);
      return;
    }
  }
  out.raw({head, 2});
  out.raw(body.bytes());
}

VulnerabilityText decode_vulnerability(Decoder& in) {
  using namespace advisory_detail;
  const std::string_view head = in.raw(2);
  if (!in.ok() || head[0] < kTextVersion || head[0] > kTextVersionGiven || (head[1] != kPlain && head[1] != kZstd)) {
    in.fail();
    return {};
  }
  if (head[1] == kPlain) return get_text_body(in, head[0]);
  const auto body = zstd_unpack(in.text(), kMaxTextBytes);
  if (!in.ok() || !body) {
    in.fail();
    return {};
  }
  Decoder inner(*body);
  VulnerabilityText t = get_text_body(inner, head[0]);
  if (!inner.ok() || !inner.done()) in.fail();
  return t;
}

bool row_names(std::string_view encoded_row, RowNames& to) {
  using namespace advisory_detail;
  Decoder in(encoded_row);
  const std::uint64_t fields = in.number();
  to.others.clear();
  to.vulnerability = in.text();
  to.record = (fields & kRecord) != 0 ? in.text() : std::string_view{};
  for (const Field list : {kAliases, kReferences}) {
    if ((fields & list) == 0) continue;
    const std::uint64_t n = in.count();
    for (std::uint64_t i = 0; i < n && in.ok(); ++i) to.others.push_back(in.text());
  }
  return in.ok() && fields <= kAllFields;
}

bool row_before(std::string_view a, std::string_view b) {
  const auto names = [](std::string_view row) {
    Decoder in(row);
    const std::uint64_t fields = in.number();
    const std::string_view vulnerability = in.text();
    return std::pair(vulnerability, (fields & advisory_detail::kRecord) != 0 ? in.text() : std::string_view{});
  };
  const auto of_a = names(a), of_b = names(b);
  return of_a != of_b ? of_a < of_b : a < b;
}

std::vector<std::string> pack_rows(const std::vector<std::string_view>& encoded_rows) {
  std::vector<std::string> chunks;
  std::string bytes;
  std::uint64_t count = 0;
  const auto close = [&] {
    if (count > 0) chunks.push_back(advisory_detail::finish_chunk(count, bytes));
    bytes.clear();
    count = 0;
  };
  for (const std::string_view row : encoded_rows) {
    Encoder one;
    one.text(row);
    if (bytes.size() + one.bytes().size() + 10 > kChunkBytes) close();
    bytes += one.bytes();
    ++count;
  }
  close();
  return chunks;
}

std::vector<std::string> encode_chunks(const std::vector<Advisory>& rows) {
  std::vector<std::string> encoded;
  encoded.reserve(rows.size());
  for (const Advisory& row : rows) {
    Encoder one;
    encode(row, one);
    encoded.push_back(one.take());
  }
  std::sort(encoded.begin(), encoded.end(), [](const std::string& a, const std::string& b) { return row_before(a, b); });
  return pack_rows({encoded.begin(), encoded.end()});
}

Result<> decode_chunk(std::string_view chunk, std::vector<Advisory>& into) {
  std::string held;
  ECLAIR_TRY(const std::string_view body, advisory_detail::open_chunk(chunk, held));
  Decoder in(body);
  const std::uint64_t n = in.count(4);
  for (std::uint64_t i = 0; i < n && in.ok(); ++i) {
    Decoder one(in.text());
    Advisory row = decode_advisory(one);
    if (!in.ok() || !one.ok() || !one.done()) return fail(Errc::invalid_input, "advisory chunk: row " + std::to_string(i) + " is damaged");
    into.push_back(std::move(row));
  }
  if (!in.ok() || !in.done()) return fail(Errc::invalid_input, "advisory chunk is damaged at byte " + std::to_string(in.offset()));
  return {};
}

Result<> unpack_rows(std::string_view chunk, std::vector<std::string>& into) {
  std::string held;
  ECLAIR_TRY(const std::string_view body, advisory_detail::open_chunk(chunk, held));
  Decoder in(body);
  const std::uint64_t n = in.count(4);
  for (std::uint64_t i = 0; i < n && in.ok(); ++i) into.emplace_back(in.text());
  if (!in.ok() || !in.done()) return fail(Errc::invalid_input, "advisory chunk is damaged at byte " + std::to_string(in.offset()));
  return {};
}

}  // namespace eclair
