#include "tests/simulation/clients.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/types/span.h"

namespace tipgate::simulation {
namespace {

constexpr int64_t kDeadlineMaxNs = 200'000'000;
constexpr int64_t kBatchMax = 6;

template <typename Visit>
void ForEachKey(Command* command, const Visit& visit) {
  std::visit(
      [&](auto& content) {
        using Content = std::remove_reference_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, TipsCommand>) {
          visit(absl::MakeSpan(content.keys));
        } else if constexpr (requires { content.key; }) {
          visit(absl::MakeSpan(&content.key, 1));
        }
      },
      *command);
}

const Answer* AnswerOf(const Command& command, size_t index) {
  return std::visit(
      [&](const auto& content) -> const Answer* {
        using Content = std::remove_cvref_t<decltype(content)>;
        if constexpr (std::is_same_v<Content, TipsCommand>) {
          return &content.answers[index];
        } else if constexpr (requires { content.key; }) {
          return &content.answer;
        } else {
          return nullptr;
        }
      },
      command);
}

}  // namespace

// One call: several tips, or one of anything else.
class Clients::Call final : public Job {
 public:
  Call(Clients* clients, const StateStore* store, std::vector<size_t> pages)
      : clients_(*clients), store_(*store), pages_(std::move(pages)) {
    requests_count = static_cast<int64_t>(pages_.size());
    clients_.calls_.insert(this);
  }
  ~Call() override { clients_.calls_.erase(this); }

  absl::Status LookUpKeys() override {
    absl::Status status;
    ForEachKey(&command, [&](absl::Span<KeyLookup> keys) { status.Update(store_.FindKeys(keys)); });
    return status;
  }

  void Reply(const Batch& batch) override {
    for (size_t i = 0; i < pages_.size(); ++i) {
      clients_.OnAnswer(pages_[i], *AnswerOf(command, i), batch.entry);
    }
    delete this;
  }

  void Fail(const RequestError& error) override {
    for (const size_t page : pages_) clients_.OnFailure(page, error);
    delete this;
  }

 private:
  Clients& clients_;
  const StateStore& store_;
  const std::vector<size_t> pages_;
};

Clients::Clients(const Platform& platform, int64_t wishes_max, Random* random, const Clock* clock,
                 History* history)
    : platform_(platform),
      wishes_max_(static_cast<size_t>(wishes_max)),
      random_(*random),
      clock_(*clock),
      history_(*history) {
  pages_.reserve(wishes_max_);
}

Clients::~Clients() { LoseAll(); }

void Clients::LoseAll() {
  while (!calls_.empty()) delete *calls_.begin();
  for (Page& page : pages_) {
    if (page.under_way_count > 0) page.was_always_refused = false;
    page.under_way_count = 0;
  }
}

bool Clients::AreDone() const {
  return pages_.size() == wishes_max_ &&
         std::all_of(pages_.begin(), pages_.end(),
                     [](const Page& page) { return page.is_answered; });
}

void Clients::Act(JobIntake* intake, const Journal& journal, const StateStore& store) {
  std::vector<size_t> sent;
  if (pages_.size() < wishes_max_ && random_.Permille(600)) {
    const int64_t count = random_.Permille(300) ? random_.Between(2, kBatchMax) : 1;
    for (int64_t i = 0; i < count && pages_.size() < wishes_max_; ++i) {
      Kind kind = Kind::kOther;
      WishPtr wish = Draw(&kind);
      history_.Expect(wish.get());
      pages_.push_back({.wish = std::move(wish), .kind = kind});
      sent.push_back(pages_.size() - 1);
      if (kind != Kind::kTip) break;
    }
    // Only tips go together.
    if (sent.size() > 1 && pages_[sent.back()].kind != Kind::kTip) {
      Send({sent.back()}, intake, journal, store);
      sent.pop_back();
    }
  } else if (!pages_.empty()) {
    const auto page = static_cast<size_t>(random_.Below(static_cast<int64_t>(pages_.size())));
    const bool is_due = !pages_[page].is_answered && pages_[page].under_way_count == 0;
    if (is_due || random_.Permille(50)) sent.push_back(page);
  }
  if (!sent.empty()) Send(sent, intake, journal, store);
}

