#include "tests/damage/life.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/recovery.h"
#include "server/exit_code.h"
#include "storage/head_mark.h"
#include "storage/key_rebuild.h"
#include "tests/support/core_gate.h"

namespace tipgate::damage {
namespace {

// So small that logs rotate and tables are written and merged all the time.
constexpr int64_t kWriteBufferBytes = 1024 * 1024;
constexpr int64_t kFilterBytes = int64_t{1} << 20;
constexpr int64_t kPayersCount = 30;
constexpr int64_t kCallsMax = 12;
constexpr int64_t kBatchesPerMark = 16;
constexpr int64_t kStepsMax = 10'000;
constexpr int64_t kClockJumpMaxMs = 3'600'000;

PipelineOptions MakeOptions(int64_t stored_sequence) {
  StateLimits limits = CoreGate::DefaultLimits();
  limits.payers_resident_max = kPayersCount / 2;
  return {.limits = limits,
          .ring_calls_max = 64,
          .requests_max = 1'000,
          .batch_requests_max = 64,
          .checkpoint_interval_ns = 100 * kNanosPerMilli,
          .checkpoint_keys_max = 100'000,
          .stored_sequence = stored_sequence};
}

template <typename Visitor>
void WithKey(Command* command, const Visitor& visit) {
  std::visit(
      [&](auto& content) {
        using Content = std::remove_reference_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, TipsCommand>) {
          visit(content.keys.front());
        } else if constexpr (requires { content.key; }) {
          visit(content.key);
        }
      },
      *command);
}

// Null: it is not of a client.
const Answer* AnswerOf(const Command& command) {
  return std::visit(
      [](const auto& content) -> const Answer* {
        using Content = std::remove_cvref_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, TipsCommand>) {
          return content.answers.data();
        } else if constexpr (requires { content.key; }) {
          return &content.answer;
        } else {
          return nullptr;
        }
      },
      command);
}

}  // namespace

int64_t ClientBooks::answered_count() const {
  return std::count_if(pages.begin(), pages.end(),
                       [](const Page& page) { return page.record.is_set(); });
}

// A call of a client about a page, or one of the gate's own, about none.
class Life::Call final : public Job {
 public:
  static constexpr size_t kNoPage = SIZE_MAX;

  Call(Life* life, size_t page, Command asked) : life_(*life), page_(page) {
    command = std::move(asked);
    is_of_client = page != kNoPage;
    life_.calls_.insert(this);
  }
  ~Call() override { life_.calls_.erase(this); }

  absl::Status LookUpKeys() override {
    absl::Status status;
    WithKey(&command,
            [&](KeyLookup& key) { status = life_.store_->FindKeys(absl::MakeSpan(&key, 1)); });
    return status;
  }
  void Reply(const Batch& batch) override {
    if (const Answer* answer = AnswerOf(command)) life_.OnAnswer(page_, *answer, batch.entry);
    delete this;
  }
  void Fail(const RequestError& error) override {
    life_.Fail(absl::StrCat("a call failed: ", error.message));
    delete this;
  }

 private:
  Life& life_;
  const size_t page_;
};

Life::Life(std::string directory, rocksdb::Env* env, ClientBooks* books, uint64_t seed,
           std::function<std::string()> failed_file)
    : directory_(std::move(directory)),
      env_(env),
      books_(*books),
      random_(seed),
      failed_file_(std::move(failed_file)) {}

Life::~Life() {
  while (!calls_.empty()) delete *calls_.begin();
  pipeline_.reset();
  store_.reset();
  open_.journal.reset();
  open_.database.reset();
}

Ending Life::Run(int64_t batches_count) {
  Ending ending;
  try {
    ending.status = Start();
    if (ending.status.ok()) {
      has_started_ = true;
      CheckBooks();
      HeadMarker marker(directory_, open_.journal.get(), open_.database.get());
      for (int64_t i = 0; i < batches_count && fault_.empty(); ++i) {
        ServeBatch();
        if (i % kBatchesPerMark != 0) continue;
        if (absl::Status status = marker.Mark(); !status.ok()) throw Stop{status};
      }
    }
  } catch (const Stop& stop) {
    ending.status = stop.status;
  }
  if (!ending.status.ok()) {
    ending.exit_code = static_cast<int>(has_started_ ? ExitCodeOfStop(ending.status)
                                                     : ExitCodeOfOpen(ending.status));
  }
  ending.fault = fault_;
  return ending;
}

