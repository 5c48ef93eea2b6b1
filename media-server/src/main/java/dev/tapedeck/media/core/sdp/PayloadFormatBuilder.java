package dev.tapedeck.media.core.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Puts together the {@code rtpmap}, {@code fmtp} and {@code rtcp-fb} lines of an m-line, which come in any order. */
final class PayloadFormatBuilder {
  private static final String EVERY_FORMAT = "*";

  private record RtpMap(String name, int clockRate, int channels) {}

  private record Feedback(String format, String value) {}

  private final Map<String, RtpMap> rtpMaps = new HashMap<>();
  private final Map<String, String> fmtps = new HashMap<>();
  private final List<Feedback> feedbacks = new ArrayList<>();

  /** Takes one {@code rtpmap}, {@code fmtp} or {@code rtcp-fb} line. */
  void add(Attribute attribute) {
    String[] words = attribute.value().split("[ \t]+", 2);
    if (words.length < 2 && attribute.name().equals("fmtp")) {
      return; // some encoders write the line with nothing to say
    }
    if (words.length < 2) {
      throw new SdpException(attribute.name() + " needs a payload type and a value");
    }
    boolean isForEvery = attribute.name().equals("rtcp-fb") && words[0].equals(EVERY_FORMAT);
    String format = isForEvery ? EVERY_FORMAT : Integer.toString(Fields.payloadType(words[0]));
    switch (attribute.name()) {
      case "rtpmap" -> addRtpMap(format, words[1]);
      case "fmtp" -> fmtps.merge(format, words[1].strip(), (first, second) -> first + ";" + second);
      default -> feedbacks.add(new Feedback(format, words[1].strip()));
    }
  }

  /** Takes a codec and, with it, the format that repairs it. */
  void add(PayloadFormat codec) {
    String format = Integer.toString(codec.payloadType());
    rtpMaps.put(format, new RtpMap(codec.name(), codec.clockRate(), codec.channels()));
    fmtps.put(format, codec.fmtp());
    codec.feedback().forEach(value -> feedbacks.add(new Feedback(format, value)));
    codec.rtxPayloadType().ifPresent(rtx -> {
      rtpMaps.put(Integer.toString(rtx), new RtpMap("rtx", codec.clockRate(), 1));
      fmtps.put(Integer.toString(rtx), "apt=" + format);
    });
  }

  private void addRtpMap(String format, String value) {
    String[] parts = value.strip().split("/");
    if (parts.length < 2 || parts.length > 3) {
      throw new SdpException("rtpmap is: payload-type name/clock-rate[/channels]");
    }
    RtpMap added = new RtpMap(
        Fields.token("codec name", parts[0]),
        (int) Fields.number("clock rate", parts[1], 1, Integer.MAX_VALUE),
        parts.length > 2 ? (int) Fields.number("channels", parts[2], 1, 255) : 1);
    if (rtpMaps.put(format, added) != null) {
      throw new SdpException("payload type " + format + " is mapped twice");
    }
  }

  /** Codecs in the order of {@code formats}; formats without {@code rtpmap} are left out. */
  List<PayloadFormat> build(List<String> formats) {
    Map<Integer, Integer> rtxOfPayloadType = new HashMap<>();
    List<PayloadFormat> codecs = new ArrayList<>();
    for (String format : formats) {
      if (rtpMaps.containsKey(canonical(format))) {
        PayloadFormat codec = codec(canonical(format));
        if (codec.isNamed("rtx")) {
          repaired(codec).ifPresent(apt -> rtxOfPayloadType.putIfAbsent(apt, codec.payloadType()));
        } else {
          codecs.add(codec);
        }
      }
    }
    return codecs.stream().map(codec -> withRtx(codec, rtxOfPayloadType)).toList();
  }

  private static String canonical(String format) {
    return Integer.toString(Integer.parseInt(format));
  }

  private PayloadFormat codec(String format) {
    RtpMap map = rtpMaps.get(format);
    List<String> feedback = feedbacks.stream()
        .filter(f -> f.format().equals(format) || f.format().equals(EVERY_FORMAT))
        .map(Feedback::value)
        .distinct()
        .toList();
    return new PayloadFormat(Integer.parseInt(format), map.name(), map.clockRate(), map.channels(),
        fmtps.getOrDefault(format, ""), feedback, OptionalInt.empty());
  }

  private static OptionalInt repaired(PayloadFormat rtx) {
    String apt = rtx.parameterOr("apt", "");
    return apt.matches("[0-9]{1,3}") ? OptionalInt.of(Integer.parseInt(apt)) : OptionalInt.empty();
  }

  private static PayloadFormat withRtx(PayloadFormat codec, Map<Integer, Integer> rtxOfPayloadType) {
    Integer rtx = rtxOfPayloadType.get(codec.payloadType());
    return rtx == null
        ? codec
        : new PayloadFormat(codec.payloadType(), codec.name(), codec.clockRate(), codec.channels(), codec.fmtp(),
            codec.feedback(), OptionalInt.of(rtx));
  }
}
