#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/differ/tally.h"
#include "tests/differ/text.h"

namespace tipgate::differ {

// What has been answered so far, as far as the generator aims by it.
class Observations {
 public:
  // Takes note of an answer: of every time in it that may be the edge of something, and of what
  // would pass.
  template <HasFields Result>
  void Note(const Result& result) {
    ForEachField([this](const char* name, const auto& value) { this->NoteField(name, value); },
                 result);
    codes_.clear();
    if constexpr (requires { result.violations; }) {
      for (const oracle::Violation& violation : result.violations) {
        NoteField("retry_time_ms", violation.retry_time_ms);
        NoteField("amount_max", violation.limit - violation.used);
        codes_.push_back(violation.code);
      }
    }
    if constexpr (requires { result.max_end_time_ms; }) max_end_time_ms_ = result.max_end_time_ms;
    was_accepted_ = result.error == oracle::ErrorReason::kNone;
    if constexpr (requires { result.outcome; }) {
      was_accepted_ = result.outcome == oracle::Outcome::kAccepted;
    }
  }

  // Counts what was compared.
  template <typename Result>
  void Count(const Result& result) {
    tally_.Note(result);
  }

  // 0: it made nothing.
  void NoteId(int step, int64_t id) {
    if (id != 0) ids_[step] = id;
  }

  // The id that the gate gave to what the step made; an id that is nobody's if it made nothing.
  int64_t IdOf(int64_t step) const {
    constexpr int64_t kNobody = int64_t{1} << 40;
    const auto it = ids_.find(step);
    return it == ids_.end() ? kNobody + step : it->second;
  }

  // An OpenSession was answered; the session's last moment, or 0 if it was refused.
  void NoteSession(int64_t session_id, int64_t max_end_time_ms) {
    sessions_[session_id] = max_end_time_ms;
  }
  // Nothing before that.
  std::optional<int64_t> EndOfSession(int64_t session_id) const {
    const auto it = sessions_.find(session_id);
    return it == sessions_.end() ? std::nullopt : std::optional<int64_t>(it->second);
  }

  // The newest last; of each at most so many.
  static constexpr size_t kMemory = 12;
  const std::vector<int64_t>& times_ms() const { return times_ms_; }
  const std::vector<int64_t>& amounts() const { return amounts_; }

  const Tally& tally() const { return tally_; }

  // Of the last answer.
  bool was_accepted() const { return was_accepted_; }
  bool was_refused_by(oracle::Code code) const {
    return std::find(codes_.begin(), codes_.end(), code) != codes_.end();
  }
  int64_t max_end_time_ms() const { return max_end_time_ms_; }

 private:
  template <typename Value>
  void NoteField(std::string_view name, const Value& value) {
    if constexpr (std::is_same_v<Value, std::optional<int64_t>>) {
      if (value.has_value()) NoteField(name, *value);
    } else if constexpr (HasFields<Value>) {
      ForEachField([this](const char* inner, const auto& field) { this->NoteField(inner, field); },
                   value);
    } else if constexpr (std::is_same_v<Value, int64_t>) {
      if (name == "amount_max" && value > 0) Remember(value, &amounts_);
      const bool is_edge = (name.ends_with("_time_ms") || name.ends_with("end_ms")) &&
                           name != "decide_time_ms" && value > 0;
      if (is_edge) Remember(value, &times_ms_);
    }
  }

  static void Remember(int64_t value, std::vector<int64_t>* values) {
    if (values->size() == kMemory) values->erase(values->begin());
    values->push_back(value);
  }

  std::vector<int64_t> times_ms_;
  std::vector<int64_t> amounts_;
  std::map<int64_t, int64_t> ids_;
  std::map<int64_t, int64_t> sessions_;
  Tally tally_;
  bool was_accepted_ = false;
  std::vector<oracle::Code> codes_;
  int64_t max_end_time_ms_ = 0;
};

}  // namespace tipgate::differ
