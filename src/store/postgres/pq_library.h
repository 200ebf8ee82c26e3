// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include "util/result.h"

namespace eclair::store::postgres {

/// The functions of libpq that we call, under their names without `PQ`.
///
/// libpq is loaded when a PostgreSQL is first named, not linked: it brings Kerberos and LDAP, which cost every start of the program
/// milliseconds, and most runs never see a database server (docs/decisions/0011 tells the same of libcurl).
struct PqLibrary {
#define ECLAIR_PQ_FUNCTIONS(X)                                                                                                         \
  X(clear) X(cmdStatus) X(cmdTuples) X(connectdbParams) X(conninfoFree) X(conninfoParse) X(consumeInput) X(db) X(enterPipelineMode)    \
  X(errorMessage) X(exec) X(exitPipelineMode) X(finish) X(flush) X(freemem) X(ftype) X(getResult) X(getisnull) X(getlength)            \
  X(getvalue) X(host) X(nfields) X(ntuples) X(pipelineSync) X(port) X(resultErrorField) X(resultStatus) X(sendFlushRequest)            \
  X(sendPrepare) X(sendQueryParams) X(sendQueryPrepared) X(serverVersion) X(setNoticeProcessor) X(setnonblocking) X(socket) X(status)
#define ECLAIR_PQ_MEMBER(name) decltype(&::PQ##name) name = nullptr;
  ECLAIR_PQ_FUNCTIONS(ECLAIR_PQ_MEMBER)
#undef ECLAIR_PQ_MEMBER
};

/// Loads libpq.so.5 (of PostgreSQL 14 or later) at the first call; every later call costs nothing and answers the same. From any thread.
/// errors: unavailable (libpq is not installed, or lacks a function).
Result<const PqLibrary*> load_pq();

}  // namespace eclair::store::postgres
