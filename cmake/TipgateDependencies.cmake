# Every dependency by its Debian 12 package; newer versions are welcome.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)          # libssl-dev
find_package(absl REQUIRED)             # libabsl-dev
find_package(Protobuf REQUIRED)         # libprotobuf-dev, protobuf-compiler
find_package(gRPC CONFIG REQUIRED)      # libgrpc++-dev
find_package(RocksDB CONFIG REQUIRED)   # librocksdb-dev
find_package(prometheus-cpp CONFIG REQUIRED)  # prometheus-cpp-dev
find_package(yaml-cpp REQUIRED)         # libyaml-cpp-dev
find_package(CLI11 CONFIG REQUIRED)     # libcli11-dev
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)  # protobuf-compiler-grpc
find_program(PROTOC protoc REQUIRED)
