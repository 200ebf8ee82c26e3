// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "util/byte_source.h"
#include "util/result.h"
#include "util/time.h"

/// How a feed says what is to be downloaded (Feed::portions). A feed names what its source publishes, under the source's own URLs;
/// mirrors, proxies, conditional requests, retries, digests, decompression and archives are the updater's business.
namespace eclair::feeds {

/// A file to be downloaded: a document, packed or not, or an archive of documents.
struct Document {
  std::string url;
  std::string name{};            ///< what Feed::parse is told; "" = host and path of the URL ("secdb.alpinelinux.org/v3.19/main.json")
  std::string digest{};          ///< "sha256:<hex>" of the file as it is sent, where the source publishes one. Checked. A file whose digest
                                 ///< was imported the last time is not downloaded
  std::string content_digest{};  ///< the same of what is packed in it, where that is what the source publishes (NVD)
  std::uint64_t bytes = 0;       ///< its size, where the source publishes it; 0 = not. Checked
  bool optional = false;         ///< that it is not there (404) is an answer
  bool once = false;             ///< a change of one record, asked for once: nothing is kept of it for a later conditional request
};

/// Documents that are told anew together: those of a release, of an ecosystem, or all. If one of them changed, all are downloaded and
/// imported; if one cannot be had, what the store has of them stays.
/// For feeds of single records (Feed::document_is_record) an archive's member is passed over where a document of the same name (the end
/// of its path, in any case) stands beside the archive, or is withdrawn: changes that are newer than the archive win.
struct Portion {
  std::string name;                    ///< "v3.19", "PyPI", "" where there is one: what is kept for the next time is kept under it
  std::vector<Document> documents{};   ///< none: asked, and nothing is new
  struct Withdrawn {
    std::string document;              ///< "2024/cve-2024-0001.json"; may be ""
    std::string record;                ///< its rows are closed (AdvisorySink::remove)
  };
  std::vector<Withdrawn> withdrawn{};
  bool alone = false;                  ///< imported after those before it, not with them: it tells some of what they say anew
  std::string cursor{};                ///< kept when all this was imported; Lookup::cursor() gives it back
};

/// What a feed may ask while it works out its portions.
class Lookup {
 public:
  virtual ~Lookup() = default;
  /// Namespaces of the feed's families that are wanted; none = everything that the source has.
  virtual const std::vector<std::string>& wanted() const = 0;
  /// Whether one is: where namespaces come and go together (an archive of all releases) nobody needs to ask.
  virtual bool wants(std::string_view name_space) const = 0;
  /// What was kept with a portion; "" = nothing yet, or a parser of another revision read it: everything is to be told anew.
  virtual std::string cursor(std::string_view portion) const = 0;
  virtual UnixTime at() const = 0;
  /// An index document (listing, csv, repomd.xml), unpacked.
  /// errors: not_found (404), unavailable, limit, cancelled.
  virtual Result<std::unique_ptr<ByteSource>> read(const std::string& url) = 0;
  /// read() of each, a few at once; in the order of the URLs.
  virtual std::vector<Result<std::unique_ptr<ByteSource>>> read_each(const std::vector<std::string>& urls) {
    std::vector<Result<std::unique_ptr<ByteSource>>> out;
    for (const std::string& url : urls) out.push_back(read(url));
    return out;
  }
  /// The same as read(), or nullptr where it is as it was when the portion of that name was imported last: then there may be nothing to do.
  virtual Result<std::unique_ptr<ByteSource>> read_if_changed(std::string_view portion, const std::string& url) = 0;
};

}  // namespace eclair::feeds
