// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/report_form.h"

#include "util/bytes.h"

namespace eclair::report {
namespace report_form_detail {

constexpr char kVersion = 1;
constexpr std::size_t kMaxBytes = 512u << 20;  // unpacked

void put_time(UnixTime t, Encoder& out) { out.number((static_cast<std::uint64_t>(t) << 1) ^ static_cast<std::uint64_t>(t >> 63)); }
UnixTime get_time(Decoder& in) {
  const std::uint64_t n = in.number();
  return static_cast<UnixTime>((n >> 1) ^ (~(n & 1) + 1));
}

void put(const std::vector<std::string>& list, Encoder& out) {
  out.number(list.size());
  for (const std::string& one : list) out.text(one);
}
std::vector<std::string> get_list(Decoder& in) {
  std::vector<std::string> out;
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) out.emplace_back(in.text());
  return out;
}

template <class T>
std::string text_of(const T& value) {
  Encoder out;
  eclair::encode(value, out);
  return out.take();
}

/// A number below a bound; else the bytes are damaged.
std::uint64_t get_below(Decoder& in, std::uint64_t bound) {
  const std::uint64_t n = in.number();
  if (n < bound) return n;
  in.fail();
  return 0;
}
std::uint32_t get_small(Decoder& in) { return static_cast<std::uint32_t>(get_below(in, std::uint64_t{1} << 32)); }
bool get_bit(Decoder& in) { return get_below(in, 2) == 1; }

void put(const Os& os, Encoder& out) {
  for (const std::string* const one : {&os.id, &os.version, &os.codename, &os.id_like, &os.cpe, &os.pretty}) out.text(*one);
}
Os get_os(Decoder& in) {
  Os out;
  for (std::string* const one : {&out.id, &out.version, &out.codename, &out.id_like, &out.cpe, &out.pretty}) *one = in.text();
  return out;
}

void put(const Occurrence& one, Encoder& out) {
  eclair::encode(one.package, out);
  out.number(one.layer);
  put(one.paths, out);
  out.text(one.extractor);
  out.number(one.os);
  out.text(one.owned_by);
  out.number(one.locked ? 1 : 0);
  put(one.repositories, out);
  put(one.cpes, out);
}
Occurrence get_occurrence(Decoder& in) {
  Occurrence out;
  out.package = decode_package(in);
  out.layer = get_small(in);
  out.paths = get_list(in);
  out.extractor = in.text();
  out.os = get_small(in);
  out.owned_by = in.text();
  out.locked = get_bit(in);
  out.repositories = get_list(in);
  out.cpes = get_list(in);
  return out;
}

void put(const NamedFileState& file, Encoder& out) {
  out.text(file.pattern);
  out.number(file.present ? 1 : 0);
  out.text(file.file.path);
  out.number(file.file.size);
  out.number(file.file.mode);
  out.number(file.layer);
}
NamedFileState get_file(Decoder& in) {
  NamedFileState out;
  out.pattern = in.text();
  out.present = get_bit(in);
  out.file.path = in.text();
  out.file.size = in.number();
  out.file.mode = get_small(in);
  out.layer = get_small(in);
  return out;
}

void put(const Finding& one, Encoder& out) {
  out.text(one.id);
  out.text(one.vulnerability);
  put(one.aliases, out);
  put(one.references, out);
  out.number(one.package);
  out.number(static_cast<std::uint64_t>(one.severity));
  out.text(one.severity_source);
  out.number(static_cast<std::uint64_t>(one.status));
  out.text(one.fixed_in);
  out.number(one.layer);
  out.text(text_of(one.text));
  out.number(one.evidence.size());
  for (const Judgement& each : one.evidence) {
    for (const std::string* const part : {&each.feed, &each.name_space, &each.record, &each.package_name, &each.installed_version, &each.scheme, &each.rule}) out.text(*part);
  }
}
Finding get_finding(Decoder& in, std::size_t packages) {
  Finding out;
  out.id = in.text();
  out.vulnerability = in.text();
  out.aliases = get_list(in);
  out.references = get_list(in);
  out.package = static_cast<std::uint32_t>(get_below(in, packages));
  out.severity = static_cast<Severity>(get_below(in, static_cast<std::uint64_t>(Severity::critical) + 1));
  out.severity_source = in.text();
  out.status = static_cast<Status>(get_below(in, static_cast<std::uint64_t>(Status::not_affected) + 1));
  out.fixed_in = in.text();
  out.layer = get_small(in);
  Decoder text(in.text());
  out.text = decode_vulnerability(text);
  if (!text.ok() || !text.done()) in.fail();
  for (std::uint64_t n = in.count(7); n > 0 && in.ok(); --n) {
    Judgement one;
    for (std::string* const part : {&one.feed, &one.name_space, &one.record, &one.package_name, &one.installed_version, &one.scheme, &one.rule}) *part = in.text();
    out.evidence.push_back(std::move(one));
  }
  return out;
}

void put(const store::FeedState& feed, Encoder& out) {
  out.text(feed.name);
  out.text(feed.snapshot);
  put_time(feed.fetched_at, out);
  put_time(feed.changed_at, out);
  put_time(feed.published_at, out);
  out.number(feed.records);
  out.number(feed.vulnerabilities);
  put(feed.namespaces, out);
  out.number(feed.asked_at.size());
  for (const UnixTime one : feed.asked_at) put_time(one, out);
  out.text(feed.origin);
}
store::FeedState get_feed(Decoder& in) {
  store::FeedState out;
  out.name = in.text();
  out.snapshot = in.text();
  out.fetched_at = get_time(in);
  out.changed_at = get_time(in);
  out.published_at = get_time(in);
  out.records = in.number();
  out.vulnerabilities = in.number();
  out.namespaces = get_list(in);
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) out.asked_at.push_back(get_time(in));
  out.origin = in.text();
  return out;
}

}  // namespace report_form_detail
using namespace report_form_detail;

