#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "server/service_context.h"
#include "tests/differ/random.h"
#include "tests/differ/requests.h"
#include "tests/simulation/history.h"
#include "tests/simulation/tip_book.h"
#include "tipgate/v1/tip.pb.h"

namespace tipgate::simulation {

using differ::Random;

// Who asks the gate what it knows: of payers, streamers, sessions, agencies, stops and sums in one
// visit, what would be decided, and of tips of the past through the server's own handlers, which
// read the journal and the store besides. Every answer is held against what was durable when it was
// given: of a visit at that record, of tips of the past at any record since it was asked for.
class Reads {
 public:
  struct Cast {
    int64_t payers_count;
    int64_t streamers_count;
    int64_t agencies_count;
  };

  // Both outlive this.
  Reads(const Cast& cast, Random* random, History* history);

  // Asks for something.
  void Ask(ServiceContext* services);

  // Asks what would be decided.
  void Check(const differ::CheckTipRequest& request, ServiceContext* services);
  void Check(const differ::CheckRechargeRequest& request, ServiceContext* services);

  // Answers that were compared, by what was asked.
  const std::map<std::string, int64_t>& met() const { return met_; }
  const std::string& fault() const { return fault_; }

 private:
  template <typename Result, typename VisitType, typename Look>
  void Visit(const char* name, VisitType visit, ServiceContext* services, const Look& look);
  template <typename Result>
  void Compare(const char* name, const Result& told, const Result& expected);

  void VisitPayer(ServiceContext* services);
  void VisitStreamer(ServiceContext* services);
  void VisitSession(ServiceContext* services);
  void VisitAgency(ServiceContext* services);
  void VisitStops(ServiceContext* services);
  void VisitTotals(ServiceContext* services);

  void GetTip(ServiceContext* services);
  // A page of a list.
  struct Page {
    TipBook::List list;
    int64_t size = 0;
    std::string token;  // empty: the first page
    int64_t asked_moment = 0;
    int64_t tips_left = 0;  // in the list when it was asked for, from this page on
  };
  void ListTips(ServiceContext* services);
  void AskFor(const Page& page, ServiceContext* services);
  void CheckPage(const Page& page, const v1::ListTipsResponse& response, ServiceContext* services);
  bool IsAsItWas(const v1::Tip& tip, int64_t asked_moment);
  void Fail(const std::string& fault) {
    if (fault_.empty()) fault_ = fault;
  }

  int64_t moment() { return history_.judge().moment(); }

  const Cast cast_;
  Random& random_;
  History& history_;
  std::map<std::string, int64_t> met_;
  std::string fault_;
};

}  // namespace tipgate::simulation
