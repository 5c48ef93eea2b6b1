package dev.tapedeck.connector.core.hook;

import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.ComposeEvent.RecordJobCompleted;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.RecordEvent;
import dev.tapedeck.protocol.wire.RoomEvent;
import java.util.ArrayList;
import java.util.List;

/** Events with every shape a body can have, and names that trip JSON printers. */
public final class SampleEvents {
  public static final List<String> NAMES = List.of(
      "r1", "é", "😀", "a/b", "<script>", "10", "2", "0", "007", "4294967294", "4294967295", "-1", "1.5", "__proto__", "constructor",
      "\"quoted\"", "back\\slash", "tab\tnew\nline\r\b\f\u0001\u001f\u007f", "\u2028\u2029", "\uFEFF", "", " ");

  private SampleEvents() {}

  public static List<HookEvent> all() {
    List<HookEvent> events = new ArrayList<>();
    for (String name : NAMES) {
      events.add(event().setRoom(RoomEvent.newBuilder().setApp("acme").setRoom(name)
          .setPeerJoined(RoomEvent.PeerJoined.newBuilder().setPeer(name))).build());
      events.add(event().setRecord(RecordEvent.newBuilder().setApp("acme").setRoom(name)
          .setFinalized(RecordEvent.Finalized.newBuilder().setPath(name).setVerdict("partial").setDurationMs(1L << 53)
              .setPackets(-1).addGaps(name).addGaps("x"))).build());
      events.add(event().setRecord(RecordEvent.newBuilder().setApp("acme").setRoom(name)
          .setChunkStored(RecordEvent.ChunkStored.newBuilder().setPath(name).setPeer(name).setSession(1L << 52).setIndex(-1)
              .setKey(name).setBytes(7).setSha256("00"))).build());
    }
    events.add(event().setRoom(RoomEvent.newBuilder().setApp("acme").setRoom("r")
        .setStarted(RoomEvent.Started.getDefaultInstance())).build());
    events.add(event().setPeer(PeerEvent.newBuilder().setApp("acme").setSessionId((1L << 53) - 1)
        .setRouteError(PeerEvent.RouteError.newBuilder().setAfterMs(-1)
            .setError(PeerEvent.RouteError.ErrorType.GatewayError))).build());
    events.add(event().setPeer(PeerEvent.newBuilder().setApp("acme").setSessionId(1L << 53)
        .setLocalTrackAttach(PeerEvent.LocalTrackAttach.newBuilder().setTrack(-3).setRemotePeer("p"))).build());
    events.add(event().setCompose(ComposeEvent.newBuilder().setApp("acme").setJobId("j").setCompleted(completed())).build());
    events.add(HookEvent.getDefaultInstance());
    return events;
  }

  private static RecordJobCompleted completed() {
    RecordJobCompleted.TransmuxSummary.Builder transmux =
        RecordJobCompleted.TransmuxSummary.newBuilder().setMetadataJson("{\"a\":[1,2]}");
    for (String name : NAMES) {
      RecordJobCompleted.SessionSummary.Builder session = RecordJobCompleted.SessionSummary.newBuilder();
      for (String track : NAMES) {
        session.putTrack(track, RecordJobCompleted.TrackSummary.newBuilder().setKind(Kind.VIDEO)
            .addTimeline(RecordJobCompleted.TrackTimeline.newBuilder().setPath(track).setStart(1).setEnd(2)).build());
      }
      transmux.putPeers(name, RecordJobCompleted.PeerSummary.newBuilder()
          .putSessions(9_007_199_254_740_991L, session.build())
          .putSessions(4_294_967_296L, session.build())
          .putSessions(5_000_000_000L, RecordJobCompleted.SessionSummary.getDefaultInstance())
          .build());
    }
    return RecordJobCompleted.newBuilder().setTransmux(transmux).setVerdict("complete").build();
  }

  private static HookEvent.Builder event() {
    return HookEvent.newBuilder().setNode(22).setTs(1_731_132_577_151L);
  }
}
