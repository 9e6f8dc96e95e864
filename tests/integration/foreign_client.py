"""Sends a tip as an app server in Python would: foreign_client.py TARGET GENERATED_DIR

Uses Debian's python3-grpcio and python3-protobuf, and the messages that protoc has generated into
GENERATED_DIR. Exit status 0 if every answer is as the contract says.
"""

import sys

import grpc

TARGET, GENERATED_DIR = sys.argv[1:3]
sys.path.insert(0, GENERATED_DIR)

# pylint: disable=wrong-import-position
from tipgate.v1 import audit_pb2, decision_pb2, error_pb2, event_pb2  # noqa: E402
from tipgate.v1 import payer_pb2, session_pb2, streamer_pb2, tip_pb2  # noqa: E402

TIMEOUT_SECONDS = 30
PAYER, STREAMER, SESSION = 501, 601, 701


class Gate:
    """The calls of the contract, made by name."""

    def __init__(self, channel):
        self._channel = channel

    def call(self, service, method, request, response_type):
        stub = self._channel.unary_unary(
            f"/tipgate.v1.{service}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_type.FromString,
        )
        return stub(request, timeout=TIMEOUT_SECONDS)

    def authorize(self, tip):
        request = tip_pb2.AuthorizeTipRequest(tip=tip)
        return self.call("TipService", "AuthorizeTip", request, tip_pb2.AuthorizeTipResponse)

    def events(self):
        stub = self._channel.unary_stream(
            "/tipgate.v1.EventService/WatchEvents",
            request_serializer=event_pb2.WatchEventsRequest.SerializeToString,
            response_deserializer=event_pb2.WatchEventsResponse.FromString,
        )
        for response in stub(event_pb2.WatchEventsRequest(), timeout=TIMEOUT_SECONDS):
            yield from response.events


def check(condition, what):
    if not condition:
        sys.exit(f"foreign_client: wrong: {what}")


def put_people(gate):
    adult = decision_pb2.AGE_BAND_ADULT
    payer = gate.call(
        "PayerService",
        "PutPayer",
        payer_pb2.PutPayerRequest(
            idempotency_key="py payer",
            payer_id=PAYER,
            facts=payer_pb2.PayerFacts(real_name_verified=True, age_band=adult),
        ),
        payer_pb2.PutPayerResponse,
    )
    check(payer.payer_id == PAYER and payer.facts.age_band == adult, payer)
    streamer = gate.call(
        "StreamerService",
        "PutStreamer",
        streamer_pb2.PutStreamerRequest(
            idempotency_key="py streamer",
            streamer_id=STREAMER,
            facts=streamer_pb2.StreamerFacts(real_name_verified=True, age_band=adult, tier="T1"),
        ),
        streamer_pb2.PutStreamerResponse,
    )
    check(streamer.facts.tier == "T1", streamer)


def open_session(gate):
    response = gate.call(
        "SessionService",
        "OpenSession",
        session_pb2.OpenSessionRequest(
            idempotency_key="py session", session_id=SESSION, streamer_id=STREAMER
        ),
        session_pb2.OpenSessionResponse,
    )
    check(response.outcome == decision_pb2.OUTCOME_ACCEPTED, response)


def make_tip(key, **changes):
    fields = dict(
        idempotency_key=key,
        payer_id=PAYER,
        streamer_id=STREAMER,
        session_id=SESSION,
        gift_id=100,
        unit_price_minor=100,
        count=3,
    )
    return tip_pb2.TipIntent(**{**fields, **changes})


def send_tips(gate):
    first = gate.authorize(make_tip("打赏 1"))
    check(first.decision.outcome == decision_pb2.OUTCOME_ACCEPTED, first)
    check(first.decision.amount_minor == 300, first)
    check(gate.authorize(make_tip("打赏 1")) == first, "a retry gets another answer")
    refused = gate.authorize(make_tip("py stranger", payer_id=PAYER + 1))
    check(refused.decision.outcome == decision_pb2.OUTCOME_REJECTED, refused)
    check(
        refused.decision.violations[0].code == decision_pb2.REJECTION_CODE_REAL_NAME_REQUIRED,
        refused,
    )
    return first.decision.tip_id


def expect_error(gate, tip, code, reason, field):
    """A failed call carries its reason in the trailing metadata."""
    try:
        gate.authorize(tip)
    except grpc.RpcError as error:
        check(error.code() == code, error)
        details = error_pb2.ErrorStatus.FromString(
            dict(error.trailing_metadata())["grpc-status-details-bin"]
        )
        info = error_pb2.ErrorInfo()
        check(details.details[0].Unpack(info), details)
        check((info.reason, info.field) == (reason, field), info)
        return
    sys.exit(f"foreign_client: no error for {tip}")


def main():
    with grpc.insecure_channel(TARGET) as channel:
        gate = Gate(channel)
        put_people(gate)
        open_session(gate)
        tip_id = send_tips(gate)
        expect_error(
            gate,
            make_tip("打赏 1", count=4),
            grpc.StatusCode.ALREADY_EXISTS,
            error_pb2.ERROR_REASON_KEY_REUSED,
            "tip.idempotency_key",
        )
        expect_error(
            gate,
            make_tip("py zero", count=0),
            grpc.StatusCode.INVALID_ARGUMENT,
            error_pb2.ERROR_REASON_INVALID_FIELD,
            "tip.count",
        )
        accepted = next(e for e in gate.events() if e.kind == event_pb2.EVENT_KIND_TIP_ACCEPTED)
        check(accepted.tip_id == tip_id and accepted.amount_minor == 300, accepted)
        info = gate.call(
            "AuditService",
            "GetServerInfo",
            audit_pb2.GetServerInfoRequest(),
            audit_pb2.GetServerInfoResponse,
        )
        check(info.totals.accepted_minor == 300, info)


if __name__ == "__main__":
    main()
