// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What an import costs beside reading and parsing alone, and what a look-up costs after it. Prints one JSON object.
//   bench_import [--size MB] [--runs N] [--keep FILE]   makes a tracker document of real shape (deterministic), 60 MB by default
//   bench_import --feed NAME FILE...                    the same measurements on other files
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "feeds/feed.h"
#include "feeds/import.h"
#include "store/interface.h"
#include "util/json_writer.h"

namespace {

using namespace eclair;

/// xorshift: the same document on every machine.
class Random {
 public:
  std::uint32_t below(std::uint32_t n) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::uint32_t>((state_ >> 11) % n);
  }

 private:
  std::uint64_t state_ = 88172645463325252ull;
};

/// A document like the tracker's: few packages with thousands of entries (linux), many with a few; six releases for each.
void make_tracker(const std::string& path, std::uint64_t bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    std::fprintf(stderr, "cannot write %s\n", path.c_str());
    std::exit(1);
  }
  Random random;
  const char* const releases[] = {"bookworm", "bullseye", "buster", "forky", "sid", "trixie"};
  const char* const words[] = {"heap", "overflow", "in", "the", "parser", "of", "crafted", "files", "allows", "remote", "attackers", "to", "cause",
                               "a", "denial", "service", "via", "memory", "corruption", "before", "version", "issue", "was", "discovered", "an"};
  std::string out = "{";
  std::uint64_t written = 0;
  for (int p = 0; written + out.size() < bytes; ++p) {
    const std::string package = p == 1500 ? "linux" : "package-" + std::to_string(100000 + p);  // sorted, as the tracker's are (almost)
    const int entries = p == 1500 ? 9000 : p % 40 == 0 ? 150 + static_cast<int>(random.below(300)) : 1 + static_cast<int>(random.below(14));
    out += (p == 0 ? "\"" : ", \"") + package + "\": {";
    for (int e = 0; e < entries; ++e) {
      const std::string id = "CVE-" + std::to_string(2010 + random.below(16)) + "-" + std::to_string(1000 + random.below(60000));
      out += (e == 0 ? "\"" : ", \"") + id + "\": {\"description\": \"";
      for (std::uint32_t n = 12 + random.below(30); n > 0; --n) out += std::string(words[random.below(std::size(words))]) + " ";
      out += "\", \"scope\": \"" + std::string(random.below(3) == 0 ? "local" : "remote") + "\", ";
      if (random.below(3) == 0) out += "\"debianbug\": " + std::to_string(800000 + random.below(300000)) + ", ";
      out += "\"releases\": {";
      const std::string base = std::to_string(random.below(9)) + "." + std::to_string(random.below(40)) + "." + std::to_string(random.below(20));
      for (std::size_t r = 0; r < std::size(releases); ++r) {
        const std::string here = base + "-" + std::to_string(r + 1);
        out += (r == 0 ? "\"" : ", \"") + std::string(releases[r]) + "\": {\"status\": ";
        const std::uint32_t dice = random.below(20);
        const std::string repositories = "\"repositories\": {\"" + std::string(releases[r]) + "\": \"" + here + "\", \"" + releases[r] + "-security\": \"" +
                                         here + "+deb12u" + std::to_string(random.below(9)) + "\"}";
        if (dice < 12) {
          out += "\"resolved\", " + repositories + ", \"fixed_version\": \"" + (dice < 3 ? std::string("0") : here) + "\", \"urgency\": \"not yet assigned\"}";
        } else {
          out += "\"" + std::string(dice == 19 ? "undetermined" : "open") + "\", " + repositories + ", \"urgency\": \"" + (dice == 18 ? "unimportant" : "low**") + "\"";
          out += dice < 15 ? ", \"nodsa\": \"Minor issue\", \"nodsa_reason\": \"" + std::string(dice == 14 ? "ignored" : "") + "\"}" : "}";
        }
      }
      out += "}}";
      if (out.size() > (1u << 20)) {
        written += out.size();
        std::fwrite(out.data(), 1, out.size(), file);
        out.clear();
      }
    }
    out += "}";
  }
  out += "}";
  std::fwrite(out.data(), 1, out.size(), file);
  std::fclose(file);
}

class Counter final : public feeds::AdvisorySink {
 public:
  Result<> advisory(std::string_view, std::string_view package, Advisory row) override {
    ++rows;
    bytes += row.vulnerability.size();
    if (packages.size() < 500 && (packages.empty() || packages.back() != package)) packages.emplace_back(package);
    return {};
  }
  Result<> vulnerability(VulnerabilityText text) override {
    bytes += text.description.size();
    return {};
  }
  void complete(std::string_view name_space, std::string_view) override { spaces.emplace(name_space); }
  Result<> remove(std::string_view) override { return {}; }
  void bad_record(std::string) override { ++bad; }
  std::uint64_t rows = 0, bytes = 0, bad = 0;
  std::vector<std::string> packages;
  std::set<std::string> spaces;
};

struct Time {
  double wall = 0, cpu = 0;  ///< cpu: of this process; says more on a busy machine
};

double cpu_now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

template <class Fn>
Time seconds(Fn&& fn) {
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_now();
  fn();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), cpu_now() - cpu};
}

Time median(std::vector<Time> values) {
  const auto middle = [&](double Time::*part) {
    std::sort(values.begin(), values.end(), [part](const Time& a, const Time& b) { return a.*part < b.*part; });
    return values[values.size() / 2].*part;
  };
  return {middle(&Time::wall), middle(&Time::cpu)};
}

