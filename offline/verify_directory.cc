#include "offline/verify_directory.h"

#include "offline/database_verification.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/head_mark.h"

namespace tipgate {

absl::StatusOr<VerificationReport> VerifyDirectory(const std::string& path,
                                                   VerificationProgress progress) {
  const auto directory = DataDirectory::OpenToRead(path);
  if (!directory.ok()) return directory.status();
  const auto database = Database::OpenToRead((*directory)->database_path(), {});
  if (!database.ok()) return database.status();
  const auto check_reaches = [&](const Journal& journal) { return CheckHeadMark(path, journal); };
  return VerifyDatabase(**database, check_reaches, progress);
}

}  // namespace tipgate
