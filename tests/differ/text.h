#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/differ/fields.h"

namespace tipgate::differ {

// What a value is, for people; codes and the like by their numbers. Of structs only the fields that
// are not as they are by default.
inline std::string Text(const std::string& value) { return absl::StrCat("\"", value, "\""); }
std::string Text(oracle::Code code);

template <typename T>
requires std::is_integral_v<T> || std::is_enum_v<T> std::string Text(T value) {
  return std::to_string(static_cast<int64_t>(value));
}

template <typename T>
std::string Text(const std::optional<T>& value);
template <typename T>
std::string Text(const std::vector<T>& values);
template <typename K, typename V>
std::string Text(const std::map<K, V>& values);

template <HasFields T>
std::string Text(const T& value);

// True if they are equal in every field.
template <typename T>
bool IsSame(const T& a, const T& b);
template <typename T>
bool IsSame(const std::optional<T>& a, const std::optional<T>& b);
template <typename T>
bool IsSame(const std::vector<T>& a, const std::vector<T>& b);

// Calls `visit(name, value of the field...)` for every field of structs of one type.
template <typename Visit, HasFields T, typename... Ts>
void ForEachField(const Visit& visit, const T& first, const Ts&... others) {
  const auto visit_one = [&](const auto& field) {
    visit(field.name, first.*field.member, others.*field.member...);
  };
  std::apply([&](const auto&... field) { (visit_one(field), ...); }, FieldsOf<T>::kList);
}

template <typename T>
bool IsSame(const T& a, const T& b) {
  if constexpr (HasFields<T>) {
    bool is_same = true;
    ForEachField([&](const char*, const auto& x, const auto& y) { is_same &= IsSame(x, y); }, a, b);
    return is_same;
  } else {
    return a == b;
  }
}

template <typename T>
bool IsSame(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a.has_value() || IsSame(*a, *b));
}

template <typename T>
bool IsSame(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!IsSame(a[i], b[i])) return false;
  }
  return true;
}

template <typename T>
std::string Text(const std::optional<T>& value) {
  return value.has_value() ? Text(*value) : "none";
}

template <typename T>
std::string Text(const std::vector<T>& values) {
  std::string text = "[";
  for (const T& value : values) absl::StrAppend(&text, text.size() > 1 ? ", " : "", Text(value));
  return text + "]";
}

template <typename K, typename V>
std::string Text(const std::map<K, V>& values) {
  std::string text = "[";
  for (const auto& [key, value] : values) {
    absl::StrAppend(&text, text.size() > 1 ? ", " : "", Text(key), ": ", Text(value));
  }
  return text + "]";
}

template <HasFields T>
std::string Text(const T& value) {
  std::string text = "{";
  ForEachField(
      [&](const char* name, const auto& field, const auto& usual) {
        if (IsSame(field, usual)) return;
        absl::StrAppend(&text, text.size() > 1 ? ", " : "", name, " ", Text(field));
      },
      value, T());
  return text + "}";
}

// The fields in which two answers differ, one a line.
template <HasFields T>
std::string DifferenceText(const T& of_gate, const T& of_oracle) {
  std::string text;
  ForEachField(
      [&](const char* name, const auto& x, const auto& y) {
        if (IsSame(x, y)) return;
        absl::StrAppend(&text, "  ", name, ": gate ", Text(x), ", oracle ", Text(y), "\n");
      },
      of_gate, of_oracle);
  return text;
}

}  // namespace tipgate::differ
