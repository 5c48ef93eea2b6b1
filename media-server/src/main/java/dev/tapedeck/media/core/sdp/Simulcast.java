package dev.tapedeck.media.core.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code a=simulcast:send q;~h,l recv a} (RFC 8853 §5.1): streams in order of preference, each with its alternatives.
 *
 * @param send streams the writer of the description sends; empty for none
 * @param recv streams it receives; empty for none
 */
public record Simulcast(List<List<Stream>> send, List<List<Stream>> recv) {
  public Simulcast {
    send = send.stream().map(List::copyOf).toList();
    recv = recv.stream().map(List::copyOf).toList();
  }

  /**
   * One alternative of a simulcast stream.
   *
   * @param isPaused written {@code ~rid}: known, but not flowing at first
   */
  public record Stream(String rid, boolean isPaused) {
    @Override
    public String toString() {
      return isPaused ? "~" + rid : rid;
    }
  }

  static Simulcast parse(String value) {
    String[] words = Fields.words("simulcast needs send or recv and a list of rids", value, 2);
    List<List<Stream>> send = List.of();
    List<List<Stream>> recv = List.of();
    if (words.length != 2 && words.length != 4) {
      throw new SdpException("simulcast is one or two pairs of a direction and a list of rids");
    }
    for (int i = 0; i < words.length; i += 2) {
      boolean isFirst = words[i].equals("send") ? send.isEmpty() : words[i].equals("recv") && recv.isEmpty();
      if (!isFirst) {
        throw new SdpException("simulcast direction must be send or recv, each at most once");
      }
      if (words[i].equals("send")) {
        send = streams(words[i + 1]);
      } else {
        recv = streams(words[i + 1]);
      }
    }
    return new Simulcast(send, recv);
  }

  private static List<List<Stream>> streams(String text) {
    List<List<Stream>> streams = new ArrayList<>();
    for (String alternatives : text.split(";", -1)) {
      List<Stream> stream = new ArrayList<>();
      for (String rid : alternatives.split(",", -1)) {
        boolean isPaused = rid.startsWith("~");
        stream.add(new Stream(Fields.ridId(isPaused ? rid.substring(1) : rid), isPaused));
      }
      streams.add(stream);
    }
    return streams;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (!send.isEmpty()) {
      parts.add("send " + written(send));
    }
    if (!recv.isEmpty()) {
      parts.add("recv " + written(recv));
    }
    return String.join(" ", parts);
  }

  private static String written(List<List<Stream>> streams) {
    return streams.stream()
        .map(stream -> stream.stream().map(Stream::toString).collect(Collectors.joining(",")))
        .collect(Collectors.joining(";"));
  }
}
