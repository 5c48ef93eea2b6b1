package dev.tapedeck.media.io.spool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.time.Instant;
import java.util.Locale;

/** What a spool knows of a tape besides its chunks, for people and for whoever rebuilds the recording. */
final class TapeJson {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private TapeJson() {}

  static byte[] of(SpooledRecording recording, SpooledTape tape) {
    TapeClosed known = tape.soFar;
    ObjectNode out = JSON.createObjectNode()
        .put("format", "tapedeck-tape/1")
        .put("app", tape.id.getApp())
        .put("room", tape.id.getRoom())
        .put("recording", tape.id.getRecording())
        .put("recordingClosed", recording.closed == null ? null : recording.closed.getReason())
        .put("peer", tape.id.getPeer())
        .put("session", tape.id.getSession())
        .put("end", tape.isClosed ? known.getEnd().name().toLowerCase(Locale.ROOT) : "crashed")
        .put("startedAt", Instant.ofEpochMilli(known.getStartedMs()).toString())
        .put("endedAt", Instant.ofEpochMilli(known.getEndedMs()).toString())
        .put("packets", known.getPackets())
        .put("chunks", known.getChunks());
    ArrayNode tracks = out.putArray("tracks");
    known.getTracksList().forEach(track -> tracks.add(track(track)));
    ArrayNode gaps = out.putArray("gaps");
    known.getGapsList().forEach(gap -> gaps.add(gap(gap)));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of plain values can be written", e);
    }
  }

  private static ObjectNode track(TapeTrack track) {
    return JSON.createObjectNode().put("number", track.getNumber()).put("name", track.getName())
        .put("mid", track.getMid()).put("rid", track.getRid())
        .put("kind", track.getKind().name().toLowerCase(Locale.ROOT)).put("codec", track.getCodec())
        .put("ssrc", Integer.toUnsignedLong(track.getSsrc())).put("received", track.getReception().getReceived())
        .put("lost", track.getReception().getLost());
  }

  private static ObjectNode gap(Gap gap) {
    return JSON.createObjectNode().put("track", gap.getTrack())
        .put("from", Instant.ofEpochMilli(gap.getFromMs()).toString())
        .put("to", Instant.ofEpochMilli(gap.getToMs()).toString())
        .put("cause", gap.getCause()).put("packets", gap.getPackets());
  }
}
