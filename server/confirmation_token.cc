#include "server/confirmation_token.h"

#include <sys/random.h>

#include <cerrno>
#include <string>

#include "absl/strings/escaping.h"
#include "core/check.h"

namespace tipgate {

ConfirmationToken DrawConfirmationToken() {
  constexpr size_t kBytes = 16;
  static_assert(2 * kBytes == ConfirmationToken::kSizeMax);
  std::string bytes(kBytes, '\0');
  ssize_t drawn = 0;
  do {  // a signal may come while the kernel still gathers randomness after a boot
    drawn = getrandom(bytes.data(), kBytes, 0);
  } while (drawn < 0 && errno == EINTR);
  TIPGATE_CHECK(drawn == ssize_t{kBytes});  // up to 256 bytes come whole
  return ConfirmationToken(absl::BytesToHexString(bytes));
}

}  // namespace tipgate
