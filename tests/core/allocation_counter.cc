#include "tests/core/allocation_counter.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<int64_t> allocations_count{0};
std::atomic<int64_t> allocated_bytes{0};

void* Note(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations_count;
  allocated_bytes += static_cast<int64_t>(malloc_usable_size(memory));
  return memory;
}

void Free(void* memory) {
  allocated_bytes -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

void* Allocate(size_t size) { return Note(std::malloc(size)); }
void* Allocate(size_t size, std::align_val_t alignment) {
  return Note(std::aligned_alloc(static_cast<size_t>(alignment), size));
}

}  // namespace

void* operator new(size_t size) { return Allocate(size); }
void* operator new[](size_t size) { return Allocate(size); }
void* operator new(size_t size, std::align_val_t alignment) { return Allocate(size, alignment); }
void* operator new[](size_t size, std::align_val_t alignment) { return Allocate(size, alignment); }
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { Free(memory); }

namespace tipgate {

int64_t AllocationsCount() { return allocations_count; }
int64_t AllocatedBytes() { return allocated_bytes; }

}  // namespace tipgate
