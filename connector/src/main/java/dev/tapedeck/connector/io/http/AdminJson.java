package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.life.LiveStats;
import dev.tapedeck.connector.io.life.LiveStats.Flow;
import dev.tapedeck.connector.io.store.AuditRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.protocol.wire.ReceivedStats;
import dev.tapedeck.protocol.wire.SentTrackStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** What administrators see of rooms, media and the audit log. */
final class AdminJson {
  private static final double MICROS_PER_MILLI = 1000;

  private AdminJson() {}

  /** A room with where it lives, how media flow there, and who only watches, also who is hidden from everybody else. */
  static Map<String, Object> room(Handle handle, RoomRows.Room room, LiveStats stats) {
    Optional<RecordingRows.Recording> recording = RecordingRows.openIn(handle, room);
    Map<String, Object> json = RoomJson.of(handle, room);
    json.put("node", room.node());
    json.put("emptySince", Api.iso(room.emptySinceMs()));
    json.put("peers", RoomRows.staysIn(handle, room).stream().map(stay -> {
      Map<String, Object> peer = RoomJson.peer(handle, stay, recording);
      peer.put("node", stay.node());
      peer.put("stats", stats.of(stay.app(), stay.session()).map(AdminJson::flow).orElse(null));
      return peer;
    }).toList());
    json.put("watchers", watchers(room.app(), room.name(), stats));
    return json;
  }

  /** How media flow in a room, session by session. */
  static Map<String, Object> roomStats(Handle handle, RoomRows.Room room, LiveStats stats) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("room", room.name());
    json.put("peers", RoomRows.staysIn(handle, room).stream().map(stay -> {
      Map<String, Object> peer = new LinkedHashMap<>();
      peer.put("peer", stay.peer());
      peer.put("session", stay.session());
      peer.put("stats", stats.of(stay.app(), stay.session()).map(AdminJson::flow).orElse(null));
      return peer;
    }).toList());
    json.put("watchers", watchers(room.app(), room.name(), stats));
    return json;
  }

  static Map<String, Object> audit(AuditRows.Numbered line) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", line.id());
    json.put("at", Api.iso(OptionalLong.of(line.entry().atMs())));
    json.put("actor", line.entry().actor());
    json.put("action", line.entry().action());
    json.put("room", line.entry().room());
    json.put("target", line.entry().target());
    json.put("detail", line.entry().detail());
    json.put("outcome", line.entry().outcome());
    return json;
  }

  private static List<Map<String, Object>> watchers(String app, String room, LiveStats stats) {
    return stats.watchers(app, room).stream().map(flow -> {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("peer", flow.told().getPeer());
      json.put("session", flow.told().getSession());
      json.put("hidden", flow.told().getHidden());
      json.put("recorder", flow.told().getRecorder());
      json.put("node", flow.node());
      json.put("stats", flow(flow));
      return json;
    }).toList();
  }

  private static Map<String, Object> flow(Flow flow) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", Api.iso(OptionalLong.of(flow.atMs())));
    json.put("roundTripMs", millis(flow.told().getRoundTripUs()));
    json.put("sent", flow.told().getSentList().stream().map(track -> sent(flow, track)).toList());
    json.put("received", flow.told().hasReceived() ? received(flow, flow.told().getReceived()) : null);
    return json;
  }

  private static Map<String, Object> sent(Flow flow, SentTrackStats track) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("track", track.getTrack());
    json.put("bitsPerSecond", flow.sentBitsPerSecond(track));
    json.put("packets", track.getPackets());
    json.put("lost", track.getLost());
    json.put("repaired", track.getRepaired());
    json.put("jitterMs", millis(track.getJitterUs()));
    return json;
  }

  private static Map<String, Object> received(Flow flow, ReceivedStats received) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bitsPerSecond", flow.receivedBitsPerSecond());
    json.put("packets", received.getPackets());
    json.put("lost", received.getLost());
    json.put("roundTripMs", millis(received.getRoundTripUs()));
    return json;
  }

  private static double millis(int micros) {
    return Integer.toUnsignedLong(micros) / MICROS_PER_MILLI;
  }
}
