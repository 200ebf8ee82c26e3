// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/vex.h"

#include <string>

#include "util/text.h"

namespace eclair::suppress {
namespace vex_detail {

Result<Source> read_root(json::Value root, const std::string& file) {
  const std::string_view context = root["@context"].string();
  if (context.find("openvex") != std::string_view::npos) return read_openvex(root, file);
  if (root["document"]["csaf_version"].is_string()) return read_csaf(root, file);
  if (root["bomFormat"].string() == "CycloneDX") return read_cyclonedx_vex(root, file);
  return fail(Error{Errc::invalid_input, file + " is no VEX document", "OpenVEX, CSAF 2.0 and CycloneDX are read, as JSON"});
}

}  // namespace vex_detail

Result<Source> read_vex(std::string_view document, const std::string& file) {
  if (document.size() > kMaxVexBytes) return fail(Errc::limit, file + ": larger than " + std::to_string(kMaxVexBytes >> 20) + " MiB");
  json::Document parsed;
  auto root = parsed.parse(document);
  if (!root) return fail(std::move(root).error().within(file));
  const bool wrapped = (*root)["_type"].string().find("in-toto.io/Statement") != std::string_view::npos;
  return vex_detail::read_root(wrapped ? (*root)["predicate"] : *root, file);
}

std::optional<Statement> vex_statement(std::string_view status, const std::string& file) {
  using Effect = Statement::Effect;
  Statement out;
  if (status == "not_affected" || status == "fixed") out.effect = Effect::suppress;
  else if (status == "affected") out.effect = Effect::confirm;
  else if (status == "under_investigation") out.effect = Effect::remark;
  else return std::nullopt;
  out.by.kind = "vex";
  out.by.file = file;
  out.by.status = status;
  return out;
}

}  // namespace eclair::suppress
