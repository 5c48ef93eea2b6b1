package dev.tapedeck.bench.client.sdp;

import dev.tapedeck.bench.client.ice.IceCandidate;
import dev.tapedeck.bench.client.ice.IceParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client reads out of the server's answer: where to connect, whose certificate, and what each m-line accepted.
 *
 * @param ice         of the bundled transport
 * @param fingerprint SHA-256 of the server's certificate, upper-case hex with colons
 * @param setup       DTLS role of the server: {@code passive} for a server that waits for our ClientHello
 * @param isIceLite   true if the server says {@code a=ice-lite}
 */
public record Answer(
    IceParameters ice, String fingerprint, String setup, boolean isIceLite, List<AnsweredMedia> media) {

  /**
   * One m-line of the answer.
   *
   * @param isRejected   true for port 0
   * @param direction    {@code sendonly}, {@code recvonly}, {@code sendrecv} or {@code inactive}
   * @param payloadTypes in the answer's order
   * @param rtpmaps      payload type to {@code name/clockRate[/channels]}
   * @param fmtps        payload type to format parameters
   * @param extensionIds ids by URI
   * @param ssrcs        SSRCs the server announces for it, possibly none
   * @param rids         simulcast layers the server is willing to receive
   */
  public record AnsweredMedia(String mid, String kind, boolean isRejected, String direction,
      List<Integer> payloadTypes, Map<Integer, String> rtpmaps, Map<Integer, String> fmtps,
      Map<String, Integer> extensionIds, List<Integer> ssrcs, List<String> rids) {

    /** The id negotiated for an extension, or -1. */
    public int extensionId(HeaderExtension extension) {
      return extensionIds.getOrDefault(extension.uri(), -1);
    }

    /** The codec's name of a payload type, empty if the answer has none. */
    public Optional<String> codecName(int payloadType) {
      return Optional.ofNullable(rtpmaps.get(payloadType)).map(map -> map.split("/", 2)[0]);
    }
  }

  /** Reads an answer; unknown lines are skipped (RFC 8866 §5).
   *  @throws SdpException if it lacks what a connection needs */
  public static Answer parse(String sdp) throws SdpException {
    return new AnswerParser().parse(sdp);
  }

  public AnsweredMedia byMid(String mid) throws SdpException {
    return media.stream().filter(section -> section.mid().equals(mid)).findFirst()
        .orElseThrow(() -> new SdpException("the answer has no m-line with mid " + mid));
  }

  private static final class AnswerParser {
    private final List<AnsweredMedia> media = new ArrayList<>();
    private final List<IceCandidate> candidates = new ArrayList<>();
    private String ufrag;
    private String password;
    private String fingerprint;
    private String setup;
    private boolean iceLite;
    private String sessionDirection = "sendrecv";

    // The m-line being read.
    private String mid;
    private String kind;
    private boolean rejected;
    private String direction;
    private List<Integer> payloadTypes;
    private Map<Integer, String> rtpmaps;
    private Map<Integer, String> fmtps;
    private Map<String, Integer> extensionIds;
    private List<Integer> ssrcs;
    private List<String> rids;

    Answer parse(String sdp) throws SdpException {
      for (String line : sdp.split("\r\n|\n")) {
        try {
          read(line);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
          throw new SdpException("cannot read the line \"" + line + "\" of the answer");
        }
      }
      endMedia();
      if (ufrag == null || password == null || fingerprint == null) {
        throw new SdpException("the answer lacks ICE credentials or a sha-256 fingerprint");
      }
      return new Answer(new IceParameters(ufrag, password, candidates), fingerprint, setup == null ? "" : setup,
          iceLite, List.copyOf(media));
    }

    private void read(String line) {
      if (line.startsWith("m=")) {
        endMedia();
        startMedia(line.substring(2).split(" "));
      } else if (line.startsWith("a=")) {
        int colon = line.indexOf(':');
        attribute(colon < 0 ? line.substring(2) : line.substring(2, colon),
            colon < 0 ? "" : line.substring(colon + 1).trim());
      }
    }

    private void startMedia(String[] fields) {
      kind = fields[0];
      rejected = fields[1].equals("0");
      mid = "";
      direction = sessionDirection;
      payloadTypes = new ArrayList<>();
      rtpmaps = new HashMap<>();
      fmtps = new HashMap<>();
      extensionIds = new HashMap<>();
      ssrcs = new ArrayList<>();
      rids = new ArrayList<>();
      for (int i = 3; i < fields.length; i++) {
        payloadTypes.add(Integer.parseInt(fields[i]));
      }
    }

    private void endMedia() {
      if (kind != null) {
        media.add(new AnsweredMedia(
            mid, kind, rejected, direction, payloadTypes, rtpmaps, fmtps, extensionIds, ssrcs, rids));
      }
    }

    private void attribute(String name, String value) {
      switch (name) {
        case "ice-lite" -> iceLite = true;
        case "ice-ufrag" -> ufrag = firstOf(ufrag, value);
        case "ice-pwd" -> password = firstOf(password, value);
        case "setup" -> setup = firstOf(setup, value);
        case "fingerprint" -> fingerprint(value);
        case "candidate" -> IceCandidate.parse(value).filter(c -> !candidates.contains(c)).ifPresent(candidates::add);
        case "sendonly", "recvonly", "sendrecv", "inactive" -> direction(name);
        default -> {
          if (kind != null) {
            mediaAttribute(name, value);
          }
        }
      }
    }

    private void mediaAttribute(String name, String value) {
      switch (name) {
        case "mid" -> mid = value;
        case "rtpmap" -> rtpmaps.put(leadingNumber(value), afterSpace(value));
        case "fmtp" -> fmtps.put(leadingNumber(value), afterSpace(value));
        case "extmap" -> extensionIds.put(afterSpace(value).split(" ")[0], leadingNumber(value));
        case "ssrc" -> {
          int ssrc = Integer.parseUnsignedInt(value.split(" ")[0]);
          if (!ssrcs.contains(ssrc)) {
            ssrcs.add(ssrc);
          }
        }
        case "rid" -> rids.add(value.split(" ")[0]);
        default -> {
          // RFC 8866 §5.13: attributes that are not understood are ignored.
        }
      }
    }

    private void fingerprint(String value) {
      if (value.regionMatches(true, 0, "sha-256 ", 0, 8)) {
        fingerprint = firstOf(fingerprint, value.substring(8).trim());
      }
    }

    private void direction(String value) {
      if (kind == null) {
        sessionDirection = value;
      } else {
        direction = value;
      }
    }

    /** In a bundle the first m-line speaks for the transport (RFC 9143 §7). */
    private static String firstOf(String known, String value) {
      return known == null ? value : known;
    }

    private static int leadingNumber(String value) {
      String head = value.substring(0, value.indexOf(' '));
      int slash = head.indexOf('/');
      return Integer.parseInt(slash < 0 ? head : head.substring(0, slash));
    }

    private static String afterSpace(String value) {
      return value.substring(value.indexOf(' ') + 1).trim();
    }
  }
}
