// Writes docs/rejections.md to standard output.
#include <iostream>

#include "tests/server/rejection_page.h"

int main() {
  std::cout << tipgate::RejectionPage() << std::flush;
  return std::cout.good() ? 0 : 1;
}
