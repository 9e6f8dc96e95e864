#include "bench/peer_redis.h"

#include <fcntl.h>
#include <hiredis/hiredis.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "bench/load_interrupt.h"
#include "bench/load_progress.h"
#include "bench/peer_process.h"

namespace tipgate {
namespace {

constexpr char kServer[] = "/usr/bin/redis-server";
constexpr char kUser[] = "redis";
constexpr auto kStartTimeout = absl::Seconds(30);
constexpr auto kStopTimeout = absl::Seconds(60);
constexpr int64_t kPayersPerCall = 20'000;
constexpr size_t kKeysPerTip = 3;
constexpr size_t kWordsPerTip = 5;

struct ContextDeleter {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct ReplyDeleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, ContextDeleter>;
using Reply = std::unique_ptr<redisReply, ReplyDeleter>;

absl::Status Broken(const redisContext& context) {
  return absl::UnavailableError(absl::StrCat("redis: ", context.errstr));
}

absl::Status CheckReply(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ERROR) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("redis: ", absl::string_view(reply.str, reply.len)));
}

// Sends nothing yet. Only for what is not measured.
void Append(redisContext& context, const std::vector<std::string>& words) {
  std::vector<const char*> pointers;
  std::vector<size_t> sizes;
  for (const std::string& word : words) {
    pointers.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisAppendCommandArgv(&context, static_cast<int>(words.size()), pointers.data(), sizes.data());
}

// Waits for the answer. Only for what is not measured.
absl::StatusOr<Reply> Call(redisContext& context, const std::vector<std::string>& words) {
  Append(context, words);
  void* raw = nullptr;
  if (redisGetReply(&context, &raw) != REDIS_OK) return Broken(context);
  Reply reply(static_cast<redisReply*>(raw));
  if (absl::Status status = CheckReply(*reply); !status.ok()) return status;
  return reply;
}

absl::StatusOr<Context> ConnectTo(int port, const std::string& password) {
  Context context(redisConnect("127.0.0.1", port));
  if (context == nullptr) return absl::ResourceExhaustedError("redis: out of memory");
  if (context->err != 0) return Broken(*context);
  auto reply = Call(*context, {"AUTH", password});
  if (!reply.ok()) return reply.status();
  return context;
}

class RedisConnection final : public PeerConnection {
 public:
  RedisConnection(Context context, std::string script_hash, RedisStyle style)
      : context_(std::move(context)), script_hash_(std::move(script_hash)), style_(style) {
    fcntl(context_->fd, F_SETFL, fcntl(context_->fd, F_GETFL) | O_NONBLOCK);
    context_->flags &= ~REDIS_BLOCK;
  }

  int descriptor() const override { return context_->fd; }
  bool wants_write() const override { return wants_write_; }
  const std::vector<PeerAnswer>& answers() const override { return answers_; }

  absl::Status Send(absl::Span<const PeerTip> tips) override {
    answers_.clear();
    expected_count_ = tips.size();
    const size_t step = style_ == RedisStyle::kScript ? tips.size() : 1;
    for (size_t i = 0; i < tips.size(); i += step) Append(tips.subspan(i, step));
    return Write();
  }

  absl::StatusOr<bool> Advance() override {
    if (wants_write_) {
      if (absl::Status status = Write(); !status.ok()) return status;
    }
    if (redisBufferRead(context_.get()) != REDIS_OK) return Broken(*context_);
    while (answers_.size() < expected_count_) {
      void* raw = nullptr;
      if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK) return Broken(*context_);
      if (raw == nullptr) return false;
      const Reply reply(static_cast<redisReply*>(raw));
      if (absl::Status status = Read(*reply); !status.ok()) return status;
    }
    return true;
  }

 private:
  void Append(absl::Span<const PeerTip> tips) {
    words_ = {"EVALSHA", script_hash_, absl::StrCat(kKeysPerTip * tips.size())};
    words_.reserve(words_.size() + (kKeysPerTip + kWordsPerTip) * tips.size());
    for (const PeerTip& tip : tips) {
      words_.push_back(absl::StrCat("k:", tip.key));
      words_.push_back(absl::StrCat("p:", tip.payer_id));
      words_.push_back(absl::StrCat("s:", tip.session_id));
    }
    for (const PeerTip& tip : tips) {
      words_.push_back(absl::StrCat(tip.payer_id));
      words_.push_back(absl::StrCat(tip.streamer_id));
      words_.push_back(absl::StrCat(tip.gift_id));
      words_.push_back(absl::StrCat(tip.unit_price_minor));
      words_.push_back(absl::StrCat(tip.count));
    }
    pointers_.clear();
    sizes_.clear();
    for (const std::string& word : words_) {
      pointers_.push_back(word.data());
      sizes_.push_back(word.size());
    }
    redisAppendCommandArgv(context_.get(), static_cast<int>(words_.size()), pointers_.data(),
                           sizes_.data());
  }

  absl::Status Write() {
    int is_done = 0;
    if (redisBufferWrite(context_.get(), &is_done) != REDIS_OK) return Broken(*context_);
    wants_write_ = is_done == 0;
    return absl::OkStatus();
  }

  absl::Status Read(const redisReply& reply) {
    if (absl::Status status = CheckReply(reply); !status.ok()) return status;
    if (reply.type != REDIS_REPLY_ARRAY || reply.elements % 3 != 0) {
      return absl::InternalError("redis: not the answer of the script");
    }
    for (size_t i = 0; i < reply.elements; i += 3) {
      answers_.push_back({reply.element[i]->integer, reply.element[i + 1]->integer,
                          reply.element[i + 2]->integer});
    }
    return absl::OkStatus();
  }

  const Context context_;
  const std::string script_hash_;
  const RedisStyle style_;
  bool wants_write_ = false;
  size_t expected_count_ = 0;
  std::vector<std::string> words_;
  std::vector<const char*> pointers_;
  std::vector<size_t> sizes_;
  std::vector<PeerAnswer> answers_;
};

class RedisPeer final : public Peer {
 public:
  RedisPeer(ChildProcess child, int port, std::string password, RedisStyle style)
      : child_(std::move(child)), port_(port), password_(std::move(password)), style_(style) {}