std::string encode(const Report& report) {
  Encoder out;
  out.text(report.tool_version);
  put_time(report.generated_at, out);
  put_time(report.judged_at, out);
  put_time(report.max_age_seconds, out);
  out.text(report.snapshot);
  out.text(eclair::encode(report.image));
  out.number(report.inventory.systems.size());
  for (const Os& os : report.inventory.systems) put(os, out);
  out.number(report.inventory.packages.size());
  for (const Occurrence& one : report.inventory.packages) put(one, out);
  out.number(report.inventory.files.size());
  for (const NamedFileState& one : report.inventory.files) put(one, out);
  out.number(report.inventory.notes.size());
  for (const Note& one : report.inventory.notes) {
    for (const std::string* const part : {&one.code, &one.path, &one.message}) out.text(*part);
  }
  out.number(report.inventory.had_package_database ? 1 : 0);
  out.number(report.findings.size());
  for (const Finding& one : report.findings) put(one, out);
  out.number(report.coverage.size());
  for (const Coverage& one : report.coverage) {
    out.text(one.code);
    out.text(one.message);
    out.number(one.packages);
    out.number(one.incomplete ? 1 : 0);
  }
  out.number(report.eol ? 1 : 0);
  if (report.eol) {
    out.text(report.eol->date);
    out.number(report.eol->past ? 1 : 0);
  }
  out.number(report.feeds.size());
  for (const store::FeedState& one : report.feeds) put(one, out);
  return std::string(1, kVersion) + zstd_pack(out.bytes());
}

Result<Report> decode_report(std::string_view bytes) {
  if (bytes.empty()) return fail(Errc::invalid_input, "report: no bytes");
  if (bytes[0] != kVersion) return fail(Errc::unsupported, "report: form " + std::to_string(static_cast<unsigned char>(bytes[0])) + ", this program knows 1");
  auto body = zstd_unpack(bytes.substr(1), kMaxBytes);
  if (!body) return fail(std::move(body).error().within("report"));
  Decoder in(*body);
  Report out;
  out.tool_version = in.text();
  out.generated_at = get_time(in);
  out.judged_at = get_time(in);
  out.max_age_seconds = get_time(in);
  out.snapshot = in.text();
  ECLAIR_TRY(out.image, decode_image(in.text()));
  Inventory& inventory = out.inventory;
  for (std::uint64_t n = in.count(6); n > 0 && in.ok(); --n) inventory.systems.push_back(get_os(in));
  for (std::uint64_t n = in.count(16); n > 0 && in.ok(); --n) inventory.packages.push_back(get_occurrence(in));
  for (std::uint64_t n = in.count(6); n > 0 && in.ok(); --n) inventory.files.push_back(get_file(in));
  for (std::uint64_t n = in.count(3); n > 0 && in.ok(); --n) {
    Note note;
    for (std::string* const part : {&note.code, &note.path, &note.message}) *part = in.text();
    inventory.notes.push_back(std::move(note));
  }
  inventory.had_package_database = get_bit(in);
  for (std::uint64_t n = in.count(12); n > 0 && in.ok(); --n) out.findings.push_back(get_finding(in, inventory.packages.size()));
  for (std::uint64_t n = in.count(4); n > 0 && in.ok(); --n) {
    Coverage one;
    one.code = in.text();
    one.message = in.text();
    one.packages = get_small(in);
    one.incomplete = get_bit(in);
    out.coverage.push_back(std::move(one));
  }
  if (get_bit(in)) {
    out.eol.emplace();
    out.eol->date = in.text();
    out.eol->past = get_bit(in);
  }
  for (std::uint64_t n = in.count(10); n > 0 && in.ok(); --n) out.feeds.push_back(get_feed(in));
  if (!in.ok() || !in.done()) return fail(Errc::invalid_input, "report: damaged");
  return out;
}

}  // namespace eclair::report
