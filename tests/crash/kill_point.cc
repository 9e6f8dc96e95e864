#include "tests/crash/kill_point.h"

#include <algorithm>

namespace tipgate::crash {
namespace {

// Kinds of records, their place in core/record.h, and an action that is stored first in them.
constexpr int kSettlementKind = 5;
constexpr int kPolicyKind = 6;
constexpr int kTipChangeKind = 17;
constexpr int kExpire = 3;
constexpr int kFreeze = 4;
constexpr int kRelease = 5;
constexpr int kRefund = 6;

constexpr CallPattern kSyncOfLog = {.call = FileCall::kSync, .name = "*.log"};

constexpr CallPattern LogWriteOf(LogContent content, int kind = -1) {
  return {.call = FileCall::kWrite, .name = "*.log", .content = content, .record_kind = kind};
}

// What becomes of tips without anybody asking for it: they expire, or are part of an order.
constexpr CallPattern TipChange(int action) {
  CallPattern pattern = LogWriteOf(LogContent::kEntry, kTipChangeKind);
  pattern.record_action = action;
  pattern.record_key_bytes = 0;
  return pattern;
}

KillOrder Before(const CallPattern& call) { return {.first = call, .moment = Moment::kBefore}; }
KillOrder Amid(const CallPattern& call) { return {.first = call, .moment = Moment::kMiddle}; }
KillOrder After(const CallPattern& call) { return {.first = call, .moment = Moment::kAfter}; }
// After the sync that comes next, and before anybody is told of it.
KillOrder Synced(const CallPattern& call) {
  return {.first = call, .then = kSyncOfLog, .moment = Moment::kAfter};
}
KillOrder FirstThen(const CallPattern& first, const CallPattern& then, Moment moment) {
  return {.first = first, .then = then, .moment = moment};
}

std::vector<KillPoint> JournalPoints() {
  constexpr CallPattern kEntry = LogWriteOf(LogContent::kEntry);
  constexpr CallPattern kSettlement = LogWriteOf(LogContent::kEntry, kSettlementKind);
  constexpr CallPattern kExpiry = TipChange(kExpire);
  constexpr Situation kLoad = Situation::kLoad;
  return {{"any-moment", kLoad, {}, 300'000},
          {"entry-unwritten", kLoad, Before(kEntry), 60},
          {"entry-torn", kLoad, Amid(kEntry), 60},
          {"entry-unsynced", kLoad, After(kEntry), 60},
          {"entry-synced", kLoad, Synced(kEntry), 60},
          {"settlement-unwritten", kLoad, Before(kSettlement), 2},
          {"settlement-torn", kLoad, Amid(kSettlement), 2},
          {"settlement-unsynced", kLoad, After(kSettlement), 2},
          {"settlement-synced", kLoad, Synced(kSettlement), 2},
          {"expiry-torn", kLoad, Amid(kExpiry), 3},
          {"expiry-synced", kLoad, Synced(kExpiry), 3}};
}

std::vector<KillPoint> CheckpointPoints() {
  constexpr CallPattern kRows = LogWriteOf(LogContent::kRows);
  constexpr CallPattern kComplete = LogWriteOf(LogContent::kComplete);
  constexpr CallPattern kKeys = LogWriteOf(LogContent::kKeys);
  constexpr Situation kLoad = Situation::kLoad;
  return {{"rows-torn", kLoad, Amid(kRows), 4},
          {"rows-unsynced", kLoad, After(kRows), 4},
          {"rows-synced", kLoad, Synced(kRows), 4},
          {"complete-unwritten", kLoad, Before(kComplete), 4},
          {"complete-written", kLoad, After(kComplete), 4},
          {"keys-torn", kLoad, Amid(kKeys), 4},
          {"keys-written", kLoad, After(kKeys), 4}};
}

std::vector<KillPoint> FilePoints() {
  constexpr CallPattern kStateFile = {.call = FileCall::kWrite, .name = "new_state.tmp"};
  constexpr CallPattern kStateFileSync = {.call = FileCall::kSync, .name = "new_state.tmp"};
  constexpr CallPattern kStateFileLink = {.call = FileCall::kLink, .name = "new_state.tmp"};
  constexpr CallPattern kStateFileEnd = {.call = FileCall::kUnlink, .name = "new_state.tmp"};
  constexpr CallPattern kKeysFile = {.call = FileCall::kWrite, .name = "new_keys.tmp"};
  constexpr CallPattern kKeysFileLink = {.call = FileCall::kLink, .name = "new_keys.tmp"};
  constexpr CallPattern kKeysFileEnd = {.call = FileCall::kUnlink, .name = "new_keys.tmp"};
  constexpr CallPattern kTable = {.call = FileCall::kWrite, .name = "*.sst"};
  constexpr CallPattern kTableSync = {.call = FileCall::kSync, .name = "*.sst"};
  constexpr CallPattern kManifest = {.call = FileCall::kWrite, .name = "MANIFEST-*"};
  constexpr CallPattern kManifestSync = {.call = FileCall::kSync, .name = "MANIFEST-*"};
  constexpr CallPattern kNewLog = {.call = FileCall::kCreate, .name = "*.log"};
  constexpr Situation kBurst = Situation::kBurst;
  return {{"state-file-torn", kBurst, Amid(kStateFile)},
          {"state-file-synced", kBurst, After(kStateFileSync)},
          {"state-file-linked", kBurst, After(kStateFileLink)},
          {"state-file-taken-in", kBurst, Before(kStateFileEnd)},
          {"keys-file-torn", kBurst, Amid(kKeysFile)},
          {"keys-file-linked", kBurst, After(kKeysFileLink)},
          {"keys-file-taken-in", kBurst, Before(kKeysFileEnd)},
          {"flush-torn", kBurst, Amid(kTable)},
          {"flush-synced", kBurst, After(kTableSync)},
          {"flush-new-log", kBurst, After(kNewLog)},
          {"manifest-torn", kBurst, Amid(kManifest), 3},
          {"manifest-unsynced", kBurst, After(kManifest), 3},
          {"manifest-synced", kBurst, After(kManifestSync), 3}};
}

std::vector<KillPoint> OrderPoints() {
  constexpr CallPattern kFreezing = TipChange(kFreeze);
  constexpr CallPattern kReleasing = TipChange(kRelease);
  constexpr CallPattern kRefunding = TipChange(kRefund);
  return {{"freeze-torn", Situation::kFreeze, Amid(kFreezing), 3},
          {"freeze-synced", Situation::kFreeze, Synced(kFreezing), 3},
          {"release-unsynced", Situation::kRelease, After(kReleasing), 3},
          {"refund-unwritten", Situation::kRefund, Before(kRefunding), 3},
          {"refund-torn", Situation::kRefund, Amid(kRefunding), 3},
          {"refund-unsynced", Situation::kRefund, After(kRefunding), 3},
          {"refund-synced", Situation::kRefund, Synced(kRefunding), 3}};
}

constexpr CallPattern kHeadWrite = {.call = FileCall::kWrite, .name = "HEAD.new"};
constexpr CallPattern kHeadRename = {.call = FileCall::kRename, .name = "HEAD"};
constexpr CallPattern kCurrentRename = {.call = FileCall::kRename, .name = "CURRENT"};

std::vector<KillPoint> DrainPoints() {
  constexpr Situation kDrain = Situation::kDrain;
  return {{"drain-any-moment", kDrain, {}, 200'000},
          {"drain-head-torn", kDrain, Amid(kHeadWrite)},
          {"drain-head-unrenamed", kDrain, Before(kHeadRename)},
          {"drain-head-renamed", kDrain, After(kHeadRename)}};
}

std::vector<KillPoint> StartPoints() {
  constexpr CallPattern kLogRead = {.call = FileCall::kOpen, .name = "*.log"};
  constexpr CallPattern kTableRead = {.call = FileCall::kRead, .name = "*.sst"};
  constexpr CallPattern kTable = {.call = FileCall::kWrite, .name = "*.sst"};
  constexpr CallPattern kTableSync = {.call = FileCall::kSync, .name = "*.sst"};
  constexpr CallPattern kManifest = {.call = FileCall::kWrite, .name = "MANIFEST-*"};
  constexpr CallPattern kManifestSync = {.call = FileCall::kSync, .name = "MANIFEST-*"};
  constexpr CallPattern kOptions = {.call = FileCall::kRename, .name = "OPTIONS-*"};
  constexpr CallPattern kNewLog = {.call = FileCall::kCreate, .name = "*.log"};
  constexpr CallPattern kLogNeedless = {.call = FileCall::kRename, .name = "*.log.trash"};
  constexpr CallPattern kTrashEnd = {.call = FileCall::kUnlink, .name = "*.trash"};
  constexpr CallPattern kClaim = LogWriteOf(LogContent::kTerm);
  constexpr Situation kStart = Situation::kStart;
  return {{"start-any-moment", kStart, {}, 150'000},
          {"start-log-unread", kStart, Before(kLogRead)},
          {"start-table-unread", kStart, Before(kTableRead), 8},
          {"start-flush-torn", kStart, Amid(kTable), 2},
          {"start-flush-synced", kStart, After(kTableSync), 2},
          {"start-manifest-torn", kStart, Amid(kManifest), 2},
          {"start-manifest-synced", kStart, After(kManifestSync), 2},
          {"start-current-unrenamed", kStart, Before(kCurrentRename)},
          {"start-current-renamed", kStart, After(kCurrentRename)},
          {"start-options-unrenamed", kStart, Before(kOptions)},
          {"start-new-log", kStart, After(kNewLog)},
          {"start-log-needless", kStart, Before(kLogNeedless)},
          {"start-log-trashed", kStart, After(kLogNeedless)},
          {"start-trash-undeleted", kStart, Before(kTrashEnd)},
          {"start-claim-torn", kStart, Amid(kClaim)},
          {"start-claim-synced", kStart, Synced(kClaim)},
          {"start-head-torn", kStart, Amid(kHeadWrite)},
          {"start-head-unrenamed", kStart, Before(kHeadRename)},
          {"start-head-renamed", kStart, After(kHeadRename)}};
}

std::vector<KillPoint> RebuildPoints() {
  constexpr CallPattern kMark = LogWriteOf(LogContent::kRebuild);
  constexpr CallPattern kManifest = {.call = FileCall::kWrite, .name = "MANIFEST-*"};
  constexpr CallPattern kKeysFile = {.call = FileCall::kWrite, .name = "new_keys.tmp"};
  constexpr CallPattern kKeysFileLink = {.call = FileCall::kLink, .name = "new_keys.tmp"};
  constexpr Situation kRebuild = Situation::kRebuild;
  return {{"rebuild-marked", kRebuild, Synced(kMark)},
          {"rebuild-drop-torn", kRebuild, FirstThen(kMark, kManifest, Moment::kMiddle)},
          {"rebuild-dropped", kRebuild, FirstThen(kMark, kManifest, Moment::kAfter)},
          {"rebuild-keys-torn", kRebuild, FirstThen(kMark, kKeysFile, Moment::kMiddle)},
          {"rebuild-keys-linked", kRebuild, FirstThen(kMark, kKeysFileLink, Moment::kAfter)},
          {"rebuild-mark-left", kRebuild, FirstThen(kKeysFileLink, kMark, Moment::kBefore)}};
}

std::vector<KillPoint> NewDirectoryPoints() {
  constexpr CallPattern kFormatWrite = {.call = FileCall::kWrite, .name = "FORMAT.new"};
  constexpr CallPattern kFormatRename = {.call = FileCall::kRename, .name = "FORMAT"};
  constexpr CallPattern kManifest = {.call = FileCall::kWrite, .name = "MANIFEST-*"};
  constexpr CallPattern kPolicy = LogWriteOf(LogContent::kEntry, kPolicyKind);
  constexpr Situation kNew = Situation::kNewDirectory;
  return {{"new-format-torn", kNew, Amid(kFormatWrite)},
          {"new-format-unrenamed", kNew, Before(kFormatRename)},
          {"new-format-renamed", kNew, After(kFormatRename)},
          {"new-manifest-torn", kNew, Amid(kManifest), 5},
          {"new-current-unrenamed", kNew, Before(kCurrentRename)},
          {"new-current-renamed", kNew, After(kCurrentRename)},
          {"new-policy-torn", kNew, Amid(kPolicy)},
          {"new-policy-synced", kNew, Synced(kPolicy)},
          {"new-head-unrenamed", kNew, Before(kHeadRename)}};
}

std::vector<KillPoint> MakeAll() {
  std::vector<KillPoint> all;
  for (const auto& points : {JournalPoints(), CheckpointPoints(), FilePoints(), OrderPoints(),
                             DrainPoints(), StartPoints(), RebuildPoints(), NewDirectoryPoints()}) {
    all.insert(all.end(), points.begin(), points.end());
  }
  return all;
}

}  // namespace

const std::vector<KillPoint>& KillPoints() {
  static const std::vector<KillPoint>* const kAll = new std::vector<KillPoint>(MakeAll());
  return *kAll;
}

const KillPoint* FindKillPoint(const std::string& name) {
  const auto found = std::find_if(KillPoints().begin(), KillPoints().end(),
                                  [&](const KillPoint& point) { return point.name == name; });
  return found == KillPoints().end() ? nullptr : &*found;
}

}  // namespace tipgate::crash
