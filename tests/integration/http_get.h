#pragma once

#include <string>

namespace tipgate {

// Connects to a.b.c.d:port; -1 if nobody listens. The caller closes it.
int ConnectTo(const std::string& address);

struct HttpResponse {
  int status = 0;  // 0 if there was no answer.
  std::string body;
};

// GET of a path such as "/metrics" from host:port.
HttpResponse HttpGet(const std::string& address, const std::string& path);

// The value of a sample such as `name{label="value"}` in Prometheus' text; -1 if there is none.
double MetricValue(const std::string& metrics, const std::string& sample);

}  // namespace tipgate
