#include "bench/naive_gate.h"

#include <google/protobuf/util/time_util.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <cstring>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"

namespace tipgate {
namespace {

constexpr size_t kCacheBytes = size_t{1} << 30;
constexpr double kFilterBitsPerKey = 10;
constexpr char kPayers = 'p';
constexpr char kSessions = 's';
constexpr char kTiers = 't';

std::string IdKey(char table, int64_t id) {
  std::string key(1, table);
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(id >> shift & 0xff);
  return key;
}

std::string TipKey(const std::string& idempotency_key) { return "k" + idempotency_key; }

// Read back on this machine only.
template <typename State>
std::string Bytes(const State& state) {
  static_assert(std::is_trivially_copyable_v<State>);
  std::string bytes(sizeof(State), '\0');
  std::memcpy(bytes.data(), &state, sizeof(State));
  return bytes;
}

absl::Status FromRocks(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(status.ToString());
}

}  // namespace

absl::StatusOr<std::unique_ptr<NaiveGate>> NaiveGate::Open(const std::string& data_dir,
                                                           PeerRules rules) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kCacheBytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocksdb::DB* db = nullptr;
  absl::Status status = FromRocks(rocksdb::DB::Open(options, data_dir, &db));
  if (!status.ok()) return status;
  return std::unique_ptr<NaiveGate>(
      new NaiveGate(std::unique_ptr<rocksdb::DB>(db), std::move(rules)));
}

