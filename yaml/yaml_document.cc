#include "yaml/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace tipgate {
namespace {

// Also bounds what yaml-cpp looks ahead for a key, which it does within a line.
constexpr int kLineBytesMax = 4096;
constexpr size_t kDepthMax = 32;
constexpr int kNodesMax = 1'000'000;
constexpr size_t kQuotedBytesMax = 64;

YamlLocation LocationOf(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {.line = mark.line + 1, .column = mark.column + 1};
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Bytes of the UTF-8 character that `text` begins with; 0 if it is not valid. RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF.
size_t Utf8CharacterBytes(absl::string_view text) {
  const auto byte = [&text](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const size_t length = byte(0) < 0xC2   ? 0
                        : byte(0) < 0xE0 ? 2
                        : byte(0) < 0xF0 ? 3
                        : byte(0) < 0xF5 ? 4
                                         : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const bool is_overlong =
      (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool is_surrogate = byte(0) == 0xED && byte(1) > 0x9F;
  const bool is_too_high = byte(0) == 0xF4 && byte(1) > 0x8F;
  return is_overlong || is_surrogate || is_too_high ? 0 : length;
}

// What is wrong with the character that `rest` begins with, or nullptr.
const char* CharacterFault(absl::string_view rest, size_t* bytes) {
  *bytes = Utf8CharacterBytes(rest);
  if (*bytes == 0) return "bytes that are not UTF-8";
  const char c = rest[0];
  if (c == '\t') return "a tab";
  if (c == '\r' && rest.size() > 1 && rest[1] == '\n') return nullptr;
  const bool is_control = (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
  return is_control ? "a control character" : nullptr;
}

absl::Status CheckCharacters(absl::string_view file_name, absl::string_view text) {
  if (text.size() > kYamlBytesMax) {
    return YamlError(file_name, {}, "", absl::StrCat("at most ", kYamlBytesMax, " bytes"),
                     "a larger file");
  }
  YamlLocation at;
  while (!text.empty()) {
    size_t bytes = 0;
    if (const char* fault = CharacterFault(text, &bytes)) {
      return YamlError(file_name, at, "", "UTF-8 text indented with spaces", fault);
    }
    at = text[0] == '\n'
             ? YamlLocation{.line = at.line + 1}
             : YamlLocation{.line = at.line, .column = at.column + static_cast<int>(bytes)};
    if (at.column > kLineBytesMax + 1) {
      return YamlError(file_name, at, "", absl::StrCat("at most ", kLineBytesMax, " bytes a line"),
                       "a longer line");
    }
    text.remove_prefix(bytes);
  }
  return absl::OkStatus();
}

// Builds the tree from yaml-cpp's events. Throws yaml-cpp's own exception, the one way to stop its
// parser.
class TreeBuilder : public YAML::EventHandler {
 public:
  YamlNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_) Refuse(mark, "a second document");
    has_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(mark, "?", anchor, YamlNode::Kind::kNull);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { Refuse(mark, "an alias"); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool is_quoted = tag == "!";
    Add(mark, tag, anchor, is_quoted ? YamlNode::Kind::kQuoted : YamlNode::Kind::kPlain)->text =
        value;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Add(mark, tag, anchor, YamlNode::Kind::kSequence), mark);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(Add(mark, tag, anchor, YamlNode::Kind::kMapping), mark);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  [[noreturn]] static void Refuse(const YAML::Mark& mark, const char* what) {
    throw YAML::ParserException(mark, what);
  }

  YamlNode* Add(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                YamlNode::Kind kind) {
    if (anchor != YAML::NullAnchor) Refuse(mark, "an anchor");
    if (!tag.empty() && tag != "?" && tag != "!") Refuse(mark, "a tag");
    if (++nodes_count_ > kNodesMax) Refuse(mark, "too many values");
    // A parent gets its next child only when the one before is closed, so the pointers in open_
    // stay valid.
    YamlNode* node = open_.empty() ? &root_ : &open_.back()->children.emplace_back();
    node->kind = kind;
    node->location = LocationOf(mark);
    return node;
  }

  void Open(YamlNode* node, const YAML::Mark& mark) {
    if (open_.size() == kDepthMax) Refuse(mark, "too deep nesting");
    open_.push_back(node);
  }

  YamlNode root_;
  std::vector<YamlNode*> open_;
  int nodes_count_ = 0;
  bool has_document_ = false;
};

}  // namespace

absl::StatusOr<YamlNode> ParseYaml(absl::string_view file_name, const std::string& text) {
  if (absl::Status status = CheckCharacters(file_name, text); !status.ok()) return status;
  // The end of the document, said out loud: yaml-cpp takes the end of the file for a closing quote.
  std::istringstream stream(text + "\n...\n");
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const bool is_open_quote = error.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
    return YamlError(file_name, LocationOf(error.mark), "", "one plain YAML document",
                     is_open_quote ? "a quote that is never closed" : error.msg);
  } catch (const std::exception& error) {
    return YamlError(file_name, {}, "", "one plain YAML document", error.what());
  }
  return builder.TakeRoot();
}

absl::Status YamlError(absl::string_view file_name, YamlLocation location, absl::string_view field,
                       absl::string_view expected, absl::string_view found) {
  return absl::InvalidArgumentError(
      absl::StrCat(file_name, ":", location.line, ":", location.column, ": ", field,
                   field.empty() ? "" : ": ", "expected ", expected, ", found ", found));
}

std::string QuotedForError(absl::string_view text) {
  if (text.size() <= kQuotedBytesMax) return absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\"");
  size_t end = kQuotedBytesMax;
  while (end > 0 && IsContinuation(text[end])) --end;
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text.substr(0, end)), "...\"");
}

std::string DescribeForError(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kPlain:
      return QuotedForError(node.text);
    case YamlNode::Kind::kQuoted:
      return absl::StrCat("the quoted text ", QuotedForError(node.text));
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMapping:
      return "a mapping";
  }
  return "";
}

}  // namespace tipgate
