package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.HeaderExtension;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds out which track and layer an unknown SSRC belongs to (RFC 8843 §9.2, RFC 8852): by the SSRCs the offer named,
 * else by the {@code mid} and {@code rid} elements of the packet, or of an earlier one, else by a payload type only one
 * m-line has. A track
 * without simulcast that begins another SSRC gets one more layer, which takes the place of the one before. Asked once per
 * stream, so it may allocate.
 */
final class StreamResolver {
  private final List<UpTrack> tracks;
  private final StreamTable streams;
  private final StreamNames names;
  private final RoomEnvironment environment;
  private final int midId;
  private final int ridId;
  private final int repairedRidId;
  private final int transportCcId;

  StreamResolver(List<UpTrack> tracks, StreamTable streams, StreamNames names, RoomEnvironment environment) {
    this.tracks = tracks;
    this.streams = streams;
    this.names = names;
    this.environment = environment;
    midId = id(HeaderExtension.MID);
    ridId = id(HeaderExtension.RTP_STREAM_ID);
    repairedRidId = id(HeaderExtension.REPAIRED_RTP_STREAM_ID);
    transportCcId = id(HeaderExtension.TRANSPORT_WIDE_CC);
  }

  /** Id of the transport-wide sequence number, 0 if not agreed on; in a BUNDLE group all m-lines share it. */
  int transportCcId() {
    return transportCcId;
  }

  /** The layer this packet belongs to, from now on known by its SSRC too; null if nothing tells. */
  UpLayer resolve(long nowNanos, MemorySegment memory, long offset, int headerBytes, int ssrc) {
    if (streams.isFull()) {
      return null;
    }
    UpLayer announced = byAnnouncement(ssrc);
    if (announced != null) {
      return announced;
    }
    UpLayer named = names.of(ssrc).map(name -> byName(ssrc, name)).orElse(null);
    return named != null ? named : byPacket(memory, offset, headerBytes, ssrc);
  }

  private UpLayer byAnnouncement(int ssrc) {
    for (UpTrack track : tracks) {
      for (NegotiatedMedia.RemoteSource source : track.media.remote()) {
        int media = (int) source.ssrc();
        int rtx = (int) source.rtxSsrc().orElse(0);
        if (media != ssrc && (rtx == 0 || rtx != ssrc)) {
          continue;
        }
        if (track.media.isSimulcast() && source.rid().isEmpty()) {
          continue; // the packets themselves name their rid
        }
        UpLayer layer = layer(track, media, source.rid().orElse(""));
        if (rtx != 0 && layer.rtxSsrc == 0) {
          know(layer, rtx, true);
        }
        return layer;
      }
    }
    return null;
  }

  private UpLayer byName(int ssrc, StreamNames.Name name) {
    UpTrack track = trackOf(name.mid());
    if (track == null) {
      return null;
    }
    return name.repairs() ? repairOf(track, name.rid(), ssrc) : layer(track, ssrc, name.rid());
  }

  private UpLayer byPacket(MemorySegment memory, long offset, int headerBytes, int ssrc) {
    int payloadType = RtpHeader.payloadType(memory, offset);
    String mid = text(memory, offset, headerBytes, midId);
    UpTrack track = mid.isEmpty() ? onlyTrackWith(payloadType) : trackOf(mid);
    if (track == null) {
      return null;
    }
    if (track.isRtxPayloadType(payloadType)) {
      return repairOf(track, text(memory, offset, headerBytes, repairedRidId), ssrc);
    }
    if (!track.hasPayloadType(payloadType)) {
      return null;
    }
    String rid = text(memory, offset, headerBytes, ridId);
    if (track.media.isSimulcast() && !track.media.rids().contains(rid)) {
      return null; // which layer is not told yet; the next packets will
    }
    names.learn(ssrc, new StreamNames.Name(track.media.mid(), rid, false));
    return layer(track, ssrc, rid);
  }

  /** Retransmissions name the layer they repair; a track of one stream at a time needs no name. */
  private UpLayer repairOf(UpTrack track, String rid, int ssrc) {
    UpLayer repaired = track.media.isSimulcast() ? layerOf(track, rid) : track.newestLayer();
    if (repaired == null || !track.media.isSimulcast() && repaired.rtxSsrc != 0) {
      return null; // what a new SSRC repairs is not told before its media come
    }
    names.learn(ssrc, new StreamNames.Name(track.media.mid(), rid, true));
    know(repaired, ssrc, true);
    return repaired;
  }

  private static UpLayer layerOf(UpTrack track, String rid) {
    for (UpLayer layer : track.layers()) {
      if (layer.rid.equals(rid)) {
        return layer;
      }
    }
    return null;
  }

  private UpLayer layer(UpTrack track, int ssrc, String rid) {
    UpLayer known = streams.find(ssrc);
    if (known != null) {
      return known;
    }
    UpLayer layer = new UpLayer(track, ssrc, rid, Math.max(0, track.media.rids().indexOf(rid)), environment);
    track.addLayer(layer);
    know(layer, ssrc, false);
    return layer;
  }

  private void know(UpLayer layer, int ssrc, boolean repairs) {
    if (!streams.isFull()) {
      streams.put(ssrc, layer);
      if (repairs) {
        layer.rtxSsrc = ssrc;
      }
    }
  }

  private UpTrack trackOf(String mid) {
    for (UpTrack track : tracks) {
      if (track.media.mid().equals(mid)) {
        return track;
      }
    }
    return null;
  }

  private UpTrack onlyTrackWith(int payloadType) {
    UpTrack only = null;
    for (UpTrack track : tracks) {
      if (track.hasPayloadType(payloadType) || track.isRtxPayloadType(payloadType)) {
        if (only != null) {
          return null;
        }
        only = track;
      }
    }
    return only;
  }

  private int id(HeaderExtension extension) {
    for (UpTrack track : tracks) {
      int id = track.media.extensionId(extension).orElse(0);
      if (id != 0) {
        return id;
      }
    }
    return 0;
  }

  private static String text(MemorySegment memory, long offset, int headerBytes, int id) {
    long element = id == 0 ? RtpExtensions.NONE : RtpExtensions.find(memory, offset, headerBytes, id);
    if (element == RtpExtensions.NONE) {
      return "";
    }
    byte[] bytes = memory.asSlice(RtpExtensions.offset(element), RtpExtensions.length(element))
        .toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
