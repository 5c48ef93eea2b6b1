package dev.tapedeck.protocol.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RoomEventEntryTest {
  @Test
  void isWrittenAsDocumented() {
    assertThat(json(RoomEventEntry.joined(1_795_000_000_123L, "Zo\u00eb", 1L << 40, true))).isEqualTo(
        "{\"type\":\"peer_joined\",\"atMs\":1795000000123,\"peer\":\"Zo\u00eb\",\"session\":1099511627776,\"taped\":true}");
    assertThat(json(RoomEventEntry.left(1, "a", 2, "timed_out"))).isEqualTo(
        "{\"type\":\"peer_left\",\"atMs\":1,\"peer\":\"a\",\"session\":2,\"reason\":\"timed_out\"}");
    assertThat(json(RoomEventEntry.track(RoomEventEntry.TRACK_MUTED, 1, "a", 2, "video_main", true, "VP8"))).isEqualTo(
        "{\"type\":\"track_muted\",\"atMs\":1,\"peer\":\"a\",\"session\":2,"
            + "\"track\":\"video_main\",\"kind\":\"video\",\"codec\":\"VP8\"}");
  }

  @Test
  void isReadAsItWasWritten() {
    RoomEventEntry event = RoomEventEntry.track(RoomEventEntry.TRACK_STARTED, 5, "a", 2, "audio_main", false, "opus");
    assertThat(RoomEventEntry.parse(event.toJson())).contains(event);
  }

  @Test
  void fieldsThatAreMissingOrNewDoNoHarm() {
    assertThat(RoomEventEntry.parse("{\"type\":\"peer_waved\",\"hand\":2}".getBytes(StandardCharsets.UTF_8)))
        .contains(new RoomEventEntry("peer_waved", 0, "", 0, false, "", "", "", ""));
    assertThat(RoomEventEntry.parse("[]".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  private static String json(RoomEventEntry event) {
    return new String(event.toJson(), StandardCharsets.UTF_8);
  }
}
