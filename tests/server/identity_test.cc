#include "server/identity.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/toy_server.h"
#include "tipgate/v1/payer.grpc.pb.h"

namespace tipgate {
namespace {

// Who the server takes for the caller of a call with this metadata.
std::string Seen(IdentitySource source, const std::vector<std::string>& told) {
  ToyServer toy({.identity_source = source});
  const auto stub = v1::PayerService::NewStub(toy.Connect());
  grpc::ClientContext context;
  for (const std::string& identity : told) context.AddMetadata(kIdentityMetadata, identity);
  std::thread caller([&] {
    v1::PausePayerResponse response;
    stub->PausePayer(&context, v1::PausePayerRequest(), &response);
  });
  std::unique_ptr<Rpc> rpc = toy.held().Take();
  std::string identity = rpc->identity();
  rpc.reset();
  caller.join();
  return identity;
}

TEST(Identity, IsThatOfTheMetadataIfTheServerTakesIt) {
  constexpr auto kSource = IdentitySource::kDevelopmentMetadata;
  EXPECT_EQ(Seen(kSource, {"li.wei-2_B"}), "li.wei-2_B");
  EXPECT_EQ(Seen(kSource, {std::string(32, 'a')}), std::string(32, 'a'));
  EXPECT_EQ(Seen(kSource, {}), "");
  EXPECT_EQ(Seen(kSource, {""}), "");
  EXPECT_EQ(Seen(kSource, {std::string(33, 'a')}), "");
  EXPECT_EQ(Seen(kSource, {"li wei"}), "");
  EXPECT_EQ(Seen(kSource, {"li/wei"}), "");
  EXPECT_EQ(Seen(kSource, {"ann", "bob"}), "");
}

TEST(Identity, IsNobodysOtherwise) { EXPECT_EQ(Seen(IdentitySource::kNone, {"ann"}), ""); }

}  // namespace
}  // namespace tipgate
