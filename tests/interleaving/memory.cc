#include "tests/interleaving/memory.h"

#include <algorithm>
#include <bit>

#include "core/check.h"

namespace tipgate::interleaving {
namespace {

// Before anything: of a message that was written without a release.
constexpr View kNoView{.oldest = {}, .known = 0};

void Join(const View& other, View* view) {
  for (size_t i = 0; i < view->oldest.size(); ++i) {
    view->oldest[i] = std::max(view->oldest[i], other.oldest[i]);
  }
  view->known |= other.known;
}

}  // namespace

int Memory::AddAtomic(uint64_t value) {
  TIPGATE_CHECK(atomics_count_ < kAtomicsMax);
  At(atomics_count_).count = 1;
  At(atomics_count_).messages[0] = {.value = value, .view = kNoView, .is_update = false};
  return atomics_count_++;
}

int Memory::AddPlain(uint64_t value) {
  TIPGATE_CHECK(plains_count_ < kPlainsMax);
  SetPlain(plains_count_, value);
  return plains_count_++;
}

int Memory::OldestOf(int thread, int atomic) const { return ViewOf(thread).oldest[atomic]; }

uint64_t Memory::ValueOf(int atomic, int message) const {
  return At(atomic).messages[message].value;
}

void Memory::Load(int thread, int atomic, int message, bool is_acquire) {
  View& view = ViewOf(thread);
  view.oldest[atomic] = static_cast<uint8_t>(message);
  if (is_acquire) Join(At(atomic).messages[message].view, &view);
}

bool Memory::MayStore(int atomic, int message) const {
  return message == CountOf(atomic) || !At(atomic).messages[message].is_update;
}

void Memory::Store(int thread, int atomic, int message, uint64_t value, bool is_release) {
  Insert(thread, atomic, message, value, is_release ? ViewOf(thread) : kNoView, false);
}

void Memory::Update(int thread, int atomic, int message, uint64_t value, bool is_acquire,
                    bool is_release) {
  // What was released there goes on in what an update writes.
  View released = At(atomic).messages[message].view;
  Load(thread, atomic, message, is_acquire);
  if (is_release) Join(ViewOf(thread), &released);
  Insert(thread, atomic, message + 1, value, released, true);
}

template <typename Change>
void Memory::ForEachView(Change change) {
  for (int thread = 0; thread < threads_count_; ++thread) change(&ViewOf(thread));
  for (int atomic = 0; atomic < atomics_count_; ++atomic) {
    for (int i = 0; i < CountOf(atomic); ++i) {
      change(&At(atomic).messages[i].view);
    }
  }
}

void Memory::Insert(int thread, int atomic, int message, uint64_t value, View view,
                    bool is_update) {
  const int slot = atomic;
  Atomic& written = At(atomic);
  TIPGATE_CHECK(written.count < kMessagesMax);
  ForEachView([&](View* any) {
    if (any->oldest[slot] >= message) ++any->oldest[slot];
  });
  // Of the copy as well: it may have come from a thread that knows what now stands further behind.
  if (view.oldest[slot] >= message) ++view.oldest[slot];
  std::copy_backward(written.messages.begin() + message, written.messages.begin() + written.count,
                     written.messages.begin() + written.count + 1);
  ++written.count;
  view.oldest[slot] = std::max(view.oldest[slot], static_cast<uint8_t>(message));
  written.messages[message] = {.value = value, .view = view, .is_update = is_update};
  ViewOf(thread).oldest[slot] = static_cast<uint8_t>(message);
}

void Memory::MakeUnknown(int thread, uint64_t bit) {
  ForEachView([bit](View* view) { view->known &= ~bit; });
  ViewOf(thread).known |= bit;
}

bool Memory::ReadPlain(int thread, int plain) {
  if ((ViewOf(thread).known & UseBit(plain, kWrite)) == 0) return false;
  MakeUnknown(thread, UseBit(plain, thread));
  return true;
}

bool Memory::WritePlain(int thread, int plain, uint64_t value) {
  uint64_t uses = 0;
  for (int use = 0; use <= kWrite; ++use) uses |= UseBit(plain, use);
  if ((ViewOf(thread).known & uses) != uses) return false;
  // Who knows of this write knows of the reads before it.
  for (int reader = 0; reader < kThreadsMax; ++reader) {
    ForEachView([&](View* view) { view->known |= UseBit(plain, reader); });
  }
  MakeUnknown(thread, UseBit(plain, kWrite));
  SetPlain(plain, value);
  return true;
}

void Memory::Retire(int thread) { retired_ |= uint32_t{1} << thread; }

bool Memory::HasOnlyUpdates(int atomic) const {
  const Atomic& written = At(atomic);
  return std::all_of(written.messages.begin() + 1, written.messages.begin() + written.count,
                     [](const Message& message) { return message.is_update; });
}

void Memory::DropMessages(int atomic, bool is_sequential) {
  const int slot = atomic;
  Atomic& written = At(atomic);
  int dropped = written.count - 1;
  const bool has_only_updates = HasOnlyUpdates(atomic);
  for (int thread = 0; thread < threads_count_; ++thread) {
    if (!is_sequential && (!has_only_updates || Looks(thread, atomic))) continue;
    ViewOf(thread).oldest[slot] = static_cast<uint8_t>(dropped);
  }
  for (int thread = 0; thread < threads_count_; ++thread) {
    if ((retired_ >> thread & 1) == 0) dropped = std::min(dropped, OldestOf(thread, atomic));
  }
  std::copy(written.messages.begin() + dropped, written.messages.begin() + written.count,
            written.messages.begin());
  written.count -= dropped;
  written.messages[0].is_update = false;  // nothing comes before it any more
  ForEachView([&](View* view) {
    view->oldest[slot] = static_cast<uint8_t>(std::max(0, view->oldest[slot] - dropped));
  });
}

void Memory::Tidy(bool is_sequential) {
  uint64_t known_to_all = ~uint64_t{0};
  for (int thread = 0; thread < threads_count_; ++thread) {
    if ((retired_ >> thread & 1) != 0) ViewOf(thread) = View();
    known_to_all &= ViewOf(thread).known;
  }
  for (int atomic = 0; atomic < atomics_count_; ++atomic) DropMessages(atomic, is_sequential);
  ForEachView([&](View* view) { view->known |= known_to_all; });
}

void Memory::AddTo(Hasher128* hasher) const {
  const auto add = [&](const View& view) {
    static_assert(sizeof(view.oldest) == sizeof(uint64_t));
    hasher->Add(std::bit_cast<uint64_t>(view.oldest));
    hasher->Add(view.known);
  };
  for (int thread = 0; thread < threads_count_; ++thread) add(ViewOf(thread));
  for (int plain = 0; plain < plains_count_; ++plain) hasher->Add(PlainValue(plain));
  for (int atomic = 0; atomic < atomics_count_; ++atomic) {
    hasher->Add(static_cast<uint64_t>(CountOf(atomic)));
    for (int i = 0; i < CountOf(atomic); ++i) {
      const Message& message = At(atomic).messages[i];
      hasher->Add(message.value);
      hasher->Add(message.is_update ? 1 : 0);
      add(message.view);
    }
  }
}

}  // namespace tipgate::interleaving
