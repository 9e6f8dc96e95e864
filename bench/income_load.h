#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/load_scene.h"
#include "bench/load_worker.h"
#include "tipgate/v1/income.pb.h"

namespace tipgate {

// Sends `count` tips to the scene's first session, as fast as they are taken, and shows how far it
// is. Fails unless each is accepted; CANCELLED after an interrupt.
absl::Status FillSession(const LoadScene& scene, const LoadChannels& channels, int64_t count,
                         uint64_t lane, uint64_t seed);

// Gives an order about all tips to the scene's first streamer so far; the job's id.
absl::StatusOr<int64_t> OrderIncomeJob(const LoadScene& scene, const LoadChannels& channels,
                                       v1::IncomeAction action);

// The job as it is now.
absl::StatusOr<v1::IncomeJob> LookAtIncomeJob(const LoadChannels& channels, int64_t job_id);

// What the action is called in reports: "freeze", "refund".
std::string IncomeActionName(v1::IncomeAction action);

}  // namespace tipgate
