// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/oval.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "util/text.h"
#include "util/xml.h"

namespace eclair::feeds::oval {
namespace oval_detail {

/// Ids are long and alike ("oval:org.opensuse.security:tst:2009950325"), and there may be a million: 64 bits stand for one.
std::uint64_t key_of(std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

struct Bound {
  std::string operation, value;
};

/// What a state asks of a package. An empty operation: nothing of that kind.
struct State {
  Bound evr, version, arch;
  std::uint64_t key = 0;
};

struct Object {
  std::string name;
  std::uint64_t key = 0;
};

struct Test {
  std::uint64_t key = 0, object = 0;
  std::uint32_t first_state = 0, states = 0;
};

template <class Entry>
const Entry* find(const std::vector<Entry>& sorted, std::uint64_t key) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), key, [](const Entry& entry, std::uint64_t k) { return entry.key < k; });
  return at != sorted.end() && at->key == key ? &*at : nullptr;
}

/// "(aarch64|x86_64)", "x86_64", "^i[3-6]86$": alternatives that are plain words; none where one is more than that.
std::vector<std::string> arches_of(std::string_view pattern) {
  pattern = text::trim(pattern);
  const auto strip = [&](char front, char back) {
    if (!pattern.empty() && pattern.front() == front) pattern.remove_prefix(1);
    if (!pattern.empty() && pattern.back() == back) pattern.remove_suffix(1);
  };
  strip('^', '$');
  strip('(', ')');
  std::vector<std::string> out;
  for (const std::string_view word : text::split(pattern, '|')) {
    const std::string_view plain = text::trim(word);
    const auto in_word = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '_'; };
    if (plain.empty() || !std::all_of(plain.begin(), plain.end(), in_word)) return {};
    out.emplace_back(plain);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool is_zero(std::string_view evr) {
  return std::all_of(evr.begin(), evr.end(), [](char c) { return c == '0' || c == ':' || c == '-' || c == '.'; });
}

std::string_view without(std::string_view s, std::string_view end) {
  return s.size() > end.size() && s.substr(s.size() - end.size()) == end ? s.substr(0, s.size() - end.size()) : std::string_view{};
}

/// A node of the criteria. `test` is for leaves.
struct Node {
  bool leaf = false, all = true, negate = false;  ///< all: AND
  std::uint64_t test = 0;
  std::string comment;
  std::vector<Node> children;
};

/// What a leaf turns out to be.
enum class Role : unsigned char { package, product, arch, module, beside_the_point, unknown };

class Walker {
 public:
  Walker(const ByteSource& in, const Limits& limits, const Cancel& stop, const std::function<Result<>(Definition&)>& each)
      : in_(in), limits_(limits), stop_(stop), each_(each) {}

  Result<> run() {
    ECLAIR_CHECK_OK(index());
    return definitions();
  }

 private:
  // --- what definitions refer to

  Result<> index() {
    xml::Reader reader(in_, limits_);
    ECLAIR_TRY(const bool root, reader.child(0));
    if (!root || reader.name() != "oval_definitions") {
      return fail(Errc::invalid_input, "not an OVAL document: the root is " + text::quoted(reader.name()));
    }
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(1));
      if (!more) break;
      const std::string section(reader.name());
      if (section != "tests" && section != "objects" && section != "states") continue;
      const std::uint32_t level = reader.depth();
      while (true) {
        if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
        ECLAIR_TRY(const bool another, reader.child(level));
        if (!another) break;
        if (section == "tests") {
          ECLAIR_CHECK_OK(test(reader));
        } else if (section == "objects") {
          ECLAIR_CHECK_OK(object(reader));
        } else {
          ECLAIR_CHECK_OK(state(reader));
        }
      }
    }
    ECLAIR_TRY(const bool tail, reader.child(0));
    static_cast<void>(tail);
    const auto by_key = [](const auto& a, const auto& b) { return a.key < b.key; };
    std::stable_sort(tests_.begin(), tests_.end(), by_key);
    std::stable_sort(objects_.begin(), objects_.end(), by_key);
    std::stable_sort(states_.begin(), states_.end(), by_key);
    return {};
  }

  Result<> keep(std::size_t bytes) {
    indexed_ += bytes;
    if (indexed_ <= limits_.feed_index_bytes) return {};
    const std::string bound = "feed_index_bytes (" + std::to_string(limits_.feed_index_bytes) + ")";
    return fail(Errc::limit, "tests, objects and states are larger than " + bound);
  }

  Result<> test(xml::Reader& reader) {
    if (reader.name() != "rpminfo_test") return {};
    Test one;
    one.key = key_of(reader.attribute("id"));
    one.first_state = static_cast<std::uint32_t>(state_refs_.size());
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) break;
      if (reader.name() == "object") one.object = key_of(reader.attribute("object_ref"));
      if (reader.name() == "state") {
        state_refs_.push_back(key_of(reader.attribute("state_ref")));
        ++one.states;
      }
    }
    tests_.push_back(one);
    return keep(sizeof(Test) + one.states * sizeof(std::uint64_t));
  }

  Result<> object(xml::Reader& reader) {
    if (reader.name() != "rpminfo_object") return {};
    Object one;
    one.key = key_of(reader.attribute("id"));
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) break;
      if (reader.name() == "name") {
        ECLAIR_TRY(const std::string name, reader.text());
        one.name = text::trim(name);
      }
    }
    const std::size_t bytes = sizeof(Object) + one.name.size();
    objects_.push_back(std::move(one));
    return keep(bytes);
  }

  Result<> state(xml::Reader& reader) {
    if (reader.name() != "rpminfo_state") return {};
    State one;
    one.key = key_of(reader.attribute("id"));
    std::size_t bytes = sizeof(State);
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) break;
      const std::string_view name = reader.name();
      Bound* const into = name == "evr" ? &one.evr : name == "version" ? &one.version : name == "arch" ? &one.arch : nullptr;
      if (into == nullptr) continue;
      const std::string_view operation = reader.attribute("operation");
      into->operation = operation.empty() ? "equals" : operation;
      ECLAIR_TRY(const std::string value, reader.text());
      into->value = text::trim(value);
      bytes += into->value.size();
    }
    states_.push_back(std::move(one));
    return keep(bytes);
  }

  // --- definitions

  Result<> definitions() {
    xml::Reader reader(in_, limits_);
    ECLAIR_TRY(const bool root, reader.child(0));
    if (!root) return {};
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(1));
      if (!more) return {};
      if (reader.name() != "definitions") continue;
      const std::uint32_t level = reader.depth();
      while (true) {
        if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
        ECLAIR_TRY(const bool another, reader.child(level));
        if (!another) break;
        if (reader.name() == "definition") ECLAIR_CHECK_OK(definition(reader));
      }
    }
  }

  Result<> hold(std::size_t bytes) {
    held_ += bytes + 64;
    if (held_ <= limits_.feed_member_bytes) return {};
    const std::string bound = "feed_member_bytes (" + std::to_string(limits_.feed_member_bytes) + ")";
    return fail(Errc::limit, text::quoted(current_) + " is larger than " + bound);
  }

  Result<> take(xml::Reader& reader, std::string& into) {
    ECLAIR_TRY(const std::string words, reader.text());
    into = text::trim(words);
    return hold(into.size());
  }

  Result<> definition(xml::Reader& reader) {
    Definition one;
    one.id = reader.attribute("id");
    one.kind = reader.attribute("class");
    current_ = one.id;
    held_ = one.id.size();
    Node criteria;
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) break;
      if (reader.name() == "metadata") {
        ECLAIR_CHECK_OK(metadata(reader, one));
      } else if (reader.name() == "criteria") {
        ECLAIR_CHECK_OK(node(reader, criteria));
      }
    }
    one.contexts.emplace_back();
    ECLAIR_CHECK_OK(walk(criteria, 0, one));
    return each_(one);
  }

  Result<> metadata(xml::Reader& reader, Definition& one) {
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) return {};
      const std::string_view name = reader.name();
      if (name == "title") {
        ECLAIR_CHECK_OK(take(reader, one.title));
      } else if (name == "description") {
        ECLAIR_CHECK_OK(take(reader, one.description));
      } else if (name == "patchable") {
        ECLAIR_CHECK_OK(take(reader, one.patchable));
      } else if (name == "advisory_date") {
        ECLAIR_CHECK_OK(take(reader, one.advisory_date));
      } else if (name == "severity") {
        ECLAIR_CHECK_OK(take(reader, one.severity));
      } else if (name == "reference") {
        one.references.push_back({std::string(reader.attribute("source")), std::string(text::trim(reader.attribute("ref_id")))});
        ECLAIR_CHECK_OK(hold(one.references.back().id.size() + one.references.back().source.size()));
      } else if (name == "affected" || name == "advisory") {
        ECLAIR_CHECK_OK(advisory(reader, one));
      }
    }
  }

  /// <advisory>, and <affected> with its platforms: none of the names is in both.
  Result<> advisory(xml::Reader& reader, Definition& one) {
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) return {};
      const std::string_view name = reader.name();
      if (name == "severity") {
        ECLAIR_CHECK_OK(take(reader, one.severity));
      } else if (name == "issued") {
        one.issued = reader.attribute("date");
      } else if (name == "updated") {
        one.updated = reader.attribute("date");
      } else if (name == "platform") {
        ECLAIR_CHECK_OK(take(reader, one.platforms.emplace_back()));
      } else if (name == "cve") {
        Definition::Cve& cve = one.cves.emplace_back();
        cve.href = reader.attribute("href");
        cve.impact = reader.attribute("impact");
        cve.cvss3 = reader.attribute("cvss3");
        cve.cvss2 = reader.attribute("cvss2");
        ECLAIR_CHECK_OK(hold(sizeof(cve) + cve.href.size() + cve.cvss3.size() + cve.cvss2.size()));
        ECLAIR_CHECK_OK(take(reader, cve.text));
      }
    }
  }

  /// Depth is bounded by xml_depth.
  Result<> node(xml::Reader& reader, Node& into) {
    const std::string_view operation = reader.attribute("operator");
    into.all = operation != "OR" && operation != "ONE";
    into.negate = reader.attribute("negate") == "true";
    const std::uint32_t level = reader.depth();
    while (true) {
      ECLAIR_TRY(const bool more, reader.child(level));
      if (!more) return {};
      if (reader.name() == "criteria") {
        ECLAIR_CHECK_OK(hold(sizeof(Node)));
        ECLAIR_CHECK_OK(node(reader, into.children.emplace_back()));
      } else if (reader.name() == "criterion") {
        Node& leaf = into.children.emplace_back();
        leaf.leaf = true;
        leaf.negate = reader.attribute("negate") == "true";
        leaf.test = key_of(reader.attribute("test_ref"));
        leaf.comment = text::trim(reader.attribute("comment"));
        ECLAIR_CHECK_OK(hold(sizeof(Node) + leaf.comment.size()));
      }
    }
  }

  // --- what criteria mean

  /// The product that a leaf asks for, "" when it does not.
  static std::string_view product_of(const Node& leaf, std::string_view object) {
    const std::string_view product = without(leaf.comment, " is installed");
    // "fastjar-0.98-1 is installed" is how SUSE says that a package is older than that.
    const bool of_package = object.empty() ? product.find(' ') == std::string_view::npos : product.substr(0, object.size()) == object;
    return of_package ? std::string_view{} : product;
  }

  static std::string_view module_of(const Node& leaf) {
    constexpr std::string_view kModule = "Module ";
    const std::string_view words = without(leaf.comment, " is enabled");
    return words.substr(0, kModule.size()) == kModule ? text::trim(words.substr(kModule.size())) : std::string_view{};
  }

  /// What a leaf says; `claim` is filled for packages, `context` for others.
  Role role_of(const Node& leaf, Claim& claim, Context& context) const {
    if (const std::string_view module = module_of(leaf); !module.empty()) {
      context.module = module;
      return Role::module;
    }
    const Test* test = find(tests_, leaf.test);
    const Object* object = test == nullptr ? nullptr : find(objects_, test->object);
    const std::string_view name = object == nullptr ? std::string_view{} : std::string_view(object->name);
    if (const std::string_view product = product_of(leaf, name); !product.empty()) {
      context.products.emplace_back(product);
      return Role::product;
    }
    if (name.empty()) return role_of_comment(leaf.comment, claim, context);
    bool versions = false;
    std::vector<std::string> arches;
    claim.package = name;
    for (std::uint32_t i = 0; i < test->states; ++i) {
      const State* state = find(states_, state_refs_[test->first_state + i]);
      if (state == nullptr) {
        claim = {};
        return role_of_comment(leaf.comment, claim, context);
      }
      if (!state->arch.operation.empty()) arches = arches_of(state->arch.value);
      for (const Bound* bound : {&state->evr, &state->version}) {
        if (bound->operation.empty()) continue;
        if (!compare(*bound, claim)) return Role::unknown;
        versions = true;
      }
    }
    if (versions) {
      claim.arches = std::move(arches);
      return Role::package;
    }
    if (!arches.empty()) {
      context.arches = std::move(arches);
      return Role::arch;
    }
    return Role::beside_the_point;  // signed by a key, built for ksplice
  }

  /// Of a test that is not in the document, or not all of it, the comment may still say what it is: "bind is earlier than 30:9.3.3-8.el5".
  static Role role_of_comment(std::string_view comment, Claim& claim, Context& context) {
    if (comment.find(" is signed with ") != std::string_view::npos) return Role::beside_the_point;
    constexpr std::string_view kArch = " arch is ";
    if (const std::size_t at = comment.find(kArch); at != std::string_view::npos) {
      context.arches = arches_of(comment.substr(at + kArch.size()));
      return context.arches.empty() ? Role::unknown : Role::arch;
    }
    for (const std::string_view verdict : {std::string_view(" is not affected"), std::string_view(" is affected")}) {
      const std::string_view package = without(comment, verdict);
      if (package.empty() || package.find(' ') != std::string_view::npos) continue;
      claim.package = package;
      claim.never = verdict == " is not affected";
      return Role::package;
    }
    constexpr std::string_view kEarlier = " is earlier than ";
    const std::size_t at = comment.find(kEarlier);
    if (at == std::string_view::npos) return Role::unknown;
    claim.package = text::trim(comment.substr(0, at));
    claim.below = plain_evr(comment.substr(at + kEarlier.size()));
    return claim.package.empty() || claim.below.empty() || claim.package.find(' ') != std::string::npos ? Role::unknown : Role::package;
  }

  static bool compare(const Bound& bound, Claim& claim) {
    const std::string& operation = bound.operation;
    if (operation == "less than" || operation == "less than or equal") {
      claim.below = plain_evr(bound.value);
      claim.below_inclusive = operation == "less than or equal";
      return !claim.below.empty();
    }
    if (operation == "greater than" || operation == "greater than or equal") {
      if (!is_zero(bound.value)) claim.above = plain_evr(bound.value);
      claim.above_inclusive = operation == "greater than or equal";
      return true;
    }
    if (operation == "equals" && is_zero(bound.value)) {
      claim.never = true;
      return true;
    }
    return false;
  }

  /// Whether a subtree is only about what is installed around the packages.
  bool is_context(const Node& node) const {
    if (node.negate) return false;
    if (node.leaf) {
      Claim claim;
      Context context;
      const Role role = role_of(node, claim, context);
      return role == Role::product || role == Role::arch || role == Role::module || role == Role::beside_the_point;
    }
    return !node.children.empty() && std::all_of(node.children.begin(), node.children.end(), [&](const Node& child) { return is_context(child); });
  }

  /// Adds what a subtree of that kind demands.
  void gather(const Node& node, Context& into) const {
    if (node.leaf) {
      Claim claim;
      role_of(node, claim, into);
      return;
    }
    for (const Node& child : node.children) gather(child, into);
  }

  /// Depth is that of the criteria.
  Result<> walk(const Node& node, std::size_t context, Definition& one) {
    if (node.negate) return {};  // "not installed": nothing that a package is found by
    std::vector<char> is_about(node.children.size(), 0);
    if (node.all) {
      Context around;
      bool any = false;
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        if (!is_context(node.children[i])) continue;
        is_about[i] = 1;
        any = true;
        Context more;
        gather(node.children[i], more);
        std::move(more.products.begin(), more.products.end(), std::back_inserter(around.products));
        if (!more.arches.empty()) around.arches = std::move(more.arches);
        if (!more.module.empty()) around.module = std::move(more.module);
      }
      if (any) {
        // What is said further in is nearer to the package.
        const Context& outer = one.contexts[context];
        if (around.products.empty()) around.products = outer.products;
        if (around.arches.empty()) around.arches = outer.arches;
        if (around.module.empty()) around.module = outer.module;
        std::size_t bytes = 0;
        for (const std::string& product : around.products) bytes += product.size();
        ECLAIR_CHECK_OK(hold(bytes));
        context = one.contexts.size();
        one.contexts.push_back(std::move(around));
      }
    }
    const std::size_t first = one.claims.size();
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = node.children[i];
      if (is_about[i] != 0 || child.negate) continue;
      if (!child.leaf) continue;
      Claim claim;
      Context ignored;
      const Role role = role_of(child, claim, ignored);
      if (role == Role::unknown) one.faults.push_back(child.comment.empty() ? "a test that is not in the document" : child.comment);
      if (role != Role::package) continue;
      claim.context = context;
      ECLAIR_CHECK_OK(hold(sizeof(Claim) + claim.package.size() + claim.below.size()));
      if (node.all && joins(claim, first, one)) continue;
      one.claims.push_back(std::move(claim));
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (is_about[i] == 0 && !node.children[i].leaf) ECLAIR_CHECK_OK(walk(node.children[i], context, one));
    }
    return {};
  }

  /// "newer than A" and "older than B" of one package, both demanded, are one range.
  static bool joins(const Claim& claim, std::size_t first, Definition& one) {
    for (std::size_t i = first; i < one.claims.size(); ++i) {
      Claim& other = one.claims[i];
      if (other.package != claim.package || other.never || claim.never) continue;
      if (other.below.empty() && !claim.below.empty() && claim.above.empty()) {
        other.below = claim.below;
        other.below_inclusive = claim.below_inclusive;
        return true;
      }
      if (other.above.empty() && !claim.above.empty() && claim.below.empty()) {
        other.above = claim.above;
        other.above_inclusive = claim.above_inclusive;
        return true;
      }
    }
    return false;
  }

  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  const std::function<Result<>(Definition&)>& each_;
  std::vector<Test> tests_;
  std::vector<std::uint64_t> state_refs_;
  std::vector<Object> objects_;
  std::vector<State> states_;
  std::uint64_t indexed_ = 0, held_ = 0;
  std::string current_;
};

}  // namespace oval_detail

Result<> read(const ByteSource& in, const Limits& limits, const Cancel& stop, const std::function<Result<>(Definition&)>& each) {
  return oval_detail::Walker(in, limits, stop, each).run();
}

std::string plain_evr(std::string_view evr) {
  evr = text::trim(evr);
  const std::size_t colon = evr.find(':');
  if (colon == std::string_view::npos) return std::string(evr);
  const std::string_view epoch = text::trim(evr.substr(0, colon)), rest = text::trim(evr.substr(colon + 1));
  if (epoch == "0" || epoch == "(none)") return std::string(rest);
  return std::string(epoch) + ":" + std::string(rest);
}

bool is_cve(std::string_view id) {
  const auto digits = [](std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), text::is_digit); };
  const auto parts = text::split(id, '-');
  return parts.size() == 3 && parts[0] == "CVE" && parts[1].size() == 4 && digits(parts[1]) && digits(parts[2]);
}

bool split_cvss(std::string_view both, double& score, std::string& vector) {
  const auto [number, rest] = text::cut(both, '/');
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), score);
  if (error != std::errc() || end != number.data() + number.size() || !(score >= 0 && score <= 10)) return false;
  vector = rest;
  return !vector.empty();
}

}  // namespace eclair::feeds::oval
