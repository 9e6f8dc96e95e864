#pragma once

#include <array>
#include <cstdint>

#include "core/hash128.h"

namespace tipgate::interleaving {

inline constexpr int kThreadsMax = 4;
inline constexpr int kAtomicsMax = 8;
inline constexpr int kPlainsMax = 6;
inline constexpr int kMessagesMax = 10;

// What a thread knows of the memory, or learns from a message: of each atomic the oldest message
// that may still be read, and which uses of plain memory have happened before.
struct View {
  std::array<uint8_t, kAtomicsMax> oldest{};
  uint64_t known = ~uint64_t{0};  // a bit a use, see Memory::UseBit
};

// The memory of a few threads as C++ allows it to behave, in one value that can be copied, compared
// by its hash, and gone on with in another way.
//
// An atomic is the list of what was written to it, the messages, in modification order. Each thread
// has a view, before which it must not read again. A load may read any message that is not too old;
// an acquire takes over the view that a release has put into the message. A store may go to any
// place behind the thread's view, for others need not have seen it; what reads and writes at once
// goes right behind the message that it reads. That is the model of C++20 for relaxed, acquire and
// release, but for values that come out of thin air or from later in the program (load buffering),
// which no thread sees here.
//
// Plain memory has one value; two uses, one of them a write, of which neither happens before the
// other are a data race, which is found even in an order in which it does no harm.
class Memory {
 public:
  // Before the threads begin; all of them know what is there. Give the number of what was added.
  void SetThreads(int threads_count) { threads_count_ = threads_count; }
  int AddAtomic(uint64_t value);
  int AddPlain(uint64_t value);
  void SetAtomic(int atomic, uint64_t value) { At(atomic).messages[0].value = value; }
  void SetPlain(int plain, uint64_t value) { plains_[plain] = value; }
  uint64_t Initial(int atomic) const { return At(atomic).messages[0].value; }
  uint64_t PlainValue(int plain) const { return plains_[plain]; }

  // The messages that a thread may read: OldestOf .. CountOf - 1.
  int OldestOf(int thread, int atomic) const;
  int CountOf(int atomic) const { return At(atomic).count; }
  uint64_t ValueOf(int atomic, int message) const;

  void Load(int thread, int atomic, int message, bool is_acquire);
  // `message`: the number that it gets, OldestOf + 1 .. CountOf. True if it may.
  bool MayStore(int atomic, int message) const;
  void Store(int thread, int atomic, int message, uint64_t value, bool is_release);
  // Reads a message and puts one right behind it. True if nobody has done that.
  bool MayUpdate(int atomic, int message) const { return MayStore(atomic, message + 1); }
  void Update(int thread, int atomic, int message, uint64_t value, bool is_acquire,
              bool is_release);

  // False: a data race.
  bool ReadPlain(int thread, int plain);
  bool WritePlain(int thread, int plain, uint64_t value);

  // The thread may look at the atomic, or store something there that does not follow what it reads.
  // For the others it does not matter which messages they know: what reads and writes at once finds
  // the last one, if all do. To be told before the threads begin.
  void SetLooks(int thread, int atomic) { looks_ |= LookBit(thread, atomic); }
  bool Looks(int thread, int atomic) const { return (looks_ & LookBit(thread, atomic)) != 0; }

  // What the thread knows does not matter any more.
  void Retire(int thread);

  // Forgets what cannot be read any more, so that memories that behave alike are equal.
  // `is_sequential`: only what is newest will be read.
  void Tidy(bool is_sequential);

  void AddTo(Hasher128* hasher) const;

 private:
  struct Message {
    uint64_t value = 0;
    View view;
    bool is_update = false;  // stays right behind the one before
  };
  struct Atomic {
    int count = 0;
    std::array<Message, kMessagesMax> messages;
  };

  // The bit of the write of a plain value, or of the last read of a thread.
  static uint64_t UseBit(int plain, int use) {
    return uint64_t{1} << (plain * (kThreadsMax + 1) + use);
  }
  static constexpr int kWrite = kThreadsMax;
  static_assert(kPlainsMax * (kThreadsMax + 1) <= 64);

  static uint64_t LookBit(int thread, int atomic) {
    return uint64_t{1} << (thread * kAtomicsMax + atomic);
  }
  static_assert(kThreadsMax * kAtomicsMax <= 64);

  Atomic& At(int atomic) { return atomics_[atomic]; }
  const Atomic& At(int atomic) const { return atomics_[atomic]; }
  View& ViewOf(int thread) { return views_[thread]; }
  const View& ViewOf(int thread) const { return views_[thread]; }

  template <typename Change>
  void ForEachView(Change change);
  void Insert(int thread, int atomic, int message, uint64_t value, View view, bool is_update);
  bool HasOnlyUpdates(int atomic) const;
  void DropMessages(int atomic, bool is_sequential);
  // Nobody but the thread knows of a use.
  void MakeUnknown(int thread, uint64_t bit);

  int threads_count_ = 0;
  int atomics_count_ = 0;
  int plains_count_ = 0;
  std::array<Atomic, kAtomicsMax> atomics_;
  std::array<uint64_t, kPlainsMax> plains_{};
  std::array<View, kThreadsMax> views_;
  uint64_t looks_ = 0;
  uint32_t retired_ = 0;  // a bit a thread
};

}  // namespace tipgate::interleaving
