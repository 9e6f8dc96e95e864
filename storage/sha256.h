#pragma once

#include "absl/strings/string_view.h"
#include "core/journal.h"

struct evp_md_st;
struct evp_md_ctx_st;

namespace tipgate {

// Computes SHA-256; reuses its context. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  ChainHash Hash(absl::string_view bytes);

 private:
  evp_md_st* algorithm_;
  evp_md_ctx_st* context_;
};

}  // namespace tipgate
