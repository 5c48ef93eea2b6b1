package dev.tapedeck.connector.core.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RecordEvent;
import dev.tapedeck.protocol.wire.RoomEvent;
import org.junit.jupiter.api.Test;

class HookStyleTest {
  /** S4-9, F t. */
  @Test
  void writesTheDocumentedStartedEvent() {
    HookEvent event = HookEvent.newBuilder().setNode(22).setTs(1_731_132_577_151L)
        .setRecord(RecordEvent.newBuilder().setApp("app_id").setRoom("room_uuid")
            .setStarted(RecordEvent.Started.newBuilder().setPath("app_id/room_uuid/number"))).build();

    assertThat(body(HookStyle.REFERENCE, event)).isEqualTo("{\"node\":22,\"ts\":1731132577151,\"event\":{\"Record\":"
        + "{\"app\":\"app_id\",\"room\":\"room_uuid\",\"event\":{\"Started\":{\"path\":\"app_id/room_uuid/number\"}}}}}");
    assertThat(body(HookStyle.PROTO3, event)).isEqualTo("{\"node\":22,\"ts\":\"1731132577151\",\"record\":"
        + "{\"room\":\"room_uuid\",\"started\":{\"path\":\"app_id/room_uuid/number\"},\"app\":\"app_id\"}}");
  }

  @Test
  void writesPeerAndComposeEventsAsTheReferenceDoes() {
    HookEvent peer = HookEvent.newBuilder().setNode(10).setTs(1_700_000_000_000L)
        .setPeer(PeerEvent.newBuilder().setApp("a").setSessionId(123)
            .setRouteError(PeerEvent.RouteError.newBuilder().setAfterMs(5)
                .setError(PeerEvent.RouteError.ErrorType.MediaError))).build();
    HookEvent compose = HookEvent.newBuilder().setTs(1_700_000_000_000L)
        .setCompose(ComposeEvent.newBuilder().setJobId("42")
            .setFailed(ComposeEvent.RecordJobFailed.newBuilder().setError("record empty"))).build();
    HookEvent room = HookEvent.newBuilder().setNode(30).setTs(1)
        .setRoom(RoomEvent.newBuilder().setApp("").setRoom("r1").setStopped(RoomEvent.Stopped.getDefaultInstance())).build();

    assertThat(body(HookStyle.REFERENCE, peer)).isEqualTo("{\"node\":10,\"ts\":1700000000000,\"event\":{\"Peer\":{\"app\":\"a\","
        + "\"session_id\":123,\"event\":{\"RouteError\":{\"after_ms\":5,\"dest_node\":null,\"error\":3}}}}}");
    assertThat(body(HookStyle.REFERENCE, compose)).isEqualTo("{\"node\":0,\"ts\":1700000000000,\"event\":{\"Compose\":"
        + "{\"app\":\"\",\"job_id\":\"42\",\"event\":{\"Failed\":{\"error\":\"record empty\"}}}}}");
    assertThat(body(HookStyle.REFERENCE, room)).isEqualTo(
        "{\"node\":30,\"ts\":1,\"event\":{\"Room\":{\"app\":\"\",\"room\":\"r1\",\"event\":{\"Stopped\":{}}}}}");
  }

  @Test
  void writesNumbersBeyondTheSafeOnesAsStrings() {
    assertThat(new JsonText().unsigned((1L << 53) - 1)).hasToString("9007199254740991");
    assertThat(new JsonText().unsigned(1L << 53)).hasToString("\"9007199254740992\"");
    assertThat(new JsonText().unsigned(-1)).hasToString("\"18446744073709551615\"");
  }

  @Test
  void writesJsonThatParses() throws Exception {
    for (HookEvent event : SampleEvents.all()) {
      JsonMapper.builder().build().readTree(HookStyle.REFERENCE.body(event));
      JsonMapper.builder().build().readTree(HookStyle.PROTO3.body(event));
      assertThat(HookEvent.parseFrom(HookStyle.BINARY.body(event))).isEqualTo(event);
    }
  }

  /** RFC 4231 §4.3. */
  @Test
  void signsAsTheRfcDoes() {
    assertThat(HookSignature.ofBody(Redacted.of("Jefe"), "what do ya want for nothing?".getBytes(UTF_8)))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assertThat(HookSignature.ofTimestampAndBody(Redacted.of("Jefe"), "what do ya want for nothing?", new byte[0]))
        .isEqualTo(HookSignature.ofBody(Redacted.of("Jefe"), "what do ya want for nothing?.".getBytes(UTF_8)));
  }

  private static String body(HookStyle style, HookEvent event) {
    return new String(style.body(event), UTF_8);
  }
}
