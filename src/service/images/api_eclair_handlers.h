// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/images/api_eclair.h"
#include "service/http/http.h"
#include "util/cancel.h"
#include "util/json_writer.h"

/// The handlers behind api_eclair(), by what they are about.
namespace eclair::service::own {

Reply post_image(const EclairParts& parts, const Request& request);
Reply get_images(const EclairParts& parts, const Request& request);
Reply get_image(const EclairParts& parts, const Request& request);
Reply get_report(const EclairParts& parts, const Request& request);
Reply delete_image(const EclairParts& parts, const Request& request);
Reply known_layers(const EclairParts& parts, const Request& request);

Reply layers_with(const EclairParts& parts, const Request& request);
Reply images_with(const EclairParts& parts, const Request& request);

Reply health(const EclairParts& parts, const Request& request);

/// 200, or another status, with a document.
Reply document(json::Writer& writer, int status = 200);
/// The query key "limit". errors: invalid_input.
Result<std::size_t> limit_of(const Request& request);
/// The value of a query key, "" = none.
std::string query_of(const Request& request, std::string_view key);
const Cancel& stop_of(const Request& request);

}  // namespace eclair::service::own