absl::Status Life::Start() {
  absl::StatusOr<std::unique_ptr<DataDirectory>> data = DataDirectory::Open(directory_);
  if (!data.ok()) return data.status();
  data_ = *std::move(data);
  absl::StatusOr<OpenJournal> open =
      OpenJournalAt(data_->database_path(), {.write_buffer_bytes = kWriteBufferBytes, .env = env_});
  if (!open.ok()) return open.status();
  open_ = *std::move(open);
  if (absl::Status status = CheckHeadMark(directory_, *open_.journal); !status.ok()) return status;
  if (auto rebuilt = RebuildKeys(open_.database.get(), *open_.journal, false); !rebuilt.ok()) {
    return rebuilt.status();
  }
  auto store = RocksDbStateStore::Open(open_.database.get(), kFilterBytes);
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  const absl::StatusOr<RecoveryReport> report =
      Recover(*open_.journal, *store_, kPayersCount / 2, &state_, &keys_);
  if (!report.ok()) return report.status();
  Entry last;
  const int64_t last_sequence = open_.journal->Head().sequence;
  if (last_sequence > 0) {
    if (absl::Status status = open_.journal->Read(last_sequence, &last); !status.ok()) {
      return status;
    }
  }
  pipeline_ = std::make_unique<Pipeline>(
      MakeOptions(report->stored_sequence),
      PipelinePorts{open_.journal.get(), store_.get(), &books_.clock}, &state_, &keys_,
      Timeline(*Calendar::Load("Asia/Shanghai"), last.moment, kClockJumpMaxMs), last_sequence,
      PipelineListeners{.fail_stop = [](const absl::Status& status) { throw Stop{status}; },
                        .on_durable = [](int64_t) {},
                        .on_clock = [](const absl::Status&) {}});
  has_started_ = true;  // from here on as main's FailStop
  return open_.journal->Claim().status();
}

void Life::ServeBatch() {
  if (state_.policy == nullptr) {
    pipeline_->Submit(std::make_unique<Call>(
        this, Call::kNoPage,
        PolicyCommand{.policy = std::make_shared<const Policy>(SamplePolicy())}));
    pipeline_->Submit(std::make_unique<Call>(
        this, Call::kNoPage,
        CatalogCommand{.catalog = std::make_shared<const GiftCatalog>(SampleCatalog())}));
    while (!calls_.empty()) Step();
  }
  if (books_.pages.empty()) AddScene();
  for (const size_t page : DrawPages()) {
    pipeline_->Submit(std::make_unique<Call>(this, page, books_.pages[page].command));
  }
  for (int64_t steps = 0; !calls_.empty(); ++steps) {
    Step();
    if (steps == kStepsMax) return Fail("not everybody was answered");
  }
  if (absl::Status status = open_.database->BackgroundError(); !status.ok()) throw Stop{status};
}

void Life::Step() {
  books_.clock.Pass(kNanosPerMilli);
  pipeline_->sequencer_stage().Step();
  pipeline_->journal_stage().Step();
  pipeline_->reply_stage().Step();
  pipeline_->checkpoint_stage().Step();
}

void Life::OnAnswer(size_t page, const Answer& answer, const Entry& entry) {
  if (absl::EndsWith(failed_file_(), ".log")) Fail("an answer after the log has failed");
  RecordId record;
  if (const auto* place = std::get_if<InRecord>(&answer)) record = entry.IdAt(place->position);
  if (const auto* replay = std::get_if<ReplayOf>(&answer)) record = replay->record;
  if (!record.is_set()) return Fail("an error for an answer");
  RecordId& known = books_.pages[page].record;
  if (known.is_set() && known != record) Fail("a key has two effects");
  known = record;
}

