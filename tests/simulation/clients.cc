#include "tests/simulation/clients.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/types/span.h"
#include "core/tip_lookup.h"

namespace tipgate::simulation {
namespace {

// Some deadlines are past when the call comes.
constexpr int64_t kDeadlineMinNs = -5'000'000;
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

// What the server looks for besides the key, each time that the call comes to the door.
template <typename T>
absl::Status Take(absl::StatusOr<T> found, T* into) {
  if (!found.ok()) return found.status();
  *into = *std::move(found);
  return absl::OkStatus();
}

absl::Status LookUpMore(const ServiceContext& services, Command* command) {
  const Journal& journal = *services.journal;
  const StateStore& store = *services.store;
  if (auto* open = std::get_if<OpenSessionCommand>(command)) {
    std::optional<Session> stored;
    const absl::Status status = Take(store.FindSession(open->request.session), &stored);
    open->request.was_opened = stored.has_value();
    return status;
  }
  if (auto* refund = std::get_if<RechargeRefundCommand>(command)) {
    return Take(store.FindRecharge(refund->request.recharge), &refund->request.looked_up);
  }
  if (auto* change = std::get_if<TipChangeCommand>(command)) {
    if (change->request.action == TipAction::kCapture) return absl::OkStatus();
    return Take(LookUpTip(journal, store, change->request.tip), &change->request.looked_up);
  }
  auto* const order = std::get_if<IncomeJobCommand>(command);
  if (order == nullptr || order->request.scope.kind != IncomeScopeKind::kTip) {
    return absl::OkStatus();
  }
  const RecordId tip(order->request.scope.id);
  return Take(LookUpTip(journal, store, tip), &order->request.looked_up);
}

}  // namespace

// One call: several tips, or one of anything else.
class Clients::Call final : public Job {
 public:
  Call(Clients* clients, const ServiceContext* services, std::vector<size_t> pages)
      : clients_(*clients), services_(*services), pages_(std::move(pages)) {
    requests_count = static_cast<int64_t>(pages_.size());
  }

  absl::Status LookUpKeys() override {
    absl::Status status = LookUpMore(services_, &command);
    ForEachKey(&command,
               [&](absl::Span<KeyLookup> keys) { status.Update(services_.store->FindKeys(keys)); });
    return status;
  }

  void Reply(const Batch& batch) override {
    const std::unique_ptr<Call> self(this);
    for (size_t i = 0; i < pages_.size(); ++i) {
      clients_.OnAnswer(pages_[i], *AnswerOf(command, i), batch.entry);
    }
  }

  void Fail(const RequestError&) override {
    const std::unique_ptr<Call> self(this);
    for (const size_t page : pages_) clients_.OnFailure(page);
  }

 private:
  Clients& clients_;
  const ServiceContext& services_;
  const std::vector<size_t> pages_;
};

Clients::Clients(const Platform& platform, int64_t wishes_max, Random* random, const Clock* clock,
                 History* history, Reads* reads)
    : platform_(platform),
      wishes_max_(static_cast<size_t>(wishes_max)),
      random_(*random),
      clock_(*clock),
      history_(*history),
      reads_(*reads),
      generator_(platform.cast, platform.policy, platform.key_retention_ms,
                 differ::Random(random->Next())) {
  generator_.SetGifts(platform.gifts);
  pages_.reserve(wishes_max_);
}

void Clients::LoseAll() {
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

void Clients::Act(ServiceContext* services) {
  if (random_.Permille(150)) return reads_.Ask(services);
  if (pages_.size() < wishes_max_ && random_.Permille(600)) return ActAnew(services);
  if (pages_.empty()) return;
  const auto page = static_cast<size_t>(random_.Below(static_cast<int64_t>(pages_.size())));
  const bool is_due = !pages_[page].is_answered && pages_[page].under_way_count == 0;
  if (is_due || random_.Permille(50)) Send({page}, services);
}

// Tips go together, now and then.
void Clients::ActAnew(ServiceContext* services) {
  std::vector<size_t> tips;
  const int64_t count = random_.Permille(300) ? random_.Between(2, kBatchMax) : 1;
  for (int64_t i = 0; i < count && pages_.size() < wishes_max_; ++i) {
    WishPtr wish = Draw(services);
    if (wish == nullptr) break;
    history_.judge().Expect(wish.get());
    const bool is_tip = wish->is_tip();
    pages_.push_back({.wish = std::move(wish)});
    const size_t page = pages_.size() - 1;
    if (is_tip) {
      tips.push_back(page);
    } else {
      Send({page}, services);
      break;
    }
  }
  if (!tips.empty()) Send(tips, services);
}

void Clients::Send(const std::vector<size_t>& pages, ServiceContext* services) {
  auto call = std::make_unique<Call>(this, services, pages);
  call->command = pages_[pages.front()].wish->MakeCommand(++attempts_count_);
  for (size_t i = 1; i < pages.size(); ++i) {
    Command next = pages_[pages[i]].wish->MakeCommand(++attempts_count_);
    auto& tips = std::get<TipsCommand>(call->command);
    auto& more = std::get<TipsCommand>(next);
    tips.requests.push_back(more.requests.front());
    tips.keys.push_back(more.keys.front());
  }
  if (auto* const tips = std::get_if<TipsCommand>(&call->command)) {
    tips->answers.resize(tips->requests.size());
  }
  call->is_urgent = std::holds_alternative<StopCommand>(call->command);
  if (random_.Permille(100)) {
    call->deadline_ns = clock_.WallNs() + random_.Between(kDeadlineMinNs, kDeadlineMaxNs);
  }
  for (const size_t page : pages) ++pages_[page].under_way_count;
  services->pipeline->Submit(std::move(call));
}

void Clients::OnAnswer(size_t index, const Answer& answer, const Entry& entry) {
  Page& page = pages_[index];
  --page.under_way_count;
  ++answers_count_;
  RecordId record;
  if (const auto* place = std::get_if<InRecord>(&answer)) {
    record = entry.IdAt(place->position);
  } else if (const auto* replay = std::get_if<ReplayOf>(&answer)) {
    record = replay->record;
  } else if (const auto* error = std::get_if<RequestError>(&answer)) {
    const int64_t time_ms = entry.moment.time_ms;
    Judge& judge = history_.judge();
    const std::string difference =
        page.wish->CompareError(judge.At(time_ms), time_ms, *error, &judge.observations());
    if (!difference.empty()) Fail(difference);
  } else {
    return Fail(absl::StrCat(page.wish->key(), " came back without an answer"));
  }
  const RecordId durable = history_.Find(page.wish->key());
  // An error leaves no record, so the same asked later may well be done.
  const bool is_done_later = !record.is_set() && durable.sequence() >= entry.sequence;
  if (durable != record && !is_done_later) {
    return Fail(absl::StrCat(page.wish->key(), ": the answer names ", record.value(),
                             ", durable is ", durable.value()));
  }
  if (page.is_answered && page.record.is_set() && page.record != record) {
    return Fail(absl::StrCat(page.wish->key(), " was answered in two ways"));
  }
  page.is_answered = true;
  page.was_always_refused = false;
  page.record = record;
}

void Clients::OnFailure(size_t index) {
  Page& page = pages_[index];
  --page.under_way_count;
  if (page.was_always_refused && page.under_way_count == 0 &&
      history_.Find(page.wish->key()).is_set()) {
    Fail(absl::StrCat(page.wish->key(), " was refused, and yet counted"));
  }
}

}  // namespace tipgate::simulation
