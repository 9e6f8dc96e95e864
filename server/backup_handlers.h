#pragma once

#include "server/response_stream.h"
#include "server/rpc.h"
#include "server/service_context.h"

namespace tipgate {

// CreateBackup, for one caller at a time; it takes as long as the copying.
ResponseStreamHandler CreateBackupHandler(ServiceContext* context);

// ListBackups, on a reader's thread.
RpcHandler ListBackupsHandler(ServiceContext* context);

}  // namespace tipgate