  absl::Status WaitReady() {
    const absl::Time deadline = absl::Now() + kStartTimeout;
    for (;;) {
      auto context = ConnectTo(port_, password_);
      if (context.ok()) {
        context_ = *std::move(context);
        return ReadVersion();
      }
      const bool is_over = child_.WaitExit(absl::ZeroDuration()).ok();
      if (is_over || absl::Now() > deadline || IsInterrupted()) {
        return absl::UnavailableError(
            absl::StrCat("redis does not start: ", child_.LogTail(), context.status().message()));
      }
      absl::SleepFor(absl::Milliseconds(20));
    }
  }

  const std::string& version() const override { return version_; }
  pid_t pid() const override { return child_.pid(); }

  absl::Status SetUp(const PeerWorld& world) override {
    absl::Status status = Do({"FLUSHALL"});
    if (status.ok()) status = LoadScript(world.rules);
    if (status.ok() && world.rules.is_stopped) status = Do({"SET", "stop", "1"});
    for (const auto& [gift_id, price] : world.rules.gift_prices_minor) {
      if (status.ok()) status = Do({"HSET", "g", absl::StrCat(gift_id), absl::StrCat(price)});
    }
    for (const PeerSession& session : world.sessions) {
      if (status.ok()) status = Put(session);
    }
    for (const PeerPayers& payers : world.payers) {
      if (status.ok()) status = Put(payers);
    }
    return status;
  }

  absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() override {
    auto context = ConnectTo(port_, password_);
    if (!context.ok()) return context.status();
    return std::make_unique<RedisConnection>(*std::move(context), script_hash_, style_);
  }

  absl::Status Stop() override {
    child_.Signal(SIGTERM);
    auto exit_code = child_.WaitExit(kStopTimeout);
    if (!exit_code.ok()) return exit_code.status();
    if (*exit_code == 0) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("redis ended with exit code ", *exit_code, ":\n", child_.LogTail()));
  }

 private:
  absl::Status Do(const std::vector<std::string>& words) { return Call(*context_, words).status(); }

