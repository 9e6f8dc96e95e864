#include "tests/support/core_proof.h"

#include "core/verifier.h"

namespace tipgate {

absl::Status VerifyHistory(const CoreGate& gate) {
  Verifier verifier(*gate.journal);
  for (const Entry& entry : gate.journal->entries()) {
    if (absl::Status status = verifier.Verify(entry); !status.ok()) return status;
  }
  if (verifier.state().Fingerprint(gate.now_ms) == gate.Fingerprint()) return absl::OkStatus();
  return absl::InternalError("history leads to another state than the gate has");
}

absl::Status ProveHistory(CoreGate& gate) {
  if (absl::Status status = VerifyHistory(gate); !status.ok()) return status;
  if (gate.Recovered()->Fingerprint() == gate.Fingerprint()) return absl::OkStatus();
  return absl::InternalError("a restart leads to another state than the gate has");
}

}  // namespace tipgate