void write(json::Writer& w, const std::string& name, const Time& time) {
  w.key(name + "_seconds").number(time.wall).key(name + "_cpu_seconds").number(time.cpu);
}

template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "error: %s\n", result.error().text.c_str());
  std::exit(1);
}

/// Of this program alone: what getrusage() says counts what ran in the process before it, too.
long peak_kib() {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  long out = 0;
  std::array<char, 256> line{};
  while (file != nullptr && std::fgets(line.data(), static_cast<int>(line.size()), file) != nullptr) {
    if (std::sscanf(line.data(), "VmHWM: %ld", &out) == 1) break;
  }
  if (file != nullptr) std::fclose(file);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t megabytes = 60;
  int runs = 3;
  std::string keep, url, feed_name = "debian";
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (std::strcmp(argv[i], "--size") == 0) megabytes = std::strtoull(value(), nullptr, 10);
    else if (std::strcmp(argv[i], "--runs") == 0) runs = std::max(1, std::atoi(value()));
    else if (std::strcmp(argv[i], "--keep") == 0) keep = value();
    else if (std::strcmp(argv[i], "--store") == 0) url = value();  // one run, into what is empty yet: a PostgreSQL
    else if (std::strcmp(argv[i], "--feed") == 0) feed_name = value();
    else files.emplace_back(argv[i]);
  }
  const feeds::Feed* feed = feeds::find_feed(feed_name);
  if (feed == nullptr) {
    std::fprintf(stderr, "no feed named %s\n", feed_name.c_str());
    return 1;
  }
  std::string folder = (std::filesystem::temp_directory_path() / "eclair-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  const bool made = files.empty();
  if (made) {
    files = {keep.empty() ? folder + "/tracker.json" : keep};
    make_tracker(files.front(), megabytes << 20);
  }
  if (!url.empty()) runs = 1;
  const Limits limits;
  const Cancel stop;
  std::uint64_t bytes = 0;
  std::vector<Time> parse_s, import_s, again_s;
  Counter counter;
  if (made) bytes = must(FileSource::open(files.front()))->size();
  feeds::ImportReport report;
  std::string last;
  long before_import_kib = 0;
  for (int i = 0; i < runs; ++i) {  // in turns, so that a busy moment hits all alike
    counter = Counter();
    if (made) {
      parse_s.push_back(seconds([&] {
        const auto file = must(FileSource::open(files.front()));
        if (const auto done = feed->parse("tracker.json", *file, limits, stop, counter); !done) {
          std::fprintf(stderr, "error: %s\n", done.error().text.c_str());
          std::exit(1);
        }
      }));
    }
    if (i == 0) before_import_kib = peak_kib();
    last = url.empty() ? folder + "/data" + std::to_string(i) : url;
    import_s.push_back(seconds([&] {
      const auto store = must(store::open_advisories(last));
      report = must(feeds::import_feed(*store, {.feed = feed_name, .origins = files, .at = 1000}, limits, stop));
    }));
    again_s.push_back(seconds([&] {
      const auto store = must(store::open_advisories(last));
      must(feeds::import_feed(*store, {.feed = feed_name, .origins = files, .at = 2000}, limits, stop));
    }));
  }
  const long import_kib = peak_kib();

  // A warm look-up of 500 packages, as a scan of one image makes it.
  const auto store = must(store::open_advisories(last));
  const auto states = must(store->feeds());
  std::vector<Time> lookup_s;
  std::uint64_t found = 0, asked = 0;
  for (int i = 0; made && i < 5; ++i) {
    found = asked = 0;
    lookup_s.push_back(seconds([&] {
      for (const std::string& package : counter.packages) {
        ++asked;
        found += must(store->rows("debian:12", package)).size();
      }
    }));
  }
  std::uintmax_t stored = 0;
  if (url.empty()) {
    for (const auto& entry : std::filesystem::directory_iterator(last)) stored += entry.file_size();
  }

  json::Writer w(true);
  w.begin_object();
  if (made) {
    w.member("document_bytes", static_cast<std::int64_t>(bytes));
    write(w, "parse", median(parse_s));
  }
  write(w, "import", median(import_s));
  write(w, "import_again", median(again_s));
  if (made) {
    w.key("import_to_parse").number(median(import_s).wall / median(parse_s).wall);
    w.key("import_to_parse_cpu").number(median(import_s).cpu / median(parse_s).cpu);
  }
  w.member("rows", static_cast<std::int64_t>(report.summary.rows)).member("vulnerabilities", static_cast<std::int64_t>(report.summary.vulnerabilities));
  w.member("documents", static_cast<std::int64_t>(report.documents)).member("bad_records", static_cast<std::int64_t>(report.summary.bad_records));
  w.key("bad").begin_array();
  for (const std::string& bad : report.summary.bad) w.string(bad);
  w.end_array().key("notes").begin_array();
  for (const std::string& note : report.notes) w.string(note);
  w.end_array().key("namespaces").begin_array();
  for (const auto& state : states) {
    for (const std::string& name : state.namespaces) w.string(name);
  }
  w.end_array();
  w.member("stored_bytes", static_cast<std::int64_t>(stored));
  if (made) {
    w.member("lookup_packages", static_cast<std::int64_t>(asked)).member("lookup_rows", static_cast<std::int64_t>(found));
    write(w, "lookup", median(lookup_s));
  }
  w.member("peak_kib_before_import", static_cast<std::int64_t>(before_import_kib)).member("peak_kib", static_cast<std::int64_t>(import_kib));
  w.end_object();
  std::printf("%s\n", w.text().c_str());
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return 0;
}
