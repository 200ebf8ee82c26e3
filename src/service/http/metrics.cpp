// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/metrics.h"

#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>

namespace eclair::service {
namespace metrics_detail {

enum class Kind : std::uint8_t { counter, gauge, histogram };

struct Series {
  double value = 0;                    // of a histogram: the sum
  std::vector<std::uint64_t> buckets;  // of a histogram: how many fell into each, the last is beyond all bounds
};

struct Family {
  Kind kind = Kind::counter;
  std::string help;
  std::vector<double> bounds;
  std::map<std::string, Series> series;  // by labels as they are written
};

void add_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '\n') out += "\\n";
    else if (c == '"' && quotes) out += "\\\"";
    else out += c;
  }
}

std::string written(Metrics::Labels labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out += ',';
    out += name;
    out += "=\"";
    add_escaped(out, value, true);
    out += '"';
  }
  return out;
}

std::string number(double value) {
  char buffer[40];
  const bool whole = std::floor(value) == value && std::fabs(value) < 1e15;
  return {buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, whole ? "%.0f" : "%.9g", value))};
}

void add_line(std::string& out, std::string_view name, std::string_view suffix, std::string_view labels, std::string_view more, const std::string& value) {
  out += name;
  out += suffix;
  if (!labels.empty() || !more.empty()) {
    out += '{';
    out += labels;
    if (!labels.empty() && !more.empty()) out += ',';
    out += more;
    out += '}';
  }
  out += ' ';
  out += value;
  out += '\n';
}

void add_histogram(std::string& out, std::string_view name, const Family& family, std::string_view labels, const Series& series) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < series.buckets.size(); ++i) {
    count += series.buckets[i];
    const std::string bound = i < family.bounds.size() ? number(family.bounds[i]) : "+Inf";
    add_line(out, name, "_bucket", labels, "le=\"" + bound + "\"", std::to_string(count));
  }
  add_line(out, name, "_sum", labels, {}, number(series.value));
  add_line(out, name, "_count", labels, {}, std::to_string(count));
}

}  // namespace metrics_detail

struct Metrics::Impl {
  metrics_detail::Family* find(std::string_view name) {
    const auto found = families.find(name);
    assert(found != families.end());
    return found == families.end() ? nullptr : &found->second;
  }
  void describe(std::string_view name, metrics_detail::Kind kind, std::string_view help, std::vector<double> bounds) {
    const std::lock_guard lock(mutex);
    metrics_detail::Family& family = families[std::string(name)];
    family.kind = kind;
    family.help = help;
    family.bounds = std::move(bounds);
  }

  mutable std::mutex mutex;
  std::map<std::string, metrics_detail::Family, std::less<>> families;
  std::mutex setters_mutex;
  std::vector<std::function<void()>> setters;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::counter(std::string_view name, std::string_view help) { impl_->describe(name, metrics_detail::Kind::counter, help, {}); }
void Metrics::gauge(std::string_view name, std::string_view help) { impl_->describe(name, metrics_detail::Kind::gauge, help, {}); }
void Metrics::histogram(std::string_view name, std::string_view help, std::vector<double> bounds) {
  impl_->describe(name, metrics_detail::Kind::histogram, help, std::move(bounds));
}

void Metrics::add(std::string_view name, Labels labels, double by) {
  const std::string key = metrics_detail::written(labels);
  const std::lock_guard lock(impl_->mutex);
  if (metrics_detail::Family* const family = impl_->find(name)) family->series[key].value += by;
}

void Metrics::set(std::string_view name, Labels labels, double value) {
  const std::string key = metrics_detail::written(labels);
  const std::lock_guard lock(impl_->mutex);
  if (metrics_detail::Family* const family = impl_->find(name)) family->series[key].value = value;
}

void Metrics::observe(std::string_view name, Labels labels, double value) {
  const std::string key = metrics_detail::written(labels);
  const std::lock_guard lock(impl_->mutex);
  metrics_detail::Family* const family = impl_->find(name);
  if (family == nullptr) return;
  metrics_detail::Series& series = family->series[key];
  series.buckets.resize(family->bounds.size() + 1);
  std::size_t bucket = 0;
  while (bucket < family->bounds.size() && value > family->bounds[bucket]) ++bucket;
  ++series.buckets[bucket];
  series.value += value;
}

void Metrics::before_text(std::function<void()> set_some) {
  const std::lock_guard lock(impl_->setters_mutex);
  impl_->setters.push_back(std::move(set_some));
}

std::string Metrics::text() const {
  {
    const std::lock_guard lock(impl_->setters_mutex);
    for (const auto& set_some : impl_->setters) set_some();
  }
  const std::lock_guard lock(impl_->mutex);
  std::string out;
  for (const auto& [name, family] : impl_->families) {
    constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram"};
    out += "# HELP " + name + " ";
    metrics_detail::add_escaped(out, family.help, false);
    out += "\n# TYPE " + name + " ";
    out += kKinds[static_cast<std::size_t>(family.kind)];
    out += '\n';
    for (const auto& [labels, series] : family.series) {
      if (family.kind == metrics_detail::Kind::histogram) metrics_detail::add_histogram(out, name, family, labels, series);
      else metrics_detail::add_line(out, name, {}, labels, {}, metrics_detail::number(series.value));
    }
  }
  return out;
}

}  // namespace eclair::service