// What was never answered, something old, and something new.
std::vector<size_t> Life::DrawPages() {
  std::vector<size_t> drawn;
  for (size_t i = 0; i < books_.pages.size(); ++i) {
    if (!books_.pages[i].record.is_set()) drawn.push_back(i);
  }
  const auto count = static_cast<int64_t>(books_.pages.size());
  if (random_.Permille(300)) drawn.push_back(static_cast<size_t>(random_.Below(count)));
  for (int64_t i = random_.Between(1, kCallsMax); i > 0; --i) {
    AddTip();
    drawn.push_back(books_.pages.size() - 1);
  }
  return drawn;
}

void Life::AddPage(Command command, const std::string& key) {
  const Hash128 hash = HashKey(CallerId{}, key);
  WithKey(&command, [&](KeyLookup& lookup) { lookup.hash = hash; });
  books_.pages.push_back({.command = std::move(command), .key = hash});
}

void Life::AddScene() {
  const auto intent = [](const std::string& key) {
    return Intent{.caller = CallerId{}, .key = IdempotencyKey(key)};
  };
  for (int64_t id = 1; id <= kPayersCount; ++id) {
    PayerCommand payer;
    payer.request.intent = intent(absl::StrCat("payer-", id));
    payer.request.payer = PayerId(id);
    payer.request.is_verified = true;
    payer.request.age.band = AgeBand::kAdult;
    AddPage(payer, absl::StrCat("payer-", id));
  }
  StreamerCommand streamer;
  streamer.request.intent = intent("streamer");
  streamer.request.streamer = StreamerId(1);
  streamer.request.is_verified = true;
  streamer.request.age.band = AgeBand::kAdult;
  streamer.request.tier = TierName("L3");
  AddPage(streamer, "streamer");
  OpenSessionCommand session;
  session.request = {.intent = intent("session"),
                     .session = SessionId(1),
                     .streamer = StreamerId(1),
                     .was_opened = false};
  AddPage(session, "session");
}

void Life::AddTip() {
  const std::string key = absl::StrCat("tip-", books_.pages.size());
  const GiftId gift(1);
  const TipRequest request{.intent = {.caller = CallerId{}, .key = IdempotencyKey(key)},
                           .payer = PayerId(random_.Between(1, kPayersCount)),
                           .streamer = StreamerId(1),
                           .session = SessionId(1),
                           .gift = gift,
                           .unit_price = PriceOfSampleGift(gift),
                           .count = static_cast<int32_t>(random_.Between(1, 9'999))};
  AddPage(TipsCommand{.is_dry_run = false, .requests = {request}, .keys = {{}}, .answers = {}},
          key);
}

void Life::CheckBooks() {
  std::map<Hash128, RecordId> told;
  const std::unique_ptr<JournalReader> reader = open_.journal->ReadFrom(1);
  Entry entry;
  while (true) {
    const absl::StatusOr<bool> has_entry = reader->Next(&entry);
    if (!has_entry.ok()) return Fail(std::string(has_entry.status().message()));
    if (!*has_entry) break;
    for (size_t position = 0; position < entry.records.size(); ++position) {
      const Intent* const intent = IntentOf(entry.records[position]);
      if (intent == nullptr) continue;
      const Hash128 key = HashKey(intent->caller, intent->key.view());
      if (!told.emplace(key, entry.IdAt(position)).second) return Fail("a key has two records");
    }
  }
  for (const ClientBooks::Page& page : books_.pages) {
    const auto found = told.find(page.key);
    if (!page.record.is_set()) continue;
    if (found == told.end() || found->second != page.record) return Fail("an answer is lost");
  }
  MemoryStateStore nothing;
  State folded;
  KeyMemory keys;
  const auto report = tipgate::Recover(*open_.journal, nothing, kPayersCount, &folded, &keys);
  if (!report.ok()) return Fail(std::string(report.status().message()));
  const int64_t time_ms = open_.journal->Head().time_ms;
  if (!(folded.Fingerprint(time_ms) == state_.Fingerprint(time_ms))) {
    Fail("the state is not the fold of the journal");
  }
}

}  // namespace tipgate::damage