void Clients::Send(const std::vector<size_t>& pages, JobIntake* intake, const Journal& journal,
                   const StateStore& store) {
  auto call = std::make_unique<Call>(this, &store, pages);
  call->command = pages_[pages.front()].wish->MakeCommand(journal, store);
  for (size_t i = 1; i < pages.size(); ++i) {
    Command next = pages_[pages[i]].wish->MakeCommand(journal, store);
    auto& tips = std::get<TipsCommand>(call->command);
    auto& more = std::get<TipsCommand>(next);
    tips.requests.push_back(more.requests.front());
    tips.keys.push_back(more.keys.front());
  }
  if (auto* const tips = std::get_if<TipsCommand>(&call->command)) {
    tips->answers.resize(tips->requests.size());
  }
  if (random_.Permille(100)) call->deadline_ns = clock_.WallNs() + random_.Below(kDeadlineMaxNs);
  for (const size_t page : pages) ++pages_[page].under_way_count;
  ++sent_count_;
  intake->Submit(std::move(call));
}

void Clients::OnAnswer(size_t index, const Answer& answer, const Entry& entry) {
  Page& page = pages_[index];
  --page.under_way_count;
  ++answers_count_;
  RecordId record;
  if (const auto* place = std::get_if<InRecord>(&answer)) {
    record = entry.IdAt(place->position);
    const auto* const session = std::get_if<SessionRecord>(&entry.records[place->position]);
    if (session != nullptr && session->action == SessionAction::kOpen &&
        session->outcome == Outcome::kAccepted) {
      sessions_.push_back(session->session.value());
    }
  } else if (const auto* replay = std::get_if<ReplayOf>(&answer)) {
    record = replay->record;
  } else if (!std::holds_alternative<RequestError>(answer)) {
    return Fail(absl::StrCat(page.wish->key(), " came back without an answer"));
  }
  if (history_.Find(page.wish->key()) != record) {
    return Fail(absl::StrCat(page.wish->key(), ": the answer names ", record.value(),
                             ", durable is ", history_.Find(page.wish->key()).value()));
  }
  if (page.is_answered && page.record.is_set() && page.record != record) {
    return Fail(absl::StrCat(page.wish->key(), " was answered in two ways"));
  }
  page.is_answered = true;
  page.was_always_refused = false;
  page.record = record;
  if (!record.is_set()) return;
  if (page.kind == Kind::kTip) tips_.push_back(record.value());
  if (page.kind == Kind::kRecharge) recharges_.push_back(record.value());
}

void Clients::OnFailure(size_t index, const RequestError&) {
  Page& page = pages_[index];
  --page.under_way_count;
  if (page.was_always_refused && page.under_way_count == 0 &&
      history_.Find(page.wish->key()).is_set()) {
    Fail(absl::StrCat(page.wish->key(), " was refused, and yet counted"));
  }
}