absl::StatusOr<v1::TipDecision> NaiveGate::Authorize(const v1::TipIntent& intent) {
  absl::MutexLock lock(&mutex_);
  const std::string tip_key = TipKey(intent.idempotency_key());
  std::string stored;
  const rocksdb::Status found = db_->Get({}, tip_key, &stored);
  if (found.ok()) {
    v1::Tip first;
    if (!first.ParseFromString(stored)) return absl::DataLossError("a tip cannot be read");
    if (first.intent().SerializeAsString() == intent.SerializeAsString()) return first.decision();
    return absl::AlreadyExistsError("the key was used for another tip");
  }
  if (!found.IsNotFound()) return FromRocks(found);
  auto payer = Read<PayerState>(kPayers, intent.payer_id());
  if (!payer.ok()) return payer.status();
  auto session = Read<SessionState>(kSessions, intent.session_id());
  if (!session.ok()) return session.status();
  v1::Tip tip;
  *tip.mutable_intent() = intent;
  *tip.mutable_decision() = Decide(intent, *payer, *session);
  rocksdb::WriteBatch batch;
  batch.Put(tip_key, tip.SerializeAsString());
  if (tip.decision().outcome() == v1::OUTCOME_ACCEPTED) {
    batch.Put(IdKey(kPayers, intent.payer_id()), Bytes(*payer));
    batch.Put(IdKey(kSessions, intent.session_id()), Bytes(*session));
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  absl::Status status = FromRocks(db_->Write(synced, &batch));
  if (!status.ok()) return status;
  return std::move(*tip.mutable_decision());
}

v1::TipDecision NaiveGate::Decide(const v1::TipIntent& intent, PayerState& payer,
                                  SessionState& session) const {
  const absl::Time now = absl::Now();
  const absl::CivilDay day = absl::ToCivilDay(now, rules_.zone);
  const int64_t day_number = day - absl::CivilDay(1970, 1, 1);
  const int64_t month_number = day.year() * 12 + day.month();
  if (std::exchange(payer.day, day_number) != day_number) payer.day_total_minor = 0;
  if (std::exchange(payer.month, month_number) != month_number) payer.month_total_minor = 0;
  v1::TipDecision decision;
  const int64_t amount_minor = intent.unit_price_minor() * intent.count();
  const v1::RejectionCode refusal = FirstRefusal(intent, amount_minor, payer, session);
  if (refusal == v1::REJECTION_CODE_UNSPECIFIED) {
    payer.day_total_minor += amount_minor;
    payer.month_total_minor += amount_minor;
    session.received_minor += amount_minor;
    decision.set_outcome(v1::OUTCOME_ACCEPTED);
  } else {
    decision.set_outcome(v1::OUTCOME_REJECTED);
    decision.add_violations()->set_code(refusal);
  }
  decision.set_amount_minor(amount_minor);
  decision.set_day_total_minor(payer.day_total_minor);
  decision.set_month_total_minor(payer.month_total_minor);
  *decision.mutable_decide_time() =
      google::protobuf::util::TimeUtil::NanosecondsToTimestamp(absl::ToUnixNanos(now));
  return decision;
}

v1::RejectionCode NaiveGate::FirstRefusal(const v1::TipIntent& intent, int64_t amount_minor,
                                          const PayerState& payer,
                                          const SessionState& session) const {
  if (payer.is_known && !payer.is_adult) return v1::REJECTION_CODE_MINOR_BLOCKED;
  if (payer.is_youth_mode) return v1::REJECTION_CODE_YOUTH_MODE;
  if (!payer.is_verified) return v1::REJECTION_CODE_REAL_NAME_REQUIRED;
  if (!session.is_known || session.streamer_id != intent.streamer_id()) {
    return v1::REJECTION_CODE_SESSION_NOT_OPEN;
  }
  const auto price = rules_.gift_prices_minor.find(intent.gift_id());
  if (price == rules_.gift_prices_minor.end() || price->second != intent.unit_price_minor()) {
    return v1::REJECTION_CODE_GIFT_UNKNOWN;
  }
  if (intent.unit_price_minor() > rules_.gift_price_max_minor) {
    return v1::REJECTION_CODE_GIFT_PRICE_CAP;
  }
  if (amount_minor > rules_.tip_max_minor) return v1::REJECTION_CODE_TIP_CAP;
  if (payer.day_total_minor + amount_minor > rules_.day_limit_minor) {
    return v1::REJECTION_CODE_DAY_LIMIT;
  }
  if (payer.month_total_minor + amount_minor > rules_.month_limit_minor) {
    return v1::REJECTION_CODE_MONTH_LIMIT;
  }
  if (session.received_minor + amount_minor > session.cap_minor) {
    return v1::REJECTION_CODE_SESSION_CAP;
  }
  return v1::REJECTION_CODE_UNSPECIFIED;
}

absl::Status NaiveGate::PutPayer(const v1::PutPayerRequest& request) {
  absl::MutexLock lock(&mutex_);
  auto payer = Read<PayerState>(kPayers, request.payer_id());
  if (!payer.ok()) return payer.status();
  payer->is_known = true;
  payer->is_verified = request.facts().real_name_verified();
  payer->is_adult = request.facts().age_band() == v1::AGE_BAND_ADULT;
  payer->is_youth_mode = request.facts().youth_mode();
  return FromRocks(db_->Put({}, IdKey(kPayers, request.payer_id()), Bytes(*payer)));
}

absl::Status NaiveGate::PutStreamer(const v1::PutStreamerRequest& request) {
  return FromRocks(db_->Put({}, IdKey(kTiers, request.streamer_id()), request.facts().tier()));
}

absl::Status NaiveGate::OpenSession(const v1::OpenSessionRequest& request) {
  std::string tier;
  absl::Status status = FromRocks(db_->Get({}, IdKey(kTiers, request.streamer_id()), &tier));
  const auto cap = rules_.session_caps_minor.find(tier);
  if (!status.ok() || cap == rules_.session_caps_minor.end()) {
    return absl::NotFoundError(absl::StrCat("no streamer ", request.streamer_id()));
  }
  SessionState session;
  session.is_known = true;
  session.streamer_id = request.streamer_id();
  session.cap_minor = cap->second;
  return FromRocks(db_->Put({}, IdKey(kSessions, request.session_id()), Bytes(session)));
}

template <typename State>
absl::StatusOr<State> NaiveGate::Read(char table, int64_t id) const {
  std::string bytes;
  State state;
  const rocksdb::Status found = db_->Get({}, IdKey(table, id), &bytes);
  if (found.IsNotFound()) return state;
  if (!found.ok()) return FromRocks(found);
  if (bytes.size() != sizeof(State)) return absl::DataLossError("a state cannot be read");
  std::memcpy(&state, bytes.data(), sizeof(State));
  return state;
}

}  // namespace tipgate