  absl::Status ReadVersion() {
    auto reply = Call(*context_, {"INFO", "server"});
    if (!reply.ok()) return reply.status();
    const std::string text((*reply)->str, (*reply)->len);
    constexpr char kName[] = "redis_version:";
    const size_t begin = text.find(kName) + sizeof(kName) - 1;
    version_ = absl::StrCat("Redis ", text.substr(begin, text.find('\r', begin) - begin));
    return absl::OkStatus();
  }

  absl::Status LoadScript(const PeerRules& rules) {
    const auto source = ReadTextFile(PeerFile("authorize_tips.lua"));
    if (!source.ok()) return source.status();
    const int64_t utc_offset = rules.zone.At(absl::Now()).offset;
    const std::string script = absl::StrReplaceAll(
        *source, {{"@GIFT_PRICE_MAX@", absl::StrCat(rules.gift_price_max_minor)},
                  {"@TIP_MAX@", absl::StrCat(rules.tip_max_minor)},
                  {"@DAY_LIMIT@", absl::StrCat(rules.day_limit_minor)},
                  {"@MONTH_LIMIT@", absl::StrCat(rules.month_limit_minor)},
                  {"@UTC_OFFSET@", absl::StrCat(utc_offset)}});
    auto reply = Call(*context_, {"SCRIPT", "LOAD", script});
    if (!reply.ok()) return reply.status();
    script_hash_ = std::string((*reply)->str, (*reply)->len);
    return absl::OkStatus();
  }

  absl::Status Put(const PeerSession& session) {
    return Do({"HSET", absl::StrCat("s:", session.session_id), "f", absl::StrCat(session.flags),
               "o", absl::StrCat(session.streamer_id), "p", absl::StrCat(session.streamer_payer_id),
               "e", absl::StrCat(session.end_unix_seconds), "c", absl::StrCat(session.cap_minor),
               "r", "0"});
  }

  absl::Status Put(const PeerPayers& payers) {
    LoadProgress progress("payers   ", payers.count);
    for (int64_t i = 0; i < payers.count; i += kPayersPerCall) {
      if (IsInterrupted()) return absl::CancelledError("interrupted");
      progress.Show(i);
      absl::Status status =
          Put({payers.first_id + i, std::min(kPayersPerCall, payers.count - i), payers.flags},
              *context_);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // All at once, and their ids written here: Lua counts in doubles, which ids are too large for.
  static absl::Status Put(const PeerPayers& payers, redisContext& context) {
    const std::string flags = absl::StrCat(payers.flags);
    for (int64_t i = 0; i < payers.count; ++i) {
      Append(context, {"HSET", absl::StrCat("p:", payers.first_id + i), "f", flags});
    }
    for (int64_t i = 0; i < payers.count; ++i) {
      void* raw = nullptr;
      if (redisGetReply(&context, &raw) != REDIS_OK) return Broken(context);
      const Reply reply(static_cast<redisReply*>(raw));
      if (absl::Status status = CheckReply(*reply); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  ChildProcess child_;
  const int port_;
  const std::string password_;
  const RedisStyle style_;
  Context context_;
  std::string version_;
  std::string script_hash_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Peer>> StartRedis(const std::string& folder, RedisStyle style) {
  const std::string data = absl::StrCat(folder, "/redis");
  absl::Status status = MakeUsersFolder(data, kUser);
  if (!status.ok()) return status;
  const auto settings = ReadTextFile(PeerFile("redis.conf"));
  if (!settings.ok()) return settings.status();
  const auto port = FreePort();
  if (!port.ok()) return port.status();
  const std::string password = RandomPassword();
  const std::string file = absl::StrCat(data, "/redis.conf");
  status = WriteUsersFile(
      file, kUser,
      absl::StrCat(*settings, "port ", *port, "\ndir ", data, "\nrequirepass ", password, "\n"));
  if (!status.ok()) return status;
  auto child = StartCommand(AsUser(kUser, {kServer, file}), absl::StrCat(folder, "/redis.log"));
  if (!child.ok()) return child.status();
  auto peer = std::make_unique<RedisPeer>(*std::move(child), *port, password, style);
  status = peer->WaitReady();
  if (status.ok()) return peer;
  peer->Stop().IgnoreError();
  return status;
}

}  // namespace tipgate