WishPtr Clients::Draw(Kind* kind) {
  const auto number = static_cast<int64_t>(pages_.size());
  const int64_t payers_end = platform_.payers_count;
  const int64_t streamers_end = payers_end + platform_.streamers_count;
  const bool is_payer = number < payers_end || (number >= streamers_end && random_.Permille(30));
  if (is_payer) {
    oracle::PutPayerRequest request{.idempotency_key = NextKey(),
                                    .payer_id = number < payers_end ? number + 1 : AnyPayer()};
    request.facts.real_name_verified = !random_.Permille(30);
    request.facts.age_band =
        random_.Permille(950) ? oracle::AgeBand::kAdult : oracle::AgeBand::kUnder8;
    return MakeWish<oracle::ChangeResult>(std::move(request));
  }
  if (number < streamers_end || random_.Permille(10)) {
    oracle::PutStreamerRequest request{
        .idempotency_key = NextKey(),
        .streamer_id = number < streamers_end ? number - payers_end + 1
                                              : random_.Between(1, platform_.streamers_count)};
    request.facts.real_name_verified = true;
    request.facts.age_band = oracle::AgeBand::kAdult;
    request.facts.tier = random_.OneOf(platform_.tiers);
    return MakeWish<oracle::ChangeResult>(std::move(request));
  }
  if (sessions_count_ < platform_.streamers_count || random_.Permille(60)) {
    ++sessions_count_;
    return MakeWish<oracle::OpenSessionResult>(oracle::OpenSessionRequest{
        .idempotency_key = NextKey(),
        .session_id = sessions_count_,
        .streamer_id = 1 + (sessions_count_ - 1) % platform_.streamers_count});
  }
  const int64_t what = random_.Below(100);
  if (what < 1) {
    return MakeWish<oracle::PausePayerResult>(oracle::PausePayerRequest{
        .idempotency_key = NextKey(), .payer_id = AnyPayer(), .duration_ms = oracle::kDayMs});
  }
  if (what < 3) {
    return MakeWish<oracle::ChangeResult>(oracle::CloseSessionRequest{
        .idempotency_key = NextKey(), .session_id = random_.Between(1, sessions_count_)});
  }
  if (what < 9) {
    *kind = Kind::kRecharge;
    return MakeWish<oracle::RechargeResult>(oracle::AuthorizeRechargeRequest{
        .idempotency_key = NextKey(), .payer_id = AnyPayer(), .amount = random_.Between(1, 500)});
  }
  if (what < 15) {
    return MakeWish<oracle::RechargeResult>(oracle::CaptureRechargeRequest{
        .idempotency_key = NextKey(), .recharge_id = AnyRecord(recharges_)});
  }
  if (what < 17) {
    return MakeWish<oracle::RechargeResult>(oracle::VoidRechargeRequest{
        .idempotency_key = NextKey(), .recharge_id = AnyRecord(recharges_)});
  }
  if (what < 28) return DrawTipChange();
  *kind = Kind::kTip;
  return DrawTip();
}

WishPtr Clients::DrawTipChange() {
  const int64_t tip_id = AnyRecord(tips_);
  switch (random_.Below(3)) {
    case 0:
      return MakeWish<oracle::TipLifeResult>(oracle::CaptureTipRequest{
          .idempotency_key = NextKey(), .tip_id = tip_id, .amount = std::nullopt});
    case 1:
      return MakeWish<oracle::TipLifeResult>(
          oracle::VoidTipRequest{.idempotency_key = NextKey(), .tip_id = tip_id});
    default:
      return MakeWish<oracle::TipLifeResult>(
          oracle::RefundTipRequest{.idempotency_key = NextKey(),
                                   .tip_id = tip_id,
                                   .amount = random_.Between(1, 100),
                                   .reason = "mistake",
                                   .case_reference = "case-1"});
  }
}

WishPtr Clients::DrawTip() {
  // Gift 1 is on sale for a fen, so that small limits let some of it pass.
  const oracle::Gift& gift =
      random_.Permille(800) ? platform_.gifts.front() : random_.OneOf(platform_.gifts);
  oracle::TipRequest request{
      .idempotency_key = NextKey(), .payer_id = AnyPayer(), .session_id = AnyRecord(sessions_)};
  request.streamer_id = 1 + (request.session_id - 1) % platform_.streamers_count;
  request.gift_id = gift.gift_id;
  request.unit_price = gift.unit_price;
  request.count = random_.Between(1, 20);
  request.hold = random_.Permille(100);
  return MakeWish<oracle::TipResult>(std::move(request));
}

}  // namespace tipgate::simulation
