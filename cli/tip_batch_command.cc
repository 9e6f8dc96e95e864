// tipctl tip batch.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress_bar.h"
#include "cli/tip_lines.h"
#include "cli/tip_text.h"
#include "tipgate/v1/tip.grpc.pb.h"

namespace tipgate {
namespace {

using TipStub = v1::TipService::Stub;

// The API's maximum of tips a call.
constexpr int64_t kBatchSizeMax = 8192;

struct BatchOptions {
  std::string file;
  int64_t batch_size = 1000;
  bool is_stream = false;
};

// How many tips were answered, by what.
struct BatchTally {
  int64_t accepted_count = 0;
  int64_t rejected_count = 0;
  int64_t failed_count = 0;
};

// Cuts tips into requests, and prints and counts what they are answered.
class TipBatches {
 public:
  TipBatches(const Output& output, const std::vector<TipLine>& tips, int64_t batch_size,
             BatchTally& tally)
      : output_(output), tips_(tips), batch_size_(static_cast<size_t>(batch_size)), tally_(tally) {}

  // Fills the next request. False if none is left, or if its answer could not be told.
  template <typename Request>
  bool Next(Request* request) {
    if (answered_count_ == tips_.size() || !output_.is_writable()) return false;
    request->clear_tips();
    for (size_t i = answered_count_; i < NextEnd(); ++i) *request->add_tips() = tips_[i].intent;
    bar_.Show(static_cast<int64_t>(answered_count_), static_cast<int64_t>(tips_.size()));
    return true;
  }

  // Takes the answer to the request that was filled last.
  template <typename Response>
  absl::Status Take(const Response& response) {
    bar_.Clear();
    const size_t end = NextEnd();
    const auto results_count = static_cast<size_t>(response.results_size());
    if (results_count != end - answered_count_) {
      return absl::InternalError(
          absl::StrCat("the gate answered ", results_count, " tips of ", end - answered_count_));
    }
    for (const v1::TipResult& result : response.results()) TakeOne(result);
    return absl::OkStatus();
  }

 private:
  size_t NextEnd() const { return std::min(answered_count_ + batch_size_, tips_.size()); }

  void TakeOne(const v1::TipResult& result) {
    const TipLine& tip = tips_[answered_count_++];
    output_.Print(result, absl::StrCat("line=", tip.number, "  ",
                                       TipResultText(tip.intent.idempotency_key(), result)));
    if (!result.has_decision()) {
      ++tally_.failed_count;
    } else if (result.decision().outcome() == v1::OUTCOME_ACCEPTED) {
      ++tally_.accepted_count;
    } else {
      ++tally_.rejected_count;
    }
  }

  const Output& output_;
  const std::vector<TipLine>& tips_;
  const size_t batch_size_;
  BatchTally& tally_;
  size_t answered_count_ = 0;
  ProgressBar bar_{"tips"};
};

absl::Status SendInCalls(const Client& client, TipBatches& batches) {
  v1::AuthorizeTipsRequest request;
  while (batches.Next(&request)) {
    const auto response = client.Call<v1::TipService>(&TipStub::AuthorizeTips, request);
    if (!response.ok()) return response.status();
    const absl::Status status = batches.Take(*response);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SendInStream(const Client& client, TipBatches& batches) {
  return client.Exchange<v1::TipService>(
      &TipStub::StreamTips, [&](v1::StreamTipsRequest* request) { return batches.Next(request); },
      [&](const v1::StreamTipsResponse& response) { return batches.Take(response); });
}

absl::Status Send(const CommandContext& context, const BatchOptions& options,
                  const std::vector<TipLine>& tips, BatchTally& tally) {
  TipBatches batches(context.output, tips, options.batch_size, tally);
  return options.is_stream ? SendInStream(context.client, batches)
                           : SendInCalls(context.client, batches);
}

// Keys come with the tips, so that a repeat is safe.
void NoteTally(const Output& output, const BatchTally& tally, size_t tips_count) {
  output.Note(absl::StrCat(tips_count, " tips: ", tally.accepted_count, " accepted, ",
                           tally.rejected_count, " rejected, ", tally.failed_count,
                           " not decided"));
  const int64_t unanswered_count = static_cast<int64_t>(tips_count) - tally.accepted_count -
                                   tally.rejected_count - tally.failed_count;
  if (unanswered_count == 0) return;
  output.Note(absl::StrCat(unanswered_count, " tips have no answer; to repeat this safely, send ",
                           "the same lines with the same keys"));
}

ExitCode AuthorizeTips(CommandContext& context, const BatchOptions& options) {
  const auto tips = ReadTipLines(options.file);
  if (!tips.ok()) {
    context.output.Note(tips.status().message());
    return kExitUsage;
  }
  BatchTally tally;
  const absl::Status status = Send(context, options, *tips, tally);
  if (!status.ok()) Fail(context, status);
  NoteTally(context.output, tally, tips->size());
  if (!status.ok() || tally.failed_count > 0) return kExitError;
  return tally.rejected_count > 0 ? kExitRejected : kExitOk;
}

// Before anything is sent: the gate would refuse each call.
std::string CheckBatchSize(const std::string& text) {
  int64_t value = 1;
  return absl::SimpleAtoi(text, &value) && value > kBatchSizeMax
             ? absl::StrCat("expected at most ", kBatchSizeMax)
             : "";
}

}  // namespace

void AddTipBatchCommand(CLI::App& tip, Command& chosen) {
  CLI::App& batch = *tip.add_subcommand("batch", "Authorize the tips of a file, in their order");
  const auto options = std::make_shared<BatchOptions>();
  batch.add_option("FILE", options->file,
                   "TipIntent messages as JSON, one a line; standard input if left out");
  batch.add_flag("--stream", options->is_stream,
                 "Over one stream instead of a call for each batch");
  AddCount(batch, "--batch-size", &options->batch_size, "Tips a call; 1000 if left out")
      ->check(CheckBatchSize);
  batch.callback([&batch, options, &chosen] {
    // As of an unset shell variable.
    if (batch.count("FILE") > 0 && options->file.empty()) {
      throw CLI::ValidationError("FILE", "must not be empty");
    }
    chosen = [options](CommandContext& context) { return AuthorizeTips(context, *options); };
  });
}

}  // namespace tipgate
