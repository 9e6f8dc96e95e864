#pragma once

namespace tipgate {

// What a completion queue gives back when an operation is over: the tag of that operation.
class Completion {
 public:
  // `is_ok` is what CompletionQueue::Next says of it. May delete the owner of this.
  virtual void Run(bool is_ok) = 0;

 protected:
  ~Completion() = default;
};

// Calls a method of the call that began the operation.
template <auto kMethod, typename Owner>
class CompletionOf final : public Completion {
 public:
  explicit CompletionOf(Owner* owner) : owner_(*owner) {}
  void Run(bool is_ok) override { (owner_.*kMethod)(is_ok); }

 private:
  Owner& owner_;
};

}  // namespace tipgate
