#include "bench/peer_postgres.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
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

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";
constexpr char kUser[] = "postgres";
constexpr auto kInitTimeout = absl::Seconds(120);
constexpr auto kStartTimeout = absl::Seconds(60);
constexpr auto kStopTimeout = absl::Seconds(60);
constexpr int64_t kPayersPerCall = 100'000;
constexpr int kParameterCount = 7;

struct ConnectionDeleter {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, ConnectionDeleter>;
using Result = std::unique_ptr<PGresult, ResultDeleter>;

absl::Status Broken(const PGconn& connection) {
  return absl::UnavailableError(absl::StrCat("postgres: ", PQerrorMessage(&connection)));
}

// Waits for the answer. Only for what is not measured.
absl::StatusOr<Result> Do(PGconn& connection, const std::string& sql) {
  Result result(PQexec(&connection, sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return Broken(connection);
  return result;
}

absl::StatusOr<Connection> ConnectTo(int port, const std::string& password) {
  Connection connection(
      PQconnectdb(absl::StrCat("host=127.0.0.1 port=", port, " user=", kUser, " dbname=postgres ",
                               "sslmode=disable gssencmode=disable password=", password,
                               " options='-c search_path=tips -c client_min_messages=warning'")
                      .c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) return Broken(*connection);
  return connection;
}

class PostgresConnection final : public PeerConnection {
 public:
  explicit PostgresConnection(Connection connection) : connection_(std::move(connection)) {}

  absl::Status Prepare() {
    for (const auto& [name, sql] :
         {std::pair("one", "SELECT * FROM authorize_tip($1, $2, $3, $4, $5, $6, $7)"),
          std::pair("many", "SELECT * FROM authorize_tips($1, $2, $3, $4, $5, $6, $7)")}) {
      const Result result(PQprepare(connection_.get(), name, sql, 0, nullptr));
      if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return Broken(*connection_);
    }
    if (PQsetnonblocking(connection_.get(), 1) != 0) return Broken(*connection_);
    return absl::OkStatus();
  }

  int descriptor() const override { return PQsocket(connection_.get()); }
  bool wants_write() const override { return wants_write_; }
  const std::vector<PeerAnswer>& answers() const override { return answers_; }

  absl::Status Send(absl::Span<const PeerTip> tips) override {
    answers_.clear();
    expected_count_ = tips.size();
    for (std::string& parameter : parameters_) parameter.clear();
    const bool is_many = tips.size() > 1;
    for (const PeerTip& tip : tips) Append(tip, is_many);
    std::array<const char*, kParameterCount> values;
    for (size_t i = 0; i < kParameterCount; ++i) {
      if (is_many) parameters_[i] += '}';
      values[i] = parameters_[i].c_str();
    }
    if (PQsendQueryPrepared(connection_.get(), is_many ? "many" : "one", kParameterCount,
                            values.data(), nullptr, nullptr, 0) != 1) {
      return Broken(*connection_);
    }
    return Write();
  }

  absl::StatusOr<bool> Advance() override {
    if (wants_write_) {
      if (absl::Status status = Write(); !status.ok()) return status;
    }
    if (PQconsumeInput(connection_.get()) != 1) return Broken(*connection_);
    while (PQisBusy(connection_.get()) == 0) {
      const Result result(PQgetResult(connection_.get()));
      if (result == nullptr) return CheckCount();
      if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return Broken(*connection_);
      Read(*result);
    }
    return false;
  }

 private:
  // Arrays are written as {1,2}.
  void Append(const PeerTip& tip, bool is_many) {
    if (is_many) {
      for (std::string& parameter : parameters_) parameter += parameter.empty() ? '{' : ',';
    }
    absl::StrAppend(&parameters_[0], tip.key);
    absl::StrAppend(&parameters_[1], tip.payer_id);
    absl::StrAppend(&parameters_[2], tip.streamer_id);
    absl::StrAppend(&parameters_[3], tip.session_id);
    absl::StrAppend(&parameters_[4], tip.gift_id);
    absl::StrAppend(&parameters_[5], tip.unit_price_minor);
    absl::StrAppend(&parameters_[6], tip.count);
  }

  absl::Status Write() {
    const int left = PQflush(connection_.get());
    if (left < 0) return Broken(*connection_);
    wants_write_ = left > 0;
    return absl::OkStatus();
  }

  void Read(const PGresult& result) {
    for (int row = 0; row < PQntuples(&result); ++row) {
      const auto value = [&](int column) {
        return int64_t{std::strtoll(PQgetvalue(&result, row, column), nullptr, 10)};
      };
      answers_.push_back({value(0), value(1), value(2)});
    }
  }

  absl::StatusOr<bool> CheckCount() const {
    if (answers_.size() == expected_count_) return true;
    return absl::InternalError(
        absl::StrCat("postgres: ", answers_.size(), " answers for ", expected_count_, " tips"));
  }

  const Connection connection_;
  bool wants_write_ = false;
  size_t expected_count_ = 0;
  std::array<std::string, kParameterCount> parameters_;
  std::vector<PeerAnswer> answers_;
};

class PostgresPeer final : public Peer {
 public:
  PostgresPeer(ChildProcess child, int port, std::string password)
      : child_(std::move(child)), port_(port), password_(std::move(password)) {}

  absl::Status WaitReady() {
    const absl::Time deadline = absl::Now() + kStartTimeout;
    for (;;) {
      auto connection = ConnectTo(port_, password_);
      if (connection.ok()) {
        connection_ = *std::move(connection);
        const std::string version = PQparameterStatus(connection_.get(), "server_version");
        version_ = absl::StrCat("PostgreSQL ", version.substr(0, version.find(' ')));
        return absl::OkStatus();
      }
      const bool is_over = child_.WaitExit(absl::ZeroDuration()).ok();
      if (is_over || absl::Now() > deadline || IsInterrupted()) {
        return absl::UnavailableError(absl::StrCat("postgres does not start: ", child_.LogTail(),
                                                   connection.status().message()));
      }
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  const std::string& version() const override { return version_; }
  pid_t pid() const override { return child_.pid(); }

  absl::Status SetUp(const PeerWorld& world) override {
    const auto schema = ReadTextFile(PeerFile("schema.sql"));
    if (!schema.ok()) return schema.status();
    const auto functions = ReadTextFile(PeerFile("authorize_tips.sql"));
    if (!functions.ok()) return functions.status();
    const PeerRules& rules = world.rules;
    absl::Status status = Run(*schema);
    if (status.ok()) {
      status = Run(absl::StrReplaceAll(
          *functions, {{"@GIFT_PRICE_MAX@", absl::StrCat(rules.gift_price_max_minor)},
                       {"@TIP_MAX@", absl::StrCat(rules.tip_max_minor)},
                       {"@DAY_LIMIT@", absl::StrCat(rules.day_limit_minor)},
                       {"@MONTH_LIMIT@", absl::StrCat(rules.month_limit_minor)},
                       {"@TIME_ZONE@", rules.zone.name()}}));
    }
    if (status.ok() && rules.is_stopped) status = Run("INSERT INTO stops VALUES ('a check')");
    for (const auto& [gift_id, price] : rules.gift_prices_minor) {
      if (status.ok()) {
        status = Run(absl::StrCat("INSERT INTO gifts VALUES (", gift_id, ", ", price, ")"));
      }
    }
    for (const PeerSession& session : world.sessions) {
      if (status.ok()) status = Put(session);
    }
    for (const PeerPayers& payers : world.payers) {
      if (status.ok()) status = Put(payers);
    }
    // Plans need statistics; the first measured call shall not find pages to write.
    if (status.ok()) status = Run("VACUUM (ANALYZE) payers, sessions, gifts");
    if (status.ok()) status = Run("CHECKPOINT");
    return status;
  }

  absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() override {
    auto connection = ConnectTo(port_, password_);
    if (!connection.ok()) return connection.status();
    auto ours = std::make_unique<PostgresConnection>(*std::move(connection));
    if (absl::Status status = ours->Prepare(); !status.ok()) return status;
    return ours;
  }

  absl::Status Stop() override {
    connection_.reset();
    child_.Signal(SIGINT);  // "Fast": connections are closed, then it ends.
    auto exit_code = child_.WaitExit(kStopTimeout);
    if (!exit_code.ok()) {
      child_.Signal(SIGQUIT);  // "Immediate": its processes and its shared memory go, too.
      exit_code = child_.WaitExit(kStopTimeout);
    }
    if (!exit_code.ok()) return exit_code.status();
    if (*exit_code == 0) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("postgres ended with exit code ", *exit_code, ":\n", child_.LogTail()));
  }

 private:
  absl::Status Run(const std::string& sql) { return Do(*connection_, sql).status(); }

  absl::Status Put(const PeerSession& session) {
    return Run(absl::StrCat("INSERT INTO sessions VALUES (", session.session_id, ", ",
                            session.streamer_id, ", ", session.streamer_payer_id, ", ",
                            session.flags, ", to_timestamp(", session.end_unix_seconds, "), ",
                            session.cap_minor, ")"));
  }

  absl::Status Put(const PeerPayers& payers) {
    LoadProgress progress("payers   ", payers.count);
    for (int64_t i = 0; i < payers.count; i += kPayersPerCall) {
      if (IsInterrupted()) return absl::CancelledError("interrupted");
      progress.Show(i);
      const int64_t last = std::min(payers.count, i + kPayersPerCall) - 1;
      absl::Status status = Run(absl::StrCat(
          "INSERT INTO payers (payer_id, facts) SELECT id, ", payers.flags,
          " FROM generate_series(", payers.first_id + i, ", ", payers.first_id + last, ") id"));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  ChildProcess child_;
  const int port_;
  const std::string password_;
  Connection connection_;
  std::string version_;
};

absl::Status MakeCluster(const std::string& folder, const std::string& data,
                         const std::string& password) {
  const std::string password_file = absl::StrCat(folder, "/password");
  absl::Status status = WriteUsersFile(password_file, kUser, password + "\n");
  if (!status.ok()) return status;
  return RunCommand(AsUser(kUser, {absl::StrCat(kPrograms, "initdb"), "--pgdata", data,
                                   "--username", kUser, "--auth", "scram-sha-256", "--pwfile",
                                   password_file, "--encoding", "UTF8", "--no-locale"}),
                    absl::StrCat(folder, "/initdb.log"), kInitTimeout);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Peer>> StartPostgres(const std::string& folder) {
  const std::string home = absl::StrCat(folder, "/postgres");
  const std::string data = absl::StrCat(home, "/data");
  absl::Status status = MakeUsersFolder(home, kUser);
  if (!status.ok()) return status;
  const std::string password = RandomPassword();
  status = MakeCluster(folder, data, password);
  if (status.ok() && IsInterrupted()) status = absl::CancelledError("interrupted");
  if (!status.ok()) return status;
  const auto settings = ReadTextFile(PeerFile("postgresql.conf"));
  if (!settings.ok()) return settings.status();
  const auto port = FreePort();
  if (!port.ok()) return port.status();
  const std::string file = absl::StrCat(data, "/postgresql.conf");
  status = WriteUsersFile(
      file, kUser,
      absl::StrCat(*settings, "port = ", *port, "\nunix_socket_directories = '", home, "'\n"));
  if (!status.ok()) return status;
  auto child = StartCommand(AsUser(kUser, {absl::StrCat(kPrograms, "postgres"), "-D", data}),
                            absl::StrCat(folder, "/postgres.log"));
  if (!child.ok()) return child.status();
  auto peer = std::make_unique<PostgresPeer>(*std::move(child), *port, password);
  status = peer->WaitReady();
  if (status.ok()) return peer;
  peer->Stop().IgnoreError();  // Killed, it would leave its shared memory.
  return status;
}

}  // namespace tipgate
