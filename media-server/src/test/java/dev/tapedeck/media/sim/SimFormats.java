package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.sdp.Direction;
import dev.tapedeck.media.core.sdp.HeaderExtension;
import dev.tapedeck.media.core.sdp.Msid;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.PayloadFormat;
import dev.tapedeck.protocol.codec.MediaKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The numbers one side negotiated: payload types and ids of header extensions, 0 for one it did not agree on.
 *
 * @param video codec name of the video m-lines
 */
record SimFormats(
    String video,
    int opus,
    int videoPayloadType,
    int rtx,
    int mid,
    int rid,
    int repairedRid,
    int transportCc,
    int absSendTime,
    int audioLevel,
    int orientation) {
  static final SimFormats CHROMIUM = new SimFormats("VP8", 111, 96, 97, 4, 10, 11, 3, 2, 1, 13);

  /** Nothing is like {@link #CHROMIUM}; ids above 14 need the two-byte form (RFC 8285 §4.3). */
  static final SimFormats OTHER = new SimFormats("VP8", 109, 120, 124, 3, 0, 0, 17, 0, 4, 2);

  /** NACK without RTX. */
  static final SimFormats NO_RTX = new SimFormats("VP8", 109, 120, 0, 3, 0, 0, 5, 2, 4, 6);

  static final SimFormats H264_ONLY = new SimFormats("H264", 109, 102, 103, 3, 0, 0, 5, 0, 4, 2);

  NegotiatedMedia publishedAudio(int index, String mid) {
    return new NegotiatedMedia(index, mid, Optional.of(MediaKind.AUDIO), Optional.empty(), Direction.RECVONLY,
        List.of(opusFormat()), audioExtensions(), List.of(), List.of(), Optional.empty());
  }

  NegotiatedMedia publishedVideo(int index, String mid, List<String> rids) {
    return new NegotiatedMedia(index, mid, Optional.of(MediaKind.VIDEO), Optional.empty(), Direction.RECVONLY,
        List.of(videoFormat()), videoExtensions(), rids, List.of(), Optional.empty());
  }

  NegotiatedMedia watchedAudio(int index, String mid, int ssrc) {
    return new NegotiatedMedia(index, mid, Optional.of(MediaKind.AUDIO), Optional.empty(), Direction.SENDONLY,
        List.of(opusFormat()), audioExtensions(), List.of(), List.of(), local(ssrc, OptionalLong.empty()));
  }

  NegotiatedMedia watchedVideo(int index, String mid, int ssrc, int rtxSsrc) {
    return new NegotiatedMedia(index, mid, Optional.of(MediaKind.VIDEO), Optional.empty(), Direction.SENDONLY,
        List.of(videoFormat()), videoExtensions(), List.of(), List.of(),
        local(ssrc, rtx == 0 ? OptionalLong.empty() : OptionalLong.of(rtxSsrc)));
  }

  private static Optional<NegotiatedMedia.LocalSource> local(int ssrc, OptionalLong rtxSsrc) {
    return Optional.of(new NegotiatedMedia.LocalSource(ssrc, rtxSsrc, new Msid("stream", "track" + ssrc)));
  }

  private PayloadFormat opusFormat() {
    return new PayloadFormat(opus, "opus", 48_000, 2, "", List.of("transport-cc"), OptionalInt.empty());
  }

  private PayloadFormat videoFormat() {
    String fmtp = video.equals("H264") ? "profile-level-id=42e01f;packetization-mode=1" : "";
    return new PayloadFormat(videoPayloadType, video, 90_000, 1, fmtp,
        List.of("nack", "nack pli", "ccm fir", "transport-cc"), rtx == 0 ? OptionalInt.empty() : OptionalInt.of(rtx));
  }

  private SortedMap<Integer, HeaderExtension> audioExtensions() {
    SortedMap<Integer, HeaderExtension> extensions = bothExtensions();
    put(extensions, audioLevel, HeaderExtension.SSRC_AUDIO_LEVEL);
    return extensions;
  }

  private SortedMap<Integer, HeaderExtension> videoExtensions() {
    SortedMap<Integer, HeaderExtension> extensions = bothExtensions();
    put(extensions, rid, HeaderExtension.RTP_STREAM_ID);
    put(extensions, repairedRid, HeaderExtension.REPAIRED_RTP_STREAM_ID);
    put(extensions, orientation, HeaderExtension.VIDEO_ORIENTATION);
    return extensions;
  }

  private SortedMap<Integer, HeaderExtension> bothExtensions() {
    SortedMap<Integer, HeaderExtension> extensions = new TreeMap<>();
    put(extensions, mid, HeaderExtension.MID);
    put(extensions, transportCc, HeaderExtension.TRANSPORT_WIDE_CC);
    put(extensions, absSendTime, HeaderExtension.ABS_SEND_TIME);
    return extensions;
  }

  private static void put(SortedMap<Integer, HeaderExtension> extensions, int id, HeaderExtension extension) {
    if (id != 0) {
      extensions.put(id, extension);
    }
  }
}
