#include "storage/sha256.h"

#include <openssl/evp.h>

#include "core/check.h"

namespace tipgate {

Sha256::Sha256()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  TIPGATE_CHECK(algorithm_ != nullptr);
  TIPGATE_CHECK(context_ != nullptr);
}

Sha256::~Sha256() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(algorithm_);
}

ChainHash Sha256::Hash(absl::string_view bytes) {
  ChainHash hash;
  unsigned int size = 0;
  TIPGATE_CHECK(EVP_DigestInit_ex2(context_, algorithm_, nullptr) == 1);
  TIPGATE_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  TIPGATE_CHECK(EVP_DigestFinal_ex(context_, hash.data(), &size) == 1);
  TIPGATE_CHECK(size == hash.size());
  return hash;
}

}  // namespace tipgate
