// How many bytes of memory does a payer take, with everything that a table keeps of them?
#include <gtest/gtest.h>

#include <vector>

#include "core/payer.h"
#include "core/table.h"
#include "tests/core/allocation_counter.h"

namespace tipgate {
namespace {

constexpr int64_t kBytesMax = 128;

class PayerMemory : public ::testing::Test {
 protected:
  // Has payers up to this id, all of them changed.
  void PutPayersUpTo(int64_t last_id) {
    while (last_id_ < last_id) payers_.MarkDirty(payers_.FindOrInsert(PayerId(++last_id_)));
  }

  int64_t BytesPerPayer() const {
    const auto count = static_cast<int64_t>(payers_.size());
    return (AllocatedBytes() - before_ + count - 1) / count;
  }

  const int64_t before_ = AllocatedBytes();
  Table<PayerId, Payer> payers_;
  int64_t last_id_ = 0;
};

TEST_F(PayerMemory, IsAtMost128BytesAPayerHoweverManyThereAre) {
  for (int64_t count = 100'000; count <= 1'000'000; count += 50'000) {
    PutPayersUpTo(count);
    ASSERT_LE(BytesPerPayer(), kBytesMax) << "at " << count << " payers";
  }
  RecordProperty("bytes_per_payer", static_cast<int>(BytesPerPayer()));
}

TEST_F(PayerMemory, IsNoMoreWhileACheckpointIsCopied) {
  constexpr int64_t kCount = 1'000'000;
  constexpr size_t kPartSize = 2'048;
  PutPayersUpTo(kCount);
  for (int checkpoint = 0; checkpoint < 2; ++checkpoint) {
    payers_.BeginCheckpoint();
    bool has_more = true;
    while (has_more) {
      std::vector<Payer> part;
      has_more = payers_.CopyCheckpoint(kPartSize, &part);
      for (const Payer& copied : part) payers_.MarkDirty(*payers_.Find(copied.id));
    }
    EXPECT_LE(BytesPerPayer(), kBytesMax);
  }
}

}  // namespace
}  // namespace tipgate
