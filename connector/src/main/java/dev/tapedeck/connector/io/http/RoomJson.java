package dev.tapedeck.connector.io.http;

import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.manifest.ManifestJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A room as answers show it to everybody who may see it. */
final class RoomJson {
  private RoomJson() {}

  static Map<String, Object> empty(String name) {
    Map<String, Object> empty = new LinkedHashMap<>();
    empty.put("room", name);
    empty.put("instance", null);
    empty.put("startedAt", null);
    empty.put("recording", null);
    empty.put("peers", List.of());
    return empty;
  }

  static Map<String, Object> of(Handle handle, RoomRows.Room room) {
    Optional<RecordingRows.Recording> recording = RecordingRows.openIn(handle, room);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("room", room.name());
    json.put("instance", room.instance());
    json.put("startedAt", ManifestJson.iso(Instant.ofEpochMilli(room.startedMs())));
    json.put("recording", recording.map(open -> Map.of("id", open.recording(), "state", open.state().text())).orElse(null));
    json.put("peers", RoomRows.staysIn(handle, room).stream().map(stay -> peer(handle, stay, recording)).toList());
    return json;
  }

  static Map<String, Object> peer(Handle handle, RoomRows.Stay stay, Optional<RecordingRows.Recording> recording) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("peer", stay.peer());
    json.put("session", stay.session());
    json.put("joinedAt", ManifestJson.iso(Instant.ofEpochMilli(stay.joinedMs())));
    json.put("recorded", recording.isPresent()
        && TapeRows.isRunning(handle, stay.app(), recording.get().recording(), stay.session()));
    json.put("tracks", RoomRows.tracksOf(handle, stay.app(), stay.session()));
    return json;
  }
}
